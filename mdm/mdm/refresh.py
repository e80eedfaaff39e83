"""Resolves every live source record again, as after a change of settings or entity types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from mdm.garbage import collected_seldom
from mdm.refolding import day_has_come
from mdm.resolve import Resolved, resolve
from mdm.resolve.due import due_by
from mdm.resolve.expiry import has_expired
from mdm.store.records import SourceRecord
from mdm.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from mdm.hub import Hub


def renew(hub: Hub) -> Resolved | None:
    """Look again at whatever time has changed; None if that is nothing, and then nothing is locked.

    Golden values whose time has come, source records that state something else from today on, verdicts
    whose date has passed.
    """
    with hub.read() as session:
        now = hub.clock()
        if not (due_by(session, now) or day_has_come(session, now.date()) or has_expired(session, now)):
            return None
    with hub.write() as uow:
        return resolve(uow, {})


@collected_seldom()
def refresh(uow: UnitOfWork, entity_type: str | None = None) -> Resolved:
    """Bring everything derived in line with all live source records; what is right already stays as it is.

    Args:
        entity_type: only this type and whoever refers to it; None for all.

    Raises:
        UnknownEntityTypeError: no such entity type is declared.
    """
    names = [uow.hub.registry[entity_type].name] if entity_type else [t.name for t in uow.hub.registry]
    live = col(SourceRecord.live).is_(True)
    touched = {
        name: set(
            uow.session.scalars(
                select(col(SourceRecord.id)).where(col(SourceRecord.entity_type) == name, live)
            )
        )
        for name in names
    }
    return resolve(uow, {name: {i for i in ids if i is not None} for name, ids in touched.items()})
