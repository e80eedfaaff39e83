"""Reasons: why a pair has its weight, column by column."""

from mdm_matching.reasons.reason import Reason, reasons

__all__ = ["Reason", "reasons"]
