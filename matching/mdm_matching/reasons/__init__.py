"""Reasons: why a pair has its weight, column by column."""

from mdm_matching.reasons.reason import Reason, reasons
from mdm_matching.reasons.waterfall import waterfall_svg

__all__ = ["Reason", "reasons", "waterfall_svg"]
