"""Values kept in little room: the same answers as from values kept as objects."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from mdm_matching import MatchModel, candidates, match, standardise
from mdm_matching.blocking.candidates import junk_of
from mdm_matching.key_codes import LONE, NO_KEY, KeyCodes
from mdm_matching.semantics import BirthDate, Email, FamilyName, GivenName, Phone, Street
from mdm_matching.semantics.joined_standards import JoinedStandards
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.standardising.standard_column import Room

PEOPLE = {
    "given": GivenName(),
    "family": FamilyName(),
    "born": BirthDate(),
    "street": Street(),
    "phone": Phone(),
    "email": Email(),
}


def _people(rows: int) -> dict[str, list[str | None]]:
    draw = Random(7)
    people = [
        (
            draw.choice(("Anna", "Bob", "Jörg", "Zoë", "李")),
            draw.choice(("Müller", "Smith", "van Dyk", "O'Neill")) + draw.choice(("", "son", "mann")),
            f"{draw.randint(1950, 1999)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
            f"{draw.randint(1, 90)} {draw.choice(('High', 'Low', 'Mill'))} Street",
            f"+49 30 {draw.randint(100_000, 999_999)}",
            f"p{draw.randint(1, 600)}@firm{draw.randint(1, 30)}.test",
        )
        for _ in range(rows)
    ]
    for _ in range(rows // 4):
        twin = list(draw.choice(people))
        twin[draw.randrange(6)] = ""
        people.append((twin[0], twin[1], twin[2], twin[3], twin[4], twin[5]))
    return {name: [row[place] or None for row in people] for place, name in enumerate(PEOPLE)}


def test_joined_values_read_as_they_were() -> None:
    standards = [
        Standard("anna maria", parts=("anna", "maria")),
        Standard("李", parts=()),
        Standard("x", parts=("", "y", "")),
    ]

    joined = JoinedStandards.of(standards)

    assert list(joined) == standards
    assert joined[1] == standards[1]
    assert joined[0:2] == standards[0:2]
    assert joined.at(np.array([2, 0])) == [standards[2], standards[0]]


def test_a_key_of_one_record_loses_its_number_and_others_keep_their_fingerprint() -> None:
    keys = KeyCodes.of("name", [("a", "b"), ("b",), (), ("c",)])

    shared = keys.shared(np.array([1, 1, 1, 2]))

    assert shared.codes.tolist() == [[LONE, 0], [0, NO_KEY], [NO_KEY, NO_KEY], [1, NO_KEY]]
    assert shared.marks(np.array([0, 1])).tolist() == keys.marks(np.array([1, 2])).tolist()


@pytest.mark.usefixtures("always_joined")
def test_joined_columns_make_the_same_candidates_and_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, model = _people(900), MatchModel.default("person", PEOPLE)
    joined = standardise(model, columns, room=Room.PAIRS)
    plain = standardise(model, columns)

    found, expected = candidates(joined, cap=4), candidates(plain, cap=4)

    assert isinstance(joined.columns[0].standards, JoinedStandards)
    assert junk_of(joined).tolist() == junk_of(plain).tolist()
    assert found.capped
    assert (found.capped, found.plan) == (expected.capped, expected.plan)
    assert np.array_equal(found.left, expected.left)
    assert np.array_equal(found.right, expected.right)


def test_joined_columns_give_the_same_scores_and_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = _people(900)
    plain = match(columns, semantics=PEOPLE)
    monkeypatch.setattr("mdm_matching.standardising.standard_column._FEW", 0)

    joined = match(columns, semantics=PEOPLE)

    assert joined.model.version == plain.model.version
    assert np.array_equal(joined.pairs.levels, plain.pairs.levels)
    assert np.array_equal(joined.pairs.weight, plain.pairs.weight)
    assert np.array_equal(joined.labels, plain.labels)
    assert joined.cuts == plain.cuts
