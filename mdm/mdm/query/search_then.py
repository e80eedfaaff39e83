"""Search as of a moment or a day: what the index of terms would have held then.

The index holds the terms of now. It speaks for every golden record whose terms cannot have changed since;
those of the others are worked out from what is kept, so that a search about a moment long ago takes longer
the more has changed since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.history.claims import members_at, versions_at
from mdm.history.tables import golden_at, membership_at
from mdm.history.when import When
from mdm.query.search_terms import search_terms, searched_attributes
from mdm.resolve.evidence import RecordClaims
from mdm.store.chunks import chunks, rows_in
from mdm.store.decisions import GoldenVersion
from mdm.store.derived import Membership, SearchTerm
from mdm.store.history import RecordLink
from mdm.store.records import RecordVersion, SourceRecord

if TYPE_CHECKING:
    from mdm.hub import Hub

AT_ONCE = 2_000
"""Golden records whose terms are worked out at a time."""

Posting = tuple[str, int]
"""A golden record that holds a term, and how many hold it."""


@dataclass(frozen=True, slots=True)
class Then:
    """Terms that the index does not tell.

    Attributes:
        changed: the golden records of which it may say something else than held then.
        terms: the terms that they had, of those that shared one with the text.
    """

    changed: frozenset[str]
    terms: Mapping[str, frozenset[str]]


def terms_then(hub: Hub, session: Session, asked: Collection[str], types: Sequence[str], when: When) -> Then:
    """What the index does not tell of golden records that may share one of the terms that are asked for."""
    changed = _changed(session, when)
    found = {
        golden_id: terms
        for part in chunks(changed, AT_ONCE)
        for golden_id, terms in _worked_out(hub, session, part, types, when)
        if not terms.isdisjoint(asked)
    }
    return Then(frozenset(changed), found)


def _changed(session: Session, when: When) -> set[str]:
    """The golden records whose values, members or claims are others now, or depend on the day."""
    dated = select(col(SourceRecord.id)).where(col(SourceRecord.effective_on).is_not(None))
    records: set[int] = {record_id or 0 for record_id in session.scalars(dated)}
    found: set[str] = set()
    if when.known_at is not None:
        stated = select(col(RecordVersion.record_id)).where(col(RecordVersion.received_at) > when.known_at)
        moved = select(col(RecordLink.record_id)).where(col(RecordLink.at) > when.known_at)
        records |= {*session.scalars(stated.distinct()), *session.scalars(moved.distinct())}
        other = select(col(GoldenVersion.golden_id)).where(col(GoldenVersion.at) > when.known_at)
        found |= set(session.scalars(other.distinct()))
    then = membership_at(when)
    for query, record in (
        (select(col(Membership.golden_id)), col(Membership.record_id)),
        (select(then.c.golden_id), then.c.record_id),
    ):
        found |= {row[0] for row in rows_in(session, query, record, records)}
    return found


def _worked_out(
    hub: Hub, session: Session, golden_ids: Collection[str], types: Sequence[str], when: When
) -> Iterator[tuple[str, frozenset[str]]]:
    """The terms of these golden records as they were, of those that were current."""
    golden = golden_at(when)
    query = select(golden.c.golden_id, golden.c.entity_type, golden.c.cells).where(
        golden.c.state == "active", golden.c.entity_type.in_(types)
    )
    current = {row[0]: (row[1], row[2]) for row in rows_in(session, query, golden.c.golden_id, golden_ids)}
    members = members_at(session, current, when)
    records = [record for own in members.values() for record in own]
    versions = versions_at(session, {record.id for record in records}, when)
    for golden_id, (name, cells) in current.items():
        declared = hub.registry[name]
        stated = [
            claims
            for record in members.get(golden_id, ())
            for claims in (record.claims, *_formerly(declared, record, versions[record.id], when))
        ]
        yield golden_id, frozenset(search_terms(declared, stated, cells))


def _formerly(
    entity_type: EntityType, record: RecordClaims, versions: Sequence[Mapping[str, Any]], when: When
) -> Iterator[dict[str, dict[str, Any]]]:
    """What other versions of a record stated; as of a day also what the current one states of other days."""
    names = [attribute.name for attribute in searched_attributes(entity_type)]
    for version in versions:
        if when.as_of is not None or version["id"] != record.version:
            stated = version["stated"]
            yield {name: {"v": stated[name]} for name in names if stated.get(name) is not None}


def postings_then(
    session: Session, then: Then, terms: Collection[str], types: Sequence[str], most: int
) -> list[Posting]:
    """Who held these terms: terms are taken from the rarest on while all their rows are few enough.

    The first one is taken anyway, with as many rows as may be read.

    Args:
        most: rows at most.
    """
    asked = (col(SearchTerm.term).in_(sorted(terms)), col(SearchTerm.entity_type).in_(types))
    counted = select(col(SearchTerm.term), func.count()).where(*asked).group_by(col(SearchTerm.term))
    holders = Counter(dict(session.execute(counted).all()))
    indexed = select(col(SearchTerm.term)).where(*asked)
    holders.subtract(row[0] for row in rows_in(session, indexed, col(SearchTerm.golden_id), then.changed))
    holders.update(term for own in then.terms.values() for term in own.intersection(terms))
    ranked = sorted((number, term) for term, number in holders.items() if number > 0)
    running = accumulate(number for number, _ in ranked)
    taken = {
        term
        for place, ((_, term), so_far) in enumerate(zip(ranked, running, strict=True))
        if so_far <= most or not place
    }
    query = select(col(SearchTerm.golden_id), col(SearchTerm.term)).where(
        col(SearchTerm.term).in_(sorted(taken)), col(SearchTerm.entity_type).in_(types)
    )
    rows = [(golden_id, term) for golden_id, term in session.execute(query) if golden_id not in then.changed]
    rows += [(golden_id, term) for golden_id, own in then.terms.items() for term in own & taken]
    return [(golden_id, holders[term]) for golden_id, term in sorted(rows)[:most]]


def cells_then(
    session: Session, golden_ids: Collection[str], when: When
) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Entity type, state and cells of each of these golden records, as they were."""
    golden = golden_at(when)
    query = select(golden.c.golden_id, golden.c.entity_type, golden.c.state, golden.c.cells)
    return {
        row[0]: (row[1], row[2], row[3]) for row in rows_in(session, query, golden.c.golden_id, golden_ids)
    }


def all_terms_then(session: Session, then: Then, golden_ids: Collection[str]) -> dict[str, set[str]]:
    """All terms of each of these golden records, as they were."""
    found: dict[str, set[str]] = {g: set(then.terms[g]) for g in golden_ids if g in then.terms}
    query = select(col(SearchTerm.golden_id), col(SearchTerm.term))
    unchanged = set(golden_ids) - then.changed
    for golden_id, term in rows_in(session, query, col(SearchTerm.golden_id), unchanged):
        found.setdefault(golden_id, set()).add(term)
    return found
