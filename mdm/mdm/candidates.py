"""Which golden records a record would be matched with if it arrived; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.errors import QueryError
from mdm.ingest import IncomingRecord
from mdm.intake import SourceRow, prepare
from mdm.models import current_model
from mdm.query.pages import checked_first
from mdm.resolve.evidence import Evidence, RecordClaims, gather_records
from mdm.resolve.forces import junk_among
from mdm.resolve.keys import DistinctKeys
from mdm.resolve.pair_explanation import without_hidden
from mdm.resolve.pairing import neighbours
from mdm.stewardship.labels import stored_label
from mdm.store.chunks import rows_in
from mdm.store.derived import GoldenRecord, Membership
from mdm.store.records import SourceRecord
from mdm_matching import MatchModel, Reason, probability, reasons, score

if TYPE_CHECKING:
    from mdm.hub import Hub

UNSAVED = 0
"""Row id of the record that is asked about; the store begins at 1."""

MOST_RECORDS = 2000
"""Source records that are scored; those of the rarest keys come first."""


class Grade(StrEnum):
    """What the hub would do with the record and a candidate."""

    match = "match"
    """Make them one golden record."""
    possible = "possible"
    """Keep them apart and ask a steward."""
    weak = "weak"
    """Keep them apart."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A golden record that the record may be about.

    Attributes:
        weight: of the source record that speaks loudest, in bits, log2 odds that both are the same.
        probability: what the weight implies, 0 to 1.
        source: system of that source record, and `source_key` its key there.
        reasons: one per column; their weights and the model's prior add up to the weight.
    """

    golden_id: str
    entity_type: str
    label: str
    grade: Grade
    weight: float
    probability: float
    source: str
    source_key: str
    reasons: tuple[Reason, ...]


def match_record(
    hub: Hub,
    session: Session,
    entity_type: str,
    values: Mapping[str, Any],
    *,
    source: str = "unsaved",
    first: int = 10,
    also: Collection[str] = (),
) -> list[Candidate]:
    """The golden records that a record with these values may be about, most likely first.

    Args:
        values: attribute to value, as a source would send it; a reference as `source:key`.
        source: which system it would come from.
        first: candidates at most, 0 to 200.
        also: golden ids that are scored as well, though they share no key with the record.

    Raises:
        UnknownEntityTypeError: no such type is declared.
        ForbiddenError: an attribute is masked: candidates for a guess would tell whether it is right.
        QueryError: an attribute is unknown, a value is not what its attribute needs, or the page size makes
            no sense.
    """
    declared = hub.registry[entity_type]
    checked_first(first)
    for name in values:
        view_of(session).require(declared, name)
    asked = _as_record(declared, source, values)
    model = current_model(session, declared)
    alone = gather_records(session, declared, model, [asked], hub.settings.matching.block_list)
    if alone.block_listed:
        return []
    known = _neighbours(session, declared, model, alone) | _members(session, also)
    if not known:
        return []
    stored = _stored(session, known)
    return _ranked(hub, session, declared, model, asked, stored)[:first] if stored else []


def _as_record(entity_type: EntityType, source: str, values: Mapping[str, Any]) -> RecordClaims:
    unknown = next((name for name in values if name not in entity_type.by_name), None)
    if unknown is not None:
        near = get_close_matches(unknown, entity_type.by_name, n=1)
        hint = f"; the nearest is {near[0]!r}" if near else ""
        raise QueryError(f"{entity_type.name} has no attribute {unknown!r}{hint}.")
    found = prepare(entity_type, source, SourceRow(1, {**values, "id": "unsaved"}))
    if not isinstance(found, IncomingRecord):
        reason = found.reason if found else "it is left out"
        raise QueryError(f"The record cannot be matched: {reason}.")
    claims = {
        name: {"v": value, "w": None, "t": None, "f": found.flags.get(name, "")}
        for name, value in found.values.items()
        if value is not None
    }
    return RecordClaims(UNSAVED, source, "", claims)


def _neighbours(session: Session, entity_type: EntityType, model: MatchModel, alone: Evidence) -> set[int]:
    """The stored records that share a key with the record; of too many, those of the rarest keys.

    Of too many, rows that do not exist for whoever asks are left out first: they must not take the place of
    others.
    """
    keys = DistinctKeys.of(alone.table.block_keys()).columns
    holders = neighbours(session, entity_type, model, keys)
    every = set().union(*holders.values())
    if len(every) <= MOST_RECORDS:
        return every
    seen = _visible(session, every)
    found: set[int] = set()
    for records in sorted((holding & seen for holding in holders.values()), key=len):
        if found and len(found | records) > MOST_RECORDS:
            break
        found |= records
    return found


def _visible(session: Session, record_ids: set[int]) -> set[int]:
    """Those of the records whose golden record exists for whoever asks."""
    conditions = view_of(session).rows_of_ids(col(GoldenRecord.entity_type), col(GoldenRecord.golden_id))
    if not conditions:
        return record_ids
    query = select(col(Membership.record_id)).join(
        GoldenRecord, col(GoldenRecord.golden_id) == col(Membership.golden_id)
    )
    return {
        row[0] for row in rows_in(session, query.where(*conditions), col(Membership.record_id), record_ids)
    }


def _members(session: Session, golden_ids: Collection[str]) -> set[int]:
    query = select(col(Membership.record_id))
    return {row[0] for row in rows_in(session, query, col(Membership.golden_id), golden_ids)}


@dataclass(frozen=True, slots=True)
class _Stored:
    """A live source record, and the golden record that it belongs to."""

    record: RecordClaims
    golden_id: str
    cells: Mapping[str, Any]


def _stored(session: Session, record_ids: Collection[int]) -> list[_Stored]:
    """The live ones among these records that exist for whoever asks, in the order of source and key."""
    query = (
        select(
            col(Membership.golden_id), col(GoldenRecord.cells), col(SourceRecord.id),
            col(SourceRecord.source), col(SourceRecord.source_key), col(SourceRecord.claims),
            col(SourceRecord.current_version_id),
        )
        .join(Membership, col(Membership.record_id) == col(SourceRecord.id))
        .join(GoldenRecord, col(GoldenRecord.golden_id) == col(Membership.golden_id))
        .where(col(SourceRecord.live).is_(True))
        .where(*view_of(session).rows_of_ids(col(GoldenRecord.entity_type), col(GoldenRecord.golden_id)))
    )  # fmt: skip
    rows = rows_in(session, query.select_from(SourceRecord), col(SourceRecord.id), record_ids)
    found = [_Stored(RecordClaims(*row[2:]), row[0], row[1]) for row in rows]
    return sorted(found, key=lambda one: (one.record.source, one.record.source_key))


def _ranked(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    asked: RecordClaims,
    known: Sequence[_Stored],
) -> list[Candidate]:
    """One candidate per golden record: its source record with the greatest weight."""
    evidence = gather_records(session, entity_type, model, [asked, *(one.record for one in known)])
    table = evidence.table.mute(junk_among(session, entity_type, model, evidence.table))
    others = np.arange(1, len(known) + 1, dtype=np.int32)
    weights = score(model, table, np.zeros(len(others), np.int32), others).weight
    view = view_of(session)
    hidden = view.hidden_evidence(entity_type)
    best: dict[str, int] = {}
    for place in sorted(range(len(known)), key=lambda k: (-weights[k], k)):
        best.setdefault(known[place].golden_id, place)
    return [
        Candidate(
            golden_id,
            entity_type.name,
            stored_label(view, entity_type, golden_id, known[place].cells).label,
            _grade(model, float(weights[place])),
            float(weights[place]),
            float(probability(weights[place : place + 1])[0]),
            known[place].record.source,
            known[place].record.source_key,
            without_hidden(tuple(reasons(model, table, 0, place + 1)), hidden),
        )
        for golden_id, place in best.items()
    ]


def _grade(model: MatchModel, weight: float) -> Grade:
    if weight >= model.match_threshold:
        return Grade.match
    return Grade.possible if weight >= model.review_threshold else Grade.weak
