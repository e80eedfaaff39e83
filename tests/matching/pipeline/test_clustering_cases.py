"""Small clusterings that say what must be joined, what must not, and what is said about it."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import Cause, Edges, cluster

ANNA = ("anna", "smith", "1001", "55")
ANNA_WITHOUT_NUMBER = ("anna", "smith", "", "55")
OTHER_ANNA = ("anna", "smith", "2001", "55")
BERT = ("bert", "jones", "3001", "66")


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        pytest.param([], [], id="no record, no cluster"),
        pytest.param([ANNA], [0], id="one record is its own cluster"),
        pytest.param([ANNA, ANNA], [0, 0], id="equal records are one"),
        pytest.param([ANNA, BERT], [0, 1], id="unlike records stay apart"),
        pytest.param([ANNA, BERT, ANNA_WITHOUT_NUMBER], [0, 1, 0], id="a missing number is no contradiction"),
        pytest.param([ANNA, OTHER_ANNA], [0, 1], id="two numbers are two things"),
        pytest.param([("", "", "", "")] * 3, [0, 1, 2], id="records that say nothing are never one"),
        pytest.param([BERT, ANNA, ANNA], [0, 1, 1], id="a label is the first row of the cluster"),
    ],
)
def test_small_tables_cluster_as_a_steward_would(make, group, rows, labels):
    assert group(make(rows)).labels.tolist() == labels


def test_a_bridging_record_fuses_no_two_groups_that_contradict_each_other(make, group):
    rows = [ANNA, ANNA, OTHER_ANNA, OTHER_ANNA, ANNA_WITHOUT_NUMBER]
    found = group(make(rows))

    assert found.labels.tolist() == [0, 0, 2, 2, 4]
    assert {(c.left, c.right, c.cause) for c in found.cuts if c.cause is Cause.AMBIGUOUS} == {
        (row, 4, Cause.AMBIGUOUS) for row in range(4)
    }


def test_a_record_between_two_groups_joins_the_one_that_leads_by_the_margin(model, make):
    table = make([ANNA, OTHER_ANNA, ANNA_WITHOUT_NUMBER])
    left, right = np.array([0, 1], np.int32), np.array([2, 2], np.int32)
    nothing = np.zeros((0, 2), np.int64)
    edges = Edges(left, right, np.array([model.match_threshold + model.margin + 1, model.match_threshold]))
    found = cluster(model, table, ["a", "b", "c"], edges, same=nothing, distinct=nothing)

    assert found.labels.tolist() == [0, 1, 0]
    assert [c.cause for c in found.cuts] == [Cause.EXCLUSIVE_ID]


def test_a_same_verdict_is_stronger_than_any_score(make, group):
    assert group(make([ANNA, BERT]), same=[(0, 1)]).labels.tolist() == [0, 0]


def test_a_distinct_verdict_parts_equal_records_and_says_so(make, group):
    found = group(make([ANNA, ANNA]), distinct=[(0, 1)])

    assert found.labels.tolist() == [0, 1]
    assert [c.cause for c in found.cuts] == [Cause.DISTINCT_VERDICT]


def test_a_distinct_verdict_holds_between_the_groups_of_the_two_records(make, group):
    other = ("anna", "smith", "1001", "")
    found = group(make([ANNA, ANNA, other, other]), same=[(0, 1), (2, 3)], distinct=[(0, 3)])

    assert found.labels.tolist() == [0, 0, 2, 2]


def test_verdicts_that_clash_are_suspended_and_reported_and_none_wins(make, group):
    found = group(
        make([ANNA, BERT, ("carl", "miller", "4001", "77")]), same=[(0, 1), (1, 2)], distinct=[(0, 2)]
    )

    assert found.labels.tolist() == [0, 1, 2]
    assert [(c.left, c.right, c.cause) for c in found.cuts] == [(0, 2, Cause.VERDICT_CONFLICT)]


def test_a_likely_pair_below_the_threshold_is_left_for_review(model, make):
    table = make([ANNA, ANNA_WITHOUT_NUMBER])
    edges = Edges(np.array([0], np.int32), np.array([1], np.int32), np.array([model.match_threshold - 1]))
    nothing = np.zeros((0, 2), np.int64)
    found = cluster(model, table, ["a", "b"], edges, same=nothing, distinct=nothing)

    assert [(c.left, c.right, c.cause) for c in found.cuts] == [(0, 1, Cause.REVIEW)]


def test_a_hub_value_makes_no_giant_component(make, group):
    rows = [
        (f"{chr(97 + n % 26)}{chr(97 + n // 26)}x", f"{chr(97 + n // 26)}{n % 26}y", "", "55")
        for n in range(400)
    ]
    labels = group(make(rows)).labels

    assert np.unique(labels, return_counts=True)[1].max() <= 2


def test_many_equal_records_are_one_cluster_however_many(make, group):
    assert set(group(make([ANNA] * 700)).labels.tolist()) == {0}


def test_a_giant_chain_is_parted_and_the_parts_are_bounded(model, make):
    rows = [("anna", f"smith{n}", "", "") for n in range(600)]
    left = np.arange(599, dtype=np.int32)
    edges = Edges(left, left + 1, np.full(599, 20.0))
    nothing = np.zeros((0, 2), np.int64)
    found = cluster(
        model, make(rows), [f"{n:04d}" for n in range(600)], edges, same=nothing, distinct=nothing
    )

    assert np.unique(found.labels, return_counts=True)[1].max() <= 250
