"""Sizes of memory: as people write them, and as the machine has them."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from mdm_matching.errors import MemoryBoundError

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?)b?|b)?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
# Of the memory that nobody uses so much is taken unless a bound is given.
_SHARE = 0.75
# Bytes that a machine is taken to have left which does not tell.
_UNTOLD = 2_000_000_000
_STATM, _MEMINFO = Path("/proc/self/statm"), Path("/proc/meminfo")
# What a container may take and takes: of control groups in their second and their first version.
_GROUPS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (
        Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ),
)


def read_size(written: str | int) -> int:
    """Bytes of a size such as 800M, 1.2G (each 1,000 of the smaller) or 2GiB (1,024); a number is bytes.

    Raises:
        MemoryBoundError: it is no size.
    """
    found = _WRITTEN.fullmatch(str(written).strip())
    if found is None or float(found.group(1)) <= 0:
        raise MemoryBoundError(f"{written!r} is no size of memory; write it like 800M or 1.2G")
    number, unit, binary = found.groups(default="")
    return int(float(number) * (1024 if binary else 1000) ** _POWERS[unit.lower()])


def resident() -> int:
    """Bytes of memory that this process holds now; where the system does not tell, the most it has held."""
    if _STATM.exists():
        import resource

        return int(_STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return _most_held()


def _most_held() -> int:
    try:
        import resource
    except ImportError:  # on Windows there is none
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def give_back() -> None:
    """Give the system the memory that was freed and that the allocator keeps for later."""
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it
    return trim


def default_bound() -> int:
    """Bytes that this process may hold if nobody says: what it holds, and three quarters of what is free."""
    return resident() + int(_SHARE * _free())


def _free() -> int:
    free = [_UNTOLD]
    if _MEMINFO.exists():
        lines = dict(line.split(":", 1) for line in _MEMINFO.read_text(encoding="ascii").splitlines())
        free = [int(lines["MemAvailable"].split()[0]) * 1024] if "MemAvailable" in lines else free
    for most, used in _GROUPS:
        if most.exists() and used.exists() and (limit := most.read_text(encoding="ascii").strip()).isdigit():
            free.append(max(int(limit) - int(used.read_text(encoding="ascii")), 0))
    return min(free)
