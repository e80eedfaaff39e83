"""What all golden records have in common: id, sources, cells, history, verdicts, neighbours, lineage."""

# Strawberry reads the annotations of this module, so they stay as written.
from datetime import date
from typing import Annotated

import strawberry

from mdm.history.when import When
from mdm.query.neighbours import FARTHEST
from mdm_graphql.arguments import UNSET, First, stated
from mdm_graphql.building import BuildingOf, BuildingStep
from mdm_graphql.cells import Cell, SourceRecord
from mdm_graphql.lineage_graph import LineageDirection, LineageGraph, LineageOf
from mdm_graphql.loaders import CellsOf, Current, Placed, SourcesOf, VersionOf
from mdm_graphql.reader import Reader
from mdm_graphql.story import (
    DatedNeighboursOf,
    HistoryEntry,
    HistoryOf,
    NeighboursOf,
    PathTo,
    SaidAbout,
    SystemKeys,
    VerdictsOf,
    crosswalk_of,
)

VERSIONS = 20
"""Versions of a history when `first` is not given."""


@strawberry.interface(description="Anything that has an id.")
class Node:
    """Relay's node."""

    id: strawberry.ID = strawberry.field(description="The golden id: opaque, never re-used, never deleted.")


@strawberry.interface(
    description="The hub's record of one real thing, made of the source records that are about it."
)
class GoldenRecord(Node):
    """Implemented by the type of every entity type."""

    _reader: strawberry.Private[Reader]
    _entity_type: strawberry.Private[str]
    _when: strawberry.Private[When]

    @strawberry.field(
        description="The attributes that you may not see: null, whether or not there is a value."
    )
    def masked(self) -> list[str]:
        """Named as declared, in alphabetical order; a matter of rights, not of this record."""
        return sorted(self._reader.masked(self._entity_type))

    @strawberry.field(description="Raised by one with every change; mutations take the one you saw.")
    async def version(self) -> int:
        """One statement for all records of the level."""
        version: int = await self._reader.load(VersionOf(self._when), self.id)
        return version

    @strawberry.field(description="The source records it is made of, by system and key.")
    async def sources(self) -> list[SourceRecord]:
        """One statement for all records of the level."""
        members = await self._reader.load(SourcesOf(self._when), self.id)
        return [SourceRecord.of(member) for member in members or ()]

    @strawberry.field(
        description="Every golden value with the claim it came from, the rule, and the claims it beat."
    )
    async def cells(
        self,
        attributes: Annotated[
            list[str] | None,
            strawberry.argument(description="Only these attributes, named as declared; all if not given."),
        ] = UNSET,
    ) -> list[Cell]:
        """Five statements for all records of the level."""
        cells = await self._reader.load(CellsOf(self._when), self.id)
        wanted = stated(attributes)
        return [Cell.of(cell) for cell in cells or () if wanted is None or cell.attribute in wanted]

    @strawberry.field(
        description="Where the record came from, what decided, what it is related to, where it went."
    )
    async def lineage(
        self,
        depth: Annotated[
            int, strawberry.argument(description="How many relations away golden records are drawn, 0 to 3.")
        ] = 1,
        direction: Annotated[
            LineageDirection,
            strawberry.argument(description="Only where it came from, or what came of it."),
        ] = LineageDirection.BOTH,
    ) -> LineageGraph:
        """At most 20 graphs in one operation."""
        wanted = LineageOf(depth, str(direction.value), self._when)
        graph: LineageGraph = await self._reader.load(wanted, self.id)
        return graph

    @strawberry.field(
        description="The steps that joined its source records, the best joined first; none for a single one."
    )
    async def building(self) -> list[BuildingStep]:
        """At most 20 records in one operation."""
        steps = await self._reader.load(BuildingOf(self._when), self.id)
        return [BuildingStep.of(step) for step in steps or ()]

    @strawberry.field(description="The keys by which each system knows it.")
    async def crosswalk(
        self,
        systems: Annotated[
            list[str] | None, strawberry.argument(description="Only these systems; all if not given.")
        ] = UNSET,
    ) -> list[SystemKeys]:
        """Read together with `sources`."""
        members = await self._reader.load(SourcesOf(self._when), self.id)
        return crosswalk_of(members or (), stated(systems))

    @strawberry.field(description="Its versions, newest first: what changed, when, and by whose doing.")
    async def history(self, first: First = VERSIONS) -> list[HistoryEntry]:
        """Few statements for all records of the level."""
        entries = await self._reader.load(HistoryOf(first, self._when), self.id)
        return [HistoryEntry.of(entry) for entry in entries or ()]

    @strawberry.field(description="What people said about its source records, newest first.")
    async def verdicts(self) -> list[SaidAbout]:
        """Few statements for all records of the level."""
        said = await self._reader.load(VerdictsOf(self._when), self.id)
        return [SaidAbout.of(one) for one in said or ()]

    @strawberry.field(description="The golden records one relation away, in either direction.")
    async def neighbours(self) -> list["Neighbour"]:
        """The records themselves come with the next wave."""
        found = await self._reader.load(NeighboursOf(self._when), self.id)
        return [
            Neighbour(
                relation=n.relation, outgoing=n.outgoing, _id=n.golden_id, _type=n.entity_type, _of=self
            )
            for n in found or ()
        ]

    @strawberry.field(
        description="The golden records one relation away on any day, and from when until when they were."
    )
    async def dated_neighbours(self) -> list["DatedNeighbour"]:
        """In the order of relation and neighbour, then of days."""
        found = await self._reader.load(DatedNeighboursOf(self._when), self.id)
        return [
            DatedNeighbour(
                relation=n.neighbour.relation, outgoing=n.neighbour.outgoing, valid_from=n.valid_from,
                valid_to=n.valid_to, _id=n.neighbour.golden_id, _type=n.neighbour.entity_type, _of=self,
            )
            for n in found or ()
        ]  # fmt: skip

    @strawberry.field(
        description="A shortest chain of relations to another golden record; null if it is farther away."
    )
    async def path(
        self,
        to: Annotated[strawberry.ID, strawberry.argument(description="The golden id at the other end.")],
        farthest: Annotated[
            int, strawberry.argument(description="Relations on the way at most, 1 to 6.")
        ] = FARTHEST,
    ) -> list["PathStep"] | None:
        """An empty list leads to the record itself."""
        end = await self._reader.load(Placed(self._when), to)
        if end is None:
            return None
        steps = await self._reader.load(PathTo(end, farthest, self._when), self.id)
        if steps is None:
            return None
        return [
            PathStep(relation=s.relation, outgoing=s.outgoing, _id=s.to_id, _type=s.to_type, _of=self)
            for s in steps
        ]


@strawberry.type(description="A golden record one relation away.")
class Neighbour:
    """A relation and where it leads."""

    relation: str = strawberry.field(
        description="The attribute that refers, such as parent; or continues_as or phase_of, a hand-over."
    )
    outgoing: bool = strawberry.field(
        description="Whether this record refers to the neighbour; else the neighbour refers to it."
    )
    _id: strawberry.Private[str]
    _type: strawberry.Private[str]
    _of: strawberry.Private[GoldenRecord]

    @strawberry.field(description="The golden record there.")
    async def record(self) -> GoldenRecord:
        """As of the same moment."""
        return await _there(self._of, self._type, self._id)


@strawberry.type(description="A golden record one relation away on some days.")
class DatedNeighbour:
    """A relation, where it leads, and when it holds."""

    relation: str = strawberry.field(description="The attribute that refers, such as parent.")
    outgoing: bool = strawberry.field(
        description="Whether this record refers to the neighbour; else the neighbour refers to it."
    )
    valid_from: date | None = strawberry.field(description="First day; null: since ever.")
    valid_to: date | None = strawberry.field(description="First day after; null: for good.")
    _id: strawberry.Private[str]
    _type: strawberry.Private[str]
    _of: strawberry.Private[GoldenRecord]

    @strawberry.field(
        description="The golden record there, as of the moment asked about; null if it is not there then."
    )
    async def record(self) -> GoldenRecord | None:
        """Of a day on which it did not hold there may be none."""
        return await _there(self._of, self._type, self._id)


@strawberry.type(description="One relation of a path.")
class PathStep:
    """A relation and where it leads."""

    relation: str = strawberry.field(
        description="The attribute that refers, such as parent; or continues_as or phase_of, a hand-over."
    )
    outgoing: bool = strawberry.field(description="Whether the record before refers to the one behind.")
    _id: strawberry.Private[str]
    _type: strawberry.Private[str]
    _of: strawberry.Private[GoldenRecord]

    @strawberry.field(description="The golden record that the step leads to.")
    async def record(self) -> GoldenRecord:
        """As of the same moment."""
        return await _there(self._of, self._type, self._id)


async def _there(origin: GoldenRecord, entity_type: str, golden_id: str) -> GoldenRecord:
    found: GoldenRecord = await reader_of(origin).load(Current(entity_type, when_of(origin)), golden_id)
    return found


def reader_of(record: GoldenRecord) -> Reader:
    """The reader that read this record, for what it leads to."""
    return record._reader  # noqa: SLF001  # an attribute may have any name but one that begins so


def when_of(record: GoldenRecord) -> When:
    """The moment that this record was read as of."""
    return record._when  # noqa: SLF001  # the same


COMMON_FIELDS = frozenset(
    {
        "id", "masked", "version", "sources", "cells", "lineage", "crosswalk", "history", "verdicts",
        "neighbours", "dated_neighbours", "path", "building",
    }
)  # fmt: skip
"""Names that no edge can have; attributes are refused them where they are declared."""
