"""Standardising: raw values become canonical values, each distinct value once."""

from mdm_matching.standardising.standard_column import StandardColumn
from mdm_matching.standardising.standard_table import StandardTable, standardise

__all__ = ["StandardColumn", "StandardTable", "standardise"]
