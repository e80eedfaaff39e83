"""What a principal sees of golden records, whichever way it reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlmodel import Session, select

from mdm.access import Principal, Role
from mdm.change_feed import changes_after
from mdm.crosswalk import crosswalk
from mdm.errors import ForbiddenError, UnknownGoldenIdError
from mdm.explain import explain_value
from mdm.export import golden_rows
from mdm.hub import Hub
from mdm.lineage import lineage
from mdm.query.conditions import Condition, Operator
from mdm.query.keyset import Order
from mdm.query.links import LinkQuery, links
from mdm.query.pages import PageRequest, count, page
from mdm.query.provenance import cells_of
from mdm.query.records import current_of_type, golden_by_ids
from mdm.query.related import edges_to, related_pages
from mdm.query.search import search
from mdm.stewardship import golden_view
from mdm.store.rights import ClassifiedRead

pytestmark = pytest.mark.parametrize("firm", ["sqlite", "postgresql"], indirect=True, scope="module")

Who = Callable[..., Principal]


def test_a_masked_value_never_leaves_the_database(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.viewer)) as session:
        worker = current_of_type(firm, session, "worker", ["w-1"])["w-1"].values
        rate = current_of_type(firm, session, "rate", ["r-1"])["r-1"].values

    assert worker["birth_date"] is None
    assert worker["family_name"] == "Weber"
    assert rate["amount"] is None


def test_a_steward_sees_personal_values_in_their_domain_and_no_pay(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.steward, domains=["worker", "rate"])) as session:
        worker = current_of_type(firm, session, "worker", ["w-1"])["w-1"].values
        rate = current_of_type(firm, session, "rate", ["r-1"])["r-1"].values

    assert worker["national_id"] == "CANARY-NATIONAL-7719"
    assert rate["amount"] is None


@pytest.mark.parametrize("operator", [Operator.eq, Operator.is_null, Operator.gt])
def test_a_masked_attribute_can_be_neither_filtered_nor_counted_by(
    firm: Hub, who: Who, operator: Operator
) -> None:
    from datetime import date

    value: Any = True if operator is Operator.is_null else date(1971, 3, 9)
    condition = Condition("birth_date", operator, value)

    with firm.read(who(Role.viewer)) as session:
        with pytest.raises(ForbiddenError, match="masked"):
            page(firm, session, "worker", PageRequest(conditions=(condition,)))
        with pytest.raises(ForbiddenError, match="masked"):
            count(firm, session, "worker", (condition,))


def test_a_masked_attribute_can_not_be_sorted_by(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.viewer)) as session, pytest.raises(ForbiddenError, match="masked"):
        page(firm, session, "rate", PageRequest(ordering=(Order("amount"),)))


def test_a_masked_cell_stands_whether_or_not_there_is_a_value(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.viewer)) as session:
        cells = {cell.attribute: cell for cell in cells_of(firm, session, ["w-1"])["w-1"]}

    masked = {name for name, cell in cells.items() if cell.masked}
    assert masked == {a.name for a in firm.registry["worker"].attributes if a.sensitivity == "personal"}
    assert all(
        (cells[name].value, cells[name].source, cells[name].beats) == (None, None, ()) for name in masked
    )


def test_explaining_a_masked_value_is_refused(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.viewer)) as session, pytest.raises(ForbiddenError):
        explain_value(firm, session, "w-1", "birth_date")


READERS: Mapping[str, Callable[[Hub, Session, str, str], bool]] = {
    "by id": lambda hub, s, t, i: i in current_of_type(hub, s, t, [i]),
    "node": lambda hub, s, t, i: i in golden_by_ids(hub, s, [i]),
    "page": lambda hub, s, t, i: i in {row.golden_id for row in page(hub, s, t, PageRequest()).rows},
    "export": lambda hub, s, t, i: i in {row["golden_id"] for row in golden_rows(s, hub.registry[t])},
    "crosswalk": lambda hub, s, t, i: i in {row.golden_id for row in crosswalk(s, t)},
    "cells": lambda hub, s, t, i: bool(cells_of(hub, s, [i]).get(i)),
    "view": lambda hub, s, t, i: golden_view(hub, s, i) is not None,
    "lineage": lambda hub, s, t, i: i in lineage(hub, s, i),
    "changes": lambda hub, s, t, i: i in {c.subject for c in changes_after(s, 0, limit=1000).changes},
}
TYPES = {"legal_entity": "le", "cost_center": "cc", "worker": "w", "client": "c", "engagement": "e",
         "project": "p", "assignment": "a", "rate": "r"}  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [{"country": ["DE"]}, {"legal_entity": ["DE01"]}, {"legal_entity": ["le-1"]}],
    ids=["by country", "by code", "by id"],
)
@pytest.mark.parametrize("reader", READERS)
def test_a_row_filter_holds_for_every_reader_and_every_type(
    firm: Hub, who: Who, rows: dict[str, list[str]], reader: str
) -> None:
    seen = {}
    with firm.read(who(Role.viewer, rows=rows)) as session:
        for entity_type, letter in TYPES.items():
            for n in (1, 2):
                try:
                    seen[f"{letter}-{n}"] = READERS[reader](firm, session, entity_type, f"{letter}-{n}")
                except UnknownGoldenIdError:
                    seen[f"{letter}-{n}"] = False

    assert {i for i, there in seen.items() if there} == {f"{letter}-1" for letter in TYPES.values()}


def test_a_reference_to_a_record_outside_the_rows_is_no_value(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.viewer, rows={"country": ["DE"]})) as session:
        row = current_of_type(firm, session, "client", ["c-3"])["c-3"].values
        (exported,) = [r for r in golden_rows(session, firm.registry["client"]) if r["golden_id"] == "c-3"]
        cells = {cell.attribute for cell in cells_of(firm, session, ["c-3"])["c-3"]}

    assert (row["parent"], exported["parent"], "parent" in cells) == (None, None, False)


def test_related_records_outside_the_rows_are_neither_shown_nor_counted(firm: Hub, who: Who) -> None:
    (edge,) = [e for e in edges_to(firm.registry, "client") if e.name == "subsidiaries"]

    with firm.read(who(Role.viewer, rows={"country": ["FR"]})) as session:
        found = related_pages(firm, session, edge, ["c-2"], PageRequest())["c-2"]
        whole = count(firm, session, "client")

    assert list(found.rows) == []
    assert whole == 1


def test_search_finds_only_what_exists_for_whoever_asks(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.viewer, rows={"country": ["FR"]})) as session:
        hits = {hit.golden_id for hit in search(firm, session, "Harbour")}

    assert hits == {"c-2"}


def test_a_type_whose_names_are_masked_cannot_be_searched(firm: Hub, who: Who) -> None:
    from dataclasses import replace

    nobody_inside = replace(who(Role.viewer), sees=frozenset())

    with firm.read(nobody_inside) as session:
        assert search(firm, session, "Harbour") == []


def test_a_principal_without_the_right_reads_nothing(firm: Hub) -> None:
    with pytest.raises(ForbiddenError, match="may read nothing"), firm.read(Principal(name="nobody")):
        pass


def test_who_reads_classified_attributes_is_kept_with_attribute_and_record(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.steward, domains=["worker"])) as session:
        golden_view(firm, session, "w-1")

    with firm.read() as session:
        kept = session.exec(select(ClassifiedRead)).all()
    assert {(row.reader, row.attribute, tuple(row.golden_ids)) for row in kept} >= {
        ("a steward", "birth_date", ("w-1",)),
        ("a steward", "national_id", ("w-1",)),
    }
    assert not {row.attribute for row in kept} & {"family_name", "job_title"}


def test_links_are_those_of_golden_records_that_exist_for_whoever_asks(firm: Hub, who: Who) -> None:
    with firm.read(who(Role.viewer, rows={"country": ["DE"]})) as session:
        found = {link.golden_id for link in links(session, LinkQuery(entity_type="client"))}
        other = links(session, LinkQuery(golden_id="c-2"))

    assert found == {"c-1", "c-3"}
    assert other == ()
