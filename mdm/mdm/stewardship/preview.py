"""What a golden record made of given source records looks like: the choices of survivorship among them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access.survivors import seen
from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.golden_records import targets_of
from mdm.resolve.survivors import Survivors, choices_of, claims_by_attribute, stated_by, survivors_of
from mdm.store.records import SourceRecord
from mdm.survivorship import Choice, Circumstances

if TYPE_CHECKING:
    from mdm.hub import Hub


def preview(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    records: Sequence[SourceRecord],
    own_ids: Collection[str] = (),
) -> dict[str, Choice]:
    """The choice for each attribute that any of these records states, by the rules alone.

    Masked attributes are no claims, nor are references to records that do not exist for whoever asks.

    Args:
        own_ids: golden ids that the record would have; a reference to one of them is no claim.
    """
    stated = _stated(records)
    led = {k: v for k, v in targets_of(session, entity_type, stated).items() if v not in own_ids}
    claims = claims_by_attribute(entity_type, stated, led)
    circumstances = Circumstances(hub.source_order, hub.clock(), stated_by(claims))
    return view_of(session).choices(session, entity_type, choices_of(entity_type, claims, circumstances))


def current_values(
    hub: Hub, session: Session, entity_type: EntityType, golden_id: str, records: Sequence[SourceRecord]
) -> Survivors:
    """The values of one golden record now, with all that stewards said about them."""
    stated = _stated(records)
    led = targets_of(session, entity_type, stated)
    survived = survivors_of(hub, session, entity_type, {golden_id: stated}, led)[golden_id]
    return seen(view_of(session), session, entity_type, survived)


def _stated(records: Sequence[SourceRecord]) -> list[RecordClaims]:
    return [RecordClaims(r.id or 0, r.source, r.source_key, r.claims, r.current_version_id) for r in records]
