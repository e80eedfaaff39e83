"""Kinds of block keys: those of one column, and those that the weak keys of two columns make together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.fingerprint import fingerprint, mixed
from mdm_matching.key_codes import NO_KEY, KeyCodes, in_one_numbering

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_column import StandardColumn
    from mdm_matching.standardising.standard_table import StandardTable

# `column` of a key that two weak keys make together.
COMPOUND = -1
# A record makes at most this many compound keys, the rarest pairs of columns first.
COMPOUND_LIMIT = 40

# What the fingerprint of a weak key is mixed with where it stands alone, so that it is no other key.
ALONE = fingerprint("a weak key alone")

# The fingerprints of keys, given by their numbers.
Marks = Callable[[NDArray[np.int64]], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class KeyKind:
    """The block keys of one kind; keys of two kinds are never equal.

    Attributes:
        columns: names of the columns that make the keys; more than two where some share their weak keys.
        column: index of the column that the keys are of; -1 if two make them.
        row: for each key a record that holds it; keys known to be of a single record are left out.
        code: the key's number, which is its own within the kind.
        span: numbers are below this.
        held: how many keys of this kind the records hold, those left out included.
        marks: the fingerprints of the keys with these numbers.
    """

    columns: tuple[str, ...]
    column: int
    row: NDArray[np.int32]
    code: NDArray[np.int64]
    span: int
    held: int
    marks: Marks


_Held = tuple[NDArray[np.int32], NDArray[np.int64], int]
"""Records, the numbers of the keys they hold, and how many they hold with those that are left out."""


def key_kinds(table: StandardTable) -> Iterator[KeyKind]:
    """The kinds of keys one after the other, so that only one need be in memory at a time."""
    for place, column in enumerate(table.columns):
        keys = column.key_codes
        if keys.width:
            held = [_held(padded[column.live_codes]) for padded in keys.padded()]
            yield _kind((column.name,), place, held, keys.count, keys.marks)
    yield from _compounds(table)


def _held(codes: NDArray[np.int32]) -> _Held:
    rows = np.flatnonzero(codes >= 0)
    return rows.astype(np.int32), codes[rows].astype(np.int64), int((codes != NO_KEY).sum())


def _kind(columns: tuple[str, ...], column: int, held: list[_Held], span: int, marks: Marks) -> KeyKind:
    rows, codes, counts = zip(*held, strict=True)
    return KeyKind(columns, column, np.concatenate(rows), np.concatenate(codes), span, sum(counts), marks)


def weak_kind(table: StandardTable, places: list[int]) -> KeyKind:
    """The weak keys of these columns, each alone; equal keys of two of them are one key."""
    columns = [table.columns[place] for place in places]
    keys = in_one_numbering([column.weak_key_codes for column in columns])
    held = [
        _held(padded[column.live_codes])
        for column, own in zip(columns, keys, strict=True)
        for padded in own.padded()
    ]

    def marks(codes: NDArray[np.int64]) -> NDArray[np.int64]:
        return mixed(np.full(len(codes), ALONE, np.int64), keys[0].marks(codes))

    return _kind(tuple(column.name for column in columns), places[0], held, keys[0].count, marks)


def _compounds(table: StandardTable) -> Iterator[KeyKind]:
    """Of columns that share their weak keys, such as given and family name, one makes the keys of another."""
    bearing = [place for place, column in enumerate(table.columns) if column.weak_key_codes.width]
    numbered = _numbered(table, bearing)
    pairs = ordered_pairs(table, bearing)
    used = np.zeros(table.rows, np.uint8)
    alike: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for pair in pairs:
        alike.setdefault(_spaces(table, pair), []).append(pair)
    made: dict[tuple[str, ...], list[_Held]] = {}
    for pair in pairs:
        spaces = _spaces(table, pair)
        one, other = ((table.columns[place], numbered[place]) for place in pair)
        made.setdefault(spaces, []).extend(_pair_keys(one, other, used, either_way=len(set(spaces)) == 1))
        if pair != alike[spaces][-1]:
            continue
        held = made.pop(spaces)
        if any(count for _, _, count in held):
            places = dict.fromkeys(place for own in alike[spaces] for place in own)
            names = tuple(table.columns[place].name for place in places)
            span = one[1].count * max(1, other[1].count)
            yield _kind(names, COMPOUND, held, span, _together(one[1], other[1]))


def ordered_pairs(table: StandardTable, places: Iterable[int]) -> list[tuple[int, int]]:
    """Every two of these columns, the rarest first; in each the one that shares its weak keys comes first."""

    def first(place: int) -> tuple[bool, str, int]:
        column = table.columns[place]
        return (not column.semantic.key_space, column.semantic.key_space, place)

    pairs = sorted(combinations(places, 2), key=lambda pair: commonness(table, pair))
    oriented = (sorted(pair, key=first) for pair in pairs)
    return [(one, other) for one, other in oriented]


def _spaces(table: StandardTable, pair: tuple[int, int]) -> tuple[str, ...]:
    return tuple(table.columns[place].key_space for place in pair)


def _numbered(table: StandardTable, places: list[int]) -> dict[int, KeyCodes]:
    """The weak keys of these columns; equal keys of columns that share them have one number."""
    spaces: dict[str, list[int]] = {}
    for place in places:
        spaces.setdefault(table.columns[place].key_space, []).append(place)
    found: dict[int, KeyCodes] = {}
    for several in spaces.values():
        keys = [table.columns[place].weak_key_codes for place in several]
        found.update(zip(several, in_one_numbering(keys) if len(keys) > 1 else keys, strict=True))
    return found


def _together(left: KeyCodes, right: KeyCodes) -> Marks:
    """The fingerprints of keys of two columns, which are packed into one number."""

    def marks(codes: NDArray[np.int64]) -> NDArray[np.int64]:
        one, other = np.divmod(codes, max(1, right.count))
        return mixed(left.marks(one), right.marks(other))

    return marks


def _pair_keys(
    left: tuple[StandardColumn, KeyCodes],
    right: tuple[StandardColumn, KeyCodes],
    used: NDArray[np.uint8],
    *,
    either_way: bool,
) -> Iterator[_Held]:
    """The keys that two columns make together; counts in `used` how many each record has made.

    Args:
        either_way: whether it does not matter which of the columns holds which of the two keys.
    """
    count = max(1, right[1].count)
    every_end = [padded[right[0].live_codes] for padded in right[1].padded()]
    for one in left[1].padded():
        begins = one[left[0].live_codes]
        for ends in every_end:
            made = (begins != NO_KEY) & (ends != NO_KEY) & (used < COMPOUND_LIMIT)
            used += made
            rows = np.flatnonzero(made & (begins >= 0) & (ends >= 0))
            first, second = begins[rows].astype(np.int64), ends[rows].astype(np.int64)
            if either_way:
                first, second = np.minimum(first, second), np.maximum(first, second)
            yield rows.astype(np.int32), first * count + second, int(made.sum())


def commonness(table: StandardTable, pair: tuple[int, int]) -> tuple[float, int, int]:
    """How often two different things agree on both columns, by their types; ties by place.

    The parts of a name come first: of all that two records of one thing hold, both mostly hold those.
    """
    left, right = (table.columns[place].semantic for place in pair)
    if left.group == right.group == "name":
        return (0.0, *pair)
    return (left.levels[0].u * right.levels[0].u, *pair)
