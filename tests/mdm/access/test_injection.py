"""Text from callers never becomes SQL: it is a value in every filter, order, cursor, key and search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlmodel import Session

from mdm.entities import Kind
from mdm.errors import MdmError
from mdm.hub import Hub
from mdm.query.conditions import ALLOWED, Condition, Operator
from mdm.query.keyset import Order
from mdm.query.pages import PageRequest, page
from mdm.query.records import golden_by_ids, golden_by_key
from mdm.query.search import search
from mdm.store.decisions import Event
from mdm.store.derived import GoldenRecord
from mdm.store.rights import ApiKey

PIECES = (
    "'",
    '"',
    "`",
    ";",
    "--",
    "/*",
    "*/",
    "\\",
    "%",
    "_",
    "\x00",
    "\u02bc",
    "\uff07",
    ")",
    "(",
    "||",
    "@@",
    "#",
    "?",
    ":x",
)
ATTACKS = (
    "' OR '1'='1",
    "' OR 1=1 --",
    '" OR ""="',
    "'; DROP TABLE golden_client; --",
    "' UNION SELECT secret_hash FROM api_key --",
    "1; DELETE FROM event",
    "') OR ('1'='1",
    "'||(SELECT name FROM api_key)||'",
    "admin'/*",
    "\\'; SELECT 1 --",
    "%' OR '%'='",
    "' AND 1=CAST((SELECT id FROM api_key) AS int) --",
    "x' AND pg_sleep(5) --",
    "' AND randomblob(500000000) --",
    "'; ATTACH 'x' AS y; --",
    "id; --",
    "name DESC; DROP TABLE x",
    "(CASE WHEN 1=1 THEN name ELSE id END)",
    "name, (SELECT secret_hash FROM api_key)",
    "name COLLATE NOCASE",
    "1e309",
    "NaN",
    "${jndi:x}",
    "{{7*7}}",
    "0x27",
    "char(39)",
    "N'x'",
    "E'\\x27'",
    "$$x$$",
    "\u2019 OR 1=1",
)


KEPT = (Event, ApiKey, GoldenRecord)


def corpus() -> list[str]:
    """Five hundred texts: attacks as they are, and with every piece before and behind."""
    found = [
        *ATTACKS,
        *(f"{p}{a}" for p in PIECES for a in ATTACKS[:13]),
        *(f"{a}{p}" for p in PIECES for a in ATTACKS[:12]),
    ]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def statements(firm: Hub) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    event.listen(firm.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(firm.database.engine, "before_cursor_execute", note)


def asked(firm: Hub, session: Session, text: str) -> None:
    """The text in every place that takes one from a caller; what is refused says so."""
    declared = firm.registry["client"]
    conditions = tuple(
        Condition(attribute.name, operator, (text,) if operator is Operator.in_ else text)
        for attribute in declared.attributes
        if attribute.kind in {Kind.text, Kind.reference} and (attribute.name == "name" or text in ATTACKS)
        for operator in sorted(ALLOWED[attribute.kind] - {Operator.is_null})
    )
    page(firm, session, "client", PageRequest(first=1, conditions=conditions))
    golden_by_ids(firm, session, [text])
    golden_by_key(firm, session, "client", [(text, text)])
    search(firm, session, text[:200])


def refused(firm: Hub, session: Session, text: str) -> None:
    """The text in every place that takes a name or a place in a list."""
    for request in (
        PageRequest(ordering=(Order(text),)),
        PageRequest(after=text),
        PageRequest(conditions=(Condition(text, Operator.eq, "x"),)),
    ):
        with pytest.raises(MdmError):
            page(firm, session, "client", request)
    with pytest.raises(MdmError):
        page(firm, session, text, PageRequest())


def test_there_are_five_hundred() -> None:
    assert len(corpus()) >= 500


def test_a_text_is_never_part_of_a_statement(firm: Hub, statements: list[str]) -> None:
    texts = corpus()
    with firm.read() as session:
        before = {table: session.execute(select(func.count()).select_from(table)).scalar() for table in KEPT}
        for text in texts:
            if "\x00" not in text:
                asked(firm, session, text)
            refused(firm, session, text)
        after = {table: session.execute(select(func.count()).select_from(table)).scalar() for table in KEPT}

    told = "\n".join(set(statements)).casefold()
    assert [text for text in texts if len(text) > 3 and text.casefold() in told] == []
    assert after == before
