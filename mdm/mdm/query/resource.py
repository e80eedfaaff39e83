"""One golden id as whoever asks may know it: the record itself, where it went, or that it is gone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json
from sqlmodel import Session

from mdm.access.view import View, view_of
from mdm.errors import UnknownGoldenIdError
from mdm.golden_ids import Resolution, Successor, visible_id
from mdm.history.when import NOW, When
from mdm.query.records import current_of_type, versions_of
from mdm.query.sources import SourceKey, sources_of

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class Resource:
    """A golden record, as far as whoever asks may see it.

    Attributes:
        values: every attribute by name, None where nobody claims it or it is masked.
        masked: names of the attributes that are kept from whoever asks, in alphabetical order.
        successors: who holds the records that it ever had, if some went elsewhere; itself among them.
    """

    golden_id: str
    entity_type: str
    version: int
    values: dict[str, Any]
    masked: tuple[str, ...]
    sources: tuple[SourceKey, ...]
    successors: tuple[Successor, ...]

    @property
    def tag(self) -> str:
        """Differs with the version, and with all else that whoever asks sees of it: `3-5d41402abc4b2a76`."""
        return f"{self.version}-{hashlib.sha256(to_json(self)).hexdigest()[:16]}"


def resource(hub: Hub, session: Session, golden_id: str, when: When = NOW) -> Resource | Resolution:
    """The golden record of an id; a `Resolution` if the id leads elsewhere (merged, split) or is gone.

    As of a day on which nothing of it holds it is unknown.

    With a row filter, what has no row any more exists for nobody: a retired or erased id is unknown.

    Raises:
        UnknownGoldenIdError: it was never issued, or does not exist for whoever asks.
    """
    view = view_of(session)
    found = visible_id(session, view, golden_id, when)
    if found.entity_type not in hub.registry:
        raise UnknownGoldenIdError(golden_id)
    found = _as_seen(session, view, found)
    if found.state != "current":
        return found
    declared = hub.registry[found.entity_type]
    row = current_of_type(hub, session, declared.name, [golden_id], when).get(golden_id)
    if row is None:
        raise UnknownGoldenIdError(golden_id)
    values = row.values
    view.note(declared, [name for name, value in values.items() if value is not None], [golden_id])
    members = sources_of(session, [golden_id], when)[golden_id]
    return Resource(
        golden_id=golden_id,
        entity_type=found.entity_type,
        version=versions_of(session, [golden_id], when)[golden_id],
        values=values,
        masked=tuple(sorted(view.masked(declared))),
        sources=tuple(SourceKey(member.system, member.key) for member in members),
        successors=found.successors,
    )


def _as_seen(session: Session, view: View, found: Resolution) -> Resolution:
    """A resolution whose successors exist for whoever asks; one alone is where all of it went."""
    if view.sees_all_rows or not found.successors:
        return found
    visible = view.visible(session, [one.golden_id for one in found.successors])
    seen = [one for one in found.successors if one.golden_id in visible]
    total = sum(one.records for one in seen)
    shares = tuple(replace(one, share=one.records / total) for one in seen) if len(seen) > 1 else ()
    state = "merged" if found.state == "split" and not shares else found.state
    return replace(found, state=state, successors=shares)
