"""What is asked most reads by index, on both databases: never a table from its beginning to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from mdm.hub import Hub

OPERATIONS = {
    "by id, with sources": "{ client(id: $id) { name sources { system key } crosswalk { system keys } } }",
    "by key": '{ clientByKey(system: "erp", key: "c-1") { name } }',
    "cells": "{ client(id: $id) { cells { attribute value source { system } beats { value } } } }",
    "around a client": """{ client(id: $id) {
        parent { name } owner { familyName } subsidiaries { nodes { name } }
        engagements { totalCount nodes { title } } rates { nodes { kind } }
        projects(first: 50) { nodes { code manager { familyName } costCenter { code }
        assignments(first: 9) { nodes { worker { familyName } } } } } } }""",
    "neighbours": "{ client(id: $id) { neighbours { relation record { id } } } }",
    "path": '{ client(id: $id) { path(to: "cc-1") { relation } } }',
    "history and verdicts": "{ client(id: $id) { history { version } verdicts { answer } version } }",
    "search": '{ search(text: "harbour pine") { label node { id } } }',
}


@contextmanager
def noted(hub: Hub) -> Iterator[list[tuple[str, Any]]]:
    """Statements with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:
        found.append((arguments[2], arguments[3]))

    event.listen(hub.database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(hub.database.engine, "before_cursor_execute", note)


def scanned(hub: Hub, statement: str, parameters: Any) -> list[str]:
    """The lines of the plan that read a whole table."""
    with hub.database.engine.connect() as connection:
        if hub.database.is_sqlite:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
            return [row[3] for row in rows if row[3].startswith("SCAN ") and row[3].split()[1] in tables]
        # Tables of a few rows are scanned anyway, unless that is made dear; then only where no index helps.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars()
        return [line.strip() for line in plan if "Seq Scan" in line]


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_no_table_is_read_as_a_whole(firm: Hub, data: Callable[..., Any], operation: str) -> None:
    with noted(firm) as seen:
        data(operation.replace("$id", '"c-1"'))
    reads = [one for one in seen if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]

    assert reads
    assert {text: found for text, values in reads if (found := scanned(firm, text, values))} == {}
