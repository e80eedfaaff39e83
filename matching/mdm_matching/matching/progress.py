"""Progress: how much of the work is done and how long the rest will take, judged by the work so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import Protocol

Progress = Callable[[str], None]

# CPU seconds as measured: for each value, each row, each pair in each column, each pair.
_VALUE, _ROW, _PAIR_IN_COLUMN, _PAIR = 2.5e-6, 1e-5, 1.2e-7, 6e-7
# Training looks at a sample.
_TRAINING = 1.5
# Pairs a row that are expected until they are counted.
_PAIRS_A_ROW = 10


@dataclass(frozen=True, slots=True)
class Advance:
    """How far the work is.

    Attributes:
        step: the step under way.
        done: share of all the work that is done, 0 to 1; it may fall back when there turns out to be more.
        seconds_left: seconds that the rest will take if it goes on as it went so far.
    """

    step: str
    done: float
    seconds_left: float


def expected_seconds(rows: int, columns: int, pairs: int) -> dict[str, float]:
    """CPU seconds that each step is expected to take, in the order of the steps."""
    return {
        "infer": 0.1,
        "standardise": rows * columns * _VALUE,
        "block": rows * _ROW,
        "compare": pairs * columns * _PAIR_IN_COLUMN,
        "train": min(1.0, pairs / 300_000) * _TRAINING + pairs * _PAIR / 4,
        "score": pairs * _PAIR,
        "cluster": rows * _ROW / 4 + pairs * _PAIR / 4,
    }


class Follower(Protocol):
    """Whoever follows the work more closely than by the names of its steps."""

    def __call__(self, text: str) -> None:
        """Take the name of a step that begins, or what is expected once that is known."""

    def advance(self, now: Advance) -> None:
        """Take how far the work is; called when a step begins and within the long ones."""


@dataclass
class Clock:
    """Says each step and how far the work is, and remembers how long each step took.

    Attributes:
        progress: told the name of each step when it begins, and what is expected once that is known.
        seconds: wall seconds by step.
        cpu: CPU seconds by step.
    """

    progress: Progress | Follower | None
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    cpu: dict[str, float] = field(default_factory=dict[str, float])
    _expected: dict[str, float] = field(default_factory=dict[str, float])
    _began: float = field(default_factory=perf_counter)
    _under_way: str = ""

    def say(self, text: str) -> None:
        """Tell whoever follows."""
        if self.progress:
            self.progress(text)

    def expect(self, rows: int, columns: int, pairs: int | None = None) -> None:
        """Say how much work there is, once more when the pairs are known."""
        self._expected = expected_seconds(rows, columns, rows * _PAIRS_A_ROW if pairs is None else pairs)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step, timed from here to the end of the block."""
        self.say(name)
        self._under_way = name
        self.part(0.0)
        begin, cpu = perf_counter(), process_time()
        yield
        self.seconds[name] = round(perf_counter() - begin, 3)
        self.cpu[name] = round(process_time() - cpu, 3)
        self._under_way = ""

    def part(self, done: float) -> None:
        """Say that this share of the step under way is done, 0 to 1."""
        told: Callable[[Advance], None] | None = getattr(self.progress, "advance", None)
        if told is None:
            return
        whole = sum(self._expected.values())
        so_far = sum(took for name, took in self._expected.items() if name in self.seconds)
        so_far += done * self._expected.get(self._under_way, 0.0)
        # At the very beginning the figures stand for themselves.
        pace = (perf_counter() - self._began) / so_far if so_far > whole / 100 else 1.0
        share = so_far / whole if whole else 0.0
        told(Advance(self._under_way, min(share, 1.0), (whole - so_far) * pace))
