"""Joined standards: the canonical values of a column in little room, for tables of many records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import overload

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Standard

# Values that are put together at a time when all are asked for.
_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class JoinedTexts:
    """Texts one after the other in a single one.

    Attributes:
        joined: all of them.
        ends: where each ends, after a leading 0.
    """

    joined: str
    ends: NDArray[np.unsignedinteger]

    @classmethod
    def of(cls, texts: Iterable[str]) -> JoinedTexts:
        """These texts, in their order."""
        listed = list(texts)
        return cls("".join(listed), _ends(np.fromiter(map(len, listed), np.int64, len(listed))))

    @classmethod
    def joining(cls, pieces: Sequence[JoinedTexts]) -> JoinedTexts:
        """The texts of all pieces."""
        lengths = [np.diff(piece.ends) for piece in pieces]
        return cls("".join(piece.joined for piece in pieces), _ends(np.concatenate(lengths)))

    def at(self, places: NDArray[np.integer]) -> list[str]:
        """The texts at these places."""
        joined, found = self.joined, list[str]()
        for begin in range(0, len(places), _CHUNK):
            some = places[begin : begin + _CHUNK]
            spans = zip(self.ends[some].tolist(), self.ends[some + 1].tolist(), strict=True)
            found += [joined[start:end] for start, end in spans]
        return found


@dataclass(frozen=True, slots=True)
class JoinedStandards(Sequence[Standard]):
    """Canonical values without their keys and notes: text and parts are all that comparing looks at.

    Attributes:
        texts: the canonical forms.
        parts: the parts of all values, one after the other.
        part_ends: where the parts of each value end, after a leading 0.
    """

    texts: JoinedTexts
    parts: JoinedTexts
    part_ends: NDArray[np.unsignedinteger]

    @classmethod
    def of(cls, standards: Sequence[Standard]) -> JoinedStandards:
        """These values, in their order."""
        return cls(
            JoinedTexts.of(standard.text for standard in standards),
            JoinedTexts.of(chain.from_iterable(standard.parts for standard in standards)),
            _ends(np.fromiter((len(standard.parts) for standard in standards), np.int64, len(standards))),
        )

    @classmethod
    def joining(cls, pieces: Sequence[JoinedStandards]) -> JoinedStandards:
        """The values of all pieces."""
        return cls(
            JoinedTexts.joining([piece.texts for piece in pieces]),
            JoinedTexts.joining([piece.parts for piece in pieces]),
            _ends(np.concatenate([np.diff(piece.part_ends) for piece in pieces])),
        )

    def __len__(self) -> int:
        return len(self.part_ends) - 1

    @overload
    def __getitem__(self, index: int) -> Standard: ...
    @overload
    def __getitem__(self, index: slice) -> list[Standard]: ...
    def __getitem__(self, index: int | slice) -> Standard | list[Standard]:
        places = np.arange(len(self))[index]
        return self.at(places) if isinstance(index, slice) else self.at(places.reshape(1))[0]

    def __iter__(self) -> Iterator[Standard]:
        for begin in range(0, len(self), _CHUNK):
            yield from self.at(np.arange(begin, min(begin + _CHUNK, len(self))))

    def at(self, places: NDArray[np.integer]) -> list[Standard]:
        """The values at these places."""
        starts = self.part_ends[places].astype(np.int64)
        counts = self.part_ends[places + 1].astype(np.int64) - starts
        after = np.cumsum(counts)
        before = after - counts
        parts = self.parts.at(np.repeat(starts - before, counts) + np.arange(int(counts.sum())))
        spans = zip(before.tolist(), after.tolist(), strict=True)
        own = (tuple(parts[begin:end]) for begin, end in spans)
        return [Standard(text, (), (), mine) for text, mine in zip(self.texts.at(places), own, strict=True)]

    def parts_at(self, place: int) -> list[str]:
        """The part at this place of every value; each has one."""
        return self.parts.at(self.part_ends[:-1].astype(np.int64) + place)


def standards_at(standards: Sequence[Standard], places: NDArray[np.integer]) -> list[Standard]:
    """The values at these places of a column's values, however they are kept."""
    if isinstance(standards, JoinedStandards):
        return standards.at(places)
    return [standards[place] for place in places.tolist()]


def texts_at(standards: Sequence[Standard], places: NDArray[np.integer]) -> list[str]:
    """The canonical forms at these places."""
    if isinstance(standards, JoinedStandards):
        return standards.texts.at(places)
    return [standards[place].text for place in places.tolist()]


def texts_of(standards: Sequence[Standard]) -> list[str]:
    """The canonical form of every value."""
    if isinstance(standards, JoinedStandards):
        return standards.texts.at(np.arange(len(standards)))
    return [standard.text for standard in standards]


def parts_of(standards: Sequence[Standard], place: int) -> list[str]:
    """The part at this place of every value; each has one."""
    if isinstance(standards, JoinedStandards):
        return standards.parts_at(place)
    return [standard.parts[place] for standard in standards]


def _ends(lengths: NDArray[np.integer]) -> NDArray[np.unsignedinteger]:
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends.astype(np.uint32 if int(ends[-1]) < 2**32 else np.uint64)
