"""Memory: how much of it matching may take, and where pairs go that do not fit."""

from mdm_matching.memory.memory import Memory
from mdm_matching.memory.sizes import read_size

__all__ = ["Memory", "read_size"]
