"""Golden records one relation away, and the shortest way between two of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access.view import view_of
from mdm.errors import QueryError
from mdm.history.relations import Related, relations_around, windows_around
from mdm.history.when import NOW, When
from mdm.query.hand_overs import hand_overs_around
from mdm.query.records import Place

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
class DatedNeighbour:
    """A golden record one relation away on some days.

    Attributes:
        valid_from: first day; None: since ever.
        valid_to: first day after; None: for good.
    """

    neighbour: Neighbour
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """One relation of a path: from where, by which attribute, in which direction, to where."""

    from_id: str
    relation: str
    outgoing: bool
    to_id: str
    to_type: str


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


def dated_neighbours_of(
    hub: Hub, session: Session, golden_ids: Collection[str], when: When = NOW
) -> dict[str, tuple[DatedNeighbour, ...]]:
    """Every golden record that is one relation away from each of these on any day, and on which days.

    In the order of relation and neighbour, then of days.
    """
    found: dict[str, list[DatedNeighbour]] = {golden_id: [] for golden_id in golden_ids}
    view = view_of(session)
    for related, first, after in windows_around(hub, session, set(golden_ids), when):
        if related.attribute in view.masked(hub.registry[related.from_type]):
            continue
        if related.from_id in found:
            found[related.from_id].append(DatedNeighbour(_to(related), first, after))
        if related.to_id in found:
            found[related.to_id].append(DatedNeighbour(_from(related), first, after))
    seen = view.visible(session, {n.neighbour.golden_id for near in found.values() for n in near})
    return {
        golden_id: tuple(
            sorted((n for n in near if n.neighbour.golden_id in seen), key=lambda n: _order(n.neighbour))
        )
        for golden_id, near in found.items()
    }


def path_between(
    hub: Hub, session: Session, start: str, end: Place, *, farthest: int = FARTHEST, when: When = NOW
) -> tuple[Step, ...] | None:
    """A shortest chain of relations from one golden record to another, the same for every call.

    It is looked for from both ends at once, so a chain of six relations takes three reads.

    Returns:
        The steps; none if both are one; None if they are farther apart than that.

    Raises:
        QueryError: the distance makes no sense, or too many records lie between them.
    """
    if not 1 <= farthest <= FARTHEST:
        raise QueryError(f"A path has 1 to {FARTHEST} relations, not {farthest}.")
    if start == end.golden_id:
        return ()
    there, back = _Side(start), _Side(end.golden_id)
    for length in range(1, farthest + 1, 2):
        near = neighbours_of(hub, session, {*there.frontier, *back.frontier}, when)
        there.widen(near)
        met = there.known.keys() & back.known.keys()
        if not met and length < farthest:
            back.widen(near)
            met = there.known.keys() & back.known.keys()
        if met:
            middle = min(met)
            return (*reversed(there.walked(middle)), *back.walked_back(middle, end.entity_type))
        if len(there.known) + len(back.known) > MOST_VISITED:
            raise QueryError(
                f"More than {MOST_VISITED:,} records lie around the two; ask for a path of fewer relations."
            )
    return None


class _Side:
    """What has been reached from one end, level by level."""

    def __init__(self, origin: str) -> None:
        self.known: dict[str, Step | None] = {origin: None}
        self.frontier = [origin]

    def widen(self, near: Mapping[str, tuple[Neighbour, ...]]) -> None:
        """One relation further."""
        reached: list[str] = []
        for here in self.frontier:
            for other in near[here]:
                if other.golden_id not in self.known:
                    self.known[other.golden_id] = Step(
                        here, other.relation, other.outgoing, other.golden_id, other.entity_type
                    )
                    reached.append(other.golden_id)
        self.frontier = sorted(reached)

    def walked(self, place: str) -> list[Step]:
        """The steps from the origin to a place, the last one first."""
        steps: list[Step] = []
        step = self.known[place]
        while step is not None:
            steps.append(step)
            step = self.known[step.from_id]
        return steps

    def walked_back(self, place: str, origin_type: str) -> list[Step]:
        """The same steps from the place to the origin."""
        steps = self.walked(place)
        types = [*(step.to_type for step in steps[1:]), origin_type]
        return [
            Step(step.to_id, step.relation, not step.outgoing, step.from_id, of_type)
            for step, of_type in zip(steps, types, strict=False)
        ]


def _to(related: Related) -> Neighbour:
    return Neighbour(related.to_id, related.to_type, related.attribute, outgoing=True)


def _from(related: Related) -> Neighbour:
    return Neighbour(related.from_id, related.from_type, related.attribute, outgoing=False)


def _order(neighbour: Neighbour) -> tuple[str, str, bool, str]:
    return (neighbour.relation, neighbour.entity_type, not neighbour.outgoing, neighbour.golden_id)
