"""How a golden record came about: the steps that joined its source records, each with rule and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.golden_ids import visible_id
from mdm.history.claims import members_at, targets_at
from mdm.history.verdicts import standing_at
from mdm.history.when import NOW, When
from mdm.models import current_model
from mdm.resolve.evidence import gather_records
from mdm.resolve.forces import junk_among
from mdm.resolve.pair_explanation import without_hidden
from mdm.resolve.verdicts import in_force
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
        model: version of the match model by which they are told.
        records: its source records, named `source:key`.
        steps: the unions in order; the last one ends in `records`, and there is none for a single record.
    """

    golden_id: str
    entity_type: str
    model: str
    records: tuple[str, ...]
    steps: tuple[BuildingStep, ...]


def building_of(hub: Hub, session: Session, golden_id: str, when: When = NOW) -> Building:
    """The steps that built a current golden record, by model and verdicts in force, now or at a moment.

    Values that so many hold by now that they have lost their force have none at an earlier moment either.

    Raises:
        UnknownGoldenIdError: the id was never issued, not yet, or not for whoever asks.
    """
    when, view = When(when.known_at), view_of(session)
    found = visible_id(session, view, golden_id, when)
    entity_type = hub.registry[found.entity_type]
    records = members_at(session, [found.golden_id], when).get(found.golden_id, [])
    model = current_model(session, entity_type, when.known_at)
    led = targets_at(session, entity_type, records, when)
    evidence = gather_records(session, entity_type, model, records, led=led)
    table = evidence.table.mute(junk_among(session, entity_type, model, evidence.table))
    rows = evidence.rows
    told = in_force(standing_at(session, evidence.ids, when), set(evidence.ids)).same
    same = [(rows[a], rows[b]) for a, b in told if a in rows and b in rows]
    names = [":".join(text.split("\x1f")) for text in evidence.order]
    hidden = view.hidden_evidence(entity_type)
    steps = how(model, table, np.arange(len(rows)), np.array(sorted(same), np.int64).reshape(-1, 2))
    return Building(
        found.golden_id,
        entity_type.name,
        model.version,
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
