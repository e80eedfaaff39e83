"""Columns that are made of other columns are no second witness."""

from __future__ import annotations

import random

import pytest

from mdm_matching import match
from mdm_matching.semantics import infer

GIVEN = ["Anna", "Boris", "Clara", "David", "Elena", "Farid", "Greta", "Hugo", "Irina", "Jonas"]
FAMILY = ["Adler", "Brandt", "Castro", "Dvorak", "Evans", "Fischer", "Garcia", "Hansen", "Ibsen", "Jansen"]


def people(count: int = 60) -> dict[str, list[str | None]]:
    draw = random.Random(3)
    given = [draw.choice(GIVEN) for _ in range(count)]
    middle = [draw.choice(["", "Maria", "Lee", "Kay"]) for _ in range(count)]
    family = [draw.choice(FAMILY) for _ in range(count)]
    born = [f"{draw.randrange(1940, 2000)}-0{draw.randrange(1, 9)}-1{draw.randrange(0, 9)}" for _ in given]
    whole = [" ".join(part for part in parts if part) for parts in zip(given, middle, family, strict=True)]
    return {"full_name": whole, "first_name": given, "surname": family, "birth_date": born}


def left_out(columns: dict[str, list[str | None]]) -> set[str]:
    return {name for name, found in infer(columns).items() if found.semantic is None}


def test_parts_that_say_less_than_their_whole_are_left_out():
    assert left_out(people()) == {"first_name", "surname"}


def test_a_whole_that_says_no_more_than_its_parts_is_left_out():
    columns = people()
    columns["full_name"] = [
        f"{one} {other}" for one, other in zip(columns["first_name"], columns["surname"], strict=True)
    ]

    assert left_out(columns) == {"full_name"}


def test_of_two_equal_columns_the_first_stands():
    columns = people()
    columns["name_again"] = columns["full_name"]
    del columns["first_name"], columns["surname"]

    assert left_out(columns) == {"name_again"}


def test_a_copy_that_people_have_changed_stays_a_witness():
    columns = people()
    columns["surname"] = [value if row % 20 else "Zimmermann" for row, value in enumerate(columns["surname"])]

    assert "surname" not in left_out(columns)


def test_a_part_stays_where_its_whole_is_blank():
    columns = people()
    columns["full_name"] = [value if row % 3 else None for row, value in enumerate(columns["full_name"])]

    assert left_out(columns) == set()


def test_few_rows_tell_nothing():
    assert left_out(people(20)) == set()


def test_the_reason_names_where_the_words_stand():
    why = infer(people())["surname"].why

    assert why == "no evidence of its own: its words stand in full_name"


@pytest.mark.parametrize("copies", [1, 2, 3])
def test_saying_a_thing_again_makes_no_pair_likelier(copies):
    columns = people()
    once = match({"full_name": columns["full_name"], "birth_date": columns["birth_date"]})
    again = {f"name_{number}": columns["full_name"] for number in range(copies)}
    often = match({"full_name": columns["full_name"], **again, "birth_date": columns["birth_date"]})

    assert often.pairs.weight.tolist() == once.pairs.weight.tolist()
