"""Standardising: columns of raw values become columns of canonical values, each distinct value treated once."""

from mdm_matching.standardising.standard_column import StandardColumn
from mdm_matching.standardising.standard_table import StandardTable, standardise

__all__ = ["StandardColumn", "StandardTable", "standardise"]
