"""Sources that hold nothing twice, known or found out."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import Cause, MatchModel, match
from mdm_matching.semantics import FamilyName, GivenName, Identifier

PEOPLE = {"given_name": GivenName(), "family_name": FamilyName(), "number": Identifier()}
LETTERS = list("abcdefghijklmnopqrstuvwxyz")


@pytest.fixture(scope="module")
def people():
    """Three hundred people in two systems."""
    draw = np.random.default_rng(11)
    made = [("".join(draw.choice(LETTERS, 5)), "".join(draw.choice(LETTERS, 6))) for _ in range(300)]
    return [(given, family, str(10_000 + 7 * n)) for n, (given, family) in enumerate(made)]


def columns(rows):
    return {name: [row[place] for row in rows] for place, name in enumerate(PEOPLE)}


def test_two_systems_that_hold_each_person_once_are_found_to_be_clean(people):
    found = match(columns(people * 2), semantics=PEOPLE, sources=["crm"] * 300 + ["erp"] * 300)

    assert found.clean == ("crm", "erp")


def test_systems_that_hold_people_twice_are_not_clean(people):
    sources = ["crm", "erp"] * 300 + ["erp", "crm"] * 150
    found = match(columns(people * 3), semantics=PEOPLE, sources=sources)

    assert found.clean == ()


def test_two_records_of_a_source_known_to_be_clean_are_never_one_thing_and_the_cut_says_why():
    rows = [("Anna", "Schmidt", "123456"), ("Anna", "Schmidt", "123465"), ("Anna", "Schmidt", "123456")]
    model = MatchModel.default("person", PEOPLE)
    found = match(columns(rows), model=model, sources=["crm", "crm", "erp"], clean=["crm"])

    assert found.labels.tolist() == [0, 1, 0]
    assert {cut.cause for cut in found.cuts} == {Cause.CLEAN_SOURCE}


def test_one_source_alone_shows_nothing(people):
    assert match(columns(people * 2), semantics=PEOPLE, sources=["crm"] * 600).clean == ()
