"""Words that few records hold, against words that many hold."""

from __future__ import annotations

from mdm_matching import MatchModel
from mdm_matching.semantics import FreeText
from mdm_matching.semantics.word_rarity import word_shares

COUNTED = FreeText(words={"blue": 0.5, "kettle": 0.4}, rare_word=0.01)


def test_a_rare_word_in_common_tells_once_the_words_are_counted(agreement):
    left, right = "blue kettle Zephyria for the stove", "our Zephyria has a whistle and boils fast"

    assert agreement(COUNTED, left, right) == "a model number or rare word in common"
    assert agreement(FreeText(), left, right) == "different text"


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
