from __future__ import annotations

from typing import Any

import pytest

from mdm.entities import EntityRegistry
from mdm.ingest import IncomingRecord, Rejected
from mdm.intake import Repeat, SeenKeys, SourceRow, prepare


def prepared(registry: EntityRegistry, entity: str = "client", **cells: Any) -> IncomingRecord:
    record = prepare(registry[entity], "crm", SourceRow(2, {"id": "1", **cells}))
    assert isinstance(record, IncomingRecord)
    return record


def rejected(registry: EntityRegistry, entity: str = "client", **cells: Any) -> Rejected:
    found = prepare(registry[entity], "crm", SourceRow(2, {"id": "1", **cells}))
    assert isinstance(found, Rejected)
    return found


@pytest.mark.parametrize(
    ("attribute", "cell", "expected"),
    [
        ("name", "  Acme GmbH ", "Acme GmbH"),
        ("name", "   ", None),
        ("name", None, None),
        ("name", 42, "42"),
        ("name", 42.0, "42"),
        ("name", True, "true"),
        ("name", ["Acme"], "Acme"),
        ("name", ["", None], None),
        ("status", "On Hold", "on_hold"),
        ("parent", "4", "crm:4"),
        ("parent", "erp:C-4", "erp:C-4"),
        ("parent", "Erp:C-4", "crm:Erp:C-4"),
        ("parent", 4.0, "crm:4"),
    ],
)
def test_a_cell_becomes_a_value_or_a_stated_blank(
    registry: EntityRegistry, attribute: str, cell: object, expected: object
) -> None:
    assert prepared(registry, **{attribute: cell}).values == {attribute: expected}


def test_a_reference_of_a_source_whose_name_is_no_identifier_stays_its_own(registry: EntityRegistry) -> None:
    record = prepare(registry["client"], "CRM east", SourceRow(2, {"id": "1", "parent": "4"}))

    assert isinstance(record, IncomingRecord)
    assert record.values == {"parent": "4"}


def test_status_words_with_signs_are_the_words_that_people_mean(registry: EntityRegistry) -> None:
    record = prepared(
        registry, "project", billing_type="Time & Materials", start_date="2026-03-01", budget="1,234.50"
    )

    assert record.values == {
        "billing_type": "time_and_materials",
        "start_date": "2026-03-01",
        "budget": 1234.5,
    }
    assert record.flags == {}


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"id": ""}, "id", "the row has no id in 'id'"),
        ({"id": "x" * 501}, "id", "limit is 500"),
        ({"id": {"a": 1}}, "id", "holds an object"),
        ({"changed_at": "yesterday"}, "changed_at", 'changed_at: "yesterday" is no date and time'),
        ({"deleted": "perhaps"}, "deleted", "none of true, false, 1, 0"),
        (
            {"start_date": "31.02.2026"},
            "start_date",
            'start_date: "31.02.2026" is no date; write it as 2026-03-31',
        ),
        ({"start_date": 45000}, "start_date", "is no date"),
        ({"budget": "much"}, "budget", 'budget: "much" is no number; write it as 1234.5'),
        ({"budget": "1,234"}, "budget", "can be read as two numbers"),
        ({"name": ["a", "b"]}, "name", "holds 2 values"),
        ({"name": {"first": "a"}}, "name", "holds an object"),
        ({"name": "a\x00b"}, "name", "NUL character"),
        ({"name": "\ud800"}, "name", "half a character"),
    ],
)
def test_what_cannot_be_taken_in_is_rejected_with_column_and_reason(
    registry: EntityRegistry, cells: dict[str, Any], column: str, says: str
) -> None:
    found = rejected(registry, "project", **cells)

    assert (found.row_number, found.column) == (2, column)
    assert says in found.reason


def test_a_rejected_row_is_kept_as_json_can_keep_it(registry: EntityRegistry) -> None:
    found = rejected(registry, "project", budget="much", name="\ud800", code=float("nan"))

    assert found.row == {"id": "1", "budget": "much", "name": "?", "code": "nan"}


@pytest.mark.parametrize(
    ("attribute", "value", "says"),
    [
        ("email", "nobody at home", "is no valid e-mail address"),
        ("email", "anna@acme.de", ""),
        ("email", "n/a", "is a placeholder, no value"),
        ("phone", "call me", "is no valid phone number"),
        ("phone", "+44 20 7946 0101", ""),
        ("tax_id", "DE123", "is no valid tax id"),
        ("lei", "123", "is no valid LEI"),
        ("status", "weird", "is none of prospect, active, dormant, blocked, closed"),
        ("status", "Active", ""),
        ("name", "n/a", ""),
    ],
)
def test_a_doubtful_value_is_kept_and_flagged(
    registry: EntityRegistry, attribute: str, value: str, says: str
) -> None:
    record = prepared(registry, country="DE", **{attribute: value})

    assert record.values[attribute] is not None
    assert record.flags.get(attribute, "") == says


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("true", True), ("1", True), (True, True), ("0", False), ("", False), (None, False)],
)
def test_deleted_is_true_false_one_zero_or_blank(
    registry: EntityRegistry, cell: object, expected: bool
) -> None:
    assert prepared(registry, deleted=cell).deleted is expected


def test_a_row_with_trouble_is_rejected_with_it(registry: EntityRegistry) -> None:
    found = prepare(
        registry["client"], "crm", SourceRow(7, {"unreadable": "x"}, "the row has 1 cells", "name")
    )

    assert found == Rejected(7, "the row has 1 cells", "name", {"unreadable": "x"})


def test_a_repeated_key_is_the_same_only_with_equal_content() -> None:
    seen = SeenKeys()
    first, other = (IncomingRecord("1", {"name": name}) for name in ("Acme", "Beta"))

    assert [seen.see(r) for r in (first, first, other, first)] == [
        Repeat.first,
        Repeat.same,
        Repeat.other,
        Repeat.same,
    ]
