"""Online: one record against many, with the very scores that a batch would give."""

from mdm_matching.online.index import Hit, Index, MemoryIndex

__all__ = ["Hit", "Index", "MemoryIndex"]
