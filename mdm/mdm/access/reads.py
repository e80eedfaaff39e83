"""Keeps who read classified attributes of which golden records: without its entry no read is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from mdm.access.view import View
from mdm.store.rights import ClassifiedRead

if TYPE_CHECKING:
    from mdm.hub import Hub


def keep_reads(hub: Hub, view: View) -> None:
    """Write one entry per attribute that was read, in a transaction of its own.

    Raises:
        StoreBusyError: the entry cannot be written now, so what was read must not be handed out.
    """
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    with hub.database.write(alone=False) as session:
        for (entity_type, attribute), golden_ids in sorted(view.read.items()):
            session.add(
                ClassifiedRead(
                    at=hub.clock(),
                    reader=view.principal.name,
                    key_id=view.principal.key_id,
                    request_id=request_id,
                    entity_type=entity_type,
                    attribute=attribute,
                    golden_ids=sorted(golden_ids),
                )
            )
    view.read.clear()
