"""Check of the ids that one thing has and no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.store.derived import StrongId
from mdm.strong_ids import golden_cells, holdings_of
from mdm.verify.check import Check

if TYPE_CHECKING:
    from mdm.hub import Hub


def strong_ids_held_once(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """No two current golden records hold one strong id, unless it is disputed on all of them."""
    for entity_type in hub.registry:
        held = holdings_of(session, entity_type, golden_cells(session, entity_type))
        query = select(StrongId).where(col(StrongId.entity_type) == entity_type.name)
        stored = {(s.golden_id, s.attribute, s.id_hash): bool(s.disputant) for s in session.scalars(query)}
        holders = Counter((attribute, key) for _, attribute, key in held)
        check.checked += len(held)
        for holding in sorted(held | stored.keys()):
            golden_id, attribute, key = holding
            if holding not in held:
                yield f"{golden_id} is said to hold another {attribute} than its own"
            elif holding not in stored:
                yield f"it is not noted that {golden_id} holds its {attribute}"
            elif stored[holding] != (holders[attribute, key] > 1):
                wrong = "is disputed" if stored[holding] else "is not disputed"
                yield f"{golden_id}.{attribute} {wrong}, but {holders[attribute, key]} hold it"
