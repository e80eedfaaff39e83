"""One column in canonical form: every distinct value once, and which record holds which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mdm_matching.fingerprint import fingerprints
from mdm_matching.semantics.screening import Screen
from mdm_matching.semantics.semantic_type import SemanticType, Standard

MISSING = -1

# Signs of a value that are read; what follows is set aside.
_LONGEST = 10_000
# What a column works out once about its values, whether or not they have lost their force.
_OF_VALUES = frozenset({"text_codes", "screen", "keys", "weak_keys"})

_Input = str | None | tuple[str | None, str | None]
"""A value, or a value with its context."""


@dataclass(frozen=True)
class StandardColumn:
    """The values of one column, dictionary-encoded.

    Attributes:
        name: the column's name.
        semantic: its semantic type.
        raw: the values as they came, one per record.
        standards: the distinct canonical values, in the order in which records first hold them.
        codes: for each record the index of its value in `standards`; -1 for none.
        muted: for each of `standards` whether it has lost its force.
    """

    name: str
    semantic: SemanticType
    raw: Sequence[str | None]
    standards: tuple[Standard, ...]
    codes: NDArray[np.int32]
    muted: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        name: str,
        semantic: SemanticType,
        raw: Sequence[str | None],
        context: Sequence[str | None] | None,
    ) -> StandardColumn:
        """Standardise each distinct value, or each distinct value with its context, once.

        Of a value longer than 10,000 signs the rest is set aside: no name or text is told by more.
        """
        inputs: Sequence[_Input] = raw if context is None else list(zip(raw, context, strict=True))
        places: dict[_Input, int] = {}
        row_places = np.fromiter((places.setdefault(x, len(places)) for x in inputs), np.int32, len(inputs))
        known: dict[Standard, int] = {}
        code_of_place = np.full(len(places) + 1, MISSING, np.int32)
        for given, place in places.items():
            value, beside = given if isinstance(given, tuple) else (given, "")
            found = semantic.standardise(value[:_LONGEST], beside or "") if value else None
            if found is not None:
                code_of_place[place] = known.setdefault(found, len(known))
        standards = tuple(known)
        return cls(
            name, semantic, raw, standards, code_of_place[row_places], np.zeros(len(standards), np.bool_)
        )

    @classmethod
    def of_standards(
        cls, name: str, semantic: SemanticType, raw: Sequence[str | None], found: Sequence[Standard | None]
    ) -> StandardColumn:
        """The column of values that are already in canonical form; None for none."""
        known: dict[Standard, int] = {}
        codes = [
            MISSING if standard is None else known.setdefault(standard, len(known)) for standard in found
        ]
        return cls(
            name, semantic, raw, tuple(known), np.array(codes, np.int32), np.zeros(len(known), np.bool_)
        )

    @cached_property
    def text_codes(self) -> NDArray[np.int32]:
        """For each of `standards` the number of its text: equal numbers are equal texts."""
        seen: dict[str, int] = {}
        return np.fromiter(
            (seen.setdefault(s.text, len(seen)) for s in self.standards), np.int32, len(self.standards)
        )

    @cached_property
    def screen(self) -> Screen | None:
        """What tells most pairs of `standards` apart without comparing them; None where nothing does."""
        return self.semantic.screen(self.standards)

    @cached_property
    def live_codes(self) -> NDArray[np.int32]:
        """The codes, with -1 also for values that have lost their force."""
        padded = np.append(self.muted, np.False_)
        return np.where(padded[self.codes], np.int32(MISSING), self.codes).astype(np.int32)

    @cached_property
    def keys(self) -> NDArray[np.int64]:
        """Fingerprints of the block keys of each of `standards`; -1 pads the rows."""
        return self._padded([standard.keys for standard in self.standards])

    @cached_property
    def weak_keys(self) -> NDArray[np.int64]:
        """Fingerprints of the weak block keys of each of `standards`; -1 pads the rows."""
        return self._padded([standard.weak_keys for standard in self.standards])

    def _padded(self, texts: list[tuple[str, ...]]) -> NDArray[np.int64]:
        width = max(map(len, texts), default=0)
        padded = np.full((len(texts), width), -1, np.int64)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        flat: dict[str, int] = {}
        numbers = [flat.setdefault(text, len(flat)) for own in texts for text in own]
        marks = fingerprints(f"{self.name}\x1f{text}" for text in flat)
        padded[np.arange(width) < lengths[:, None]] = marks[numbers] if numbers else marks
        return padded

    def muting(self, keys: NDArray[np.int64]) -> StandardColumn:
        """The column in which the values led by one of these keys have lost their force."""
        if not self.keys.shape[1]:
            return self
        changed = replace(self, muted=self.muted | np.isin(self.keys[:, 0], keys))
        # What is known of the values stays true of them.
        known = {name: value for name, value in vars(self).items() if name in _OF_VALUES}
        vars(changed).update(known)
        return changed

    def value(self, row: int) -> Standard | None:
        """The canonical value of one record, None if it has none or it has lost its force."""
        code = int(self.live_codes[row])
        return None if code == MISSING else self.standards[code]

    def taking(self, rows: NDArray[np.int32]) -> StandardColumn:
        """The column of these records alone, in this order."""
        kept, codes = np.unique(self.codes[rows], return_inverse=True)
        if kept.size and kept[0] == MISSING:
            kept, codes = kept[1:], codes - 1
        standards = tuple(self.standards[code] for code in kept.tolist())
        raw = [self.raw[row] for row in rows.tolist()]
        return StandardColumn(
            self.name, self.semantic, raw, standards, codes.astype(np.int32), self.muted[kept]
        )
