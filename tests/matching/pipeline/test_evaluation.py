"""The figures, checked against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import evaluate, pair_completeness, recall_at_precision


def test_figures_of_a_small_clustering_are_those_worked_out_by_hand():
    found = evaluate(["x", "x", "x", "y", "z"], ["a", "a", "b", "b", None])

    assert (found.precision, found.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 2))
    assert found.f1 == pytest.approx(0.4)
    assert found.bcubed_precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.bcubed_recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert found.rows == 4


def test_with_sources_only_pairs_across_two_sources_count():
    found = evaluate([1, 1, 1], ["a", "a", "b"], sources=["s", "s", "t"])

    assert (found.precision, found.recall) == (0.0, 0.0)


def test_nothing_to_judge_gives_zeros():
    assert evaluate([], []).f1 == 0.0


def test_completeness_is_the_share_of_true_pairs_among_the_candidates():
    left, right = np.array([0, 1], np.int32), np.array([1, 3], np.int32)

    assert pair_completeness(left, right, ["a", "a", "a", "b"]) == pytest.approx(1 / 3)


def test_recall_at_precision_takes_the_longest_good_prefix():
    weight, match = np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, True, False, True])

    assert recall_at_precision(weight, match, 4) == 0.5
    assert recall_at_precision(weight, match, 4, precision=0.75) == 0.75
