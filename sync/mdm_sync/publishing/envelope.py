"""The CloudEvents 1.0 envelope of a golden record's version: the same bytes for every attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from mdm.access import View, view_of
from mdm.hub import Hub
from mdm.store.chunks import chunks
from mdm.store.decisions import Event, GoldenVersion
from mdm.store.records import SourceRecord
from mdm_sync.publishing.batch import Change, Message

CONTENT_TYPE = "application/cloudevents+json"


def load_messages(hub: Hub, session: Session, changes: Sequence[Change]) -> list[Message]:
    """The messages of some changes, in their order, from history: a later change makes no difference."""
    keys = [(change.golden_id, change.version) for change in changes]
    version = GoldenVersion
    query = select(version).where(tuple_(col(version.golden_id), col(version.version)).in_(keys))
    versions = {(v.golden_id, v.version): v for v in session.scalars(query)}
    numbers = {change.event_number for change in changes}
    events = {e.number: e for e in session.scalars(select(Event).where(col(Event.number).in_(numbers)))}
    view = view_of(session)
    sources = _sources(session, {record for v in versions.values() for record in v.records})
    return [
        Message(
            change,
            envelope(
                hub,
                view,
                events[change.event_number],
                versions[change.golden_id, change.version],
                change,
                sources,
            ),
        )
        for change in changes
    ]


def envelope(
    hub: Hub,
    view: View,
    event: Event,
    version: GoldenVersion,
    change: Change,
    sources: dict[int, dict[str, str]],
) -> dict[str, Any]:
    """The envelope of one version; a merged or retired record has no values, but says where its id leads.

    `masked` names the attributes that the target does not see, whether or not they have a value.
    """
    active = version.state == "active"
    entity_type = hub.registry[change.entity_type]
    attributes = entity_type.attributes if active else ()
    cells, masked = view.open_part(entity_type, version.cells), view.masked(entity_type)
    values = {a.name: cells[a.name]["value"] for a in attributes if a.name in cells}
    return {
        "specversion": "1.0",
        "id": change.event_id,
        "source": f"/mdm/{change.entity_type}",
        "type": f"mdm.{change.event_type}",
        "subject": change.golden_id,
        # The sequence extension wants text that sorts as the versions do.
        "sequence": f"{change.version:010d}",
        "time": event.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {
            "entity_type": change.entity_type,
            "golden_id": change.golden_id,
            "state": version.state,
            "version": change.version,
            "values": values,
            **({"masked": [a.name for a in attributes if a.name in masked]} if masked else {}),
            "sources": [sources[record] for record in version.records if record in sources] if active else [],
            "redirected_to": event.details.get("into") if not active else None,
        },
    }


def _sources(session: Session, records: set[int]) -> dict[int, dict[str, str]]:
    record = SourceRecord
    query = select(col(record.id), col(record.source), col(record.source_key))
    return {
        record_id: {"system": source, "key": key}
        for part in chunks(records)
        for record_id, source, key in session.execute(query.where(col(record.id).in_(part)))
        if record_id is not None
    }
