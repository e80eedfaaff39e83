"""How: the steps in which records became one cluster, the best joined first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.explaining.why import in_words
from mdm_matching.model.match_model import MatchModel
from mdm_matching.reasons.reason import Reason, reasons
from mdm_matching.scoring.pair_scores import score
from mdm_matching.standardising.standard_table import StandardTable

# As in clustering: a single pair counts in an average with at least and at most this many bits.
_LEAST, _MOST = -5.0, 15.0

EQUAL = "they say the same"
TOLD = "a verdict says that they are the same"
MATCH = "their best pair reaches the threshold, and the pairs across hold together on average"


@dataclass(frozen=True, slots=True)
class Step:
    """One union of two groups of records.

    Attributes:
        number: which step it is, from 1.
        one: the rows of the one group, ascending.
        other: the rows of the other.
        rule: why they joined.
        left: the row of the first group in the pair that speaks most for it.
        right: the row of the other group in that pair.
        weight: the weight of that pair in bits.
        average: the average weight of all pairs across, each clipped to -5 to 15 bits.
        reasons: what each column says about that pair.
    """

    number: int
    one: tuple[int, ...]
    other: tuple[int, ...]
    rule: str
    left: int
    right: int
    weight: float
    average: float
    reasons: tuple[Reason, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        """The group after the step; after the last step, the cluster as it is."""
        return tuple(sorted(self.one + self.other))

    @property
    def text(self) -> str:
        """The same in words."""
        telling = [reason for reason in self.reasons if reason.weight > 0 and reason.column]
        said = "; ".join(in_words(r) for r in sorted(telling, key=lambda r: -r.weight)[:3])
        bits = f"{self.weight:+.1f} bits, {self.average:+.1f} on average"
        return f"{self.number}. {_named(self.one)} and {_named(self.other)}: {self.rule} ({bits}). {said}"


def how(
    model: MatchModel, table: StandardTable, members: NDArray[np.int64], same: NDArray[np.int64]
) -> tuple[Step, ...]:
    """The steps that built a cluster: verdicts bind, equals join, then the best pair of groups.

    Args:
        model: the model that scored the records.
        table: the records.
        members: the rows of the cluster, ascending.
        same: rows of two row numbers each: verdicts that these are the same.
    """
    groups = [[int(member)] for member in members.tolist()]
    weight = _weights(model, table, members)
    told = {(min(a, b), max(a, b)) for a, b in same.tolist()}
    steps: list[Step] = []
    while len(groups) > 1:
        one, other, rule = _next(groups, members, weight, table.contents, told)
        joined = (groups[one], groups[other])
        steps.append(_step((model, table), joined, (members, weight), (rule, len(steps))))
        groups[one] = sorted(groups[one] + groups[other])
        del groups[other]
    return tuple(steps)


def _weights(model: MatchModel, table: StandardTable, members: NDArray[np.int64]) -> NDArray[np.float64]:
    """The weight of each pair of members, as a square matrix."""
    one, other = np.triu_indices(len(members), 1)
    ends = members[one].astype(np.int32), members[other].astype(np.int32)
    weight = np.zeros((len(members), len(members)))
    weight[one, other] = weight[other, one] = score(model, table, *ends).weight
    return weight


def _next(
    groups: list[list[int]],
    members: NDArray[np.int64],
    weight: NDArray[np.float64],
    contents: NDArray[np.int64],
    told: set[tuple[int, int]],
) -> tuple[int, int, str]:
    """Which two groups join next, and by which rule."""
    pairs = [(a, b) for a in range(len(groups)) for b in range(a + 1, len(groups))]
    for one, other in pairs:
        if any((min(x, y), max(x, y)) in told for x in groups[one] for y in groups[other]):
            return one, other, TOLD
    for one, other in pairs:
        mark = contents[groups[one][0]]
        if mark >= 0 and (contents[groups[one] + groups[other]] == mark).all():
            return one, other, EQUAL
    averages = [_across(groups[a], groups[b], members, weight)[1] for a, b in pairs]
    return (*pairs[int(np.argmax(averages))], MATCH)


def _across(
    one: list[int], other: list[int], members: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    block = weight[np.ix_(np.searchsorted(members, one), np.searchsorted(members, other))]
    return block, float(np.clip(block, _LEAST, _MOST).mean())


def _step(
    records: tuple[MatchModel, StandardTable],
    groups: tuple[list[int], list[int]],
    known: tuple[NDArray[np.int64], NDArray[np.float64]],
    rule: tuple[str, int],
) -> Step:
    one, other = groups
    block, average = _across(one, other, *known)
    place = np.unravel_index(int(block.argmax()), block.shape)
    left, right = one[int(place[0])], other[int(place[1])]
    told = reasons(*records, left, right)
    text, before = rule
    weight = float(block[place])
    return Step(before + 1, tuple(one), tuple(other), text, left, right, weight, average, told)


def _named(rows: tuple[int, ...]) -> str:
    return f"row {rows[0]}" if len(rows) == 1 else f"rows {', '.join(map(str, rows))}"
