"""Learner: asks about pairs of records, learns from the answers, and matches with what it learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mdm_matching.learning.labels import Labels
from mdm_matching.learning.questions import Question, Standing, questions
from mdm_matching.matching.match import MatchResult, answered
from mdm_matching.matching.prepared import prepare
from mdm_matching.matching.progress import Clock, Follower, Progress
from mdm_matching.memory import Memory
from mdm_matching.semantics.semantic_type import SemanticType


class Learner:
    """Records whose matching a person improves by answering questions.

    The records are standardised, blocked and compared once; each round of answers costs training, scoring and
    clustering. The same answers give the same questions and the same result, whatever the order of the rows.
    """

    def __init__(
        self,
        columns: Mapping[str, Sequence[str | None]],
        *,
        semantics: Mapping[str, SemanticType] | None = None,
        sources: Sequence[str] | None = None,
        clean: Sequence[str] | None = None,
        memory: str | int | None = None,
        progress: Progress | Follower | None = None,
    ) -> None:
        """Prepare the records, which `match` describes.

        Raises:
            NoEvidenceError: no semantic type was given and none could be inferred.
            ColumnLengthError: the columns differ in length.
            MemoryBoundError: the records leave no room for pairs.
        """
        self._clock = Clock(progress)
        self._prepared = prepare(columns, semantics, None, self._clock, Memory.of(memory, self._clock.say))
        self._sources, self._clean = sources, clean
        self._answers: dict[tuple[int, int], bool] = {}
        self._result: MatchResult | None = None

    @property
    def labels(self) -> Labels:
        """Every answer so far."""
        judged = ((*pair, same) for pair, same in self._answers.items())
        return Labels.of(judged, self._prepared.table.rows)

    def questions(self, count: int = 5) -> tuple[Question, ...]:
        """The pairs to judge next, the most valuable first; fewer than `count` when none is left."""
        found = self.result()
        standing = Standing(
            self._prepared.table,
            found.labels,
            found.pairs.left,
            found.pairs.right,
            found.pairs.levels,
            found.pairs.weight,
        )
        return questions(standing, self.labels, count)

    def answer(self, left: int, right: int, *, same: bool) -> None:
        """Judge a pair of rows, asked for or not; a later answer about the same pair replaces the former.

        Raises:
            LabelError: the rows are none of the records, or one row is named twice.
        """
        Labels.of([(left, right, same)], self._prepared.table.rows)
        self._answers[min(left, right), max(left, right)] = same
        self._result = None

    def result(self) -> MatchResult:
        """The answer of `match` with every label given so far."""
        if self._result is None:
            self._result = answered(self._prepared, self.labels, self._sources, self._clean, self._clock)
        return self._result
