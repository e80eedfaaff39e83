"""Weak keys: what two records share that are found by two columns together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm_matching.semantics import Category, Date, SemanticType, Title


def weak_keys(semantic: SemanticType, value: str) -> set[str]:
    found = semantic.standardise(value)
    assert found is not None
    return set(found.weak_keys)


def test_a_shortened_title_keeps_its_weak_keys():
    whole, shortened = weak_keys(Title(), "Warehouse Hartanville"), weak_keys(Title(), "Wareh. (Hart)")

    assert whole == shortened == {"ware", "hart", "hart ware"}


@given(first=st.dates(date(1900, 1, 1), date(2900, 1, 1)), days=st.integers(0, 16))
def test_dates_that_a_plan_moved_by_sixteen_days_at_most_share_a_window(first, days):
    one, other = (weak_keys(Date(), day.isoformat()) for day in (first, first + timedelta(days=days)))

    assert one & other


def test_dates_more_than_a_window_apart_share_no_weak_key():
    assert not weak_keys(Date(), "2021-03-01") & weak_keys(Date(), "2021-04-02")


@pytest.mark.parametrize(
    ("value", "expected"), [("PC868", {"pc868"}), ("2100.0", {"2100"}), ("Male", set()), ("active", set())]
)
def test_a_category_is_a_weak_key_where_it_is_a_code_of_something(value, expected):
    assert weak_keys(Category(), value) == expected
