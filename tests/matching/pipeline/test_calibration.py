"""Whether scores mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import calibration


def test_the_error_is_the_distance_of_what_was_said_from_what_is_true():
    found = calibration(np.full(10, 0.8), np.arange(10) < 7)

    assert found.error == pytest.approx(0.1)
    assert found.nine_in_ten is None


def test_nine_in_ten_of_the_pairs_scored_nine_tenths_are_true_where_scores_are_calibrated():
    found = calibration(np.full(20, 0.9), np.arange(20) < 18)

    assert (found.nine_in_ten, found.pairs) == (0.9, 20)
    assert found.error == pytest.approx(0.0)


def test_no_pairs_have_no_error():
    found = calibration(np.zeros(0), np.zeros(0, np.bool_))

    assert (found.error, found.nine_in_ten, found.pairs) == (0.0, None, 0)
