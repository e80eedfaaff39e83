"""New golden ids: opaque, never re-used, and the same for the same record in the same hub."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from mdm.entities import EntityType
from mdm.resolve.evidence import live_keys, place_of
from mdm.store.absence import NEW_GOLDEN_ID, nothing_yet
from mdm.store.beside import next_ids
from mdm.store.bulk import add_rows
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.unit_of_work import UnitOfWork

_NEWEST = select(func.max(col(IssuedId.number))).where(col(IssuedId.entity_type) == bindparam("entity_type"))
_KNOWN = select(col(IssuedId.golden_id))


def issue(uow: UnitOfWork, entity_type: EntityType, anchors: Sequence[int]) -> list[str]:
    """A new id for each anchor; it says nothing but its type."""
    session = uow.session
    keys = {anchor: place_of(source, key) for anchor, source, key in live_keys(session, anchors)}
    newest = session.connection().scalar(_NEWEST, {"entity_type": entity_type.name}) or 0
    number = next_ids(session, newest, "issued_number", len(anchors) or 1) - 1
    first = {anchor: _token(entity_type, keys[anchor], 0) for anchor in anchors}
    taken = {row[0] for row in rows_in(session, _KNOWN, col(IssuedId.golden_id), first.values())}
    issued = []
    for anchor in anchors:
        golden_id, attempt = first[anchor], 0
        while golden_id in taken:
            attempt += 1
            golden_id = _token(entity_type, keys[anchor], attempt)
            if golden_id not in taken and session.get(IssuedId, golden_id) is not None:
                taken.add(golden_id)
        taken.add(golden_id)
        number += 1
        issued.append(
            {
                "golden_id": golden_id,
                "entity_type": entity_type.name,
                "number": number,
                "anchor_record_id": anchor,
                "issued_at": uow.now,
                "redirect_cause": "",
                "own_records": [],
                "version": 0,
            }
        )
    add_rows(session, IssuedId, issued)
    ids = [str(row["golden_id"]) for row in issued]
    nothing_yet(session, [*NEW_GOLDEN_ID, (f"golden_{entity_type.name}", "id")], ids)
    return ids


def _token(entity_type: EntityType, key: str, attempt: int) -> str:
    digest = hashlib.sha256(f"{entity_type.name}\x1f{key}\x1f{attempt}".encode()).digest()
    return f"{entity_type.name}-{base64.b32encode(digest)[:12].decode().lower()}"
