"""The crosswalk, written where it changed."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from mdm.entities import EntityType
from mdm.history.noting import Memberships, MovedLink, note_links
from mdm.resolve.identity import Assignment
from mdm.store.bulk import add_rows, drop_rows
from mdm.store.derived import Membership
from mdm.store.records import SourceRecord
from mdm.unit_of_work import UnitOfWork


def store_memberships(
    uow: UnitOfWork, entity_type: EntityType, assignment: Assignment, model: str
) -> list[MovedLink]:
    """Bring the crosswalk in line; records that are no longer live leave it. The links that are new."""
    now = {record: golden for golden, records in assignment.members.items() for record in records}
    then = {record: golden for golden, records in assignment.before.items() for record in records}
    left = {record for record in then if now.get(record) != then[record]}
    drop_rows(uow.session, Membership, "record_id", left)
    for record in sorted(left - now.keys()):
        statement = update(SourceRecord).where(col(SourceRecord.id) == record)
        uow.session.execute(statement.values(last_golden_id=then[record]))
    rows = [
        {"record_id": record, "golden_id": golden, "entity_type": entity_type.name}
        for record, golden in sorted(now.items())
        if then.get(record) != golden
    ]
    uow.session.flush()
    add_rows(uow.session, Membership, rows)
    moved = note_links(uow, entity_type.name, Memberships(now, then, assignment.issued, model))
    uow.session.flush()
    return moved
