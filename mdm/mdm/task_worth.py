"""What the decision of each task is worth, kept with the task: the order of the stewards' queue.

Triggers list the tasks whose golden records won or lost a source record or a reference (`task_to_weigh`);
every transaction weighs those before it ends. So the list is empty between transactions, and a page of the
queue is read by an index, however long the queue is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import exp2, log2

from sqlalchemy import delete, func, select, union_all
from sqlmodel import Session, col

from mdm.store.beside import stay_apart
from mdm.store.bulk import change_rows
from mdm.store.chunks import CHUNK, chunks, rows_in
from mdm.store.derived import Membership, Relation, Task, TaskToWeigh

CERTAIN = frozenset({"contradiction", "override_conflict", "hierarchy_loop"})
"""Kinds of tasks whose decision certainly changes something."""

DIGITS = 6
"""Decimal places of what is kept, so that cursors show it exactly."""


def chance(weight: float) -> float:
    """The probability that a weight in bits implies: 0 bits is 0.5, 10 bits 0.999."""
    return 1.0 / (1.0 + exp2(-max(-1000.0, min(1000.0, weight))))


def worth(kind: str, weight: float, reach: int) -> float:
    """What a decision is worth: how likely it changes something, times how much hangs on it.

    Args:
        reach: source records on both sides, and golden records that refer to either.

    A contradiction or a clash of overrides certainly changes something. A pair at 0 bits with 3 records and
    nothing that refers to it is worth 0.5 * log2(1 + 3) = 1.
    """
    return (1.0 if kind in CERTAIN else chance(weight)) * log2(1 + reach)


_TO_WEIGH = select(col(TaskToWeigh.task_id))


def weigh_changed(session: Session) -> None:
    """Weigh the tasks that the transaction has opened, or whose golden records others hang on now.

    Raises:
        NotApartError: there are such tasks, and others may write at the same time.
    """
    session.flush()
    changed = set(session.connection().scalars(_TO_WEIGH))
    if not changed:
        return
    stay_apart(session, False)
    session.execute(delete(TaskToWeigh))
    ranks = ranks_of(session, changed)
    change_rows(session, Task, "id", [{"id": i, "rank": rank} for i, rank in sorted(ranks.items())])


def ranks_of(session: Session, task_ids: Iterable[str]) -> dict[str, float]:
    """The rank of each of these tasks that still wait, by what there is now; to six decimal places."""
    query = select(
        col(Task.id), col(Task.kind), col(Task.weight), col(Task.left_golden), col(Task.right_golden)
    )
    found = list(rows_in(session, query, col(Task.id), task_ids))
    reach = _reach(session, {side for *_, left, right in found for side in (left, right)})
    return {
        task_id: -round(worth(kind, weight, sum(reach[side] for side in {left, right})), DIGITS)
        for task_id, kind, weight, left, right in found
    }


def _reach(session: Session, golden_ids: Iterable[str]) -> Counter[str]:
    """How many source records a golden record has, and how many golden records refer to it, together."""
    found: Counter[str] = Counter()
    for part in chunks(golden_ids, CHUNK // 2):
        counts = [
            select(column, func.count()).where(column.in_(part)).group_by(column)
            for column in (col(Membership.golden_id), col(Relation.to_id))
        ]
        for golden_id, number in session.execute(union_all(*counts)):
            found[golden_id] += number
    return found
