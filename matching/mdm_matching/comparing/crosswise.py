"""Names the other way round: the given name of one record is the family name of the other, and vice versa."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.string_measures import typing_slip
from mdm_matching.semantics.text import skeleton
from mdm_matching.standardising.standard_column import StandardColumn

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_table import StandardTable

_Rows = NDArray[np.int32]
_Flags = NDArray[np.bool_]
_Texts = NDArray[np.int64]
_NO_TEXT = 0
# Where a table keeps what is known of its two columns.
_KEPT = "crosswise"
_GIVEN, _FAMILY = "given_name", "family_name"


@dataclass(frozen=True, slots=True)
class Crosswise:
    """The column of given names and that of family names, with what tells which texts of both are equal.

    Attributes:
        given: place of the column of given names in the table.
        family: place of that of family names.
        given_texts: for each value of the one the fingerprint of its text; 0 for no value, as the last.
        family_texts: likewise for the other; equal fingerprints are equal names.
    """

    given: int
    family: int
    given_texts: NDArray[np.int64]
    family_texts: NDArray[np.int64]

    @classmethod
    def of(cls, table: StandardTable) -> Crosswise | None:
        """What there is to compare crosswise; None for a table without both columns. Worked out once."""
        known = vars(table).get(_KEPT)
        if isinstance(known, cls):
            return known
        names = [column.semantic.name for column in table.columns]
        if _GIVEN not in names or _FAMILY not in names:
            return None
        given, family = names.index(_GIVEN), names.index(_FAMILY)
        made = cls(given, family, *(_texts(table.columns[place]) for place in (given, family)))
        vars(table)[_KEPT] = made
        return made

    @staticmethod
    def of_first(table: StandardTable) -> Crosswise | None:
        """The same where the first record has a name that stands in another's other column; else None.

        With no such name nothing agrees crosswise.
        """
        columns = {column.semantic.name: column for column in reversed(table.columns)}  # the first of a type
        given, family = columns.get(_GIVEN), columns.get(_FAMILY)
        if given is None or family is None or not (_stands(given, family) or _stands(family, given)):
            return None
        return Crosswise.of(table)

    def mark(self, table: StandardTable, left: _Rows, right: _Rows, levels: NDArray[np.uint8]) -> None:
        """Set the levels of the pairs whose names agree crosswise and do not as they stand."""
        given, family = table.columns[self.given], table.columns[self.family]
        differ = np.flatnonzero(
            (levels[:, self.given] == _last(given)) | (levels[:, self.family] == _last(family))
        )
        left, right = left[differ], right[differ]
        one, two = given.live_codes[left], family.live_codes[right]
        three, four = family.live_codes[left], given.live_codes[right]
        first = (self.given_texts[one], self.family_texts[two])
        second = (self.family_texts[three], self.given_texts[four])
        crossed = self._crossed(first, second)
        near = np.flatnonzero(~crossed & self._half(first, second))
        crossed[near] = _slips(given, family, (one[near], two[near])) & _slips(
            family, given, (three[near], four[near])
        )
        for place, column in ((self.given, given), (self.family, family)):
            known = differ[crossed & (levels[differ, place] != np.uint8(255))]
            levels[known, place] = column.semantic.crossed_level

    def _crossed(self, first: tuple[_Texts, _Texts], second: tuple[_Texts, _Texts]) -> _Flags:
        """Whether each name stands in the other's column, as far as both sides have it, one at least."""
        agree, apart = zip(*((_agree(*names), _apart(*names)) for names in (first, second)), strict=True)
        crossed: _Flags = (agree[0] | agree[1]) & ~apart[0] & ~apart[1]
        return crossed

    def _half(self, first: tuple[_Texts, _Texts], second: tuple[_Texts, _Texts]) -> _Flags:
        """Whether one name stands in the other's column while the other two differ."""
        half: _Flags = (_agree(*first) & _apart(*second)) | (_agree(*second) & _apart(*first))
        return half


def _stands(one: StandardColumn, other: StandardColumn) -> bool:
    """Whether the first record's value in the one column is anybody's in the other."""
    own = one.value(0)
    return own is not None and any(value.text == own.text for value in other.standards)


def _texts(column: StandardColumn) -> _Texts:
    return np.append(column.text_marks[:-1], _NO_TEXT)


def _last(column: StandardColumn) -> int:
    return len(column.semantic.levels) - 1


def _agree(one: _Texts, other: _Texts) -> _Flags:
    agree: _Flags = (one == other) & (one != _NO_TEXT)
    return agree


def _apart(one: _Texts, other: _Texts) -> _Flags:
    apart: _Flags = (one != other) & (one != _NO_TEXT) & (other != _NO_TEXT)
    return apart


def _slips(one: StandardColumn, other: StandardColumn, codes: tuple[_Rows, _Rows]) -> _Flags:
    """Whether the values of two columns are equal or a slip of the pen apart."""
    left = [skeleton(one.standards[code].text) for code in codes[0].tolist()]
    right = [skeleton(other.standards[code].text) for code in codes[1].tolist()]
    equal = np.fromiter((a == b for a, b in zip(left, right, strict=True)), np.bool_, len(left))
    return equal | typing_slip(left, right)
