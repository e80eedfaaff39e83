"""Golden records one relation away, and the shortest way between two of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access.view import view_of
from mdm.errors import QueryError
from mdm.history.relations import Related, relations_around
from mdm.history.when import NOW, When
from mdm.query.hand_overs import hand_overs_around

if TYPE_CHECKING:
    from mdm.hub import Hub

FARTHEST = 6
"""Relations on a path at most."""

MOST_VISITED = 20_000
"""Golden records that a search for a path looks at."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A golden record one relation away.

    Attributes:
        relation: the attribute that refers, such as `parent`, or `continues_as` or `phase_of`.
        outgoing: the record refers to the neighbour; else the neighbour refers to it.
    """

    golden_id: str
    entity_type: str
    relation: str
    outgoing: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One relation of a path: from where, by which attribute, in which direction, to where."""

    from_id: str
    relation: str
    outgoing: bool
    to_id: str


def neighbours_of(
    hub: Hub, session: Session, golden_ids: Collection[str], when: When = NOW
) -> dict[str, tuple[Neighbour, ...]]:
    """Every golden record that is one relation or one hand-over away from each of these."""
    found: dict[str, set[Neighbour]] = {golden_id: set() for golden_id in golden_ids}
    view = view_of(session)
    related_by = relations_around(hub, session, set(golden_ids), when)
    for related in (*related_by, *hand_overs_around(hub, session, golden_ids, related_by, when)):
        if related.attribute in view.masked(hub.registry[related.from_type]):
            continue
        if related.from_id in found:
            found[related.from_id].add(_to(related))
        if related.to_id in found:
            found[related.to_id].add(_from(related))
    seen = view.visible(session, {n.golden_id for near in found.values() for n in near})
    return {
        golden_id: tuple(sorted((n for n in near if n.golden_id in seen), key=_order))
        for golden_id, near in found.items()
    }


def path_between(
    hub: Hub, session: Session, start: str, end: str, *, farthest: int = FARTHEST, when: When = NOW
) -> tuple[Step, ...] | None:
    """A shortest chain of relations from one golden record to another, the same for every call.

    Returns:
        The steps; none if both are one; None if they are farther apart than that.

    Raises:
        QueryError: the distance makes no sense, or too many records lie between them.
    """
    if not 1 <= farthest <= FARTHEST:
        raise QueryError(f"A path has 1 to {FARTHEST} relations, not {farthest}.")
    came: dict[str, Step | None] = {start: None}
    frontier = [start]
    for _ in range(farthest):
        if end in came or not frontier:
            break
        frontier = _next(hub, session, frontier, came, when)
    return _walked(came, end) if end in came else None


def _next(
    hub: Hub, session: Session, frontier: list[str], came: dict[str, Step | None], when: When
) -> list[str]:
    reached: list[str] = []
    for near, others in neighbours_of(hub, session, frontier, when).items():
        for other in others:
            if other.golden_id not in came:
                came[other.golden_id] = Step(near, other.relation, other.outgoing, other.golden_id)
                reached.append(other.golden_id)
    if len(came) > MOST_VISITED:
        raise QueryError(
            f"More than {MOST_VISITED:,} records lie around the two; ask for a path of fewer relations."
        )
    return sorted(reached)


def _walked(came: dict[str, Step | None], end: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    step = came[end]
    while step is not None:
        steps.append(step)
        step = came[step.from_id]
    return tuple(reversed(steps))


def _to(related: Related) -> Neighbour:
    return Neighbour(related.to_id, related.to_type, related.attribute, outgoing=True)


def _from(related: Related) -> Neighbour:
    return Neighbour(related.from_id, related.from_type, related.attribute, outgoing=False)


def _order(neighbour: Neighbour) -> tuple[str, str, bool, str]:
    return (neighbour.relation, neighbour.entity_type, not neighbour.outgoing, neighbour.golden_id)
