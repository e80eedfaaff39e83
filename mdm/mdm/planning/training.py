"""Trains a model on the hub's live records and what stewards said about them; puts nothing in force."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.errors import RefusedError
from mdm.models import current_model, untaught_model
from mdm.resolve.evidence import Evidence, gather
from mdm.resolve.verdicts import in_force, verdicts_on
from mdm.store.records import SourceRecord
from mdm_matching import Labels, MatchModel, candidates, train
from mdm_matching.blocking.candidates import junk_of

if TYPE_CHECKING:
    from mdm.hub import Hub

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A proposed model and what it was fitted to.

    Attributes:
        judged: pairs of records of which verdicts in force say something.
        in_force: version of the model that the hub uses now.
    """

    model: MatchModel
    in_force: str
    records: int
    pairs: int
    judged: int


def train_model(hub: Hub, session: Session, entity_type: str, progress: Progress | None = None) -> Trained:
    """A proposed model: weights, frequencies, thresholds fitted to live records, begun from the shipped one.

    Raises:
        UnknownEntityTypeError: no such type is declared.
        RefusedError: the type is matched by an exact key, which has nothing to learn.
    """
    declared = hub.registry[entity_type]
    if declared.match_key:
        raise RefusedError(
            f"{declared.name} is matched by its exact key ({', '.join(declared.match_key)}); "
            "there is nothing to train."
        )
    start = untaught_model(declared)
    ids = _live(session, declared)
    evidence = gather(session, declared, start, ids, hub.settings.matching.block_list)
    table = evidence.table.mute(junk_of(evidence.table))
    found = candidates(table, cap=start.block_cap)
    labels = _labels(session, evidence)
    model = train(start, table, found.left, found.right, labels=labels, progress=progress)
    version = current_model(session, declared).version
    return Trained(model, version, len(evidence.ids), len(found.left), len(labels))


def _live(session: Session, entity_type: EntityType) -> set[int]:
    query = select(col(SourceRecord.id)).where(
        col(SourceRecord.entity_type) == entity_type.name, col(SourceRecord.live).is_(True)
    )
    return {record_id for record_id in session.scalars(query) if record_id is not None}


def _labels(session: Session, evidence: Evidence) -> Labels:
    """What verdicts in force say of pairs of these records."""
    rows: Mapping[int, int] = evidence.rows
    pairs = in_force(verdicts_on(session, set(evidence.ids)), _ids(evidence))
    judged = [(rows[a], rows[b], True) for a, b in pairs.same if a in rows and b in rows]
    judged += [(rows[a], rows[b], False) for a, b in pairs.distinct if a in rows and b in rows]
    return Labels.of(judged, evidence.table.rows)


def _ids(evidence: Evidence) -> Collection[int]:
    return set(evidence.ids)
