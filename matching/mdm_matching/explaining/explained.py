"""Explained: a match result that answers questions about itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mdm_matching.blocking.candidates import junk_of
from mdm_matching.explaining.how import Step, how
from mdm_matching.explaining.why import Why, why
from mdm_matching.explaining.why_not import WhyNot, why_not
from mdm_matching.learning.labels import Labels
from mdm_matching.matching.match import MatchResult
from mdm_matching.standardising.standard_table import StandardTable, standardise


@dataclass(frozen=True, eq=False)
class Explained:
    """The records that were matched and what was found.

    Attributes:
        table: the records in canonical form; junk values have lost their force.
        found: what `match` answered.
        labels: the judged pairs that it was told.
    """

    table: StandardTable
    found: MatchResult
    labels: Labels

    @classmethod
    def of(
        cls,
        columns: Mapping[str, Sequence[str | None]],
        found: MatchResult,
        labels: Labels | None = None,
    ) -> Explained:
        """What `match(columns)` found, ready to be asked; `labels` are those it was given.

        Raises:
            ColumnLengthError: the columns differ in length.
        """
        table = standardise(found.model, columns)
        return cls(table.mute(junk_of(table)), found, labels or Labels.of((), table.rows))

    def why(self, left: int, right: int) -> Why:
        """What each column says about two rows, and what follows."""
        return why(self.table, self.found, left, right)

    def why_not(self, left: int, right: int) -> WhyNot:
        """What kept two rows apart, and the smallest change that would have joined them."""
        return why_not(self.table, self.found, left, right)

    def how(self, row: int) -> tuple[Step, ...]:
        """The steps that built the cluster of a row, in order; none if it stands alone."""
        members = np.flatnonzero(self.found.labels == self.found.labels[row])
        return how(self.found.model, self.table, members, self.labels.verdicts(same=True))
