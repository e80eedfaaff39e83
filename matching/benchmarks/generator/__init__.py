"""Generated master data of any size, with truth and hard negatives; the same for the same seed."""

from generator.generate import KINDS, generate

__all__ = ["KINDS", "generate"]
