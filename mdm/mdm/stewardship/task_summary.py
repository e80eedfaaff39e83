"""One line of the stewards' queue: a task with what both of its golden records are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, Row, Select, select

from mdm.access.view import View
from mdm.history.tables import golden_at
from mdm.history.when import When
from mdm.stewardship.labels import GoldenLabel, stored_label
from mdm.task_worth import chance

if TYPE_CHECKING:
    from mdm.hub import Hub

Place = tuple[float, str]
"""Rank and id of a task: where it stands in the queue."""


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """One line of the queue.

    Attributes:
        kind: possible_match, possible_duplicate, contradiction, override_conflict or hierarchy_loop.
        weight: of the pair that caused it, log2 odds.
        probability: what the weight implies, 0 to 1.
        cause: why a machine must not decide, as a word; `text` says it in a sentence.
        value: what a decision is worth, see `mdm.task_worth.worth`.
    """

    id: str
    entity_type: str
    kind: str
    left: GoldenLabel
    right: GoldenLabel
    weight: float
    probability: float
    cause: str
    text: str
    value: float

    @property
    def cursor(self) -> str:
        """The task's place in the queue, for the page behind it."""
        return f"{self.value:.6f}~{self.id}"


def place_after(cursor: str | None) -> Place | None:
    """Where a cursor points in the order; None if it is none, which means the beginning."""
    value, _, task_id = (cursor or "").partition("~")
    try:
        return (-float(value), task_id) if task_id else None
    except ValueError:
        return None


def told(task: FromClause, when: When) -> Select[*tuple[Any, ...]]:
    """The rows of tasks, with cells and state of both golden records as they were at a moment."""
    left, right = golden_at(when).alias("left_side"), golden_at(when).alias("right_side")
    return (
        select(
            *task.c,
            left.c.cells.label("left_cells"), left.c.state.label("left_state"),
            right.c.cells.label("right_cells"), right.c.state.label("right_state"),
        )
        .select_from(task)
        .outerjoin(left, left.c.golden_id == task.c.left_golden)
        .outerjoin(right, right.c.golden_id == task.c.right_golden)
    )  # fmt: skip


def summary_of(hub: Hub, view: View, row: Row[*tuple[Any, ...]], rank: float) -> TaskSummary:
    """The line of a row of `told`."""
    entity_type = hub.registry[row.entity_type]

    def label(golden_id: str, cells: dict[str, Any] | None, state: str | None) -> GoldenLabel:
        if cells is None or state is None:
            return GoldenLabel(golden_id, "", golden_id, state="unknown")
        return stored_label(view, entity_type, golden_id, cells, state)

    return TaskSummary(
        id=row.id,
        entity_type=row.entity_type,
        kind=row.kind,
        left=label(row.left_golden, row.left_cells, row.left_state),
        right=label(row.right_golden, row.right_cells, row.right_state),
        weight=row.weight,
        probability=chance(row.weight),
        cause=row.cause,
        text=row.text,
        value=0.0 - rank,  # never -0.0
    )
