"""Reads for one operation, in waves: what one level of the query asks for is read together, on one snapshot.

A resolver asks the reader and gets a future. Once nobody asks for more, the reader runs each loader once with
all its keys, in one hop to a thread, and answers all futures at once, so that the next level asks together. A
value that is known already is answered with the wave too. Thus the number of statements has a bound that the
shape of the query decides, not the number of records.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Hashable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from mdm.access import Principal, View, everything, view_of
from mdm.errors import MdmError, QueryError
from mdm.history.when import NOW, When
from mdm.query.golden_row import GoldenRow
from mdm_graphql.limits.figures import Figures, over

if TYPE_CHECKING:
    from mdm.hub import Hub

LARGEST_RESULT = 20_000
"""Golden records that one operation may read."""

FIGURES = Figures()

QUIET_TURNS = 3
"""Turns of the event loop without a new question after which a level counts as asked."""


class Loader(Protocol):
    """Reads the values of many keys at once; loaders that are equal are run together."""

    def __call__(self, reader: Reader, session: Session, keys: Sequence[Any]) -> Mapping[Any, Any]:
        """Key to value; a key without a value is absent."""
        ...

    def __hash__(self) -> int: ...


Answers = dict[Loader, Mapping[Hashable, Any] | BaseException]


class Reader:
    """Answers the questions of one operation."""

    def __init__(
        self,
        hub: Hub,
        node_types: Mapping[str, type],
        slots: asyncio.Semaphore | None = None,
        principal: Principal | None = None,
    ) -> None:
        """A reader that opens its snapshot with the first question.

        Args:
            node_types: entity type to the GraphQL type of its golden records.
            slots: how many readers may hold a connection at once; None for any number.
            principal: who asks; None is the hub itself, as in a script.
        """
        self.hub = hub
        self.principal = principal or everything("system")
        self._node_types = node_types
        self._slots = slots
        self._holds_slot = False
        self._snapshot: ExitStack | None = None
        self._session: Session | None = None
        self._waiting: dict[Loader, dict[Hashable, asyncio.Future[Any]]] = {}
        self._known: dict[Loader, dict[Hashable, Any]] = {}
        self._asked = 0
        self._until = float("inf")
        self._records = 0
        self._wave: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._reading = threading.Lock()
        self._left = False

    def load(self, loader: Loader, key: Hashable) -> asyncio.Future[Any]:
        """The value of a key, read with the next wave; None if there is none."""
        if self._left:  # a resolver that outlives its operation, because the client went away
            nobody: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            nobody.cancel()
            return nobody
        waiting = self._waiting.setdefault(loader, {})
        if key not in waiting:
            waiting[key] = asyncio.get_running_loop().create_future()
            self._asked += 1
            if self._wave is None:
                self._wave = asyncio.get_running_loop().create_task(self._run_wave())
        return waiting[key]

    def node(self, row: GoldenRow, when: When = NOW) -> Any:
        """The GraphQL object of a golden record; what it leads to is read as of the same moment.

        Raises:
            QueryError: the operation has read 20,000 records already.
        """
        self._records += 1
        if self._records > LARGEST_RESULT:
            raise QueryError(
                f"The operation reads more than {LARGEST_RESULT:,} records; "
                "ask for fewer per page with first."
            )
        node_type = self._node_types[row.entity_type]
        # The values are the object's attributes as they come: a dataclass call would double the time.
        node: Any = object.__new__(node_type)
        node.__dict__.update(
            row.values, id=row.golden_id, _reader=self, _entity_type=row.entity_type, _when=when
        )
        return node

    def masked(self, entity_type: str) -> frozenset[str]:
        """The attributes of a type that are kept from whoever asks."""
        return View(self.hub, self.principal).masked(self.hub.registry[entity_type])

    def note(self, entity_type: str, attribute: str, golden_id: str) -> None:
        """Remember that the answer tells a classified attribute of a golden record."""
        if self._session is not None:
            view_of(self._session).note(self.hub.registry[entity_type], [attribute], [golden_id])

    async def refresh(self) -> None:
        """Let go of the snapshot, so that the next question sees what was written meanwhile."""
        await self._settle()
        self._known.clear()
        if self._snapshot is not None:
            await asyncio.to_thread(self._close_snapshot)

    async def close(self) -> None:
        """Let go of the snapshot and of the connection's slot, also when the caller is being cancelled."""
        self._closing = asyncio.get_running_loop().create_task(self._let_go())
        await asyncio.shield(self._closing)

    async def end(self) -> None:
        """Close for good: what is asked later is not read."""
        self._left = True
        await self.close()

    async def _let_go(self) -> None:
        await self.refresh()
        self._records = 0
        if self._holds_slot and self._slots is not None:
            self._holds_slot = False
            self._slots.release()

    async def _settle(self) -> None:
        while self._wave is not None:
            await asyncio.wait([self._wave])

    async def _run_wave(self) -> None:
        await self._until_quiet()
        if self._slots is not None and not self._holds_slot:
            await self._slots.acquire()
            self._holds_slot = True
        waiting, self._waiting = self._waiting, {}
        missing = {
            loader: [k for k in keys if k not in self._known.get(loader, {})]
            for loader, keys in waiting.items()
        }
        wanted = {loader: keys for loader, keys in missing.items() if keys}
        try:
            answers = await asyncio.to_thread(self._read_alone, wanted)
        except asyncio.CancelledError:
            self._leave()
            raise
        for loader, keys in missing.items():
            found = answers.get(loader, {})
            if not isinstance(found, BaseException):
                self._known.setdefault(loader, {}).update({key: found.get(key) for key in keys})
        for loader, futures in waiting.items():
            self._answer(futures, answers.get(loader), self._known.get(loader, {}))
        self._wave = asyncio.get_running_loop().create_task(self._run_wave()) if self._waiting else None

    async def _until_quiet(self) -> None:
        quiet, asked = 0, self._asked
        while quiet < QUIET_TURNS:
            await asyncio.sleep(0)
            quiet, asked = (quiet + 1 if asked == self._asked else 0), self._asked

    def _answer(
        self, futures: Mapping[Hashable, asyncio.Future[Any]], found: object, known: Mapping[Hashable, Any]
    ) -> None:
        for key, future in futures.items():
            if future.done():
                continue
            if isinstance(found, BaseException) and key not in known:
                future.set_exception(found)
            else:
                future.set_result(known.get(key))

    def _leave(self) -> None:
        """The event loop ends: let go of the snapshot here, for no task will."""
        self._left = True
        with self._reading:
            self._close_snapshot()

    def _read_alone(self, wanted: Mapping[Loader, Sequence[Hashable]]) -> Answers:
        with self._reading:
            return {} if self._left else self._read(wanted)

    def _read(self, wanted: Mapping[Loader, Sequence[Hashable]]) -> Answers:
        """Runs in a thread, one wave at a time."""
        answers: Answers = {}
        if self._session is None:
            self._until = time.monotonic() + FIGURES.seconds
        elif time.monotonic() > self._until:
            return dict.fromkeys(wanted, over("seconds", FIGURES.seconds, 0))
        for loader, keys in wanted.items():
            try:
                answers[loader] = loader(self, self._open_session(), keys)
            except DBAPIError as exc:
                answers[loader] = self._failed(exc)
            except Exception as exc:  # noqa: BLE001  # an edge: every question is answered, if with what went wrong
                answers[loader] = exc
        return answers

    def _open_session(self) -> Session:
        if self._session is None:
            snapshot = ExitStack()
            self._session = snapshot.enter_context(self.hub.read(self.principal))
            self._snapshot = snapshot
        return self._session

    def _close_snapshot(self) -> None:
        snapshot, self._snapshot, self._session = self._snapshot, None, None
        if snapshot is not None:
            snapshot.close()

    def _failed(self, exc: DBAPIError) -> BaseException:
        """The store's own words for a failed statement; the snapshot is of no use any more."""
        snapshot, self._snapshot, self._session = self._snapshot, None, None
        try:
            if snapshot is not None:
                snapshot.__exit__(type(exc), exc, exc.__traceback__)
        except MdmError as translated:
            return translated
        except DBAPIError as raised:
            return raised
        return exc
