"""Three small semantic types and the tables that tests are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from mdm_matching import Clustering, Edges, MatchModel, StandardTable, candidates, cluster, score, standardise
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard


@dataclass(frozen=True)
class Word(SemanticType):
    """A word; two with the same first two letters are close."""

    name: ClassVar[str] = "test_word"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same", 0.9, 0.02),
        Level("close", 0.06, 0.02),
        Level("different", 0.04, 0.96),
    )
    group: ClassVar[str] = "name"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = value.strip().lower()
        return Standard(text, (text,), (text[:2],)) if text else None

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        pairs = zip(left, right, strict=True)
        return np.array([1 if a.text[:2] == b.text[:2] else 2 for a, b in pairs], np.uint8)


@dataclass(frozen=True)
class Number(Word):
    """A number that one thing alone can have."""

    name: ClassVar[str] = "test_number"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same", 0.95, 0.0001),
        Level("close", 0.01, 0.0001),
        Level("different", 0.04, 0.9998),
    )
    group: ClassVar[str] = "identity"
    exclusive: ClassVar[bool] = True


@dataclass(frozen=True)
class Line(Word):
    """A telephone line; more than three names on one make it a switchboard."""

    name: ClassVar[str] = "test_line"
    group: ClassVar[str] = "contact"
    shared_limit: ClassVar[int] = 3


Table = dict[str, list[str | None]]
NAMES = ("given", "family", "number", "line")


@pytest.fixture(scope="session")
def model() -> MatchModel:
    """Given name, family name, exclusive number and telephone line, with default weights."""
    return MatchModel.default(
        "thing", {"given": Word(), "family": Word(), "number": Number(), "line": Line()}
    )


@pytest.fixture(scope="session")
def make(model: MatchModel) -> Callable[[Sequence[Sequence[str]]], StandardTable]:
    """Makes a table of rows of given name, family name, number and line; "" is blank."""

    def made(rows: Sequence[Sequence[str]]) -> StandardTable:
        padded = [(*row, "", "", "", "")[:4] for row in rows]
        return standardise(model, {name: [row[place] for row in padded] for place, name in enumerate(NAMES)})

    return made


@pytest.fixture(scope="session")
def group(model: MatchModel) -> Callable[..., Clustering]:
    """Clusters a table by its own candidates under verdicts; rows are ordered by their text in `order`."""

    def grouped(
        table: StandardTable,
        *,
        same: Sequence[tuple[int, int]] = (),
        distinct: Sequence[tuple[int, int]] = (),
        order: Sequence[str] | None = None,
    ) -> Clustering:
        found = candidates(table, cap=model.block_cap)
        edges = Edges(found.left, found.right, score(model, table, found.left, found.right).weight)
        return cluster(
            model,
            table,
            order or [f"{row:06d}" for row in range(table.rows)],
            edges,
            same=np.array(same, np.int64).reshape(-1, 2),
            distinct=np.array(distinct, np.int64).reshape(-1, 2),
        )

    return grouped


@pytest.fixture
def always_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the values of small columns as those of large ones are kept."""
    monkeypatch.setattr("mdm_matching.standardising.standard_column._FEW", 0)
