"""Matching: raw columns in, clusters and their reasons out."""

from mdm_matching.matching.compared import Pairs
from mdm_matching.matching.learner import Learner
from mdm_matching.matching.match import MatchResult, match
from mdm_matching.matching.progress import Advance, Follower

__all__ = ["Advance", "Follower", "Learner", "MatchResult", "Pairs", "match"]
