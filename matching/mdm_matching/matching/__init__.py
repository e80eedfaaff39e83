"""Matching: raw columns in, clusters and their reasons out."""

from mdm_matching.matching.learner import Learner
from mdm_matching.matching.match import MatchResult, Pairs, match

__all__ = ["Learner", "MatchResult", "Pairs", "match"]
