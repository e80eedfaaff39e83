"""How long a worker may take to start: slow is told and waited for, far too slow is tried once more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What to do about a worker that does not answer yet."""

    wait = "wait"
    """Nothing."""
    tell = "tell"
    """Say that it is slow, and wait on."""
    again = "again"
    """End it and start it anew."""


@dataclass
class Start:
    """One start of one worker.

    Attributes:
        at: when it began, in seconds of a clock that only rises.
        told: how often it was said that it is slow.
    """

    at: float
    told: int = 0

    def step(self, now: float, *, slow: float, hopeless: float) -> Step:
        """What to do now.

        With 120 and 600 seconds, a worker that never answers is told of after 120, 240, 360 and 480 seconds
        and replaced after 600: a machine under load may take minutes, and whoever begins again loses them.

        Args:
            slow: seconds between two words about it.
            hopeless: seconds after which it is replaced.
        """
        waited = now - self.at
        if waited >= hopeless:
            return Step.again
        if waited >= slow * (self.told + 1):
            self.told += 1
            return Step.tell
        return Step.wait
