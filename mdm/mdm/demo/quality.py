"""How well the demo was matched: the golden records held against the truth that no matcher saw."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.store.derived import Membership, Task
from mdm.store.records import SourceRecord

Row = tuple[str, str, str]
"""Entity type, source and source key."""


@dataclass(frozen=True, slots=True)
class Quality:
    """One entity type: counts, and pairwise precision and recall, 0 to 1.

    Attributes:
        pairs: pairs of records that truly are one thing; without any, precision and recall are None.
    """

    entity_type: str
    records: int
    things: int
    golden: int
    pairs: int
    precision: float | None
    recall: float | None
    tasks: int


def read_truth(path: Path) -> dict[Row, str]:
    """Which real thing each source record is about."""
    with path.open(newline="", encoding="utf-8") as file:
        return {
            (row["entity"], row["source"], row["source_key"]): row["thing"] for row in csv.DictReader(file)
        }


def measure(session: Session, truth: Mapping[Row, str], order: list[str]) -> list[Quality]:
    """The quality of every entity type of the order that has live records."""
    query = select(
        col(SourceRecord.entity_type),
        col(SourceRecord.source),
        col(SourceRecord.source_key),
        col(Membership.golden_id),
    ).join(Membership, col(Membership.record_id) == col(SourceRecord.id))
    answers: dict[str, list[tuple[str, str]]] = {}
    for entity_type, source, key, golden_id in session.execute(query):
        answers.setdefault(entity_type, []).append((truth[entity_type, source, key], golden_id))
    counted = select(col(Task.entity_type), func.count()).group_by(col(Task.entity_type))
    tasks = dict(session.execute(counted).all())
    return [_quality(name, answers[name], tasks.get(name, 0)) for name in order if name in answers]


def _quality(entity_type: str, answers: list[tuple[str, str]], tasks: int) -> Quality:
    things = Counter(thing for thing, _ in answers)
    golden = Counter(golden_id for _, golden_id in answers)
    true, said = _pairs(things.values()), _pairs(golden.values())
    both = _pairs(Counter(answers).values())
    precision = (both / said if said else 1.0) if true else None
    recall = both / true if true else None
    return Quality(entity_type, len(answers), len(things), len(golden), true, precision, recall, tasks)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
