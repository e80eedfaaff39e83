"""Weak keys: what two records share that are found by two columns together."""

from __future__ import annotations

import pytest

from mdm_matching.semantics import Category, SemanticType, Title


def weak_keys(semantic: SemanticType, value: str) -> set[str]:
    found = semantic.standardise(value)
    assert found is not None
    return set(found.weak_keys)


def test_a_shortened_title_keeps_its_weak_keys():
    whole, shortened = weak_keys(Title(), "Warehouse Hartanville"), weak_keys(Title(), "Wareh. (Hart)")

    assert whole == shortened == {"ware", "hart", "hart ware"}


@pytest.mark.parametrize(
    ("value", "expected"), [("PC868", {"pc868"}), ("2100.0", {"2100"}), ("Male", set()), ("active", set())]
)
def test_a_category_is_a_weak_key_where_it_is_a_code_of_something(value, expected):
    assert weak_keys(Category(), value) == expected
