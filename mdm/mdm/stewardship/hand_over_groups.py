"""How a golden record's work goes on under another name, in groups, as a steward sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.history.when import NOW, When
from mdm.query.hand_overs import CONTINUES_AS, PHASE_OF
from mdm.query.neighbours import neighbours_of
from mdm.stewardship.labels import GoldenLabel, golden_labels

if TYPE_CHECKING:
    from mdm.hub import Hub

TITLES = {
    (CONTINUES_AS, True): "Continues as",
    (CONTINUES_AS, False): "Continues",
    (PHASE_OF, True): "Phase after",
    (PHASE_OF, False): "Next phase",
}
"""Relation, and whether it leaves the record, to what it is called."""


def hand_over_groups(
    hub: Hub, session: Session, golden_id: str, when: When = NOW
) -> list[tuple[str, str, str, tuple[GoldenLabel, ...]]]:
    """Entity type, relation, title and golden records of each kind of hand-over that the record has."""
    near = [
        n for n in neighbours_of(hub, session, [golden_id], when)[golden_id] if (n.relation, True) in TITLES
    ]
    labels = golden_labels(session, hub.registry, {n.golden_id for n in near}, when)
    found: dict[tuple[str, str, str], list[GoldenLabel]] = {}
    for one in near:
        group = (one.entity_type, one.relation, TITLES[one.relation, one.outgoing])
        found.setdefault(group, []).append(labels[one.golden_id])
    return [(*group, tuple(records)) for group, records in sorted(found.items())]
