"""The outcome of one check."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Check:
    """One invariant: what it says, how many things were looked at, and which break it."""

    name: str
    checked: int = 0
    failures: list[str] = field(default_factory=list)
