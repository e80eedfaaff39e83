"""The claims that stand after all versions of a source record, as a pure function of versions and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mdm.effective import DO_NOT_MASTER, Claims, is_dated, next_change, slice_at, slices_of

ABSENCE = {"deleted": "absent from a full delivery"}
"""Flags of a version that ends a record because a full delivery lacked it; `deleted` is no attribute."""


ECHO = "as the hub published it"
"""Flag of a value that a source only hands back: what it claimed before stands."""


def apply(claims: Claims, version: Mapping[str, Any]) -> Claims:
    """The claims after one more version: stated values replace, blanks end, attributes the row lacks stay.

    So do those whose value the row only hands back as the hub had published it.
    """
    after = dict(claims)
    changed_at = version["changed_at"].isoformat() if version["changed_at"] else None
    for attribute, value in version["stated"].items():
        if value is None:
            after.pop(attribute, None)
            continue
        before = after.get(attribute)
        flag = version["flags"].get(attribute, "")
        if flag == ECHO:
            continue
        if before is None or before["v"] != value or before["f"] != flag:
            after[attribute] = {"v": value, "w": version["id"], "t": changed_at, "f": flag}
    return after


def clock_of(version: Mapping[str, Any]) -> tuple[datetime, str]:
    """Where a version stands among its record's versions: by the source's clock, ties by content.

    Without a clock the last one received is current.
    """
    if version["changed_at"] is None:
        return (version["received_at"], f"{version['id']:020d}")
    return (version["changed_at"], version["content_hash"])


@dataclass(frozen=True, slots=True)
class Folded:
    """What all versions of one record come to on a day.

    Attributes:
        current: its current version.
        changes_on: the next day on which other claims stand; None if none will, or if no row says when it
            holds.
    """

    claims: Claims
    current: Mapping[str, Any]
    is_dated: bool = False
    changes_on: date | None = None

    @property
    def live(self) -> bool:
        """Whether the source has the record, and wants it mastered."""
        return is_live(self.claims, self.current)


def is_live(claims: Mapping[str, Mapping[str, Any]], current: Mapping[str, Any]) -> bool:
    """Whether a record counts: its source has not deleted it, nor asked to leave it out."""
    return not current["deleted"] and claims.get(DO_NOT_MASTER, {}).get("v") != "true"


def fold(versions: Iterable[Mapping[str, Any]], day: date = date.max) -> Folded:
    """The claims that stand on a day after all versions of one record, and its current version.

    A record that a full delivery lacked is ended, whatever the source's clock says, until a row of it comes.
    """
    received = sorted(versions, key=lambda version: version["id"])
    ordered = in_order(received)
    current = received[-1] if received[-1]["flags"] == ABSENCE else ordered[-1]
    if any(is_dated(version) for version in ordered):
        slices = slices_of(ordered, apply)
        standing = slice_at(slices, day)
        return Folded(standing.claims if standing else {}, current, True, next_change(slices, day))
    claims: Claims = {}
    for version in ordered:
        claims = apply(claims, version)
    return Folded(claims, current)


def in_order(versions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The versions that state something, in the order of the source's clock."""
    return sorted((version for version in versions if version["flags"] != ABSENCE), key=clock_of)
