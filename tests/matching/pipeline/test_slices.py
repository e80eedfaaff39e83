"""Long arrays in slices, and rows of levels as numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm_matching.comparing.levels import BLANK, distinct_rows, patterns_of
from mdm_matching.slices import each_slice


@pytest.mark.parametrize("count", [0, 1, 10, 11, 95])
def test_every_entry_is_worked_on_once(count: int) -> None:
    seen = np.zeros(count, np.int64)

    def work(part: slice) -> None:
        seen[part] += 1

    each_slice(count, work, size=10)

    assert seen.tolist() == [1] * count


def test_an_error_in_one_slice_is_raised() -> None:
    def work(part: slice) -> None:
        if part.start == 20:
            raise ValueError("slice 20")

    with pytest.raises(ValueError, match="slice 20"):
        each_slice(100, work, size=10)


@given(rows=st.integers(0, 300), columns=st.integers(1, 25), seed=st.integers(0, 99))
def test_patterns_are_the_distinct_rows(rows: int, columns: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    levels = draw.choice(np.array([0, 1, 2, 29, BLANK], np.uint8), (rows, columns))
    levels[draw.random(rows) < 0.5] = levels[:1]

    patterns, of_pair = patterns_of(levels)

    assert np.array_equal(patterns[of_pair], levels)
    assert len(patterns) == len(distinct_rows(levels)[0])
