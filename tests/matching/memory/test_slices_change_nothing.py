"""However small the slices and whatever goes to a file, matching finds the same."""

from __future__ import annotations

import random

import numpy as np
import pytest

from mdm_matching import Labels, match
from mdm_matching.memory.memory import Memory
from mdm_matching.semantics import BirthDate, FamilyName, GivenName, Phone

PEOPLE = {"given": GivenName(), "family": FamilyName(), "born": BirthDate(), "phone": Phone()}
SYLLABLES = ["ba", "cor", "del", "fin", "gar", "hol", "ker", "lam", "mon", "nor", "pel", "ros", "sen", "tur"]


@pytest.fixture
def cramped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves room for few pairs at a time, and none to keep any in memory."""
    monkeypatch.setattr("mdm_matching.memory.memory._LEAST_SLICE", 97)
    monkeypatch.setattr("mdm_matching.memory.memory._MOST_SLICE", 97)
    monkeypatch.setattr("mdm_matching.memory.writer._WORTH_A_FILE", 0)
    monkeypatch.setattr(Memory, "crowded", property(lambda _: True))


def people(count: int, copies: int) -> dict[str, list[str | None]]:
    """So many people, then all of them again, some spelt otherwise or without a value."""
    draw = random.Random(5)
    names = ["".join(draw.choices(SYLLABLES, k=2)).capitalize() for _ in range(40)]
    made = [
        [draw.choice(names), draw.choice(names), f"19{draw.randrange(40, 99)}-0{draw.randrange(1, 9)}-11"]
        for _ in range(count)
    ]
    rows: list[list[str | None]] = []
    for _ in range(copies):
        for number, (given, family, born) in enumerate(made):
            spelt = family[:-1] if draw.random() < 0.2 else family
            rows.append([given, spelt, born if draw.random() < 0.8 else None, f"0711 {number:06}"])
    return dict(zip(PEOPLE, map(list, zip(*rows, strict=True)), strict=True))


def found(columns, **options):
    """All that matching finds, ready to be compared."""
    result = match(columns, semantics=PEOPLE, **options)
    pairs = (getattr(result.pairs, name) for name in ("left", "right", "weight", "probability", "levels"))
    arrays = [np.asarray(array).tobytes() for array in (result.labels, *pairs)]
    return arrays, result.cuts, result.model, result.clean, result.capped, result.leaks


CASES = {
    "one source": {},
    "two sources that hold things twice": {"sources": ["crm", "erp", "erp"] * 400},
    "two clean sources and one that is not": {"sources": ["crm"] * 400 + ["erp"] * 400 + ["web"] * 400},
    "sources known to be clean": {"sources": ["crm"] * 600 + ["erp"] * 600, "clean": ["crm", "erp"]},
    "labels": {"labels": Labels.of([(0, 400, True), (1, 402, False), (3, 4, False)], 1200)},
}


@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
def test_slices_and_files_change_nothing_that_is_found(options, request):
    columns = people(400, 3)
    plain = found(columns, **options)
    request.getfixturevalue("cramped")
    said: list[str] = []
    cramped = found(columns, progress=said.append, **options)

    assert cramped == plain
    assert any(line.startswith("spilled weights") for line in said)


def test_records_that_make_no_pair_need_no_room(cramped):
    columns = {
        "given": ["Anna", "Bert"],
        "family": ["Ba", "Nor"],
        "born": [None, None],
        "phone": [None, None],
    }

    assert match(columns, semantics=PEOPLE).labels.tolist() == [0, 1]
