"""How often Python looks for objects that only hold each other, while millions are made that do not.

A load makes rows, claims and cells that are let go of one by one. To look through them after every 700 new
ones, as Python does, took a fifth of a load's time and freed nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SELDOM = (100_000, 20, 50)
"""New objects before the young are looked through, and how many such rounds before the older ones are."""

_lock = Lock()
_busy = 0
_usual = gc.get_threshold()


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Collect garbage seldom while many objects are made; several may be at it at once."""
    global _busy, _usual  # noqa: PLW0603  # it is one setting of the whole process
    with _lock:
        if not _busy:
            _usual = gc.get_threshold()
            gc.set_threshold(*SELDOM)
        _busy += 1
    try:
        yield
    finally:
        with _lock:
            _busy -= 1
            if not _busy:
                gc.set_threshold(*_usual)
