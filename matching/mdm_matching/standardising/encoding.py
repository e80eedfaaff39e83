"""Encoding: the distinct canonical values of a column and the number of each, in memory or in little room."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.fingerprint import fingerprints
from mdm_matching.key_codes import KeyCodes, Numbering
from mdm_matching.semantics.joined_standards import JoinedStandards
from mdm_matching.semantics.semantic_type import Standard

_Input = TypeVar("_Input")

MISSING = -1
# Values that are objects at a time while a large column is encoded.
_CHUNK = 20_000


def encoded(found: Iterable[Standard | None]) -> tuple[tuple[Standard, ...], NDArray[np.int32]]:
    """The distinct values in the order in which they first occur, and the number of each; -1 for none."""
    standards: list[Standard] = []
    codes = array("i")
    by_text: dict[str, int] = {}
    others: dict[Standard, int] = {}  # values whose text another value has as well
    for standard in found:
        if standard is None:
            codes.append(MISSING)
            continue
        code = by_text.setdefault(standard.text, len(standards))
        if code < len(standards) and standards[code] != standard:
            code = others.setdefault(standard, len(standards))
        if code == len(standards):
            standards.append(standard)
        codes.append(code)
    return tuple(standards), np.array(codes, np.int32)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A large column's distinct values with what is asked of them later.

    Attributes:
        standards: the values, without keys and notes.
        codes: for each input the number of its value; -1 for none.
        text_codes: for each value the number of its text.
        text_marks: the fingerprint of each value's text, and of no text as the last.
        keys: their block keys.
        weak_keys: their weak block keys.
    """

    standards: JoinedStandards
    codes: NDArray[np.int32]
    text_codes: NDArray[np.int32]
    text_marks: NDArray[np.int64]
    keys: KeyCodes
    weak_keys: KeyCodes


def encoded_in_parts(
    spaces: tuple[str, str], inputs: Sequence[_Input], standardise: Callable[[_Input], Standard | None]
) -> Encoded:
    """What `encoded` gives of a large column, of which few values are objects at a time.

    Args:
        spaces: what the column's keys and its weak keys are told apart by.
        inputs: its distinct inputs.
        standardise: gives the canonical value of an input, always the same one.
    """
    keys, weak_keys = map(Numbering, spaces)
    encoder = _Encoder(lambda place: standardise(inputs[place]), keys, weak_keys)
    waiting = iter(inputs)
    while part := list(islice(waiting, _CHUNK)):
        encoder.add(list(map(standardise, part)))
    return encoder.done()


@dataclass(slots=True)
class _Encoder:
    """Encodes values part by part.

    Attributes:
        again: the canonical value of the input at a place, made anew.
    """

    again: Callable[[int], Standard | None]
    keys: Numbering
    weak_keys: Numbering
    by_text: dict[str, int] = field(default_factory=dict[str, int])
    others: dict[Standard, int] = field(default_factory=dict[Standard, int])
    codes: array[int] = field(default_factory=lambda: array("i"))
    first: array[int] = field(default_factory=lambda: array("i"))
    text_codes: array[int] = field(default_factory=lambda: array("i"))
    pieces: list[JoinedStandards] = field(default_factory=list[JoinedStandards])
    marks: list[NDArray[np.int64]] = field(default_factory=list[NDArray[np.int64]])

    def add(self, found: Sequence[Standard | None]) -> None:
        """Encode the values of further inputs."""
        begin, fresh = len(self.first), list[Standard]()
        for standard in found:
            if standard is None:
                self.codes.append(MISSING)
                continue
            count = begin + len(fresh)
            code = self.by_text.setdefault(standard.text, count)
            text_code = len(self.by_text) - 1 if code == count else self.text_codes[code]
            if code < count:
                known = fresh[code - begin] if code >= begin else self.again(self.first[code])
                if known != standard:
                    code = self.others.setdefault(standard, count)
            if code == count:
                self.first.append(len(self.codes))
                self.text_codes.append(text_code)
                fresh.append(standard)
            self.codes.append(code)
        self._keep(fresh)

    def _keep(self, fresh: list[Standard]) -> None:
        self.pieces.append(JoinedStandards.of(fresh))
        self.marks.append(fingerprints(standard.text for standard in fresh))
        self.keys.add(standard.keys for standard in fresh)
        self.weak_keys.add(standard.weak_keys for standard in fresh)

    def done(self) -> Encoded:
        """All that was encoded."""
        codes = np.array(self.codes, np.int32)
        return Encoded(
            JoinedStandards.joining(self.pieces),
            codes,
            np.array(self.text_codes, np.int32),
            np.concatenate([*self.marks, fingerprints([""])]),
            self.keys.done(),
            self.weak_keys.done(),
        )
