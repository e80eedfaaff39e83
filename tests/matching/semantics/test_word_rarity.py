"""Words that few records hold, against words that many hold."""

from __future__ import annotations

import pytest

from mdm_matching import MatchModel
from mdm_matching.semantics import FreeText, Title
from mdm_matching.semantics.model_numbers import begins_model_number, is_model_number
from mdm_matching.semantics.word_rarity import word_shares

COUNTED = FreeText(words={"blue": 0.5, "kettle": 0.4}, rare_word=0.01)


def test_a_rare_word_in_common_tells_once_the_words_are_counted(agreement):
    left, right = "blue kettle Zephyria for the stove", "our Zephyria has a whistle and boils fast"

    assert agreement(COUNTED, left, right) == "a model number or rare word in common"
    assert agreement(FreeText(), left, right) == "different text"


TITLES = Title(words={"turntable": 0.5, "black": 0.4, "am55200": 0.3}, rare_word=0.01)
SHARED = "a model number in common that hardly another record holds"
BEGUN = "a model number of one begins that of the other"
RARE = "a model number or rare word in common"
SIBLING = "same words, other phase, lot, year or model"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("Kestrel Turntable - PSLX350H", "Record Player PS-LX350H", SHARED, id="divided"),
        pytest.param("Wall Mount 010-10609-00", "Suction mount 0101060900", SHARED, id="divided digits"),
        pytest.param("Kestrel Turntable PSLX350HB", "Record Player PSLX350H", BEGUN, id="a colour behind it"),
        pytest.param(
            "Mount for XQ5500 and RB770", "Mount 27 inch XQ5500", SHARED, id="only one side has more"
        ),
        pytest.param("Tray for XQ5500 RB7703", "Tray XQ5500 RB7704", RARE, id="both sides have others"),
        pytest.param("Kestrel Turntable XQ5500", "Kestrel Turntable XQ5501", SIBLING, id="two models"),
        pytest.param("Road Works XQ5500 Lot A", "Paving XQ5500 Lot B", "some words in common", id="two lots"),
        pytest.param("Kestrel mat AM55200", "Zephyria lamp AM55200", "different title", id="common number"),
    ],
)
def test_a_model_number_tells_once_the_words_are_counted(agreement, left, right, expected):
    assert agreement(TITLES, left, right) == expected


TOWNS = Title(words={"vinilport": 0.2, "vinolport": 0.1, "tax": 0.3}, rare_word=0.001)


def test_two_words_that_many_records_hold_are_no_slips_of_each_other(agreement):
    spelt = "same words, ordered, spelt or shortened differently"

    assert agreement(TOWNS, "Tax Vinilport", "Tax Vinolport") not in (spelt, "same title")
    assert agreement(TOWNS, "Tax Vinilport", "Tax Vinilpart") == spelt
    assert agreement(Title(), "Tax Vinilport", "Tax Vinolport") == spelt


def test_a_model_number_is_no_measure():
    looking = ["pslx350h", "dsc150", "0101060900", "28135mm", "1080p", "1920x1080", "350gb", "photo", "12"]

    assert [word for word in looking if is_model_number(word)] == ["pslx350h", "dsc150", "0101060900"]


def test_letters_are_added_to_a_model_number_and_digits_make_another_one():
    assert begins_model_number("nnsn667wh", "nnsn667w")
    assert not begins_model_number("dscw15", "dscw150")
    assert not begins_model_number("dscw150", "dscw150")


def test_a_word_weighs_the_share_of_bits_by_which_it_narrows_the_records_down():
    assert COUNTED.weight("zephyria") == 1.0
    assert round(COUNTED.weight("blue"), 2) == 0.15


def test_words_held_once_or_twice_are_as_rare_as_words_never_seen():
    words, rare = word_shares([("blue", "kettle"), ("blue", "zephyria")], [3, 1])

    assert words == {"blue": 1.0, "kettle": 0.75}
    assert rare == 0.5


def test_a_model_keeps_the_words_it_counted():
    model = MatchModel.default("product", {"description": COUNTED})

    assert MatchModel.from_json(model.to_json()) == model
