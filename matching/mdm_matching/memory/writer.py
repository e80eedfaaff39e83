"""Long arrays made part by part: in memory, or in a file where they do not fit.

The files have no name where the system allows it, so that it takes them away with the process, however that
ends.
"""

from __future__ import annotations

import mmap
import tempfile
from dataclasses import dataclass, field
from typing import IO, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.errors import MemoryBoundError
from mdm_matching.memory.memory import Memory

_PREFIX = "mdm-matching-"
# Fewer bytes than this stay in memory whatever happens.
_WORTH_A_FILE = 1_000_000

Entry = TypeVar("Entry", bound=np.generic)


@dataclass
class Writer(Generic[Entry]):
    """An array that grows at its end.

    Attributes:
        memory: what there is room for.
        what: what the array holds, as one reads it.
        empty: the array before anything was written: its type, and its width if it has two dimensions.
    """

    memory: Memory
    what: str
    empty: NDArray[Entry]
    _parts: list[NDArray[Entry]] = field(default_factory=list[NDArray[Entry]])
    _bytes: int = 0
    _file: IO[bytes] | None = None

    def add(self, part: NDArray[Entry]) -> None:
        """Write the next entries."""
        if self._file is not None:
            self._write(part)
            return
        self._parts.append(part)
        self._bytes += part.nbytes
        self.memory.waiting += part.nbytes
        if self._bytes >= _WORTH_A_FILE and self.memory.crowded:
            self._spill()

    def done(self) -> NDArray[Entry]:
        """The whole array; nothing can be added any more."""
        if self._file is None or not self._bytes:
            whole = self._parts[0] if len(self._parts) == 1 else np.concatenate([self.empty, *self._parts])
            self._forget()
            return whole
        with self._file as file:
            seen = mmap.mmap(file.fileno(), 0)
        self.memory.mapped(seen)
        self.memory.say(f"spilled {self.what}: {self._bytes / 1e6:,.0f} MB in {tempfile.gettempdir()}")
        array: NDArray[Entry] = np.frombuffer(seen, self.empty.dtype).reshape(-1, *self.empty.shape[1:])
        return array

    def _spill(self) -> None:
        file = tempfile.TemporaryFile(buffering=0, prefix=_PREFIX)  # noqa: SIM115  # `done` closes it
        self._file = file
        parts = self._parts.copy()
        self._forget()
        self._bytes = 0
        for part in parts:
            self._write(part)

    def _forget(self) -> None:
        self.memory.waiting -= sum(part.nbytes for part in self._parts)
        self._parts.clear()

    def _write(self, part: NDArray[Entry]) -> None:
        file = self._file
        if file is None or not part.size:
            return
        left = np.ascontiguousarray(part).data.cast("B")
        try:
            while left:
                left = left[file.write(left) :]
        except OSError as exc:
            file.close()
            raise MemoryBoundError(
                f"{self.what} go to {tempfile.gettempdir()}, which has no room left ({exc.strerror}): "
                "set TMPDIR to a folder that has, or allow more memory"
            ) from exc
        self._bytes += part.nbytes
