"""Of all that is behind golden values what whoever asks may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session

from mdm.access.view import View
from mdm.entities import EntityType
from mdm.overrides import Said, StandingOverride
from mdm.resolve.survivors import Survivors


def seen(view: View, session: Session, entity_type: EntityType, survived: Survivors) -> Survivors:
    """The same without masked attributes and without references to records that do not exist for them."""
    return replace(
        survived,
        choices=view.choices(session, entity_type, survived.choices),
        claims=view.open_part(entity_type, survived.claims),
        allowed=view.open_part(entity_type, survived.allowed),
        banned=view.open_part(entity_type, survived.banned),
        said=_said(view, session, entity_type, survived.said),
    )


def _said(view: View, session: Session, entity_type: EntityType, said: Said) -> Said:
    masked = view.masked(entity_type)
    overrides = [o for o in said.overrides if o.attribute not in masked]
    bans = tuple(ban for ban in said.bans if ban.attribute not in masked)
    return Said(tuple(_leading_somewhere(view, session, entity_type, overrides)), bans)


def _leading_somewhere(
    view: View, session: Session, entity_type: EntityType, overrides: Iterable[StandingOverride]
) -> list[StandingOverride]:
    names = {attribute.name for attribute in entity_type.references}
    led = {str(o.value) for o in overrides if o.attribute in names}
    hidden = led - view.visible(session, led) if led else set()
    return [o for o in overrides if o.attribute not in names or str(o.value) not in hidden]
