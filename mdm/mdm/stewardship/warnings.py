"""What looks odd in a golden record: records that an id joins although they differ in what names them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.history.claims import targets_at
from mdm.history.when import NOW, When
from mdm.models import SOURCE_COLUMN, current_model
from mdm.resolve.evidence import RecordClaims, gather_records
from mdm.stewardship.wording import title_of
from mdm_matching import score

if TYPE_CHECKING:
    from mdm.hub import Hub

MOST = 20
"""Source records that are compared with each other; a golden record with more is not warned about."""


def quality_warnings(
    hub: Hub, session: Session, entity_type: EntityType, records: Sequence[RecordClaims], when: When = NOW
) -> tuple[str, ...]:
    """A sentence for each pair of records that share an exclusive id but differ in their name."""
    if entity_type.match_key or not 1 < len(records) <= MOST:
        return ()
    model = current_model(session, entity_type, when.known_at)
    hidden = view_of(session).hidden_evidence(entity_type) | {SOURCE_COLUMN}
    led = targets_at(session, entity_type, records, when)
    evidence = gather_records(session, entity_type, model, records, led=led)
    names = {record.id: f"{record.source}:{record.source_key}" for record in records}
    pairs = np.array(list(combinations(range(len(evidence.ids)), 2)), np.int32).reshape(-1, 2)
    levels = score(model, evidence.table, pairs[:, 0], pairs[:, 1]).levels
    found = []
    for (left, right), own in zip(pairs.tolist(), levels.tolist(), strict=True):
        shown = [(c, level) for c, level in zip(model.columns, own, strict=True) if c.name not in hidden]
        alike = [c.name for c, level in shown if c.exclusive and level == 0]
        unlike = [c.name for c, level in shown if level == len(c.levels) - 1]
        if alike and entity_type.label in unlike:
            what = f"{names[evidence.ids[left]]} and {names[evidence.ids[right]]} have one {_listed(alike)}"
            found.append(f"{what}, but differ in {_listed(unlike)}.")
    return tuple(found)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(title_of(name) for name in names)
