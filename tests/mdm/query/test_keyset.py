from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.entities import load_registry
from mdm.errors import QueryError
from mdm.query.golden_row import GoldenRow
from mdm.query.keyset import Order, Place, cursor_of, place_of
from mdm.query.related import Edge, edges_to

REGISTRY = load_registry()
PROJECT = REGISTRY["project"]

VALUES = {
    "name": st.none() | st.text(),
    "budget": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    "start_date": st.none() | st.dates(),
    "client": st.none() | st.text(),
}


@given(
    st.fixed_dictionaries(VALUES),
    st.lists(
        st.builds(Order, st.sampled_from([*VALUES, "id"]), st.booleans()), unique_by=lambda o: o.attribute
    ),
    st.text(min_size=1),
)
def test_a_cursor_names_the_place_it_was_made_at(
    values: dict[str, object], orders: list[Order], golden_id: str
) -> None:
    ordering = tuple(orders)
    row = GoldenRow("project", golden_id, values)

    place = place_of(PROJECT, ordering, cursor_of(ordering, row))

    expected = tuple(golden_id if o.attribute == "id" else values[o.attribute] for o in ordering)
    assert place == Place(expected, golden_id)


@given(st.text())
def test_any_other_text_is_no_cursor(text: str) -> None:
    with pytest.raises(QueryError, match="does not belong to this list"):
        place_of(PROJECT, (Order("start_date"),), text)


def test_a_cursor_of_another_order_or_with_other_values_is_refused() -> None:
    row = GoldenRow("project", "p-1", {"start_date": date(2025, 1, 1), "name": "Roof"})
    cursor = cursor_of((Order("name"),), row)

    for ordering in ((), (Order("name", descending=True),), (Order("start_date"),)):
        with pytest.raises(QueryError):
            place_of(PROJECT, ordering, cursor)


def test_references_are_named_from_the_other_side() -> None:
    names = {
        t.name: {e.name: (e.referrer, e.attribute) for e in edges_to(REGISTRY, t.name)} for t in REGISTRY
    }

    assert names["client"] == {
        "projects": ("project", "client"),
        "engagements": ("engagement", "client"),
        "rates": ("rate", "client"),
        "subsidiaries": ("client", "parent"),
    }
    assert names["worker"] == {
        "assignments": ("assignment", "worker"),
        "rates": ("rate", "worker"),
        "managed_cost_centers": ("cost_center", "manager"),
        "owned_clients": ("client", "owner"),
        "reports": ("worker", "manager"),
        "managed_projects": ("project", "manager"),
    }
    assert names["project"]["children"] == ("project", "parent")
    assert edges_to(REGISTRY, "rate") == ()
    assert Edge("workers", "cost_center", "worker", "cost_center") in edges_to(REGISTRY, "cost_center")
