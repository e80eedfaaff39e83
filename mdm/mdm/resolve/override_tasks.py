"""Tasks about stewards' values that clash: what one said must not be lost in a merge."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.history.queue import drop_tasks, put_tasks
from mdm.overrides import Said, StandingOverride
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.survivors import Survivors
from mdm.store.chunks import rows_in
from mdm.store.derived import Task
from mdm.survivorship import token_of

OVERRIDE_CONFLICT = "override_conflict"
"""The kind of these tasks; both sides are the one golden record, the cause is the attribute."""


def override_task_id(entity_type: str, golden_id: str, attribute: str) -> str:
    """The id of the task about the overrides of one golden value."""
    about = f"{entity_type}\x1f{OVERRIDE_CONFLICT}\x1f{golden_id}\x1f{attribute}"
    return "task-" + hashlib.sha256(about.encode()).hexdigest()[:12]


_ABOUT_OVERRIDES = select(col(Task.id)).where(col(Task.kind) == OVERRIDE_CONFLICT)


def refresh_override_tasks(
    session: Session,
    entity_type: EntityType,
    members: Mapping[str, Sequence[RecordClaims]],
    survivors: Mapping[str, Survivors],
) -> None:
    """Bring these tasks in line with what stewards said about the golden records."""
    drop_override_tasks(session, members)
    rows = [
        _task(entity_type, golden_id, attribute, text, min(record.id for record in members[golden_id]))
        for golden_id, survived in survivors.items()
        if members[golden_id]
        for attribute, text in _clashes(survived)
    ]
    put_tasks(session, rows)


def drop_override_tasks(session: Session, golden_ids: Collection[str]) -> None:
    """Take the tasks about the overrides of these golden records off the queue."""
    dropped = [row[0] for row in rows_in(session, _ABOUT_OVERRIDES, col(Task.left_golden), golden_ids)]
    drop_tasks(session, dropped)


def _clashes(survived: Survivors) -> Iterator[tuple[str, str]]:
    """The attributes for which an override came along whose value is not the golden one, and what to say."""
    for attribute in dict.fromkeys(o.attribute for o in survived.said.overrides if o.proposal):
        choice = survived.choices.get(attribute)
        shown = token_of(choice.value) if choice else None
        others = [o for o in survived.said.proposals(attribute) if token_of(o.value) != shown]
        if others:
            yield attribute, _text(survived.said, attribute, others)


def _text(said: Said, attribute: str, others: Iterable[StandingOverride]) -> str:
    brought = " and ".join(dict.fromkeys(o.author for o in others))
    own = said.own(attribute)
    stays = f"{own.author} set another here" if own else "the sources here say otherwise"
    return (
        f"{brought} set {attribute} on a record merged into this one, and {stays}: "
        "set the value again, or remove the overrides."
    )


def _task(
    entity_type: EntityType, golden_id: str, attribute: str, text: str, record_id: int
) -> dict[str, str | int | float]:
    return {
        "id": override_task_id(entity_type.name, golden_id, attribute),
        "entity_type": entity_type.name,
        "kind": OVERRIDE_CONFLICT,
        "left_golden": golden_id,
        "right_golden": golden_id,
        "left_record": record_id,
        "right_record": record_id,
        "weight": 0.0,
        "cause": attribute,
        "text": text,
    }
