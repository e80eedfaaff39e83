"""Reach: how common keys may be to make candidates, told as a single machine tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.bands import ALWAYS, JUDGED, bands, goes_on, judged
from mdm_matching.blocking.lone_keys import PAYS, lone_bands, lone_room
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scale.frames import PAIRS, with_values
from mdm_matching.scale.kernels import score_kernel
from mdm_matching.scoring.probability import probability
from mdm_matching.training.patterns import marks_below

if TYPE_CHECKING:
    from pyspark.sql import DataFrame  # pyright: ignore[reportMissingImports]  # of the extra `spark`

# Of a band's pairs so many more than are judged are looked at, so that enough are found.
_ROOM = 1.3


@dataclass(frozen=True, slots=True)
class Reach:
    """Decides band by band, as `candidates` and `with_lone_pairs` do.

    Attributes:
        groups: for each number of holders how many weak keys so many records hold by themselves.
        rows: how many records there are.
        live: the records.
        model: tells how likely pairs are to be the same thing.
    """

    groups: Mapping[int, int]
    rows: int
    live: DataFrame
    model: MatchModel

    @property
    def most_lone(self) -> int:
        """How many records may hold a weak key that is looked at by itself, whatever its pairs are."""
        reached = 1
        for most in lone_bands(self.model.block_cap):
            if self._expected(reached, most) > lone_room(self.rows):
                break
            reached = most
        return reached

    def paying(self, pairs: DataFrame) -> tuple[DataFrame, int]:
        """Those of all pairs whose rarest common key is rare enough, and how many they are.

        Args:
            pairs: as `pairs_within` gives them.
        """
        rows = pairs.groupBy("size", "lone").count().collect()
        counted = [(int(row["size"]), int(row["lone"]), int(row["count"])) for row in rows]
        total, reached = sum(count for size, _, count in counted if not size), 1
        for most in bands(self.model.block_cap):
            new = sum(count for size, _, count in counted if reached < size <= most)
            band = pairs.where(f"size > {reached} and size <= {most}")
            total, reached = total + new, most
            if not goes_on(total, partial(self._share, band, new)):
                break
        alone, total = self._paying_alone(
            pairs.where(f"size > {reached}"), [own for own in counted if own[0] > reached], total
        )
        return pairs.where(f"size <= {reached} or lone <= {alone}"), total

    def _paying_alone(
        self, pairs: DataFrame, counted: list[tuple[int, int, int]], total: int
    ) -> tuple[int, int]:
        """How many records may hold a weak key by itself, and how many pairs there are with those it adds.

        Args:
            pairs: those that no other key makes candidates.
            counted: how many of them there are of each size and lone.
            total: how many other pairs there are.
        """
        room, reached = lone_room(self.rows), 1
        for most in lone_bands(self.model.block_cap):
            if self._expected(reached, most) > room:
                break
            new = sum(count for _, lone, count in counted if reached < lone <= most)
            band = pairs.where(f"lone > {reached} and lone <= {most}")
            if total + new > ALWAYS and self._share(band, new) < PAYS:
                break
            total, reached, room = total + new, most, room - new
        return reached, total

    def _expected(self, above: int, most: int) -> int:
        """How many pairs the weak keys by themselves make."""
        return sum(
            count * size * (size - 1) // 2 for size, count in self.groups.items() if above < size <= most
        )

    def _share(self, band: DataFrame, count: int) -> float:
        """The share of a band's pairs that are probably the same thing, by some of them; 1 for none."""
        if not count:
            return 1.0
        marks, weights = np.zeros(0, np.int64), np.zeros(0)
        room = _ROOM * JUDGED
        while len(marks) < min(JUDGED, count):
            below = "" if room >= count else f"mark < {marks_below(int(room), count)}"
            marks, weights = self._weighed(band.where(below) if below else band)
            room *= 2
        return float(probability(weights[judged(marks)]).mean())

    def _weighed(self, pairs: DataFrame) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Mark and weight of each pair."""
        kernel = score_kernel(self.model.to_json(), -np.inf)
        scored = with_values(pairs, self.live, self.model).mapInArrow(kernel, f"{PAIRS}, weight double")
        found = scored.select("mark", "weight").toArrow()
        return found.column("mark").to_numpy(), found.column("weight").to_numpy()
