"""Several values of one kind in one column: what two records have in common counts, once."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import MatchModel, score, standardise
from mdm_matching.semantics import OrganisationName, Phone, Several, TaxId
from mdm_matching.semantics.several import SEPARATOR

A, B, C = "DE136695976", "GB365462636", "DE129274202"
NUMBERS = Several(TaxId())


def level(left: str, right: str) -> int:
    one, other = NUMBERS.standardise(left), NUMBERS.standardise(right)
    assert one is not None
    assert other is not None
    return 0 if one.text == other.text else int(NUMBERS.compare([one], [other])[0])


@pytest.mark.parametrize(
    ("left", "right", "label"),
    [
        (f"{A}{SEPARATOR}{B}", f"{B}{SEPARATOR}{A}", "same tax id, all of them"),
        (f"{A}{SEPARATOR}{B}", A, "same tax id, one in common"),
        (f"{A}{SEPARATOR}{B}", f"{C}{SEPARATOR}{B}", "same tax id, one in common"),
        (f"{A}{SEPARATOR}nonsense", A, "same tax id, all of them"),
        (f"{A}{SEPARATOR}{B}", "136695976", "same number, country missing on one side"),
        (f"{A}{SEPARATOR}{C}", B, "tax ids of two countries"),
        (A, C, "two different tax ids"),
    ],
)
def test_two_records_agree_as_much_as_the_two_values_that_agree_best(
    left: str, right: str, label: str
) -> None:
    assert NUMBERS.levels[level(left, right)].label == label
    assert level(right, left) == level(left, right)


def test_a_value_in_common_weighs_as_much_as_a_single_one_and_two_without_prove_nothing() -> None:
    assert NUMBERS.levels[0].weight == NUMBERS.levels[1].weight == TaxId().levels[0].weight
    assert [own.weight for own in NUMBERS.levels[2:]] == [own.weight for own in TaxId().levels[1:]]
    assert TaxId().exclusive
    assert not NUMBERS.exclusive


def test_a_model_of_several_values_is_written_and_read() -> None:
    model = MatchModel.default("vendor", {"name": OrganisationName(), "tax_ids": Several(TaxId("country"))})

    again = MatchModel.from_json(model.to_json())

    assert again == model
    assert again.columns[1].semantic.context == "country"


def test_a_value_that_lost_its_force_takes_the_record_s_other_values_with_it() -> None:
    switchboard, own, other = "+44 117 496 0123", "+44 117 496 0777", "+44 117 496 0888"
    model = MatchModel.default("vendor", {"phones": Several(Phone())})
    phones = [f"{switchboard}{SEPARATOR}{own}", f"{other}{SEPARATOR}{switchboard}", own]
    table = standardise(model, {"phones": phones})
    shared = set(table.columns[0].watched_keys[0].tolist()) & set(table.columns[0].watched_keys[1].tolist())
    pairs = np.array([0, 0], np.int32), np.array([1, 2], np.int32)

    before = score(model, table, *pairs).levels[:, 0].tolist()
    after = score(model, table.mute(np.array(sorted(shared))), *pairs).levels[:, 0].tolist()

    assert before == [1, 1]
    assert after == [255, 255]
