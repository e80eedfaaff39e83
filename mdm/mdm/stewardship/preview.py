"""What a golden record made of given source records looks like: the choices of survivorship among them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.history.claims import targets_at
from mdm.history.when import NOW, When
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.survivors import choices_of, claims_by_attribute, stated_by
from mdm.survivorship import Choice, Circumstances

if TYPE_CHECKING:
    from mdm.hub import Hub


def preview(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    records: Sequence[RecordClaims],
    own_ids: Collection[str] = (),
    when: When = NOW,
) -> dict[str, Choice]:
    """The choice for each attribute that any of these records states, by the rules alone.

    Masked attributes are no claims, nor are references to records that do not exist for whoever asks.

    Args:
        own_ids: golden ids that the record would have; a reference to one of them is no claim.
        when: the moment at which the records stated it.
    """
    targets = targets_at(session, entity_type, records, when)
    led = {key: golden_id for key, golden_id in targets.items() if golden_id not in own_ids}
    claims = claims_by_attribute(entity_type, records, led)
    circumstances = Circumstances(hub.source_order, when.known_at or hub.clock(), stated_by(claims))
    return view_of(session).choices(session, entity_type, choices_of(entity_type, claims, circumstances))
