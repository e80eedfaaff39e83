"""Kinds of pairs that look alike and are not the same."""

from __future__ import annotations

import pytest

from mdm_matching import MatchModel, score
from mdm_matching.semantics import BirthDate, City, Email, FamilyName, GivenName, Street
from mdm_matching.standardising import standardise

PERSON = {
    "given_name": GivenName(),
    "family_name": FamilyName(),
    "birth_date": BirthDate(),
    "street": Street(),
    "city": City(),
    "email": Email(),
}
FATHER = ("William", "Kalander", "1958-01-21", "40 Walnut Way", "Elmouth", "")
MODEL = MatchModel.default("person", PERSON)


def weight(*rows):
    table = standardise(MODEL, {name: [row[place] for row in rows] for place, name in enumerate(PERSON)})
    return float(score(MODEL, table, [0], [1]).weight[0])


def test_father_and_son_of_one_name_and_home_are_two_people():
    son = ("William", "Kalander", "1983-09-28", "40 Walnut Way", "Elmouth", "")

    assert weight(FATHER, son) < MODEL.match_threshold


def test_a_person_at_home_whose_birth_date_is_not_known_is_still_that_person():
    unknown = ("William", "Kalander", "", "40 Walnut Way", "Elmouth", "")

    assert weight(FATHER, unknown) > MODEL.match_threshold


@pytest.mark.parametrize("address", ["megan.scott53@mail.example.net", "mscott@web.example.org"])
def test_an_address_made_of_the_name_adds_little_to_the_name(address):
    one = ("Megan", "Scott", "", "", "", "megan.scott50@post.example.com")
    other = ("Megan", "Scott", "", "", "", address)
    named = weight((*one[:5], ""), (*other[:5], ""))

    assert weight(one, other) - named < 3.0
