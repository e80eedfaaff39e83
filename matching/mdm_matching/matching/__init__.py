"""Matching: the whole way from raw columns to clusters."""

from mdm_matching.matching.match import MatchResult, Pairs, match

__all__ = ["MatchResult", "Pairs", "match"]
