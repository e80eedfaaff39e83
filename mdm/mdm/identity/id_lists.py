"""What became of golden ids between two moments, such as during one load: minted, survived, retired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.golden_ids import Resolution, resolve_id
from mdm.history.tables import golden_at
from mdm.history.when import When
from mdm.store.decisions import IssuedId


@dataclass(frozen=True, slots=True)
class IdLists:
    """Every golden id of one type that was current at either moment, in order of issue.

    Attributes:
        minted: issued in between and current at the end.
        survived: current at both moments.
        merged: current before, led to another at the end; with that one.
        retired: current before, without live records at the end.
        revived: issued before, and current only at the end.
    """

    minted: tuple[str, ...]
    survived: tuple[str, ...]
    merged: tuple[tuple[str, str], ...]
    retired: tuple[str, ...]
    revived: tuple[str, ...]


def id_lists(session: Session, entity_type: str, since: datetime, until: datetime) -> IdLists:
    """What became of the ids of a type between two moments of system time."""
    before, after = (_current(session, entity_type, moment) for moment in (since, until))
    issued = select(col(IssuedId.golden_id), col(IssuedId.issued_at)).where(
        col(IssuedId.entity_type) == entity_type, col(IssuedId.issued_at) <= until
    )
    born = {row[0]: row[1] for row in session.execute(issued.order_by(col(IssuedId.number)))}
    gone: dict[str, Resolution] = {
        g: resolve_id(session, g, When(until)) for g in born if g in before and g not in after
    }
    return IdLists(
        minted=tuple(g for g, at in born.items() if g in after and g not in before and at > since),
        survived=tuple(g for g in born if g in before and g in after),
        merged=tuple((g, found.golden_id) for g, found in gone.items() if found.state in {"merged", "split"}),
        retired=tuple(g for g, found in gone.items() if found.state not in {"merged", "split"}),
        revived=tuple(g for g, at in born.items() if g in after and g not in before and at <= since),
    )


def _current(session: Session, entity_type: str, moment: datetime) -> set[str]:
    golden = golden_at(When(moment))
    query = select(golden.c.golden_id).where(golden.c.entity_type == entity_type, golden.c.state == "active")
    return set(session.scalars(query))
