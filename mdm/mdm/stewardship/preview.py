"""What a golden record made of given source records looks like: the choices of survivorship among them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access.view import View, view_of
from mdm.entities import EntityType
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.golden_records import targets_of
from mdm.resolve.survivors import Survivors, choices_of, claims_by_attribute, survivors_of
from mdm.store.records import SourceRecord
from mdm.survivorship import Choice

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
    choices = choices_of(entity_type, claims_by_attribute(entity_type, stated, led), hub.source_order)
    return view_of(session).choices(session, entity_type, choices)


def current_values(
    hub: Hub, session: Session, entity_type: EntityType, golden_id: str, records: Sequence[SourceRecord]
) -> Survivors:
    """The values of one golden record now, with all that stewards said about them."""
    stated = _stated(records)
    led = targets_of(session, entity_type, stated)
    survived = survivors_of(hub, session, entity_type, {golden_id: stated}, led)[golden_id]
    return _seen(view_of(session), session, entity_type, survived)


def _seen(view: View, session: Session, entity_type: EntityType, survived: Survivors) -> Survivors:
    """Of all that is behind the values what whoever asks may see."""
    masked, said = view.masked(entity_type), survived.said
    return replace(
        survived,
        choices=view.choices(session, entity_type, survived.choices),
        claims=view.open_part(entity_type, survived.claims),
        banned=view.open_part(entity_type, survived.banned),
        said=replace(
            said,
            overrides=tuple(o for o in said.overrides if o.attribute not in masked),
            bans=tuple(ban for ban in said.bans if ban.attribute not in masked),
        ),
    )


def _stated(records: Sequence[SourceRecord]) -> list[RecordClaims]:
    return [RecordClaims(r.id or 0, r.source, r.source_key, r.claims, r.current_version_id) for r in records]
