"""What resolvers ask the reader for: each loader reads one kind of thing for many keys at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from mdm.history.when import NOW, When
from mdm.query.conditions import Filter
from mdm.query.pages import PageRequest, count, page
from mdm.query.provenance import Cell, cells_of
from mdm.query.records import (
    Key,
    Place,
    current_of_type,
    golden_by_ids,
    golden_by_key,
    golden_of_type,
    places_of,
    versions_of,
)
from mdm.query.related import Edge, related_counts, related_pages
from mdm.query.sources import MemberRecord, sources_of
from mdm_graphql.connections import Connection
from mdm_graphql.reader import Reader


@dataclass(frozen=True, slots=True)
class Current:
    """Current golden records of one type by id, as references hold them."""

    entity_type: str
    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, Any]:
        found = current_of_type(reader.hub, session, self.entity_type, keys, self.when)
        return {golden_id: reader.node(row, self.when) for golden_id, row in found.items()}


@dataclass(frozen=True, slots=True)
class LedTo:
    """The golden records that ids lead to, also ids retired by a merge; of one type, or of any if None."""

    entity_type: str | None = None
    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, Any]:
        if self.entity_type is None:
            found = golden_by_ids(reader.hub, session, keys, self.when)
        else:
            found = golden_of_type(reader.hub, session, self.entity_type, keys, self.when)
        return {golden_id: reader.node(row, self.when) for golden_id, row in found.items()}


@dataclass(frozen=True, slots=True)
class Placed:
    """Which golden records ids lead to, without their values."""

    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, Place]:
        return places_of(reader.hub, session, keys, self.when)


@dataclass(frozen=True, slots=True)
class KnownAs:
    """The golden records of one type by the key that a system knows them by."""

    entity_type: str
    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[Key]) -> Mapping[Key, Any]:
        found = golden_by_key(reader.hub, session, self.entity_type, keys, self.when)
        return {key: reader.node(row, self.when) for key, row in found.items()}


@dataclass(frozen=True, slots=True)
class Listed:
    """Pages of one type's golden records; the key is the page's request."""

    entity_type: str

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[PageRequest]
    ) -> Mapping[PageRequest, Connection[Any]]:
        return {
            request: Connection.of(
                page(reader.hub, session, self.entity_type, request),
                reader,
                Counted(self.entity_type, request.when),
                request.conditions,
                request.when,
            )
            for request in keys
        }


@dataclass(frozen=True, slots=True)
class Counted:
    """How many golden records of one type meet a filter."""

    entity_type: str
    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[Filter]) -> Mapping[Filter, int]:
        return {c: count(reader.hub, session, self.entity_type, c, self.when) for c in keys}


@dataclass(frozen=True, slots=True)
class Referring:
    """A page of the records that refer to each golden record by one reference."""

    edge: Edge
    request: PageRequest

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, Connection[Any]]:
        counted = ReferringCounted(self.edge, self.request.conditions, self.request.when)
        pages = related_pages(reader.hub, session, self.edge, keys, self.request)
        return {
            golden_id: Connection.of(found, reader, counted, golden_id, self.request.when)
            for golden_id, found in pages.items()
        }


@dataclass(frozen=True, slots=True)
class ReferringCounted:
    """How many records refer to each golden record by one reference."""

    edge: Edge
    conditions: Filter
    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, int]:
        return related_counts(reader.hub, session, self.edge, keys, self.conditions, self.when)


@dataclass(frozen=True, slots=True)
class SourcesOf:
    """The source records of golden records."""

    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, tuple[MemberRecord, ...]]:
        return sources_of(session, keys, self.when)


@dataclass(frozen=True, slots=True)
class CellsOf:
    """The cells of golden records."""

    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, tuple[Cell, ...]]:
        return cells_of(reader.hub, session, keys, self.when)


@dataclass(frozen=True, slots=True)
class VersionOf:
    """The versions of golden records."""

    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, int]:
        return versions_of(session, keys, self.when)
