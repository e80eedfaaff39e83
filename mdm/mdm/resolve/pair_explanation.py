"""Why two source records score as they do, by the model in force now or at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.errors import UnknownRecordError
from mdm.history.claims import records_at, targets_at
from mdm.history.tables import membership_at
from mdm.history.when import NOW, When
from mdm.models import current_model
from mdm.resolve.evidence import RecordClaims, gather_records
from mdm.resolve.forces import junk_among
from mdm.store.records import SourceRecord
from mdm_matching import Reason, probability, reasons, score

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why two records score as they do.

    Attributes:
        weight: total in bits, log2 odds that both are the same thing.
        probability: what the weight implies, 0 to 1.
        prior: bits before any evidence.
        reasons: one per column, their weights and the prior add up to the weight.
    """

    entity_type: str
    weight: float
    probability: float
    prior: float
    reasons: tuple[Reason, ...]


def explain_pair(
    hub: Hub, session: Session, left_record_id: int, right_record_id: int, when: When = NOW
) -> PairExplanation:
    """Why two source records of one type score as they do, or at a moment did.

    What masked attributes say is one line without their names' values. Values that so many hold by now that
    they have lost their force have none at an earlier moment either.

    Args:
        when: their claims, where their references led and the model in force, as of a moment.

    Raises:
        UnknownRecordError: one of them was not live, or they are of different types.
    """
    when = When(when.known_at)
    entity_type, left, right = _both(hub, session, left_record_id, right_record_id, when)
    model = current_model(session, entity_type, when.known_at)
    led = targets_at(session, entity_type, [left, right], when)
    evidence = gather_records(session, entity_type, model, [left, right], led=led)
    table = evidence.table.mute(junk_among(session, entity_type, model, evidence.table))
    weight = score(model, table, np.array([0], np.int32), np.array([1], np.int32)).weight
    return PairExplanation(
        entity_type.name,
        float(weight[0]),
        float(probability(weight)[0]),
        model.prior,
        without_hidden(reasons(model, table, 0, 1), view_of(session).hidden_evidence(entity_type)),
    )


def _both(
    hub: Hub, session: Session, left: int, right: int, when: When
) -> tuple[EntityType, RecordClaims, RecordClaims]:
    """Two live records of one type, with claims, whose golden records exist for whoever asks."""
    membership = membership_at(when)
    query = (
        select(col(SourceRecord.entity_type), membership.c.golden_id)
        .join(membership, membership.c.record_id == col(SourceRecord.id))
        .where(col(SourceRecord.id).in_((left, right)))
    )
    found = list(session.execute(query))
    visible = view_of(session).visible(session, {row[1] for row in found})
    claims = {record.id: record for record in records_at(session, (left, right), when)}
    if (
        claims.keys() != {left, right}
        or len({row[0] for row in found}) != 1
        or any(row[1] not in visible for row in found)
    ):
        raise UnknownRecordError(str(left), str(right))
    return hub.registry[found[0][0]], claims[left], claims[right]


def without_hidden(found: tuple[Reason, ...], hidden: frozenset[str]) -> tuple[Reason, ...]:
    """The reasons; those of hidden columns are one line with their weights together and no value."""
    weights = [reason.weight for reason in found if reason.column in hidden]
    if not weights:
        return found
    together = Reason("", "", "what masked attributes say", None, None, round(sum(weights), 6))
    return (*(reason for reason in found if reason.column not in hidden), together)
