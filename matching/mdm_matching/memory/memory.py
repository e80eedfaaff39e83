"""A memory bound that is kept: long work goes slice by slice, and pairs that do not fit go to a file.

What is held for each record must fit; what is held for each pair need not.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from weakref import WeakSet

from mdm_matching.errors import MemoryBoundError
from mdm_matching.memory.sizes import default_bound, give_back, read_size, resident

# Of the bound this share is kept free to work in, and so many bytes at least.
_FREE_SHARE, _LEAST_FREE = 0.125, 64_000_000
# Entries of a slice, at least and at most.
_LEAST_SLICE, _MOST_SLICE = 65_536, 2_000_000
_MEGA = 1_000_000


@dataclass
class Memory:
    """The memory that a matching may take, that of the whole process.

    Attributes:
        bound: the most bytes that the process may hold.
        say: told what goes to a file.
        waiting: bytes of the parts that writers hold and will put together.
    """

    bound: int
    say: Callable[[str], None] = field(default=lambda _: None)
    waiting: int = 0
    _maps: WeakSet[mmap.mmap] = field(default_factory=WeakSet)

    @classmethod
    def of(cls, bound: str | int | None, say: Callable[[str], None] | None = None) -> Memory:
        """A bound as somebody writes it; without one three quarters of what nobody uses may be taken.

        Raises:
            MemoryBoundError: it is no size, or the process holds more already.
        """
        memory = cls(default_bound() if bound is None else read_size(bound), say or (lambda _: None))
        memory.check()
        return memory

    def check(self, more: int = 0) -> None:
        """See that so many bytes fit beside what is held.

        Raises:
            MemoryBoundError: they do not.
        """
        held = resident()
        if held + more <= self.bound:
            return
        self.release()
        give_back()
        needed = resident() + more
        if needed > self.bound:
            raise MemoryBoundError(
                f"{needed // _MEGA + 1:,} MB are needed so far and {self.bound // _MEGA:,} MB are allowed: "
                f"allow {(needed + needed // 4) // _MEGA + 1:,} MB or more, leave columns out that are no "
                "evidence, or match fewer records at a time"
            )

    @property
    def crowded(self) -> bool:
        """Whether too little is left to work in, once what waits is put together."""
        return resident() + self.waiting > self.bound - max(_LEAST_FREE, int(_FREE_SHARE * self.bound))

    def fitting(self, each: int) -> int:
        """How many entries to work on at a time, each of which takes so many bytes.

        Raises:
            MemoryBoundError: not even a few fit.
        """
        self.release()
        if self.crowded:
            give_back()
        self.check(_LEAST_SLICE * each)
        room = (self.bound - resident() - self.waiting) // 2
        return min(max(room // each, _LEAST_SLICE), _MOST_SLICE)

    def slices(self, count: int, each: int) -> Iterator[slice]:
        """Slices of `count` entries that fit one at a time; each entry takes so many bytes in the work."""
        begin = 0
        while begin < count:
            end = min(begin + self.fitting(each), count)
            yield slice(begin, end)
            begin = end
        self.release()

    def mapped(self, file: mmap.mmap) -> None:
        """Know of a file that is seen as memory."""
        self._maps.add(file)

    def release(self) -> None:
        """Let go of what was read of files; it is read again when it is needed."""
        if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            for file in self._maps:
                file.madvise(mmap.MADV_DONTNEED)
