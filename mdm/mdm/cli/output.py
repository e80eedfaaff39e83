"""How commands speak: results on standard output, progress and warnings on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mdm.resolve import Resolved
    from mdm_matching import Advance

EVERY = 2.0
"""Seconds between two lines of progress where there is no terminal."""


def say(text: str) -> None:
    """A line on standard output."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")


def say_json(value: Any) -> None:
    """A JSON document on standard output."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def say_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows in columns as wide as their widest cell."""
    table = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(header))]
    for row in table:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 row, 1,200 rows."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def resolved_summary(resolved: Resolved) -> str:
    """What a resolution did, as one sentence; empty if it did nothing."""
    counts = asdict(resolved)
    tasks = {name: counts.pop(f"tasks_{name}") for name in ("opened", "closed")}
    parts = [
        f"{title}: {', '.join(f'{n:,} {name}' for name, n in numbers.items() if n)}"
        for title, numbers in (("golden records", counts), ("tasks", tasks))
        if any(numbers.values())
    ]
    return f"{'; '.join(parts)}.".capitalize() if parts else ""


@contextmanager
def progress(unit: str = "rows") -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, a plain line every two seconds elsewhere; both on standard error."""
    if not sys.stderr.isatty():
        yield _PlainProgress(unit)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Drawn when something is told, not by a thread of its own, beside which no second process may start.
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False) as bar:
        tasks: dict[str, Any] = {}

        def advance(name: str, done: int, expected: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=expected)
            bar.update(tasks[name], completed=done, total=expected, refresh=True)

        yield advance


class _PlainProgress:
    """Says where the work stands, but not more often than every two seconds."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._said = time.monotonic()

    def __call__(self, name: str, done: int, expected: int) -> None:
        if time.monotonic() - self._said >= EVERY:
            note(f"{name}: {done:,} of about {expected:,} {self._unit}")
            self._said = time.monotonic()


class _Steps:
    """Says each step, and how far the work is where that is told: a `Follower` of the engine."""

    def __init__(self, say: Callable[[str], None], show: Callable[[float, str], None]) -> None:
        self._say, self._show = say, show

    def __call__(self, text: str) -> None:
        self._say(text)

    def advance(self, now: Advance) -> None:
        """Show how far the work is and how long the rest will take."""
        self._show(now.done, f"{now.step}, about {now.seconds_left:,.0f} s left")


def _every_two_seconds(show: Callable[[float, str], None]) -> Callable[[float, str], None]:
    """The same, but not more often than every two seconds."""
    said = time.monotonic()

    def seldom(done: float, text: str) -> None:
        nonlocal said
        if time.monotonic() - said >= EVERY:
            show(done, text)
            said = time.monotonic()

    return seldom


@contextmanager
def work() -> Iterator[_Steps]:
    """Long work whose end can be told: a bar with the time left on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        plain = _every_two_seconds(lambda done, text: note(f"{done:.0%} done: {text}"))
        yield _Steps(lambda name: note(f"{name} ..."), plain)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = Console(stderr=True)
    with Progress(
        BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), console=console
    ) as bar:
        task = bar.add_task("", total=1.0)

        def say(text: str) -> None:
            # What is expected stays on the screen; the step under way makes room for the next.
            if text.startswith("expect "):
                console.print(text, highlight=False, markup=False)
            else:
                bar.update(task, description=text)

        yield _Steps(say, lambda done, text: bar.update(task, completed=done, description=text))


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """The step under way: a spinner on a terminal, a line per step elsewhere."""
    if not sys.stderr.isatty():
        yield lambda name: note(f"{name} ...")
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        # What is expected stays on the screen; the step under way makes room for the next.
        yield lambda text: status.console.print(text) if text.startswith("expect ") else status.update(text)
