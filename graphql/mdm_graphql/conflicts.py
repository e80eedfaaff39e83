"""The stewards' queue: what a machine must not decide alone."""

# Strawberry reads the annotations of this module, so they stay as written.
import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from sqlmodel import Session
from strawberry.types import Info

from mdm.errors import QueryError
from mdm.history.when import When
from mdm.query.pages import checked_first
from mdm.stewardship.page import Page
from mdm.stewardship.queue import tasks, tasks_count
from mdm.stewardship.task_summary import TaskSummary, place_after
from mdm_graphql.arguments import PAGE, UNSET, After, First, stated
from mdm_graphql.connections import PageInfo
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.handling import HandlingOf, TaskNote
from mdm_graphql.loaders import Current
from mdm_graphql.moments import KnownAt, moment
from mdm_graphql.reader import Reader

ConflictType = TypeVar("ConflictType")


@strawberry.enum(description="Why a person has to decide.")
class ConflictKind(Enum):
    """The kinds of tasks."""

    POSSIBLE_MATCH = strawberry.enum_value(
        "possible_match",
        description="A record may belong to another golden record, but the evidence is thin.",
    )
    POSSIBLE_DUPLICATE = strawberry.enum_value(
        "possible_duplicate", description="Two golden records may be the same thing."
    )
    CONTRADICTION = strawberry.enum_value(
        "contradiction", description="The evidence, or what people said, contradicts itself."
    )
    HIERARCHY_LOOP = strawberry.enum_value(
        "hierarchy_loop", description="A parent would close a loop; the reference is kept but not followed."
    )
    OVERRIDE_CONFLICT = strawberry.enum_value(
        "override_conflict",
        description="Two records that merged bring along two stewards' values for one attribute.",
    )


@strawberry.input(description="Which kind of conflict.")
class ConflictKindFilter:
    """One kind."""

    eq: ConflictKind = strawberry.field(description="Of this kind.")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the queue, now or at a moment; None for all entity types, all kinds, and for now."""

    entity_type: str | None
    kind: str | None
    known_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueueRequest:
    """A page of a part of the queue."""

    part: Part
    after: str | None
    first: int


@dataclass(frozen=True, slots=True)
class Queue:
    """Pages of the stewards' queue."""

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[QueueRequest]
    ) -> Mapping[QueueRequest, Page[TaskSummary]]:
        return {
            key: tasks(
                reader.hub,
                session,
                entity_type=key.part.entity_type,
                kind=key.part.kind,
                after=_read_cursor(key.after),
                first=checked_first(key.first),
                known_at=key.part.known_at,
            )
            for key in keys
        }


@dataclass(frozen=True, slots=True)
class QueueCounted:
    """How many tasks wait in parts of the queue."""

    def __call__(self, reader: Reader, session: Session, keys: Sequence[Part]) -> Mapping[Part, int]:
        return {
            key: tasks_count(
                reader.hub, session, entity_type=key.entity_type, kind=key.kind, known_at=key.known_at
            )
            for key in keys
        }


def _cursor(task: TaskSummary) -> str:
    return base64.urlsafe_b64encode(task.cursor.encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        place = ""
    if place_after(place) is None:
        raise QueryError(
            "The cursor does not belong to this list; take it from endCursor of a page of conflicts."
        )
    return place


def conflict_type(names: type[Enum]) -> type:
    """The type of a conflict, in a schema with these entity types."""

    @strawberry.type(description="Something a machine must not decide alone: a task in the stewards' queue.")
    class Conflict:
        id: strawberry.ID = strawberry.field(description="The task's id, for decide.")
        entity_type: names = strawberry.field(description="What kind of thing it is about.")  # type: ignore[valid-type]  # made at run time
        kind: ConflictKind = strawberry.field(description="Why a person has to decide.")
        weight: float = strawberry.field(description="Of the pair that caused it, in bits (log2 odds).")
        probability: float = strawberry.field(
            description="That both are the same thing, by the evidence, 0 to 1."
        )
        cause: str = strawberry.field(description="Why a machine must not decide, as a word.")
        text: str = strawberry.field(description="The same in a sentence.")
        value: float = strawberry.field(
            description="What a decision is worth; the queue begins with the highest."
        )
        _task: strawberry.Private[TaskSummary]
        _reader: strawberry.Private[Reader]
        _when: strawberry.Private[When]

        @classmethod
        def of(cls, task: TaskSummary, reader: Reader, when: When) -> "Conflict":
            said = {n: getattr(task, n) for n in ("id", "weight", "probability", "cause", "text", "value")}
            kind = ConflictKind(task.kind)
            about = names(task.entity_type)
            return cls(**said, entity_type=about, kind=kind, _task=task, _reader=reader, _when=when)

        @strawberry.field(description="Who has the task; null for nobody.")
        async def assignee(self) -> str | None:
            handling = await self._reader.load(HandlingOf(self._when.known_at), self.id)
            return handling.assignee or None

        @strawberry.field(description="What stewards wrote about it, oldest first.")
        async def notes(self) -> list[TaskNote]:
            handling = await self._reader.load(HandlingOf(self._when.known_at), self.id)
            return [TaskNote.of(note) for note in handling.notes]

        @strawberry.field(description="One of the two golden records.")
        async def left(self) -> GoldenRecord | None:
            return await self._side(self._task.left.golden_id)

        @strawberry.field(description="The other one; the same one where a golden record contradicts itself.")
        async def right(self) -> GoldenRecord | None:
            return await self._side(self._task.right.golden_id)

        async def _side(self, golden_id: str) -> GoldenRecord | None:
            record: GoldenRecord | None = await self._reader.load(
                Current(self._task.entity_type, self._when), golden_id
            )
            return record

    return Conflict


@strawberry.type(description="A conflict in its place in the queue.")
class Edge(Generic[ConflictType]):
    """A conflict and its cursor."""

    cursor: str = strawberry.field(description="Its place, for after.")
    node: ConflictType = strawberry.field(description="The conflict.")


@strawberry.type(description="A page of the stewards' queue.")
class Connection(Generic[ConflictType]):
    """A page; the count is made only if somebody asks for it."""

    page_info: PageInfo = strawberry.field(description="Where this page lies in the queue.")
    edges: list[Edge[ConflictType]] = strawberry.field(description="The conflicts with their cursors.")
    nodes: list[ConflictType] = strawberry.field(description="The conflicts themselves.")
    _reader: strawberry.Private[Reader]
    _part: strawberry.Private[Part]

    @strawberry.field(description="How many conflicts wait; counted only if asked for.")
    async def total_count(self) -> int:
        """Counted in the same snapshot."""
        total: int = await self._reader.load(QueueCounted(), self._part)
        return total


def _connection(
    reader: Reader, request: QueueRequest, page: Page[TaskSummary], nodes: list[ConflictType]
) -> Connection[ConflictType]:
    cursors = [_cursor(task) for task in page.items]
    return Connection(
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=request.after is not None,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
        edges=[Edge(cursor=c, node=n) for c, n in zip(cursors, nodes, strict=True)],
        nodes=nodes,
        _reader=reader,
        _part=request.part,
    )


def conflict_filter(names: type[Enum]) -> type:
    """The filter of conflicts, in a schema with these entity types."""

    @strawberry.input(description="Which kind of thing.")
    class EntityTypeFilter:
        eq: names = strawberry.field(description="About this kind of thing.")  # type: ignore[valid-type]  # made at run time

    @strawberry.input(description="Which conflicts; all conditions hold.")
    class ConflictFilter:
        entity_type: EntityTypeFilter | None = strawberry.field(
            default=UNSET, description="Which kind of thing."
        )
        kind: ConflictKindFilter | None = strawberry.field(
            default=UNSET, description="Which kind of conflict."
        )

    return ConflictFilter


def conflicts_field(names: type[Enum]) -> Any:
    """The root field `conflicts`."""
    conflict: Any = conflict_type(names)
    filter_type = conflict_filter(names)

    async def resolve(
        info: Info[Context, None],
        first: First = PAGE,
        after: After = UNSET,
        filter: Any = UNSET,
        known_at: KnownAt = UNSET,
    ) -> Any:
        reader, when = info.context.reader, moment(known_at, None)
        about = filter.entity_type.eq.value if filter and filter.entity_type else None
        kind = filter.kind.eq.value if filter and filter.kind else None
        request = QueueRequest(Part(about, kind, when.known_at), stated(after), first)
        page = await reader.load(Queue(), request)
        return _connection(reader, request, page, [conflict.of(task, reader, when) for task in page.items])

    resolve.__annotations__["filter"] = Annotated[
        filter_type | None, strawberry.argument(description="Only conflicts that meet these conditions.")
    ]
    words = "What waits for a steward, the most valuable decision first; deferred tasks are left out."
    return strawberry.field(resolver=resolve, graphql_type=Connection[conflict], description=words)
