"""Candidates: who shares a rare key, or three common ones."""

from __future__ import annotations

import pytest

from mdm.hub import Hub
from mdm.models import shipped_model
from mdm.resolve.forces import KeyForce, force_of, most_rare
from mdm.resolve.pairing import candidate_pairs, neighbours
from mdm.store.bulk import add_rows
from mdm.store.derived import BlockKey
from mdm_matching.blocking import COMPOUND

HELD = {1: "ab", 2: "ab", 3: "abc", 4: "bcd", 5: "bcd", 6: "cd"}
"""Key to who holds it, a letter each."""


def held(session, keys=HELD, column=COMPOUND):
    """Store these keys; records are numbered by their letter."""
    rows = [
        {
            "entity_type": "client", "block_key": key, "record_id": ord(letter) - ord("a") + 1,
            "column_index": column, "companion": 0,
        }
        for key, letters in keys.items() for letter in letters
    ]  # fmt: skip
    add_rows(session, BlockKey, rows)


def pairs(hub: Hub, rescored: str, common: set[int]) -> set[str]:
    """The candidates, two letters each."""
    with hub.write("test") as uow:
        held(uow.session)
        wanted = [ord(letter) - ord("a") + 1 for letter in rescored]
        found = candidate_pairs(uow.session, hub.registry["client"], HELD, wanted, common)
        uow.session.rollback()
    return {"".join(chr(ord("a") + end - 1) for end in pair) for pair in found.tolist()}


@pytest.mark.parametrize(
    ("rescored", "common", "expected"),
    [
        pytest.param("abcd", set(), {"ab", "ac", "bc", "bd", "cd"}, id="every key is rare"),
        pytest.param("abcd", set(HELD), {"ab", "bc", "cd"}, id="three common ones are enough"),
        pytest.param("abcd", {1, 2, 3}, {"ab", "bc", "bd", "cd"}, id="one common key is too little"),
        pytest.param("a", set(HELD), {"ab"}, id="only pairs of one that is scored anew"),
        pytest.param("ab", set(HELD), {"ab", "bc"}, id="both scored anew: each key counts once"),
    ],
)
def test_candidates(any_hub: Hub, rescored, common, expected):
    assert pairs(any_hub, rescored, common) == expected


def test_a_key_of_an_id_is_enough_alone_up_to_the_cap_and_one_of_a_name_is_not(hub: Hub):
    client = hub.registry["client"]
    model = shipped_model(client)
    places = {column.name: place for place, column in enumerate(model.columns)}
    rare = most_rare(model)
    keys = {1: places["tax_id"], 2: places["name"], 3: COMPOUND, 4: places["name"], 5: places["name"]}
    counts = {1: rare + 1, 2: rare + 1, 3: rare + 1, 4: rare, 5: model.block_cap + 1}
    with hub.read() as session:
        forces = force_of(session, client, model, keys, counts)

    assert forces == KeyForce(capped=frozenset({5}), common=frozenset({2, 3}))
    assert [forces.votes(key) for key in keys] == [3, 1, 1, 3, 0]


def test_a_record_that_is_asked_about_has_the_candidates_that_it_would_have(any_hub: Hub):
    client = any_hub.registry["client"]
    model = shipped_model(client)
    many = "".join(chr(ord("a") + n) for n in range(most_rare(model)))  # with the one that comes in too many
    shared = {1: many, 2: many, 3: many[:2], 4: many}
    with any_hub.write("test") as uow:
        held(uow.session, shared)
        found = neighbours(uow.session, client, model, dict.fromkeys((1, 2, 3), COMPOUND))
        three = neighbours(uow.session, client, model, dict.fromkeys((1, 2, 4), COMPOUND))
        uow.session.rollback()

    assert set().union(*found.values()) == {1, 2}
    assert set().union(*three.values()) == set(range(1, len(many) + 1))
