"""Packed texts: texts as numbers, so that few pairs need a look at the letters.

Every answer errs on one side alone: it may say "perhaps" of texts that differ, never "no" of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.value_pairs import Places, numbered

Flags = NDArray[np.bool_]
# Whether the values at these places may agree in a certain way, pair by pair.
Test = Callable[[Places, Places], Flags]

# So few pairs are compared letter by letter before their texts are packed.
FEW = 200
# Texts packed at a time: they take many times the room that their numbers take.
_CHUNK = 20_000
_ENDS = 8  # signs kept of each end of a text: as many as fit a 64-bit number
_TWO_STAY = 5  # of texts of so many signs one edit leaves two signs at the start or at the end
_ROUNDING = 1e-4  # likenesses are 32-bit numbers


def _bit_of_sign() -> NDArray[np.uint64]:
    """For each byte the bit that stands for it: letters and digits have one of their own, others share."""
    bits = np.arange(256) % 28 + 36
    bits[ord("a") : ord("z") + 1] = np.arange(26)
    bits[ord("0") : ord("9") + 1] = np.arange(26, 36)
    return np.uint64(1) << bits.astype(np.uint64)


_BITS = _bit_of_sign()


def _differing(apart: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """How many of eight bytes are not 0."""
    folded = apart | apart >> np.uint64(4)
    folded |= folded >> np.uint64(2)
    folded |= folded >> np.uint64(1)
    count: NDArray[np.uint8] = np.bitwise_count(folded & np.uint64(0x0101010101010101))
    return count


@dataclass(frozen=True, slots=True)
class PackedTexts:
    """Texts as numbers; a sign that is not ASCII counts as a question mark.

    Attributes:
        sizes: how many signs each has.
        signs: the set of the signs that occur in each, one bit each.
        starts: the first eight signs, the first in the highest byte; 0 after the end.
        ends: the last eight signs, the last in the lowest byte; 0 before the beginning.
    """

    sizes: NDArray[np.int32]
    signs: NDArray[np.uint64]
    starts: NDArray[np.uint64]
    ends: NDArray[np.uint64]

    @property
    def shortest(self) -> int:
        """How many signs the shortest has."""
        return int(self.sizes.min(initial=_TWO_STAY))

    @property
    def longest(self) -> int:
        """How many signs the longest has."""
        return int(self.sizes.max(initial=0))

    @classmethod
    def of(cls, texts: Sequence[str]) -> PackedTexts:
        """The texts as numbers."""
        parts = [cls._of(texts[begin : begin + _CHUNK]) for begin in range(0, len(texts), _CHUNK)]
        if len(parts) < 2:
            return parts[0] if parts else cls._of(texts)
        return cls(
            np.concatenate([part.sizes for part in parts]),
            np.concatenate([part.signs for part in parts]),
            np.concatenate([part.starts for part in parts]),
            np.concatenate([part.ends for part in parts]),
        )

    @classmethod
    def _of(cls, texts: Sequence[str]) -> PackedTexts:
        sizes = np.fromiter(map(len, texts), np.int64, len(texts))
        signs = np.frombuffer("".join(texts).encode("ascii", "replace"), np.uint8)
        after = np.cumsum(sizes)
        before = after - sizes
        held = np.zeros(len(texts), np.uint64)
        some = sizes > 0
        if some.any():
            held[some] = np.bitwise_or.reduceat(_BITS[signs], before[some])
        starts, ends = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.uint64)
        for place in range(_ENDS):
            longer = np.flatnonzero(sizes > place)
            shift = np.uint64(8 * (_ENDS - 1 - place))
            starts[longer] |= signs[before[longer] + place].astype(np.uint64) << shift
            ends[longer] |= signs[after[longer] - 1 - place].astype(np.uint64) << np.uint64(8 * place)
        return cls(sizes.astype(np.int32), held, starts, ends)

    def within(self, most: Callable[[NDArray[np.int32]], NDArray[np.integer]], bound: int) -> Test:
        """Whether two texts may be as few edits apart as `most` says for the length of the shorter.

        Args:
            bound: the most that `most` says of any length.
        """
        sizes = self.sizes
        return self.within_limits(lambda left, right: most(np.minimum(sizes[left], sizes[right])), bound)

    def within_limits(self, most: Callable[[Places, Places], NDArray[np.integer]], bound: int) -> Test:
        """Whether two texts may be as few edits apart as `most` says for the pair, never above `bound`."""

        def test(left: Places, right: Places) -> Flags:
            fits: Flags = np.bitwise_count(self.signs[left] ^ self.signs[right]) <= 2 * bound
            few = np.flatnonzero(fits)
            left, right = left[few], right[few]
            one, other, limit = self.signs[left], self.signs[right], most(left, right)
            close = np.abs(self.sizes[left] - self.sizes[right]) <= limit
            close &= np.bitwise_count(one & ~other) <= limit
            close &= np.bitwise_count(other & ~one) <= limit
            fits[few] = close
            return fits

        return test

    def one_edit(self, left: Places, right: Places) -> Flags:
        """Whether two texts may be one edit apart: it leaves the first or the last half as it was."""
        from_start = self.starts[left] ^ self.starts[right]
        from_end = self.ends[left] ^ self.ends[right]
        # Two signs at least stay of texts of five signs or more; shorter ones fill no more than that.
        near: Flags = (from_start >> np.uint64(48) == 0) | (from_end & np.uint64(0xFFFF) == 0)
        if self.shortest < _TWO_STAY:
            near |= np.minimum(self.sizes[left], self.sizes[right]) < _TWO_STAY
        few = np.flatnonzero(near)
        near[few] = self._one_edit(left[few], right[few], from_start[few], from_end[few])
        return near

    def _one_edit(
        self, left: Places, right: Places, from_start: NDArray[np.uint64], from_end: NDArray[np.uint64]
    ) -> Flags:
        long, short = self.sizes[left], self.sizes[right]
        kept = np.clip((np.minimum(long, short) - 1) // 2, 0, _ENDS).astype(np.uint64) * np.uint64(8)
        whole = kept == 64  # a shift by all 64 bits is undefined
        start = np.where(whole, from_start, from_start & ~(np.uint64(2**64 - 1) >> kept))
        end = np.where(whole, from_end, from_end & ~(np.uint64(2**64 - 1) << kept))
        near: Flags = (np.abs(long - short) <= 1) & ((start == 0) | (end == 0))
        # Texts of one length differ in one sign then, or in two.
        near &= (long != short) | ((_differing(from_start) <= 2) & (_differing(from_end) <= 2))
        return near

    def alike(self, likeness: float) -> Test:
        """Whether the Jaro-Winkler likeness of two texts may reach this value, 0 to 1."""
        # The most that a common start adds leaves so much to the share of common signs.
        least = np.float32(3 * (likeness - 0.4) / 0.6 - 1 - 0.01)
        inverse = (1 / np.maximum(self.sizes, 1)).astype(np.float32)

        def test(left: Places, right: Places) -> Flags:
            one, other = self.signs[left], self.signs[right]
            sizes_left, sizes_right = self.sizes[left], self.sizes[right]
            common = np.minimum(
                sizes_left - np.bitwise_count(one & ~other), sizes_right - np.bitwise_count(other & ~one)
            )
            fits: Flags = common * (inverse[left] + inverse[right]) >= least
            few = np.flatnonzero(fits)
            common, sizes_left, sizes_right = common[few], sizes_left[few], sizes_right[few]
            jaro = (common / np.maximum(sizes_left, 1) + common / np.maximum(sizes_right, 1) + 1) / 3
            apart = (self.starts[left[few]] ^ self.starts[right[few]]) >> np.uint64(32)
            prefix = sum(
                ((apart < np.uint64(1 << bits)).astype(np.int8) for bits in (24, 16, 8, 0)), np.int8(0)
            )
            fits[few] = jaro + 0.1 * prefix * (1 - jaro) >= likeness - _ROUNDING
            return fits

        return test

    def one_inside(self, shortest: int) -> Test:
        """Whether one text of at least `shortest` signs may stand within the other."""

        def test(left: Places, right: Places) -> Flags:
            one, other = self.signs[left], self.signs[right]
            inside: Flags = ((one & ~other) == 0) | ((other & ~one) == 0)
            inside &= np.minimum(self.sizes[left], self.sizes[right]) >= shortest
            return inside

        return test

    def same_end(self, signs: int) -> Test:
        """Whether the last `signs` signs of two texts are the same, at most eight."""
        ends = self.ends & np.uint64((1 << 8 * signs) - 1)
        return lambda left, right: ends[left] == ends[right]

    def same_start(self, signs: int) -> Test:
        """Whether the first `signs` signs of two texts are the same, at most eight."""
        starts = self.starts >> np.uint64(8 * (_ENDS - signs))
        return lambda left, right: starts[left] == starts[right]


def same(values: Iterable[str]) -> Test:
    """Whether two of the values are equal and not empty."""
    numbers = numbered(values)

    def test(left: Places, right: Places) -> Flags:
        one = numbers[left]
        equal: Flags = (one == numbers[right]) & (one > 0)
        return equal

    return test


def either(flags: Flags) -> Test:
    """Whether one of the two values bears the flag."""
    return lambda left, right: flags[left] | flags[right]
