"""Why: the evidence about one pair of records, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mdm_matching.matching.match import MatchResult
from mdm_matching.reasons.reason import Reason, reasons
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.standardising.standard_table import StandardTable

# Bits below which a line would show as nothing.
_VISIBLE = 0.05


@dataclass(frozen=True, slots=True)
class Why:
    """The evidence about two records.

    Attributes:
        left: the one row.
        right: the other.
        prior: bits before any evidence.
        reasons: what each column says; with the prior they add up to the weight.
        weight: total match weight in bits.
        probability: what that implies, 0 to 1.
        threshold: bits from which two records match.
        joined: whether the two are in one cluster.
    """

    left: int
    right: int
    prior: float
    reasons: tuple[Reason, ...]
    weight: float
    probability: float
    threshold: float
    joined: bool

    @property
    def text(self) -> str:
        """The same in words, one line per reason that says something."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        side = "at or above" if self.weight >= self.threshold else "below"
        together = "in one cluster" if self.joined else "in two clusters"
        yield (
            f"{self.weight:+.1f} bits (probability {self.probability:.3f}), {side} the threshold of "
            f"{self.threshold:+.1f}; the two are {together}."
        )
        yield f"{self.prior:+6.1f}  before any evidence"
        for reason in self.reasons:
            if abs(reason.weight) >= _VISIBLE or (reason.column and reason.note):
                yield f"{reason.weight:+6.1f}  {in_words(reason)}"


def in_words(reason: Reason) -> str:
    """A reason without its weight."""
    column = f"{reason.column}: " if reason.column else ""
    values = f" ({reason.left_value or '-'} | {reason.right_value or '-'})" if reason.column else ""
    return f"{column}{reason.label}{values}{f'; {reason.note}' if reason.note else ''}"


def why(table: StandardTable, found: MatchResult, left: int, right: int) -> Why:
    """The evidence about two rows of a result."""
    pair = np.array([left], np.int32), np.array([right], np.int32)
    weight = score(found.model, table, *pair).weight
    return Why(
        left=left,
        right=right,
        prior=found.model.prior,
        reasons=reasons(found.model, table, left, right),
        weight=float(weight[0]),
        probability=float(probability(weight)[0]),
        threshold=found.model.match_threshold,
        joined=bool(found.labels[left] == found.labels[right]),
    )
