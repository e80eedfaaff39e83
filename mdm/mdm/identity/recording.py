"""Writes verdicts: kept for good, with who, when, why and what was seen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mdm.entities import EntityType
from mdm.resolve.said import fingerprint
from mdm.store.decisions import Verdict, VerdictRecord
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """A verdict to write: what it says of which records, on its left and on its right.

    Attributes:
        certain: it rests on more than the evidence shown, so new evidence does not open it again.
        contested: it goes against one that stands, so it is not in force until somebody settles it.
        operation: merge, detach, unmerge or settle; "" for a plain answer.
        basis: what else is kept with it, such as the golden id that survives.
        until: when it ends by itself.
    """

    entity_type: EntityType
    answer: str
    left: tuple[int, ...]
    right: tuple[int, ...]
    reason: str = ""
    certain: bool = False
    contested: bool = False
    operation: str = ""
    basis: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None


def record_verdict(uow: UnitOfWork, new: NewVerdict) -> Verdict:
    """Write a verdict and its event; the reason stays out of the chain."""
    task = str(new.basis.get("task", ""))
    details: dict[str, Any] = {
        "answer": new.answer,
        "certain": new.certain,
        "left": list(new.left),
        "right": list(new.right),
        "task": task,
    }
    if new.operation:
        details["operation"] = new.operation
    if new.contested:
        details["contested"] = True
    kind = "verdict.contested" if new.contested else "verdict.recorded"
    number = uow.emit(kind, new.entity_type.name, task or "records", details)
    named = {"operation": new.operation} if new.operation else {}
    verdict = Verdict(
        id=f"verdict-{hashlib.sha256(f'{number}:{uow.now.isoformat()}'.encode()).hexdigest()[:12]}",
        entity_type=new.entity_type.name, answer=new.answer, certain=new.certain, contested=new.contested,
        reason=new.reason, author=uow.author, decided_at=uow.now, until=new.until,
        fingerprint=fingerprint(uow.session, new.entity_type, (*new.left, *new.right)),
        basis={**new.basis, **named, "event": number},
    )  # fmt: skip
    uow.session.add(verdict)
    uow.session.flush()
    for side, records in (("left", new.left), ("right", new.right)):
        uow.session.add_all(
            VerdictRecord(verdict_id=verdict.id, record_id=record, side=side) for record in records
        )
    uow.session.flush()
    return verdict
