"""The relations around golden records, no more of one kind than can be looked at.

A client has a manager and three subsidiaries; a legal entity has a hundred thousand workers. Whoever looks
around wants the former whole and of the latter some, at a cost that does not grow with the firm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, String, Subquery, literal, select, true, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mdm.access.view import View, view_of
from mdm.history.relations import Related, relations_around
from mdm.history.when import NOW, When
from mdm.store.chunks import LONG, POSTGRESQL, Query, chunks, dialect_of, given, listing, rows_in
from mdm.store.derived import Relation

if TYPE_CHECKING:
    from mdm.hub import Hub

Kind = tuple[str, str]
"""A type, and its attribute that refers."""

_NAMES = Related._fields
_EVERY = select(*(getattr(Relation, name) for name in _NAMES))


class Nearby(NamedTuple):
    """Relations that begin or end at some golden records, in order.

    Attributes:
        complete: there are no others; else some record is referred to by more than were asked for.
    """

    relations: tuple[Related, ...]
    complete: bool


def nearby(hub: Hub, session: Session, types: Mapping[str, str], *, each: int, when: When = NOW) -> Nearby:
    """The relations from these golden records, and for each of them the first that lead to it, by golden id.

    Both ends exist for whoever asks, and no relation is of a masked attribute. Of now it takes one statement,
    and one more for each type that is asked about and referred to.

    Args:
        types: golden id to its entity type.
        each: relations of one type and attribute that lead to one record at most, 1 or more.
    """
    masked = {(t.name, name) for t in hub.registry for name in view_of(session).masked(t)}
    if not when.is_now:
        found: Iterable[Related] = relations_around(hub, session, types.keys(), when)
    else:
        found = {*_from(session, types.keys()), *_to(hub, session, types, each + 1)}
        view_of(session).saw(end for related in found for end in (related.from_id, related.to_id))
    shown = sorted(related for related in found if (related.from_type, related.attribute) not in masked)
    return _cut(shown, set(types), each)


def _cut(found: Collection[Related], around: set[str], each: int) -> Nearby:
    """Of the relations that lead to one record by one attribute, the first `each`."""
    counted: Counter[tuple[str, str, str]] = Counter()
    kept = []
    for related in found:
        if related.from_id not in around:
            kind = (related.to_id, related.from_type, related.attribute)
            counted[kind] += 1
            if counted[kind] > each:
                continue
        kept.append(related)
    return Nearby(tuple(kept), complete=len(kept) == len(found))


def _from(session: Session, golden_ids: Collection[str]) -> set[Related]:
    seen = _seen(view_of(session), Relation)
    query = _EVERY.where(*seen) if seen else _EVERY
    return {Related(*row) for row in rows_in(session, query, col(Relation.from_id), golden_ids)}


def _to(hub: Hub, session: Session, types: Mapping[str, str], most: int) -> set[Related]:
    dialect, view = dialect_of(session), view_of(session)
    found: set[Related] = set()
    for name in sorted(set(types.values())):
        kinds = tuple((t.name, a.name) for t in hub.registry for a in t.references if a.target == name)
        if not kinds:
            continue
        query = (
            _first_for_all(kinds, most, dialect) if view.sees_all_rows else _first(kinds, most, dialect, view)
        )
        for part in chunks((i for i, own in types.items() if own == name), LONG):
            rows = session.connection().execute(query, given(dialect, part))
            found |= {Related(*row) for row in rows}
    return found


@lru_cache(maxsize=64)
def _first_for_all(kinds: tuple[Kind, ...], most: int, dialect: str) -> Query:
    return _first(kinds, most, dialect, None)


def _first(names: tuple[Kind, ...], most: int, dialect: str, view: View | None) -> Query:
    """SQL for the first relations of each kind that lead to each of the golden ids that it is given."""
    wanted, kinds, own = listing(dialect, String()), _rows(names), aliased(Relation)
    some = (
        select(*(getattr(own, name) for name in _NAMES))
        .where(col(own.to_id) == wanted.c.value)
        .where(col(own.from_type) == kinds.c.from_type, col(own.attribute) == kinds.c.attribute)
        .where(*(_seen(view, own) if view else ()))
        .order_by(col(own.from_id))
        .limit(most)
        .correlate(wanted, kinds)
    )
    every = wanted.join(kinds, true())
    if dialect == POSTGRESQL:
        found = some.lateral("found")
        return select(*found.c).select_from(every.join(found, true()))
    # SQLite knows no LATERAL, but looks rows up by a list that depends on the row before.
    among = some.with_only_columns(col(own.from_id)).correlate(wanted, kinds)
    same = (col(Relation.attribute) == kinds.c.attribute) & col(Relation.from_id).in_(among)
    return _EVERY.select_from(every.join(Relation, same))


def _rows(kinds: tuple[Kind, ...]) -> Subquery:
    each = [select(literal(t).label("from_type"), literal(a).label("attribute")) for t, a in kinds]
    return union_all(*each).subquery("kinds")


def _seen(view: View, relation: type[Relation]) -> list[ColumnElement[bool]]:
    """Conditions for both ends to exist for whoever asks."""
    return [
        *view.rows_of_ids(col(relation.from_type), col(relation.from_id)),
        *view.rows_of_ids(col(relation.to_type), col(relation.to_id)),
    ]
