from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mdm.entities import EntityRegistry
from mdm.errors import MappingError, UnknownColumnError
from mdm.ingest import IncomingRecord
from mdm.intake import (
    SourceRow,
    check_columns,
    implied_mapping,
    load_mapping,
    open_rows,
    prepare,
    shipped_mappings,
)

Write = Callable[[str, str | bytes], Path]

HEAD = 'entity = "client"\nkey = "Id"\n'
A = f"{HEAD}[attributes]\n"


def test_a_mapping_turns_a_systems_own_shape_into_attributes(write: Write, registry: EntityRegistry) -> None:
    path = write(
        "m.toml",
        """
        entity = "client"
        records = "data.items"
        key = "Id"
        changed_at = "meta.at"
        deleted = "gone"
        skip = "kind == 'partner'"
        date_formats = ["%d/%m/%Y"]
        [attributes]
        name = "Legal Name"
        street = { from = "Address.Lines", transform = ["join", "first_line"] }
        status = { from = "stage", values = { Won = "active" }, otherwise = "prospect" }
        kind = { constant = "organisation" }
        owner = { from = "owner.id", source = "salesforce" }
        parent = "parent_id"
        city = "Addresses[?Type=='HQ'] | [0].City"
        """,
    )
    mapping = load_mapping(str(path), registry)
    row = {
        "Id": 17,
        "meta": {"at": "2026-03-01T12:00:00Z"},
        "gone": False,
        "kind": "customer",
        "Legal Name": " Acme GmbH ",
        "Address": {"Lines": ["1 Quay Road", "Bristol"]},
        "stage": "Lost",
        "owner": {"id": "005"},
        "parent_id": 4.0,
        "Addresses": [{"Type": "HQ", "City": "Bristol"}],
    }

    record = prepare(registry["client"], "crm", SourceRow(1, row), mapping)

    assert isinstance(record, IncomingRecord)
    assert (record.source_key, record.deleted) == ("17", False)
    assert record.changed_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert record.values == {
        "name": "Acme GmbH", "street": "1 Quay Road, Bristol", "status": "prospect", "kind": "organisation",
        "owner": "salesforce:005", "parent": "crm:4", "city": "Bristol",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("skip", "is_left_out"),
    [("kind == 'partner'", True), ("kind == 'customer'", False), ("absent", False), ("flag", False)],
)
def test_rows_of_which_skip_is_true_are_left_out(
    write: Write, registry: EntityRegistry, skip: str, is_left_out: bool
) -> None:
    mapping = load_mapping(
        str(write("m.toml", f'{HEAD}skip = "{skip}"\n[attributes]\nname = "Name"\n')), registry
    )

    prepared = prepare(
        registry["client"], "crm", SourceRow(1, {"Id": 1, "kind": "partner", "flag": "false"}), mapping
    )

    assert (prepared is None) == is_left_out


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"a": {"b": "x"}}, {"city": "x"}),
        ({"a": {"b": None}}, {"city": None}),
        ({"a": None}, {"city": None}),
        ({"a": {"b": "  "}}, {"city": None}),
        ({"a": {}}, {}),
        ({}, {}),
        ({"a.b": "exact"}, {"city": "exact"}),
    ],
    ids=[
        "a value",
        "null",
        "null above",
        "white space",
        "no such key",
        "nothing at all",
        "a column of that very name",
    ],
)
def test_a_blank_is_stated_and_a_missing_field_is_not(
    write: Write, registry: EntityRegistry, row: dict[str, object], expected: dict[str, object]
) -> None:
    mapping = load_mapping(str(write("m.toml", f'{HEAD}[attributes]\ncity = "a.b"\n')), registry)

    record = prepare(registry["client"], "crm", SourceRow(1, {"Id": "1", **row}), mapping)

    assert isinstance(record, IncomingRecord)
    assert record.values == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, "closed"), (False, "active"), ("x", "other"), ("", "prospect"), (None, "prospect")],
)
def test_words_are_looked_up_after_the_transforms(
    write: Write, registry: EntityRegistry, value: object, expected: str
) -> None:
    words = '{ true = "closed", false = "active", "" = "prospect" }'
    text = f'{HEAD}[attributes]\nindustry = {{ from = "s", values = {words}, otherwise = "other" }}\n'
    mapping = load_mapping(str(write("m.toml", text)), registry)

    record = prepare(registry["client"], "crm", SourceRow(1, {"Id": "1", "s": value}), mapping)

    assert isinstance(record, IncomingRecord)
    assert record.values == {"industry": expected}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            'entity = "clint"\nkey = "Id"\n',
            "line 1, entity: there is no entity type 'clint'; did you mean 'client'",
        ),
        (A + 'nmae = "Name"', "line 4, nmae: client has no attribute 'nmae'; did you mean 'name'"),
        (A + 'name = { from = "a", transform = ["uper"] }', "line 4, name: there is no transform 'uper'"),
        (A + 'name = "a.[b"', r"line 4, name: 'a.\[b' is no valid JMESPath"),
        (
            A + 'name = { form = "a" }',
            "line 4, name: there is no key `form` within name; did you mean 'from'",
        ),
        (A + "name = 7", "line 4, name: is a field's name or a table"),
        (A + 'name = { from = "a", constant = "b" }', "line 4, name: has either"),
        (A + 'name = { from = "a", source = "b" }', "line 4, name: has a source, but only references"),
        (HEAD + 'date_formats = "%d"\n[attributes]', "line 3, date_formats: is a list of formats"),
        (HEAD + 'skp = "x"\n[attributes]', "line 3, skp: there is no key `skp`; did you mean 'skip'"),
        ('entity = "client"\n[attributes]', "the key `key` is missing"),
        (HEAD, "the key `attributes` is missing"),
        ("entity = client", r"is no valid TOML.*line 1"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_place_and_a_suggestion(
    write: Write, registry: EntityRegistry, text: str, says: str
) -> None:
    with pytest.raises(MappingError, match=says):
        load_mapping(str(write("m.toml", text)), registry)


def test_a_mapping_that_does_not_exist_is_refused(registry: EntityRegistry) -> None:
    with pytest.raises(MappingError, match=r"There is no mapping none\.toml"):
        load_mapping("none.toml", registry)


@pytest.mark.parametrize("name", shipped_mappings())
def test_every_shipped_mapping_makes_sense(registry: EntityRegistry, name: str) -> None:
    mapping = load_mapping(name, registry)

    assert mapping.name == name
    assert mapping.attributes


def test_an_unknown_column_is_named_with_the_nearest_attribute(
    write: Write, registry: EntityRegistry
) -> None:
    source = open_rows(write("a.csv", "id,nmae\n1,Acme\n"))

    with pytest.raises(UnknownColumnError, match="client has no attribute 'nmae'; the nearest is 'name'"):
        check_columns(source, registry["client"], implied_mapping(registry["client"]))


def test_a_file_without_the_key_is_refused(write: Write, registry: EntityRegistry) -> None:
    mapping = load_mapping(str(write("m.toml", f'{HEAD}[attributes]\nname = "Name"\n')), registry)

    with pytest.raises(UnknownColumnError, match="no column 'Id', which is the key; the nearest is 'ID'"):
        check_columns(open_rows(write("a.csv", "ID,Name\n1,Acme\n")), registry["client"], mapping)


def test_fields_that_the_file_lacks_are_said(write: Write, registry: EntityRegistry) -> None:
    mapping = load_mapping(
        str(write("m.toml", f'{HEAD}[attributes]\nname = "Name"\ncity = "Town"\n')), registry
    )

    lacking = check_columns(open_rows(write("a.csv", "Id,Name\n1,Acme\n")), registry["client"], mapping)

    assert lacking == ["Town"]
