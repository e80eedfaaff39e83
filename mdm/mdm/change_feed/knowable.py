"""Which events whoever asks may know of, and how much of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.principal import Action
from mdm.access.view import View, view_of
from mdm.store.chunks import rows_in
from mdm.store.decisions import Event, IssuedId

RIGHTS = "key."
"""Events about who may come in begin so; they are for those who may audit."""


def knowable(session: Session, events: Sequence[Event]) -> Iterator[tuple[Event, dict[str, Any]]]:
    """The events that may be known, in order, each with the details that may be.

    Left out are events about records that do not exist for whoever asks, changes of nothing but masked
    attributes, and, without the right to audit, what happened to keys. With a row filter nothing but what
    happens to golden records is told: all else speaks of records that may lie outside.
    """
    view = view_of(session)
    hidden = _hidden(session, view, events)
    for event in events:
        details = _without(event.details, hidden)
        if _may_know(view, event, hidden) and _leave_open(view, event, details):
            yield event, details


def _may_know(view: View, event: Event, hidden: set[str]) -> bool:
    if event.type.startswith(RIGHTS):
        return view.principal.may(Action.audit)
    return view.sees_all_rows or (event.type.startswith("golden.") and event.subject not in hidden)


def _leave_open(view: View, event: Event, details: dict[str, Any]) -> bool:
    """Take masked attributes out of the names of what changed; False if nothing else changed."""
    named = details.get("attributes")
    if not isinstance(named, list) or view.hub is None or event.entity_type not in view.hub.registry:
        return True
    masked = view.masked(view.hub.registry[event.entity_type])
    details["attributes"] = [name for name in named if name not in masked]
    return bool(details["attributes"]) or not named or event.type != "golden.changed"


def _hidden(session: Session, view: View, events: Sequence[Event]) -> set[str]:
    """The golden ids that the events name and that do not exist for whoever asks."""
    if view.sees_all_rows:
        return set()
    named = {text for event in events for text in (event.subject, *_texts(event.details))}
    query = select(col(IssuedId.golden_id))
    issued = {row[0] for row in rows_in(session, query, col(IssuedId.golden_id), named)}
    return issued - view.visible(session, issued)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part)


def _without(value: Any, hidden: set[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _without(part, hidden) for name, part in value.items()}
    if isinstance(value, list):
        return [_without(part, hidden) for part in value]
    return None if isinstance(value, str) and value in hidden else value
