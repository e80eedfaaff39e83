"""Blocking: which pairs of records are worth comparing."""

from mdm_matching.blocking.bands import KeyReach
from mdm_matching.blocking.block_keys import COMPOUND, BlockKeys
from mdm_matching.blocking.candidates import Candidates, CappedKey, candidates
from mdm_matching.blocking.junk import junk_keys
from mdm_matching.blocking.plan import KeyCount, Plan

__all__ = [
    "COMPOUND",
    "BlockKeys",
    "Candidates",
    "CappedKey",
    "KeyCount",
    "KeyReach",
    "Plan",
    "candidates",
    "junk_keys",
]
