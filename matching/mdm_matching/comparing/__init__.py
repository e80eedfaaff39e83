"""Comparing: the level of agreement of each column for each pair."""

from mdm_matching.comparing.levels import BLANK, column_levels, distinct_rows, pair_levels

__all__ = ["BLANK", "column_levels", "distinct_rows", "pair_levels"]
