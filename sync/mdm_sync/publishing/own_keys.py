"""The keys under which a target itself holds a golden record, and which of them it should fold into which.

A target whose `system` is set holds the records of that source. Where two of those turn out to be one thing,
it is told so in its own keys: keep the one under which it knew the golden record first, fold the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.store.chunks import rows_in
from mdm.store.decisions import GoldenVersion
from mdm.store.records import SourceRecord


@dataclass(frozen=True, slots=True)
class _Held:
    """One version of a golden record as the target could have known it: its event, and the target's keys."""

    event_number: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The keys of one system in every version of some golden records, oldest version first."""

    system: str
    history: Mapping[str, Sequence[_Held]]

    def of(self, golden_id: str, event_number: int, into: str | None) -> dict[str, Any]:
        """What an envelope says of the target's keys; empty for a target that holds no source's records.

        Args:
            event_number: of the version that is delivered.
            into: the golden id that this one was merged into; None if it was not.
        """
        if not self.system:
            return {}
        until = [held for held in self.history.get(golden_id, ()) if held.event_number <= event_number]
        keys = next((held.keys for held in reversed(until) if held.keys), ()) if into else ()
        if not into:
            keys = until[-1].keys if until else ()
            return {"keys": list(keys), "fold": _fold(_first(until, keys), keys)}
        survivor = [held for held in self.history.get(into, ()) if held.event_number < event_number]
        theirs = survivor[-1].keys if survivor else ()
        keep = _first(survivor, theirs) or _first(until, keys)
        return {"keys": list(keys), "fold": _fold(keep, keys)}


def own_keys(session: Session, system: str, golden_ids: Collection[str]) -> OwnKeys:
    """The keys of a system in all versions of these golden records."""
    if not system:
        return OwnKeys("", {})
    query = select(
        col(GoldenVersion.golden_id), col(GoldenVersion.event_number), col(GoldenVersion.records)
    ).order_by(col(GoldenVersion.version))
    rows = sorted(
        rows_in(session, query, col(GoldenVersion.golden_id), golden_ids), key=lambda row: int(row[1])
    )
    keys = _keys(session, system, {record for _, _, records in rows for record in records})
    history: dict[str, list[_Held]] = {}
    for golden_id, number, records in rows:
        own = tuple(sorted(keys[record] for record in records if record in keys))
        history.setdefault(golden_id, []).append(_Held(number, own))
    return OwnKeys(system, history)


def _keys(session: Session, system: str, records: Iterable[int]) -> dict[int, str]:
    query = select(col(SourceRecord.id), col(SourceRecord.source_key)).where(
        col(SourceRecord.source) == system
    )
    return {row[0]: row[1] for row in rows_in(session, query, col(SourceRecord.id), set(records))}


def _first(history: Sequence[_Held], keys: Sequence[str]) -> str:
    """The one of these keys that the golden record had first; of several at once the smallest; "" if none."""
    wanted = set(keys)
    return next((min(wanted & set(held.keys)) for held in history if wanted & set(held.keys)), "")


def _fold(keep: str, keys: Sequence[str]) -> dict[str, Any] | None:
    others = [key for key in keys if key != keep]
    return {"keep": keep, "fold": others} if keep and others else None
