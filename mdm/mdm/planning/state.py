"""What of the hub a change can move: crosswalk, golden values, queue; read before and after a rehearsal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.store.chunks import rows_in
from mdm.store.derived import GoldenRecord, Membership, Task
from mdm.store.publishing import Receipt


@dataclass(frozen=True, slots=True)
class State:
    """Crosswalk, values and queue at one moment.

    Attributes:
        home: source record to golden id.
        values: golden id of each current golden record to its values by attribute.
        tasks: task id to its kind.
    """

    home: Mapping[int, str]
    values: Mapping[str, Mapping[str, Any]]
    tasks: Mapping[str, str]

    @property
    def members(self) -> dict[str, set[int]]:
        """Golden id to its source records."""
        found: dict[str, set[int]] = {}
        for record, golden_id in self.home.items():
            found.setdefault(golden_id, set()).add(record)
        return found


def read_state(session: Session) -> State:
    """The state of every entity type: a change of one may move those that refer to it."""
    home = session.execute(select(col(Membership.record_id), col(Membership.golden_id)))
    cells = session.execute(
        select(col(GoldenRecord.golden_id), col(GoldenRecord.cells)).where(
            col(GoldenRecord.state) == "active"
        )
    )
    tasks = session.execute(select(col(Task.id), col(Task.kind)))
    return State(
        dict(home.all()),
        {golden_id: {n: cell["value"] for n, cell in own.items()} for golden_id, own in cells},
        dict(tasks.all()),
    )


def subscribers(session: Session, golden_ids: Collection[str]) -> dict[str, list[str]]:
    """The targets that have received each of these golden records; one that none has is absent."""
    query = select(col(Receipt.golden_id), col(Receipt.target)).where(col(Receipt.outcome) == "delivered")
    found: dict[str, set[str]] = {}
    rows: Iterable[Any] = rows_in(session, query.distinct(), col(Receipt.golden_id), golden_ids)
    for golden_id, target in rows:
        found.setdefault(golden_id, set()).add(target)
    return {golden_id: sorted(targets) for golden_id, targets in found.items()}
