"""Values that say nothing and records that stand for nobody."""

from __future__ import annotations

import pytest

from mdm_matching.semantics import is_block_listed, is_placeholder


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "-",
        "N/A",
        "n.a.",
        "Unknown",
        "keine Angabe",
        "inconnu",
        "sin datos",
        "TBD",
        "xxx",
        "00000",
        "???",
        "null",
    ],
)
def test_a_placeholder_in_any_language_is_none(value):
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value", ["Nadal", "Testa", "Noll", "0815", "X", "Ohnesorg", "Nonesuch Ltd", "Xxavier"]
)
def test_a_value_that_looks_like_a_placeholder_is_kept(value):
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    "name",
    [
        "Test GmbH",
        "Dummy Customer",
        "TEST TEST",
        "test customer 2",
        "n/a",
        "Max Mustermann",
        "Unknown",
        "Testkunde Test",
        "Do not use",
        "XXX Ltd.",
    ],
)
def test_a_record_that_stands_for_nobody_is_block_listed(name):
    assert is_block_listed(name)


@pytest.mark.parametrize(
    "name",
    [
        "Test Equipment Hire Ltd",
        "Dummy Brothers Tailors",
        "Testa Rossi SpA",
        "Max Weber",
        "Sample Smith",
        "Customer Focus AG",
        "Max GmbH",
    ],
)
def test_a_name_with_a_word_of_its_own_is_not_block_listed(name):
    assert not is_block_listed(name)
