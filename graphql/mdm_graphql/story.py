"""The story of a golden record: its history, its verdicts, its keys by system, its neighbours, a path."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry
from sqlmodel import Session

from mdm.history.when import NOW, When
from mdm.query.histories import HistoryEntry as HistoryRead
from mdm.query.histories import histories_of
from mdm.query.neighbours import (
    FARTHEST,
    DatedNeighbour,
    Neighbour,
    Step,
    dated_neighbours_of,
    neighbours_of,
    path_between,
)
from mdm.query.records import Place
from mdm.query.said import SaidVerdict, verdicts_of
from mdm.query.sources import MemberRecord
from mdm_graphql.cells import CellValue, Source
from mdm_graphql.reader import Reader


@strawberry.type(description="A golden value before and after a change; null where there was or is none.")
class ChangedValue:
    """One attribute."""

    attribute: str = strawberry.field(description="Name of the attribute as declared, such as tax_id.")
    before: CellValue | None = strawberry.field(description="The value before.")
    after: CellValue | None = strawberry.field(description="The value from then on.")


@strawberry.type(description="One version of a golden record.")
class HistoryEntry:
    """What changed, when, and by whose doing."""

    version: int = strawberry.field(description="Counts from 1.")
    at: datetime = strawberry.field(description="From when on the hub knew it so.")
    state: str = strawberry.field(description="active, merged, retired or erased.")
    event_number: int = strawberry.field(description="Number of the change that told of it.")
    event_type: str = strawberry.field(description="Its kind, such as golden.changed.")
    author: str = strawberry.field(description="Who made it so.")
    changes: list[ChangedValue] = strawberry.field(
        description="Against the version before; attributes you may not see are left out."
    )

    @staticmethod
    def of(entry: HistoryRead) -> "HistoryEntry":
        """From the read model."""
        changes = [
            ChangedValue(attribute=c.attribute, before=_cell(c.before), after=_cell(c.after))
            for c in entry.changes
        ]
        said = {
            n: getattr(entry, n) for n in ("version", "at", "state", "event_number", "event_type", "author")
        }
        return HistoryEntry(**said, changes=changes)


@strawberry.type(description="What a person said about source records.")
class SaidAbout:
    """A verdict, in force or no longer."""

    id: strawberry.ID = strawberry.field(description="Id of the verdict; undo takes it.")
    answer: str = strawberry.field(description="same, distinct or unsure.")
    operation: str = strawberry.field(description="merge, detach or unmerge if it came by one, else empty.")
    reason: str = strawberry.field(description="Why.")
    certain: bool = strawberry.field(description="Whether the person knew more than the evidence shown.")
    author: str = strawberry.field(description="Who said it.")
    decided_at: datetime = strawberry.field(description="When.")
    until: datetime | None = strawberry.field(description="When it ends by itself; null for never.")
    stands: bool = strawberry.field(description="Whether it is in force.")
    left: list[Source] = strawberry.field(description="The records on its one side.")
    right: list[Source] = strawberry.field(description="The records on its other side.")

    @staticmethod
    def of(said: SaidVerdict) -> "SaidAbout":
        """From the read model."""
        names = ("answer", "operation", "reason", "certain", "author", "decided_at", "until", "stands")
        return SaidAbout(
            id=strawberry.ID(said.id),
            **{name: getattr(said, name) for name in names},
            left=[Source.of(place) for place in said.left],
            right=[Source.of(place) for place in said.right],
        )


@strawberry.type(description="The keys by which one system knows a golden record.")
class SystemKeys:
    """One system of the crosswalk."""

    system: str = strawberry.field(description="The system's name, such as salesforce.")
    keys: list[str] = strawberry.field(description="Its keys, in order.")


def crosswalk_of(members: Sequence[MemberRecord], systems: Sequence[str] | None) -> list[SystemKeys]:
    """The keys by system, in the order of their names."""
    found: dict[str, list[str]] = {}
    for member in members:
        if systems is None or member.system in systems:
            found.setdefault(member.system, []).append(member.key)
    return [SystemKeys(system=system, keys=sorted(found[system])) for system in sorted(found)]


@dataclass(frozen=True, slots=True)
class HistoryOf:
    """The newest versions of golden records."""

    first: int
    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, tuple[HistoryRead, ...]]:
        return histories_of(reader.hub, session, keys, self.first, self.when)


@dataclass(frozen=True, slots=True)
class VerdictsOf:
    """The verdicts about the source records of golden records."""

    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, tuple[SaidVerdict, ...]]:
        return verdicts_of(session, keys, self.when)


@dataclass(frozen=True, slots=True)
class NeighboursOf:
    """The golden records one relation away."""

    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, tuple[Neighbour, ...]]:
        return neighbours_of(reader.hub, session, keys, self.when)


@dataclass(frozen=True, slots=True)
class DatedNeighboursOf:
    """The golden records one relation away on any day."""

    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, tuple[DatedNeighbour, ...]]:
        return dated_neighbours_of(reader.hub, session, keys, self.when)


@dataclass(frozen=True, slots=True)
class PathTo:
    """The way from golden records to another one."""

    end: Place
    farthest: int = FARTHEST
    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, tuple[Step, ...] | None]:
        return {
            key: path_between(reader.hub, session, key, self.end, farthest=self.farthest, when=self.when)
            for key in keys
        }


def _cell(value: Any) -> CellValue | None:
    return None if value is None else CellValue(value)
