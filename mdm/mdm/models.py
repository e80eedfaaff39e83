"""Which match model is in force for an entity type: the newest applied version, else the shipped defaults."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from mdm.entities import EntityType, Kind
from mdm.entities.trusted_ids import USUAL, TrustedId
from mdm.store.decisions import ModelVersion
from mdm_matching import ColumnModel, MatchModel
from mdm_matching.semantics import ExactKey, SemanticType, Several, SourceSystem

EXACT_KEY_COLUMN = "match_key"
SOURCE_COLUMN = "source_system"
PROOF = 2.0**-20
"""Chance agreement on an id that proves sameness is so much rarer: 20 bits more than the type's own."""


def evidence_types(entity_type: EntityType) -> dict[str, SemanticType]:
    """The columns that matching looks at, with the kind of value each holds."""
    if entity_type.match_key:
        return {EXACT_KEY_COLUMN: ExactKey()}
    declared = {
        a.name: Several(a.semantic) if a.kind is Kind.texts else a.semantic
        for a in entity_type.attributes
        if a.semantic is not None and a.evidence
    }
    return declared | {SOURCE_COLUMN: SourceSystem()}


@lru_cache(maxsize=256)
def _model(entity_type: EntityType, document: str | None) -> MatchModel:
    """The model that a document holds, or the shipped one; always the same object."""
    if document is None:
        return shipped_model(entity_type)
    return trusting(MatchModel.from_json(document), entity_type)


def untaught_model(entity_type: EntityType) -> MatchModel:
    """The semantic types' own weights, fitted to no data; ids as far trusted as the types say."""
    return MatchModel.default(entity_type.name, evidence_types(entity_type))


def shipped_model(entity_type: EntityType) -> MatchModel:
    """The semantic types' own weights, with ids as far trusted as the declaration or the settings say."""
    return trusting(untaught_model(entity_type), entity_type)


def trusting(model: MatchModel, entity_type: EntityType) -> MatchModel:
    """The model, with ids as unique as the declaration or the settings say."""
    told = {a.name: a.trusted for a in entity_type.attributes if a.trusted != USUAL}
    if not told:
        return model
    columns = (_trusting(c, told[c.name]) if c.name in told else c for c in model.columns)
    return replace(model, columns=tuple(columns))


def _trusting(column: ColumnModel, said: TrustedId) -> ColumnModel:
    exclusive = column.exclusive if said.unique is None else said.unique
    if not said.proof:
        return replace(column, exclusive=exclusive)
    # By the type's own figure, so that a model which knows of the proof already is not changed again.
    same = replace(column.levels[0], u=min(column.levels[0].u, column.semantic.levels[0].u * PROOF))
    return replace(column, exclusive=exclusive, levels=(same, *column.levels[1:]))


_NEWEST = (
    select(col(ModelVersion.document))
    .where(col(ModelVersion.entity_type) == bindparam("entity_type"))
    .order_by(col(ModelVersion.id).desc())
    .limit(1)
)


def current_model(session: Session, entity_type: EntityType, known_at: datetime | None = None) -> MatchModel:
    """The model in force, or that was in force at a moment."""
    query = _NEWEST if known_at is None else _NEWEST.where(col(ModelVersion.applied_at) <= known_at)
    session.flush()
    document = session.connection().scalar(query, {"entity_type": entity_type.name})
    return _model(entity_type, document or None)
