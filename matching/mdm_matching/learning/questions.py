"""Questions: which pairs a person should judge next, those first whose answers are worth most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import distinct_rows
from mdm_matching.fingerprint import mixed
from mdm_matching.learning.labels import Labels
from mdm_matching.learning.stakes import Stakes, stakes
from mdm_matching.scoring.probability import probability
from mdm_matching.standardising.standard_table import StandardTable

# An answer is thought to settle this share of the doubt about each pair that looks just like it.
_TRANSFER = 0.1


@dataclass(frozen=True, slots=True)
class Question:
    """A pair of records for a person to judge.

    Attributes:
        left: the one row, below the other.
        right: the other.
        weight: its total match weight in bits.
        probability: what that implies, 0 to 1.
        value: how many pairs of records the answer is expected to put right.
        why: what makes it worth asking, in words.
    """

    left: int
    right: int
    weight: float
    probability: float
    value: float
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What is known when a question is chosen.

    Attributes:
        table: the records.
        clusters: for each row its cluster.
        left: the one row of each candidate pair, below the other, ascending.
        right: the other.
        levels: one row per candidate pair: its levels of agreement.
        weight: the weight of each in bits.
    """

    table: StandardTable
    clusters: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    levels: NDArray[np.uint8]
    weight: NDArray[np.float64]


def questions(standing: Standing, labels: Labels, count: int) -> tuple[Question, ...]:
    """The `count` pairs whose answers are expected to put most pairs right; none about a cluster asked twice.

    An answer is worth the pairs of records that it decides, weighed by the chance that they are decided
    wrongly now, and a share of the doubt about all pairs that look like it. The rows' order does not matter.
    """
    pairs = (standing.left, standing.right)
    tie = _tie(standing)
    order = np.lexsort((tie, -standing.weight))
    same = labels.verdicts(same=True)
    found = stakes(standing.clusters, pairs, standing.weight, order, same)
    alike = _alike(standing, labels)
    # Rounded, so that the order in which floats were added up settles nothing.
    value = np.round(found.wrong * found.pairs + alike[found.place], 6)
    open_ = ~_known(standing, labels, found)
    ranked = np.flatnonzero(open_)[np.lexsort((tie[found.place][open_], -value[open_]))]
    chosen: list[Question] = []
    touched: set[int] = set()
    for number in ranked.tolist():
        if len(chosen) == count:
            break
        place = int(found.place[number])
        ends = {int(standing.clusters[standing.left[place]]), int(standing.clusters[standing.right[place]])}
        if not ends & touched:
            touched |= ends
            chosen.append(_question(standing, place, found, number, float(value[number])))
    return tuple(chosen)


def _tie(standing: Standing) -> NDArray[np.int64]:
    """A number for each pair by what its records say, not by where they stand."""
    one, other = (standing.table.contents[part] for part in (standing.left, standing.right))
    return mixed(np.minimum(one, other), np.maximum(one, other))


def _alike(standing: Standing, labels: Labels) -> NDArray[np.float64]:
    """For each pair how many pairs that look like it an answer should put right; fewer with each answer."""
    patterns, of_pair = distinct_rows(standing.levels)
    chance = labels.settled(probability(standing.weight), (standing.left, standing.right))
    doubt = np.bincount(of_pair, np.minimum(chance, 1 - chance), minlength=len(patterns))
    nothing = np.full(len(of_pair), -1.0)
    judged = labels.settled(nothing, (standing.left, standing.right)) >= 0
    answers = np.bincount(of_pair[judged], minlength=len(patterns))
    shared: NDArray[np.float64] = (_TRANSFER * doubt / (1 + answers))[of_pair]
    return shared


def _known(standing: Standing, labels: Labels, found: Stakes) -> NDArray[np.bool_]:
    """Whether a pair is judged already, or joins two clusters that a label parts."""
    left, right = standing.left[found.place], standing.right[found.place]
    known: NDArray[np.bool_] = labels.settled(np.full(len(left), -1.0), (left, right)) >= 0
    parted = labels.verdicts(same=False)
    if len(parted):
        groups = standing.clusters.astype(np.int64)
        span = len(groups)

        def packed(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
            return np.minimum(one, other) * span + np.maximum(one, other)

        barred = packed(groups[parted[:, 0]], groups[parted[:, 1]])
        known |= ~found.joined & np.isin(packed(groups[left], groups[right]), barred)
    return known


def _question(standing: Standing, place: int, found: Stakes, number: int, value: float) -> Question:
    weight = float(standing.weight[place])
    count = int(found.pairs[number])
    records = "1 pair of records" if count == 1 else f"{count:,} pairs of records"
    now = "are one" if found.joined[number] else "are apart"
    return Question(
        left=int(standing.left[place]),
        right=int(standing.right[place]),
        weight=weight,
        probability=float(probability(np.array([weight]))[0]),
        value=value,
        why=f"they {now} now, which is wrong with a chance of {found.wrong[number]:.0%}; "
        f"the answer decides {records}, and it teaches what pairs like this one are worth",
    )
