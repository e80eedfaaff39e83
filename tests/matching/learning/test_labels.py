from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import LabelError, Labels


def test_of_two_answers_about_one_pair_the_later_one_counts_whichever_way_round():
    labels = Labels.of([(3, 1, True), (0, 2, True), (1, 3, False)], rows=4)

    assert list(zip(labels.left, labels.right, labels.same, strict=True)) == [(0, 2, True), (1, 3, False)]


@pytest.mark.parametrize("pair", [(1, 1), (-1, 2), (0, 4)])
def test_a_label_about_no_pair_of_the_records_is_refused(pair):
    with pytest.raises(LabelError, match="a label cannot be used"):
        Labels.of([(*pair, True)], rows=4)


def test_judged_pairs_are_certain_and_the_others_keep_their_chance():
    labels = Labels.of([(0, 2, True), (1, 3, False)], rows=5)
    pairs = (np.array([0, 0, 1, 3], np.int32), np.array([1, 2, 3, 4], np.int32))

    assert labels.settled(np.full(4, 0.5), pairs).tolist() == [0.5, 1.0, 0.0, 0.5]
