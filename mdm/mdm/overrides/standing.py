"""The overrides and bans that stand, by the golden record they speak of now.

An override stays with the id it was made on. While that id redirects, it is a proposal on the survivor; a
ban holds for the survivor, too. When the id comes back, both are its own again: nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from mdm.history.tables import redirect_at
from mdm.history.when import When
from mdm.overrides.lifetime import Lifetime
from mdm.store.absence import worth_asking
from mdm.store.chunks import CHUNK, LONG, Query, chunks, form_of, given, is_among
from mdm.store.decisions import IssuedId
from mdm.store.history import IdRedirect
from mdm.store.sayings import BannedValue, Override


@dataclass(frozen=True, slots=True)
class StandingOverride:
    """A steward's value that nobody has taken back.

    Attributes:
        golden_id: the id it was made on.
        value: as a claim holds it: text, number or list of texts; a golden id for a reference.
        basis: {"claims": {"source:key": value}, "version": id of the newest record version then}.
        until: end of a lifetime `date`, else None.
        proposal: the id it was made on redirects to another, where it does not apply by itself.
    """

    id: str
    entity_type: str
    golden_id: str
    attribute: str
    value: Any
    basis: Mapping[str, Any]
    lifetime: Lifetime
    until: datetime | None
    author: str
    reason: str
    at: datetime
    proposal: bool = False


@dataclass(frozen=True, slots=True)
class StandingBan:
    """A value that a golden record must not take for an attribute."""

    id: str
    entity_type: str
    golden_id: str
    attribute: str
    value: str
    author: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What stewards said about the values of one golden record, the newest first."""

    overrides: tuple[StandingOverride, ...] = ()
    bans: tuple[StandingBan, ...] = ()

    def own(self, attribute: str) -> StandingOverride | None:
        """The override made on this very golden record, in force or not."""
        return next((o for o in self.overrides if o.attribute == attribute and not o.proposal), None)

    def proposals(self, attribute: str) -> tuple[StandingOverride, ...]:
        """Overrides that came with ids merged into this one."""
        return tuple(o for o in self.overrides if o.attribute == attribute and o.proposal)

    def banned(self, attribute: str) -> tuple[StandingBan, ...]:
        """The values it must not take."""
        return tuple(ban for ban in self.bans if ban.attribute == attribute)


NOTHING_SAID = Said()


def said_about(
    session: Session, golden_ids: Collection[str], known_at: datetime | None = None
) -> dict[str, Said]:
    """What stewards said about these golden records; one that nobody spoke of is absent.

    Args:
        known_at: as it stood at this moment; None for now.
    """
    overrides: dict[str, list[StandingOverride]] = {}
    for row, home in _said(session, Override, golden_ids, known_at):
        overrides.setdefault(home, []).append(_override(row, proposal=home != row.golden_id))
    bans: dict[str, list[StandingBan]] = {}
    for row, home in _said(session, BannedValue, golden_ids, known_at):
        bans.setdefault(home, []).append(_ban(row))
    return {
        golden_id: Said(_newest_first(overrides.get(golden_id, [])), _newest_first(bans.get(golden_id, [])))
        for golden_id in overrides.keys() | bans.keys()
    }


def standing(session: Session, golden_ids: Collection[str]) -> dict[str, tuple[StandingOverride, ...]]:
    """The overrides of these golden records and the proposals on them, the newest first; all are keys."""
    found = said_about(session, golden_ids)
    return {golden_id: found.get(golden_id, NOTHING_SAID).overrides for golden_id in golden_ids}


def standing_bans(session: Session, golden_ids: Collection[str]) -> dict[str, tuple[StandingBan, ...]]:
    """The bans on values of these golden records, the newest first; all are keys."""
    found = said_about(session, golden_ids)
    return {golden_id: found.get(golden_id, NOTHING_SAID).bans for golden_id in golden_ids}


def holders_of(session: Session, values: Collection[str]) -> set[tuple[str, str]]:
    """(entity type, golden id) of golden records that an override makes refer to one of these ids."""
    if not values:
        return set()
    query = select(col(Override.entity_type), col(Override.golden_id), col(Override.value)).where(
        col(Override.ended_by).is_(None)
    )
    return {(row[0], row[1]) for row in session.execute(query) if str(row[2]) in values}


def _said(
    session: Session,
    table: type[Override] | type[BannedValue],
    golden_ids: Collection[str],
    known_at: datetime | None,
) -> Iterator[tuple[Any, str]]:
    """The rows of one of the two tables that stand, or stood, each with the asked id that it speaks of.

    That is the id it was made on, else the one that this id redirects to, or redirected to.
    """
    own = set(golden_ids)
    for row, end in (
        _said_now(session, table, own) if known_at is None else _said_then(session, table, own, known_at)
    ):
        if row.golden_id in own:
            yield row, row.golden_id
        elif end in own:
            yield row, end


def _said_now(
    session: Session, table: type[Override] | type[BannedValue], golden_ids: set[str]
) -> Iterator[tuple[Any, str]]:
    for part in chunks(worth_asking(session, col(table.golden_id), golden_ids), LONG):
        form = form_of(session, part)
        for row, end in session.execute(_standing(table.__name__, form), given(form, part)):
            # Another part may ask for the id itself.
            if row.golden_id in part or row.golden_id not in golden_ids:
                yield row, end


@cache
def _standing(table_name: str, form: str) -> Query:
    """What stands of one of the two tables, about the ids it is given and those that redirect to them."""
    table: Any = {each.__name__: each for each in (Override, BannedValue)}[table_name]
    there = or_(is_among(col(IssuedId.golden_id), form), is_among(col(IssuedId.redirected_to), form))
    query = select(table, col(IssuedId.redirected_to))
    query = query.join(IssuedId, col(IssuedId.golden_id) == table.golden_id)
    return query.where(table.ended_by.is_(None), there)


def _said_then(
    session: Session, table: type[Override] | type[BannedValue], golden_ids: set[str], known_at: datetime
) -> Iterator[tuple[Any, str]]:
    rows: Any = table
    over = or_(rows.ended_at.is_(None), rows.ended_at > known_at)
    query = (
        select(table, redirect_at(When(known_at)))
        .join(IssuedId, col(IssuedId.golden_id) == rows.golden_id)
        .where(rows.at <= known_at, over)
    )
    for part in chunks(golden_ids, CHUNK // 2):
        ever = select(col(IdRedirect.golden_id)).where(
            col(IdRedirect.at) <= known_at, col(IdRedirect.into).in_(part)
        )
        there = or_(col(IssuedId.golden_id).in_(part), col(IssuedId.golden_id).in_(ever))
        for row, end in session.execute(query.where(there)):
            # Another part may ask for the id itself.
            if row.golden_id in part or row.golden_id not in golden_ids:
                yield row, end


def _newest_first(items: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(items, key=lambda item: (item.at, item.id), reverse=True))


def _override(row: Override, *, proposal: bool) -> StandingOverride:
    return StandingOverride(
        id=row.id,
        entity_type=row.entity_type,
        golden_id=row.golden_id,
        attribute=row.attribute,
        value=row.value,
        basis=row.basis,
        lifetime=Lifetime(row.lifetime),
        until=row.until,
        author=row.author,
        reason=row.reason,
        at=row.at,
        proposal=proposal,
    )


def _ban(row: BannedValue) -> StandingBan:
    return StandingBan(
        row.id, row.entity_type, row.golden_id, row.attribute, row.value, row.author, row.reason, row.at
    )
