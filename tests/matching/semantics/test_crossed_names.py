"""Given and family names that stand in each other's column."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm_matching import MatchModel, MemoryIndex, candidates, standardise
from mdm_matching.blocking.record_keys import record_keys
from mdm_matching.comparing.levels import BLANK, pair_levels
from mdm_matching.semantics import BirthDate, City, FamilyName, GivenName
from mdm_matching.standardising.standard_column import Room

MODEL = MatchModel.default("person", {"first": GivenName(), "last": FamilyName()})
CROSSED = "given and family name the other way round"


def table(*rows):
    return standardise(MODEL, {"first": [row[0] for row in rows], "last": [row[1] for row in rows]})


def labels(one, other):
    levels = pair_levels(table(one, other), np.array([0], np.int32), np.array([1], np.int32))[0]
    kinds = (GivenName(), FamilyName())
    return tuple(
        "" if level == BLANK else kind.levels[level].label for kind, level in zip(kinds, levels, strict=True)
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(("Logan", "Webb"), ("Webb", "Logan"), (CROSSED, CROSSED), id="both swapped"),
        pytest.param(("Lee", "Jackson"), ("Jakcson", "Lee"), (CROSSED, CROSSED), id="swapped with a slip"),
        pytest.param(("Logan", None), ("Webb", "Logan"), (CROSSED, ""), id="the other name is missing"),
        pytest.param((None, "Logan"), ("Logan", "Webb"), ("", CROSSED), id="the given name is missing"),
        pytest.param(
            ("Maria", "Schmidt"),
            ("Anna", "Maria"),
            ("different given name", "different family name"),
            id="one name alone crosses, and the others are unlike",
        ),
        pytest.param(
            ("Thomas", "Thomas"),
            ("Thomas", "Thomas"),
            ("same given name", "same family name"),
            id="two equal names agree as they stand",
        ),
        pytest.param(
            (None, "Logan"), ("Webb", None), ("", ""), id="names of two kinds that differ say nothing"
        ),
    ],
)
def test_names_are_compared_crosswise(one, other, expected):
    assert labels(one, other) == expected
    assert labels(other, one) == expected


def test_swapped_names_share_a_block_key():
    rows = table(("Logan", "Webb"), ("Webb", "Logan"), ("Anna", "Webb"))
    keys = rows.block_keys()
    first, second, third = (set(keys.key[keys.row == row].tolist()) for row in range(3))

    assert first & second
    assert not first & third


def test_the_keys_of_one_record_are_those_of_the_batch():
    people = [("Logan", "Webb"), ("Webb", "Logan")] + [(f"Given{n}", f"Family{n}") for n in range(20)]
    batch = table(*people).block_keys()
    alone = table(people[1])

    assert sorted(batch.key[batch.row == 1].tolist()) == [key for key, _ in record_keys(alone, 0)]


def test_two_equal_blanks_never_cross():
    assert labels((None, None), (None, None)) == ("", "")


def test_swapped_names_meet_where_large_columns_are_kept_in_little_room(monkeypatch):
    monkeypatch.setattr("mdm_matching.standardising.standard_column._FEW", 0)
    people = [("Logan", "Webb"), ("Webb", "Logan"), *((f"Given{n}", f"Family{n}") for n in range(20))]
    columns = {"first": [first for first, _ in people], "last": [last for _, last in people]}
    found = candidates(standardise(MODEL, columns, room=Room.PAIRS), cap=3)

    assert (0, 1) in set(zip(found.left.tolist(), found.right.tolist(), strict=True))


BORN = MatchModel.default(
    "person", {"first": GivenName(), "born": BirthDate(), "last": FamilyName(), "town": City()}
)
NAMES = st.sampled_from([None, "Logan", "Webb", "Jackson", "Lee"])
BORN_PEOPLE = st.lists(
    st.tuples(
        NAMES,
        st.sampled_from([None, "1990-03-14", "1985-11-02"]),
        NAMES,
        st.sampled_from([None, "Arden", "Oldtown"]),
    ),
    min_size=2,
    max_size=9,
)


def pairs_of(rows):
    columns = {own.name: [row[place] for row in rows] for place, own in enumerate(BORN.columns)}
    found = candidates(standardise(BORN, columns), cap=BORN.block_cap)
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def test_a_name_in_the_other_column_beside_one_birth_date_makes_a_candidate():
    rows = [("Logan", "1990-03-14", None, None), (None, "1990-03-14", "Logan", "Arden")]

    assert pairs_of([*rows, *[(None, None, None, "Oldtown")] * 8]) == {
        (0, 1),
        *((2, n) for n in range(3, 10)),
    }


@settings(max_examples=60, deadline=None)
@given(rows=BORN_PEOPLE)
def test_an_index_finds_crossed_names_where_the_batch_does(rows):
    index = MemoryIndex(BORN)
    asked = [dict(zip(("first", "born", "last", "town"), row, strict=True)) for row in rows]
    for place, values in enumerate(asked):
        index.add(f"{place}", values)
    found = {
        (min(place, int(hit.record)), max(place, int(hit.record)))
        for place, values in enumerate(asked)
        for hit in index.query(values)
        if place != int(hit.record)
    }

    assert found == pairs_of(rows)
