"""The demo: one invented consulting firm in the exports of eight systems, damaged as real ones are."""

from mdm.demo.damage import Damage
from mdm.demo.generate import Summary, generate

__all__ = ["Damage", "Summary", "generate"]
