"""How a golden record came about: the steps that joined its source records, each with rule and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.golden_ids import resolve_id
from mdm.models import current_model
from mdm.resolve.evidence import gather, without_hidden
from mdm.resolve.keys import junk_among
from mdm.resolve.verdicts import in_force, verdicts_on
from mdm.store.derived import Membership
from mdm_matching import Reason
from mdm_matching.explaining import how

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class BuildingStep:
    """One union of two groups of source records, named `source:key`.

    Attributes:
        number: which step it is, from 1.
        one: the records of the one group.
        other: the records of the other.
        rule: why they joined, in words.
        pair: the pair across that speaks most for it.
        weight: that pair's match weight in bits.
        average: the average weight of all pairs across, in bits.
        reasons: what each column says about that pair.
    """

    number: int
    one: tuple[str, ...]
    other: tuple[str, ...]
    rule: str
    pair: tuple[str, str]
    weight: float
    average: float
    reasons: tuple[Reason, ...]

    @property
    def records(self) -> tuple[str, ...]:
        """The group after the step."""
        return tuple(sorted(self.one + self.other))


@dataclass(frozen=True, slots=True)
class Building:
    """How a golden record came about.

    Attributes:
        records: its source records now, named `source:key`.
        steps: the unions in order; the last one ends in `records`, and there is none for a single record.
    """

    golden_id: str
    entity_type: str
    records: tuple[str, ...]
    steps: tuple[BuildingStep, ...]


def building_of(hub: Hub, session: Session, golden_id: str) -> Building:
    """The steps that built a current golden record, by the model and the verdicts in force.

    Raises:
        UnknownGoldenIdError: the id was never issued.
    """
    found = resolve_id(session, golden_id)
    entity_type, view = hub.registry[found.entity_type], view_of(session)
    members = session.scalars(
        select(col(Membership.record_id)).where(col(Membership.golden_id) == found.golden_id)
    )
    model = current_model(session, entity_type)
    evidence = gather(session, entity_type, model, list(members))
    table = evidence.table.mute(junk_among(session, entity_type, model, evidence.table))
    rows = evidence.rows
    told = in_force(verdicts_on(session, set(evidence.ids)), set(evidence.ids)).same
    same = [(rows[a], rows[b]) for a, b in told if a in rows and b in rows]
    names = [":".join(text.split("\x1f")) for text in evidence.order]
    hidden = view.hidden_evidence(entity_type)
    steps = how(model, table, np.arange(len(rows)), np.array(sorted(same), np.int64).reshape(-1, 2))
    return Building(
        found.golden_id,
        entity_type.name,
        tuple(sorted(names)),
        tuple(
            BuildingStep(
                number=step.number,
                one=tuple(sorted(names[row] for row in step.one)),
                other=tuple(sorted(names[row] for row in step.other)),
                rule=step.rule,
                pair=(names[step.left], names[step.right]),
                weight=step.weight,
                average=step.average,
                reasons=without_hidden(step.reasons, hidden),
            )
            for step in steps
        ),
    )
