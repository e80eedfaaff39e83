"""Answers a reconciliation question: the engine weighs the evidence, the search forgives typing errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from sqlmodel import Session

from mdm.candidates import Candidate, Grade, match_record
from mdm.entities import EntityType
from mdm.query.search import LONGEST_QUERY, search
from mdm.query.search_terms import fold
from mdm.reconciliation.query import ReconciliationQuery
from mdm_matching.semantics import FamilyName, GivenName

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class Named:
    """Anything with an id and a name, such as an entity type or an attribute."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """A golden record that a row may be about.

    Attributes:
        score: 0 to 100, the mean of what the name and the whole evidence say.
        match: the hub would make them one, and no other candidate comes as far.
        likeness: of the two names, 0 to 1.
        probability: that both are the same thing, 0 to 1.
    """

    id: str
    name: str
    type: Named
    score: float
    match: bool
    likeness: float
    probability: float


def reconcile(hub: Hub, session: Session, asked: ReconciliationQuery) -> list[Found]:
    """The candidates for a row, best first.

    Raises:
        QueryError: a value is not what its attribute needs.
    """
    pairs = [
        (hub.registry[name], candidate)
        for name in asked.entity_types
        for candidate in _candidates(hub, session, hub.registry[name], asked)
    ]
    matching = sum(candidate.grade is Grade.match for _, candidate in pairs)
    found = [_found(entity_type, one, asked.text, sole=matching == 1) for entity_type, one in pairs]
    return sorted(found, key=lambda one: (-one.score, one.name, one.id))[: asked.limit]


def _candidates(
    hub: Hub, session: Session, entity_type: EntityType, asked: ReconciliationQuery
) -> list[Candidate]:
    text = asked.text[:LONGEST_QUERY]
    hits = search(hub, session, text, [entity_type.name], first=asked.limit) if text else []
    values = {**_named(entity_type, asked.text), **asked.values}
    return match_record(
        hub, session, entity_type.name, values, first=asked.limit, also=[hit.golden_id for hit in hits]
    )


def _named(entity_type: EntityType, text: str) -> dict[str, str]:
    """The attributes that a bare name states: a person's is taken apart, `Roth, Anna` as `Anna Roth`."""
    if not text.strip():
        return {}
    label = entity_type.by_name[entity_type.label]
    given = next((a.name for a in entity_type.attributes if isinstance(a.semantic, GivenName)), None)
    if not isinstance(label.semantic, FamilyName) or given is None:
        return {label.name: text}
    family, comma, first = text.partition(",")
    if not comma:
        first, _, family = text.strip().rpartition(" ")
    return {label.name: family.strip(), **({given: first.strip()} if first.strip() else {})}


def _found(entity_type: EntityType, candidate: Candidate, text: str, *, sole: bool) -> Found:
    likeness = fuzz.token_sort_ratio(" ".join(fold(text)), " ".join(fold(candidate.label))) / 100.0
    known = [candidate.probability, likeness] if text.strip() else [candidate.probability]
    return Found(
        candidate.golden_id,
        candidate.label,
        Named(entity_type.name, entity_type.title),
        round(100.0 * sum(known) / len(known), 2),
        sole and candidate.grade is Grade.match,
        round(likeness, 4),
        round(candidate.probability, 4),
    )
