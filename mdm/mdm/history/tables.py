"""The current tables as they were at a moment or held on a day: the same columns, from what is kept.

Readers join these in the place of `golden_record`, `membership` and the typed tables, so that one query
answers for the present and the past.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Float,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeDecorator
from sqlmodel import col

from mdm.entities import Attribute, Kind
from mdm.history.when import When
from mdm.store.column_types import Json
from mdm.store.decisions import GoldenVersion, IssuedId
from mdm.store.derived import GoldenRecord, Membership
from mdm.store.history import GoldenPeriod, IdRedirect, RecordLink

if TYPE_CHECKING:
    from mdm.hub import Hub

NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$"


class DateText(TypeDecorator[date]):
    """A date held as ISO 8601 text, which sorts and compares as dates do."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return value.isoformat() if isinstance(value, date) else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """From the database; a text that is no date, stated when the attribute was another, is None."""
        try:
            return date.fromisoformat(value) if value is not None else None
        except ValueError:
            return None


class TextsText(TypeDecorator[list[str]]):
    """Several texts, held as one JSON text."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str] | None:
        """From the database; a single text, stated when the attribute was another, is a list of one."""
        if value is None:
            return None
        try:
            found = json.loads(value)
        except ValueError:
            return [value]
        return found if isinstance(found, list) else [value]


def typed_at(hub: Hub, entity_type: str, when: When) -> FromClause:
    """The typed table of an entity type: `id`, then a column per attribute.

    Raises:
        UnknownEntityTypeError: no such type is declared.
    """
    declared = hub.registry[entity_type]
    if when.is_now:
        return hub.golden_tables[declared.name]
    golden = golden_at(when)
    columns = [_typed(golden.c.cells, attribute).label(attribute.name) for attribute in declared.attributes]
    query = select(golden.c.golden_id.label("id"), *columns).where(
        golden.c.entity_type == declared.name, golden.c.state == "active"
    )
    return query.subquery(f"golden_{declared.name}_then")


def _typed(cells: ColumnElement[Any], attribute: Attribute) -> ColumnElement[Any]:
    """The value of one attribute within cells, as the typed table would hold it."""
    text = type_coerce(cells, JSON())[(attribute.name, "value")].as_string()
    if attribute.kind is Kind.date:
        return type_coerce(text, DateText())
    if attribute.kind is Kind.texts:
        return type_coerce(text, TextsText())
    if attribute.kind is Kind.number:
        plain = cast(text, String)
        return case((plain.regexp_match(NUMBER), cast(plain, Float)), else_=None)
    return type_coerce(text, String())


def golden_at(when: When) -> FromClause:
    """Golden records: `golden_id`, `entity_type`, `version`, `state`, `cells`; as of a day only what held."""
    if when.is_now:
        return GoldenRecord.__table__  # type: ignore[attr-defined,no-any-return]  # SQLModel hides it
    known = (_known_at(when) if when.known_at is not None else _known_now()).subquery("known_then")
    if when.as_of is None:
        return known
    period, other = aliased(GoldenPeriod), aliased(GoldenPeriod)
    same = and_(col(period.golden_id) == known.c.golden_id, col(period.version) == known.c.version)
    undated = ~exists().where(
        col(other.golden_id) == known.c.golden_id, col(other.version) == known.c.version
    )
    query = (
        select(
            known.c.golden_id, known.c.entity_type, known.c.version, known.c.state,
            func.coalesce(period.cells, known.c.cells, type_=Json()).label("cells"),
        )
        .outerjoin_from(known, period, and_(same, holds(period, when.as_of)))
        .where(or_(col(period.golden_id).is_not(None), undated))
    )  # fmt: skip
    return query.subquery("golden_then")


def holds(period: type[GoldenPeriod], day: date) -> ColumnElement[bool]:
    """SQL for: the period holds this day."""
    return and_(
        or_(col(period.valid_from).is_(None), col(period.valid_from) <= day),
        or_(col(period.valid_to).is_(None), col(period.valid_to) > day),
    )


def _known_now() -> Select[*tuple[Any, ...]]:
    record = GoldenRecord
    return select(
        col(record.golden_id), col(record.entity_type), col(record.version), col(record.state),
        col(record.cells),
    )  # fmt: skip


def _known_at(when: When) -> Select[*tuple[Any, ...]]:
    version, later = aliased(GoldenVersion), aliased(GoldenVersion)
    newest = (
        select(func.max(later.version))
        .where(col(later.golden_id) == col(version.golden_id), col(later.at) <= when.known_at)
        .scalar_subquery()
    )
    return (
        select(
            col(version.golden_id), col(IssuedId.entity_type), col(version.version), col(version.state),
            col(version.cells),
        )
        .join(IssuedId, col(IssuedId.golden_id) == col(version.golden_id))
        .where(col(version.version) == newest)
    )  # fmt: skip


def membership_at(when: When) -> FromClause:
    """The crosswalk: `record_id`, `golden_id`, `entity_type`. It depends on no day of valid time."""
    if when.known_at is None:
        return Membership.__table__  # type: ignore[attr-defined,no-any-return]  # SQLModel hides it
    link, later = aliased(RecordLink), aliased(RecordLink)
    newest = (
        select(func.max(later.id))
        .where(col(later.record_id) == col(link.record_id), col(later.at) <= when.known_at)
        .scalar_subquery()
    )
    query = select(col(link.record_id), col(link.golden_id), col(link.entity_type)).where(
        col(link.id) == newest, col(link.golden_id).is_not(None)
    )
    return query.subquery("membership_then")


def led_to_at(when: When) -> ColumnElement[str]:
    """SQL over `issued_id`: the id that each issued id leads to, in one hop."""
    if when.known_at is None:
        ledger = IssuedId.__table__  # type: ignore[attr-defined]  # SQLModel hides it
        return func.coalesce(ledger.c.redirected_to, ledger.c.golden_id)
    return func.coalesce(redirect_at(when), col(IssuedId.golden_id))


def redirect_at(when: When) -> ColumnElement[Any]:
    """SQL over `issued_id`: the id that each issued id redirects to; null if it leads to itself."""
    if when.known_at is None:
        return col(IssuedId.redirected_to)  # type: ignore[return-value]  # SQLModel types a column as its mapping
    entry, later = aliased(IdRedirect), aliased(IdRedirect)
    newest = (
        select(func.max(later.id))
        .where(col(later.golden_id) == col(entry.golden_id), col(later.at) <= when.known_at)
        .scalar_subquery()
    )
    return (
        select(col(entry.into))
        .where(col(entry.golden_id) == col(IssuedId.golden_id), col(entry.id) == newest)
        .scalar_subquery()
    )


def issued_by(when: When) -> ColumnElement[bool]:
    """SQL over `issued_id`: the id was known."""
    return true() if when.known_at is None else col(IssuedId.issued_at) <= when.known_at
