"""What stewards said about the values of a golden record, for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mdm.overrides import is_stale
from mdm.overrides.applying import rule_of
from mdm.resolve.survivors import Survivors
from mdm.stewardship.wording import text_of, title_of


@dataclass(frozen=True, slots=True)
class OverrideView:
    """One override that stands.

    Attributes:
        in_force: the golden record shows its value.
        stale: the sources say something else than when it was made.
        brought_by: the merged id it was made on, where it is but a proposal; "" if it is the record's own.
    """

    attribute: str
    title: str
    text: str
    lifetime: str
    author: str
    reason: str
    at: datetime
    in_force: bool
    stale: bool
    brought_by: str


@dataclass(frozen=True, slots=True)
class BanView:
    """One value that the golden record must not take."""

    attribute: str
    title: str
    text: str
    author: str
    reason: str
    at: datetime


def override_views(survived: Survivors) -> tuple[OverrideView, ...]:
    """The overrides of a golden record and the proposals on it, the newest first."""
    shown = {choice.override for choice in survived.choices.values() if choice.override}
    return tuple(
        OverrideView(
            attribute=override.attribute,
            title=title_of(override.attribute),
            text=text_of(override.value),
            lifetime=rule_of(override),
            author=override.author,
            reason=override.reason,
            at=override.at,
            in_force=override.id in shown,
            stale=is_stale(override, survived.claims.get(override.attribute, ())),
            brought_by=override.golden_id if override.proposal else "",
        )
        for override in survived.said.overrides
    )


def ban_views(survived: Survivors) -> tuple[BanView, ...]:
    """The bans on values of a golden record, the newest first."""
    return tuple(
        BanView(ban.attribute, title_of(ban.attribute), ban.value, ban.author, ban.reason, ban.at)
        for ban in survived.said.bans
    )
