"""The CloudEvents 1.0 envelope of a golden record's version: the same bytes for every attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from mdm_sync.publishing.outbox import sent_before
from mdm_sync.publishing.own_keys import OwnKeys, own_keys

CONTENT_TYPE = "application/cloudevents+json"


def load_messages(hub: Hub, session: Session, target: str, changes: Sequence[Change]) -> list[Message]:
    """The messages of some changes, in their order, from history: a later change makes no difference."""
    keys = [(change.golden_id, change.version) for change in changes]
    version = GoldenVersion
    query = select(version).where(tuple_(col(version.golden_id), col(version.version)).in_(keys))
    versions = {(v.golden_id, v.version): v for v in session.scalars(query)}
    numbers = {change.event_number for change in changes}
    events = {e.number: e for e in session.scalars(select(Event).where(col(Event.number).in_(numbers)))}
    ids = {change.golden_id for change in changes} | {str(e.details.get("into", "")) for e in events.values()}
    known = _Known(
        view_of(session),
        _sources(session, {record for v in versions.values() for record in v.records}),
        own_keys(session, hub.settings.targets[target].system, ids),
        sent_before(session, target, changes),
    )
    return [
        Message(
            change,
            envelope(
                hub, known, events[change.event_number], versions[change.golden_id, change.version], change
            ),
        )
        for change in changes
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the envelopes of one batch draw on.

    Attributes:
        sources: record id to system and key.
        before: event number of a change to the version that the target took before it.
    """

    view: View
    sources: Mapping[int, dict[str, str]]
    keys: OwnKeys
    before: Mapping[int, int]


def envelope(hub: Hub, known: _Known, event: Event, version: GoldenVersion, change: Change) -> dict[str, Any]:
    """The envelope of one version; a merged or retired record has no values, but says where its id leads.

    `previous_version` is the last version that the target took before, 0 for none: a receiver that holds an
    older one has missed something. `masked` names the attributes that the target does not see, whether or not
    they have a value. A target that holds a source's records is told its own keys, and which to fold.
    """
    view, sources = known.view, known.sources
    active = version.state == "active"
    entity_type = hub.registry[change.entity_type]
    attributes = entity_type.attributes if active else ()
    cells, masked = view.open_part(entity_type, version.cells), view.masked(entity_type)
    into = None if active else event.details.get("into")
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
            "previous_version": known.before.get(change.event_number, 0),
            "values": values,
            **({"masked": [a.name for a in attributes if a.name in masked]} if masked else {}),
            "sources": [sources[record] for record in version.records if record in sources] if active else [],
            "redirected_to": into,
            **known.keys.of(change.golden_id, change.event_number, into),
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
