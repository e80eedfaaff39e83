"""Numbers and keys that the demo invents have the form that their issuers give them."""

from __future__ import annotations

import re
from datetime import date
from random import Random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import get_cc_module
from stdnum.ch import uid
from stdnum.se import personnummer
from stdnum.us import ein

from mdm.demo.contact import Directory
from mdm.demo.identifiers import national_id, tax_id, wrong_digit
from mdm.demo.keys import project_key, salesforce_id, slug
from mdm.demo.vocabulary import places

seeds = st.integers(0, 10_000)


@given(seed=seeds, country=st.sampled_from(("DE", "AT", "GB", "IE", "FR", "NL", "SE", "ES")))
def test_a_tax_id_passes_the_check_of_its_country(seed: int, country: str) -> None:
    module = get_cc_module(country, "vat")

    assert module.is_valid(tax_id(country, Random(seed)))


@given(seed=seeds)
def test_tax_ids_outside_the_union_pass_their_check(seed: int) -> None:
    assert uid.is_valid(tax_id("CH", Random(seed)))
    assert ein.is_valid(tax_id("US", Random(seed)))


@given(seed=seeds)
def test_a_digit_mistyped_makes_a_german_tax_id_invalid(seed: int) -> None:
    number = wrong_digit(tax_id("DE", Random(seed)), Random(seed))

    assert not get_cc_module("DE", "vat").is_valid(number)


@pytest.mark.parametrize(
    ("country", "module"),
    [("DE", "stdnum.de.idnr"), ("ES", "stdnum.es.dni"), ("US", "stdnum.us.ssn"), ("NL", "stdnum.nl.bsn")],
)
def test_a_national_id_passes_the_check_of_its_country(country: str, module: str) -> None:
    valid = __import__(module, fromlist=["is_valid"]).is_valid

    assert all(valid(national_id(country, date(1980, 5, 17), Random(seed))) for seed in range(50))


def test_a_swedish_id_holds_the_birth_date() -> None:
    number = national_id("SE", date(1980, 5, 17), Random(1))

    assert number.startswith("19800517-")
    assert personnummer.is_valid(number)


def test_every_town_gives_telephone_numbers_that_can_be_dialled() -> None:
    directory = Directory(Random(3))
    numbers = [directory.telephone(town).international for town in places()]

    invalid = [number for number in numbers if not phonenumbers.is_valid_number(phonenumbers.parse(number))]
    assert invalid == []


@pytest.mark.parametrize("country", ["GB", "DE", "SE", "ES", "US", "NL"])
def test_mobile_numbers_can_be_dialled(country: str) -> None:
    number = Directory(Random(3)).mobile(country).international

    assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_no_number_is_handed_out_twice_even_when_a_town_runs_out() -> None:
    directory = Directory(Random(3))
    boston = next(town for town in places() if town.city == "Boston")
    numbers = [directory.telephone(boston) for _ in range(150)]

    assert len(set(numbers)) == 150


@given(seed=seeds)
def test_the_last_signs_of_a_salesforce_id_say_which_letters_are_capitals(seed: int) -> None:
    key = salesforce_id("001", Random(seed))

    assert re.fullmatch(r"001[A-Za-z0-9]{12}[A-Z0-5]{3}", key)
    for place, sign in enumerate(key[15:]):
        bits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345".index(sign)
        part = key[5 * place : 5 * place + 5]
        assert [bool(bits >> k & 1) for k in range(5)] == [letter.isupper() for letter in part]


def test_project_keys_are_never_given_twice() -> None:
    taken: set[str] = set()
    keys = [project_key("Data Platform", taken) for _ in range(3)]

    assert keys == ["DPPR", "DPPR1", "DPPR2"]


def test_a_slug_is_a_domain_label() -> None:
    assert slug("Böhm & Söhne GmbH") == "bohm-sohne-gmbh"
