from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import Explained, Labels, MatchModel, match, score
from mdm_matching.charts import block_counts
from mdm_matching.explaining.how import EQUAL, TOLD
from mdm_matching.semantics import BirthDate, Date, Email, FamilyName, GivenName

COLUMNS: dict[str, list[str | None]] = {
    "given_name": ["Robert", "Rob", "Robert", "Robert", "Bob", "Anna", "Robert", "Karl"],
    "family_name": ["Alder", "Alder", "Alder", "Alder", "Alder", "Berg", "Stone", None],
    "birth_date": ["1971-06-24", "1971-06-24", "1971-06-24", "1971-06-24", None, "1980-01-02", None, None],
    "email": ["rob@alder.net", "rob@alder.net", None, None, "rob@alder.net", "anna@berg.at", None, None],
}
TYPES = {"given_name": GivenName(), "family_name": FamilyName(), "birth_date": Date(), "email": Email()}


@pytest.fixture(scope="module")
def explained() -> Explained:
    found = match(COLUMNS, model=MatchModel.default("person", TYPES))
    return Explained.of(COLUMNS, found)


def test_why_adds_up_from_the_prior_over_the_reasons_to_the_weight(explained):
    told = explained.why(0, 1)

    assert told.prior + sum(reason.weight for reason in told.reasons) == pytest.approx(told.weight, abs=1e-5)
    assert told.joined
    assert "email: same address (rob@alder.net | rob@alder.net)" in told.text


def test_how_ends_in_the_cluster_as_it_is_and_begins_with_single_records(explained):
    cluster = tuple(np.flatnonzero(explained.found.labels == explained.found.labels[0]).tolist())
    steps = explained.how(0)

    assert cluster == (0, 1, 2, 3, 4)
    assert [step.number for step in steps] == [1, 2, 3, 4]
    assert len(steps[0].one) == len(steps[0].other) == 1
    assert steps[-1].rows == cluster
    assert all(step.rule and step.reasons for step in steps)


def test_how_joins_equal_records_before_it_weighs_pairs(explained):
    first = explained.how(0)[0]

    assert (first.one, first.other, first.rule) == ((2,), (3,), EQUAL)


def test_how_names_the_verdict_that_bound_records():
    labels = Labels.of([(5, 6, True)], 8)
    found = match(COLUMNS, model=MatchModel.default("person", TYPES), labels=labels)

    assert [step.rule for step in Explained.of(COLUMNS, found, labels).how(5)] == [TOLD]


def test_a_record_that_stands_alone_was_built_by_no_step(explained):
    assert explained.how(7) == ()


def test_why_not_says_that_no_block_key_was_shared_and_what_would_have_changed_the_answer(explained):
    told = explained.why_not(0, 5)

    assert not told.candidates
    assert told.shared == ()
    assert "Blocking missed the pair: they share no block key" in told.text
    assert told.change
    assert "They would have reached the threshold if" in told.text


def test_the_smallest_change_lifts_the_pair_and_none_of_its_parts_alone_does(explained):
    told = explained.why_not(0, 6)
    model, table = explained.found.model, explained.table
    scores = score(model, table, np.array([0]), np.array([6]))
    assert scores.weight[0] < model.match_threshold
    assert told.change is not None

    def lifted(changes) -> float:
        levels = scores.levels.copy()
        for change in changes:
            place = [column.name for column in model.columns].index(change.column)
            levels[0, place] = [level.label for level in model.columns[place].levels].index(change.to)
        return float(score(model, table, np.array([0]), np.array([6]), levels=levels).weight[0])

    assert lifted(told.change) >= model.match_threshold
    for left_out in range(len(told.change)):
        assert lifted(told.change[:left_out] + told.change[left_out + 1 :]) < model.match_threshold


def test_two_records_of_one_cluster_are_kept_apart_by_nothing(explained):
    told = explained.why_not(0, 1)

    assert told.change == ()
    assert told.text.startswith("Nothing keeps them apart")


def test_a_weak_key_alone_is_named_with_its_holders():
    dates = [f"{1600 + n}-06-17" for n in range(300)] * 2
    names = ["Alder"] * 2 + [f"{chr(97 + n % 26)}{chr(97 + n // 26)}berton" for n in range(598)]
    columns = {"family_name": names, "birth_date": dates}
    types = {"family_name": FamilyName(), "birth_date": BirthDate()}
    found = match(columns, model=MatchModel.default("person", types))
    explained = Explained.of(columns, found)
    day, name = explained.why_not(0, 12), explained.why_not(5, 305)

    assert not day.candidates
    assert [(key.column, key.alone, key.capped) for key in day.shared] == [("birth_date", True, True)]
    assert "600 records hold the weak key they share in birth_date, too many to compare" in day.text
    assert name.candidates
    assert [blocks.pairs > 0 for blocks in block_counts(explained.table, found) if "alone" in blocks.column]


def test_a_key_too_common_to_compare_is_named_with_its_holders():
    rows = 130
    emails = [f"{chr(97 + n % 26)}{n * 7919}@host{n}.net" for n in range(rows)]
    columns = {"given_name": ["Robert"] * rows, "family_name": ["Alder"] * rows, "email": emails}
    types = {"given_name": GivenName(), "family_name": FamilyName(), "email": Email()}
    found = match(columns, model=MatchModel.default("person", types))
    told = Explained.of(columns, found).why_not(3, 90)

    assert not told.candidates
    assert [key.holders for key in told.shared if key.capped] == [rows] * len(told.shared)
    assert "130 records hold the key they share in two columns together, too many to compare" in told.text
