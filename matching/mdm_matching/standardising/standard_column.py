"""One column in canonical form: every distinct value once, and which record holds which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from mdm_matching.fingerprint import fingerprints
from mdm_matching.key_codes import KeyCodes, key_marks
from mdm_matching.semantics.joined_standards import standards_at
from mdm_matching.semantics.screening import Screen
from mdm_matching.semantics.semantic_type import SemanticType, Standard
from mdm_matching.semantics.several import Several
from mdm_matching.standardising.canonical import Input, canonical, remembered
from mdm_matching.standardising.encoding import MISSING, Encoded, encoded, encoded_in_parts

# What a column works out once about its values, whether or not they have lost their force.
_OF_VALUES = frozenset({"text_codes", "text_marks", "screen", "key_codes", "weak_key_codes", "leading_keys"})
# Values of a column that are kept as objects; more than this are joined where room matters.
_FEW = 20_000


__all__ = ["MISSING", "Room", "StandardColumn"]


class Room(Enum):
    """How the canonical values of a large column are kept."""

    OBJECTS = "objects"
    """As objects, with everything."""
    JOINED = "joined"
    """In little room: their notes and the texts of their keys are lost."""
    PAIRS = "pairs"
    """In less room: keys of a single record, which makes no pair, are lost as well."""


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
    standards: Sequence[Standard]
    codes: NDArray[np.int32]
    muted: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        name: str,
        semantic: SemanticType,
        raw: Sequence[str | None],
        context: Sequence[str | None] | None,
        *,
        room: Room = Room.OBJECTS,
    ) -> StandardColumn:
        """Standardise each distinct value, or each distinct value with its context, once.

        Of a value longer than 10,000 signs the rest is set aside: no name or text is told by more.

        Args:
            room: how the values of a large column are kept.
        """
        inputs: Iterable[Input] = raw if context is None else zip(raw, context, strict=True)
        places: dict[Input, int] = {}
        row_places = np.fromiter((places.setdefault(x, len(places)) for x in inputs), np.int32, len(raw))
        read = partial(remembered if len(places) <= _FEW else canonical, semantic)
        if room is Room.OBJECTS or len(places) <= _FEW:
            standards, codes = encoded(map(read, places))
            row_codes = np.append(codes, np.int32(MISSING))[row_places]
            return cls(name, semantic, raw, standards, row_codes, np.zeros(len(standards), np.bool_))
        found = encoded_in_parts((name, semantic.key_space or name), list(places), read)
        places.clear()
        row_codes = np.append(found.codes, np.int32(MISSING))[row_places]
        bare = cls(name, semantic, raw, (), row_codes, np.zeros(0, np.bool_))
        return bare._holding(found, every_key=room is Room.JOINED)

    def _holding(self, found: Encoded, *, every_key: bool) -> StandardColumn:
        """The column with values that were encoded in parts, and what is known of them."""
        size = len(found.standards)
        holders = np.bincount(self.codes[self.codes >= 0], minlength=size)
        # A weak key that a single record holds here may be held in a column of the same key space.
        elsewhere = 1 if self.semantic.key_space else 0
        made = replace(self, standards=found.standards, muted=np.zeros(size, np.bool_))
        vars(made).update(
            text_codes=found.text_codes,
            text_marks=found.text_marks,
            key_codes=found.keys.marked() if every_key else found.keys.shared(holders),
            weak_key_codes=(
                found.weak_keys.marked() if every_key else found.weak_keys.shared(holders + elsewhere)
            ),
        )
        return made

    @classmethod
    def of_standards(
        cls, name: str, semantic: SemanticType, raw: Sequence[str | None], found: Sequence[Standard | None]
    ) -> StandardColumn:
        """The column of values that are already in canonical form; None for none."""
        standards, codes = encoded(found)
        return cls(name, semantic, raw, standards, codes, np.zeros(len(standards), np.bool_))

    @cached_property
    def text_codes(self) -> NDArray[np.int32]:
        """For each of `standards` the number of its text: equal numbers are equal texts."""
        seen: dict[str, int] = {}
        return np.fromiter(
            (seen.setdefault(s.text, len(seen)) for s in self.standards), np.int32, len(self.standards)
        )

    @cached_property
    def text_marks(self) -> NDArray[np.int64]:
        """The fingerprint of the text of each of `standards`, and of no text as the last."""
        return fingerprints([*(standard.text for standard in self.standards), ""])

    @cached_property
    def screen(self) -> Screen | None:
        """What tells most pairs of `standards` apart without comparing them; None where nothing does."""
        return self.semantic.screen(self.standards)

    @cached_property
    def live_codes(self) -> NDArray[np.int32]:
        """The codes, with -1 also for values that have lost their force."""
        if not self.muted.any():
            return self.codes
        padded = np.append(self.muted, np.False_)
        return np.where(padded[self.codes], np.int32(MISSING), self.codes)

    @cached_property
    def key_codes(self) -> KeyCodes:
        """The block keys of each of `standards`."""
        return KeyCodes.of(self.name, [standard.keys for standard in self.standards])

    @cached_property
    def weak_key_codes(self) -> KeyCodes:
        """The weak block keys of each of `standards`."""
        return KeyCodes.of(self.key_space, [standard.weak_keys for standard in self.standards])

    @property
    def key_space(self) -> str:
        """What the weak keys are told apart by: the column's name, or what its type shares with others."""
        return self.semantic.key_space or self.name

    def weighing(self, semantic: SemanticType) -> StandardColumn:
        """The column whose type weighs its words anew; no value changes."""
        return self._with_known(replace(self, semantic=semantic))

    @cached_property
    def leading_keys(self) -> NDArray[np.int64]:
        """The fingerprint of the first block key of each of `standards`; -1 for none or a lone one."""
        if "key_codes" not in vars(self):
            # Whoever only scores asks for no other keys: the first of each is found without the rest.
            found = np.full(len(self.standards), -1, np.int64)
            leading = [(place, own.keys[0]) for place, own in enumerate(self.standards) if own.keys]
            found[[place for place, _ in leading]] = key_marks(self.name, (key for _, key in leading))
            return found
        if not self.key_codes.width:
            return np.full(len(self.standards), -1, np.int64)
        return self._marked(self.key_codes.codes[:, 0])

    @property
    def watched_keys(self) -> NDArray[np.int64]:
        """The keys by which each of `standards` may lose its force, a row each; -1 for none or a lone one.

        That is the leading one; of several values every one's.
        """
        if not isinstance(self.semantic, Several) or not self.key_codes.width:
            return self.leading_keys.reshape(-1, 1)
        return np.stack([self._marked(place) for place in self.key_codes.codes.T], axis=1)

    def _marked(self, codes: NDArray[np.int32]) -> NDArray[np.int64]:
        found = np.full(len(codes), -1, np.int64)
        some = np.flatnonzero(codes >= 0)
        found[some] = self.key_codes.marks(codes[some])
        return found

    def muting(self, keys: NDArray[np.int64]) -> StandardColumn:
        """The column in which the values led by one of these keys have lost their force."""
        led = np.isin(self.watched_keys, keys).any(axis=1)
        return self._with_known(replace(self, muted=self.muted | led))

    def _with_known(self, changed: StandardColumn) -> StandardColumn:
        """The changed column, which knows of the values what this one does."""
        known = {name: value for name, value in vars(self).items() if name in _OF_VALUES}
        vars(changed).update(known)
        return changed

    def value(self, row: int) -> Standard | None:
        """The canonical value of one record, None if it has none or it has lost its force."""
        code = int(self.live_codes[row])
        return None if code == MISSING else self.standards[code]

    def followed_by(self, more: StandardColumn) -> StandardColumn:
        """The column of these records and of those of another one of its name; no value may be muted yet."""
        standards, codes = encoded([*self.standards, *more.standards])
        others = np.append(codes[len(self.standards) :], np.int32(MISSING))[more.codes]
        row_codes = np.concatenate([self.codes, others])
        raw = [*self.raw, *more.raw]
        return StandardColumn(
            self.name, self.semantic, raw, standards, row_codes, np.zeros(len(standards), np.bool_)
        )

    def taking(self, rows: NDArray[np.int32]) -> StandardColumn:
        """The column of these records alone, in this order."""
        kept, codes = np.unique(self.codes[rows], return_inverse=True)
        if kept.size and kept[0] == MISSING:
            kept, codes = kept[1:], codes - 1
        standards = tuple(standards_at(self.standards, kept))
        raw = [self.raw[row] for row in rows.tolist()]
        return StandardColumn(
            self.name, self.semantic, raw, standards, codes.astype(np.int32), self.muted[kept]
        )
