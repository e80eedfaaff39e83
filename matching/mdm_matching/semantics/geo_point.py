"""Geographic points."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level

_PAIR = re.compile(r"\(?\s*([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*[,; ]\s*([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*\)?")
_WELL_KNOWN_TEXT = re.compile(
    r"point\s*\(\s*([-+]?\d{1,3}(?:\.\d+)?)\s+([-+]?\d{1,3}(?:\.\d+)?)\s*\)", re.IGNORECASE
)
_EARTH = 6_371_000.0  # metres
_CELL = 0.02  # degrees, about 2 km


@dataclass(frozen=True, slots=True)
class GeoPoint(SemanticType):
    """A point on the map, as "latitude, longitude" in degrees or POINT(longitude latitude).

    What counts is the distance: within 50 metres is one site, within a kilometre the neighbourhood. 0, 0 is
    no evidence.
    """

    name: ClassVar[str] = "geo_point"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same point", 0.45, 0.02),
        Level("within 50 metres", 0.33, 0.02),
        Level("within a kilometre", 0.14, 0.06),
        Level("within 25 kilometres", 0.04, 0.25),
        Level("farther apart", 0.04, 0.65),
    )
    group: ClassVar[str] = "address"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = value.strip()
        if found := _PAIR.fullmatch(text):
            latitude, longitude = float(found.group(1)), float(found.group(2))
        elif found := _WELL_KNOWN_TEXT.fullmatch(text):
            longitude, latitude = float(found.group(1)), float(found.group(2))
        else:
            return None
        if not -90 <= latitude <= 90 or not -180 <= longitude <= 180 or (latitude == 0 and longitude == 0):
            return None
        # Adding zero turns a negative zero into zero.
        parts = (f"{round(latitude, 5) + 0:.5f}", f"{round(longitude, 5) + 0:.5f}")
        cells = (_cell(latitude, longitude, 0.0), "s" + _cell(latitude, longitude, 0.5))
        return Standard(", ".join(parts), (), cells, parts)

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        apart = _metres(_radians(left), _radians(right))
        return first_level([(apart <= 50, 1), (apart <= 1000, 2), (apart <= 25_000, 3)], 4)


def _cell(latitude: float, longitude: float, shift: float) -> str:
    """The square of the map that a point lies in.

    A second, shifted grid catches points on both sides of an edge.
    """
    return f"{math.floor(latitude / _CELL + shift)}:{math.floor(longitude / _CELL + shift)}"


def _radians(values: Sequence[Standard]) -> NDArray[np.float64]:
    degrees = np.array([[float(part) for part in value.parts] for value in values], np.float64)
    return np.asarray(np.radians(degrees.reshape(len(values), 2)))


def _metres(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distance (haversine)."""
    half = np.sin((one - other) / 2) ** 2
    chord = half[:, 0] + np.cos(one[:, 0]) * np.cos(other[:, 0]) * half[:, 1]
    return np.asarray(2 * _EARTH * np.arcsin(np.sqrt(np.clip(chord, 0, 1))))
