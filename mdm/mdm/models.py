"""Which match model is in force for an entity type: the newest applied version, else the shipped defaults."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.store.decisions import ModelVersion
from mdm_matching import MatchModel
from mdm_matching.semantics import ExactKey, SemanticType, SourceSystem

EXACT_KEY_COLUMN = "match_key"
SOURCE_COLUMN = "source_system"


def evidence_types(entity_type: EntityType) -> dict[str, SemanticType]:
    """The columns that matching looks at, with the kind of value each holds."""
    if entity_type.match_key:
        return {EXACT_KEY_COLUMN: ExactKey()}
    declared = {a.name: a.semantic for a in entity_type.attributes if a.semantic is not None and a.evidence}
    return declared | {SOURCE_COLUMN: SourceSystem()}


@lru_cache(maxsize=256)
def _parse(document: str) -> MatchModel:
    return MatchModel.from_json(document)


def shipped_model(entity_type: EntityType) -> MatchModel:
    """The semantic types' own weights, fitted to no data."""
    return MatchModel.default(entity_type.name, evidence_types(entity_type))


def current_model(session: Session, entity_type: EntityType) -> MatchModel:
    """The model in force."""
    query = (
        select(col(ModelVersion.document))
        .where(col(ModelVersion.entity_type) == entity_type.name)
        .order_by(col(ModelVersion.id).desc())
        .limit(1)
    )
    document = session.scalar(query)
    return _parse(document) if document else shipped_model(entity_type)
