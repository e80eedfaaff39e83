"""A sample of every long test but the kills; `make chaos` runs the whole ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from contending import contend
from databases import Databases
from erasures import erasure
from machine import drive
from round_trips import round_trips
from tampering import tamper
from twins import meet

pytestmark = pytest.mark.timeout(600)

BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
SAMPLES: Mapping[str, tuple[Callable[[Databases], Mapping[str, Any]], dict[str, int]]] = {
    "R16 four writers bring the same firms": (
        partial(meet, writers=4, numbers=range(6)), {"firms": 6, "rows": 24, "extra": 0, "moved": 0},
    ),
    "R17 eight stewards at once": (
        partial(contend, number=1, operations=32), {"operations": 32, "surfaced": 0},
    ),
    "M2 merges taken back": (partial(round_trips, number=1, trips=4, firms=12), {"trips": 4}),
    "M7 changes to the event log": (
        partial(tamper, number=1, tampers=24), {"tampers": 27, "found": 27, "false_alarms": 0},
    ),
    "M8 people are erased": (partial(erasure, number=1, people=3), {"subjects": 3, "hits": 0}),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_finds_nothing(made: Databases, sample: str) -> None:
    run, expected = SAMPLES[sample]

    figures = run(made)

    assert figures["failures"] == []
    assert {name: figures[name] for name in expected} == expected


@pytest.mark.parametrize(("kind", "steps"), [("sqlite", 25), ("postgresql", 10)])
def test_a_hub_driven_at_random_agrees_with_the_model(made: Databases, steps: int) -> None:
    figures = drive(made, 1, runs=1, steps=steps)

    assert figures["failures"] == []
