"""Named places where a test lets the process die, fail, wait or hang; off unless MDM_FAIL_POINTS arms one.

`MDM_FAIL_POINTS=ingest.after_versions=kill` kills the process there as a power cut would, `=raise` raises,
`=sleep:0.2` waits 0.2 seconds, `=hang` waits until somebody ends the process. `@3` behind the name lets the
first two times pass: `commit.before@3=kill`. Several are parted by semicolons.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import dataclass, field

from mdm.errors import UsageError

VARIABLE = "MDM_FAIL_POINTS"
ACTIONS = ("kill", "raise", "sleep", "hang")


class FailPointError(Exception):
    """Raised at an armed fail point, as an unforeseen error would be."""


@dataclass
class _Armed:
    """What happens at one point, once; `left` more times pass before it does."""

    action: str
    seconds: float = 0.0
    left: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


_armed: dict[str, _Armed] = {}


def reach(name: str) -> None:
    """Say that the program has come to a named place; nothing happens unless a test has armed it."""
    if _armed:
        _act(name)


def arm(points: str) -> None:
    """Arm points instead of those armed before, and let go what hangs there; an empty text arms none.

    Raises:
        UsageError: the text is no list of `name[@time]=action`.
    """
    for point in _armed.values():
        point.released.set()
    _armed.clear()
    for text in filter(None, (part.strip() for part in points.split(";"))):
        name, _, action = text.partition("=")
        name, _, time = name.partition("@")
        action, _, seconds = action.partition(":")
        if action not in ACTIONS or not (time or "1").isdigit():
            raise UsageError(
                f"{VARIABLE} cannot be read at {text!r}; write NAME[@TIME]=ACTION, "
                f"ACTION being one of {', '.join(ACTIONS)}."
            )
        _armed[name] = _Armed(action, float(seconds or 0), int(time or 1) - 1)


def wait_for(name: str, seconds: float) -> bool:
    """Wait until another thread has come to an armed point; whether it has."""
    return _armed[name].reached.wait(seconds)


def _act(name: str) -> None:
    point = _armed.get(name)
    if point is None or point.reached.is_set():
        return
    if point.left:
        point.left -= 1
        return
    point.reached.set()
    match point.action:
        case "kill":
            _die()
        case "raise":
            raise FailPointError(name)
        case "sleep":
            point.released.wait(point.seconds)
        case _:
            point.released.wait()


def _die() -> None:
    """End at once, with nothing tidied up; Windows knows no SIGKILL, but ends a process as hard."""
    if sys.platform == "win32":
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get(VARIABLE, ""))
