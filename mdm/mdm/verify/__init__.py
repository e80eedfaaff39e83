"""Checks the hub against its own invariants, and says what it checked and how many."""

from mdm.verify.check import Check
from mdm.verify.verifying import verify

__all__ = ["Check", "verify"]
