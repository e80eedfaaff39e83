"""Two cores for one load: half of a piece of work, or what comes next, goes to a forked process.

Such work is a pure function of what is in memory: it asks no database, writes nothing, and what it returns
is the same wherever it runs. The child has everything by copy on write and hands back no more than its
result. Where there is no second core, no fork, or another thread (whose locks a fork would copy as they are),
the work is done here; so is that of a child that dies.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Result = TypeVar("Result")

Work = Callable[[], Generator[Question, Answer, Result]]
"""Begins a piece of work: it asks one question, which the database answers, and returns its result."""

_allowed: ContextVar[bool] = ContextVar("a second process is allowed", default=False)


@contextmanager
def second_process() -> Iterator[None]:
    """Let work within the block go to a second process, where that is possible."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def in_two() -> bool:
    """Whether work may be done by two processes at once, here and now."""
    return (
        _allowed.get()
        and hasattr(os, "fork")
        and hasattr(os, "sched_getaffinity")
        and len(os.sched_getaffinity(0)) > 1
        and threading.active_count() == 1
    )


def both(
    here: Work[Question, Answer, Result],
    there: Work[Question, Answer, Result],
    answer: Callable[[Question], Answer],
) -> tuple[Result, Result]:
    """The results of two pieces of work: one done here, the other at the same time in a second process."""
    child = _Child.begin(lambda line: _discuss(there(), line))
    try:
        own = here()
        reply = answer(next(own))
        with suppress(*_LOST):
            child.tell(answer(child.hear()))
        result = _finished(own, reply)
        try:
            return result, child.hear()
        except _LOST:
            return result, done(there, answer)
    finally:
        child.end()


def done(work: Work[Question, Answer, Result], answer: Callable[[Question], Answer]) -> Result:
    """The result of a piece of work, done here."""
    own = work()
    return _finished(own, answer(next(own)))


def _discuss(own: Generator[Any, Any, Any], line: Connection) -> None:
    line.send(next(own))
    line.send(_finished(own, line.recv()))


def _finished(own: Generator[Any, Answer, Result], reply: Answer) -> Result:
    try:
        own.send(reply)
    except StopIteration as end:
        result: Result = end.value
        return result
    raise RuntimeError("the work asks a second question")


_LOST = (EOFError, OSError, pickle.UnpicklingError)
"""What tells that the child is gone."""


@contextmanager
def beside(work: Callable[[], Result], *, worth: bool = True) -> Iterator[Callable[[], Result]]:
    """What gives the result of work that a second process does while the block goes on.

    Args:
        worth: it takes longer than the start of a process.
    """
    if not (worth and in_two()):
        yield work
        return
    child = _Child.begin(lambda line: line.send(work()))

    def result() -> Result:
        try:
            found: Result = child.hear()
        except _LOST:
            return work()
        return found

    try:
        yield result
    finally:
        child.end()


def ahead(items: Callable[[], Iterator[Result]]) -> Iterator[Result]:
    """The items, each made by a second process while the one before it is worked on.

    Args:
        items: begins to make them, always the same ones.
    """
    if not in_two():
        yield from items()
        return
    child = _Child.begin(lambda line: _hand_over(items(), line))
    count = 0
    try:
        while (found := child.hear()) is not None:
            count += 1
            yield found[0]
    except _LOST:
        yield from islice(items(), count, None)
    finally:
        child.end()


def _hand_over(items: Iterator[Any], line: Connection) -> None:
    for item in items:
        line.send((item,))
    line.send(None)


class _Child:
    """A forked process that does a piece of work."""

    def __init__(self, process: int, line: Connection) -> None:
        self._process = process
        self._line = line

    @classmethod
    def begin(cls, task: Callable[[Connection], None]) -> _Child:
        """Fork; the child says what it finds over the line."""
        ours, theirs = Pipe()
        with warnings.catch_warnings():
            # Later Pythons warn of any thread, also of those of libraries that hold no lock while we fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
        if process == 0:
            ours.close()
            _serve(task, theirs)
        theirs.close()
        return cls(process, ours)

    def tell(self, reply: Any) -> None:
        """Answer the child's question."""
        self._line.send(reply)

    def hear(self) -> Any:
        """What the child says next.

        Raises:
            EOFError: it has died.
        """
        return self._line.recv()

    def end(self) -> None:
        """End the child, which has said what it had to say, or is asked no more."""
        self._line.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _serve(task: Callable[[Connection], None], line: Connection) -> None:
    """What the child does; it never returns, so nothing that the parent has open is closed twice."""
    status = 1
    try:
        # The user's Ctrl-C is the parent's matter: the line ends, and the child with it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # To look through the parent's objects would copy every page of them.
        gc.disable()
        task(line)
        status = 0
    finally:
        # Whatever went wrong here: the parent does the work, and meets it, too.
        os._exit(status)
