"""The hub: settings, entity types, models and the database, put together once and passed on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlmodel import Session, col

from mdm.access.principal import Action, Principal, everything
from mdm.access.reads import keep_reads
from mdm.access.view import KEY, View
from mdm.checkpoints import Checkpoints
from mdm.clock import Clock, utc_now
from mdm.entities import EntityRegistry, load_registry
from mdm.errors import ForbiddenError, SettingsError
from mdm.history.queue import note_tasks, touch_tasks
from mdm.places import with_line
from mdm.settings import Settings
from mdm.store.beside import NotApartError
from mdm.store.database import Database
from mdm.store.derived import Task
from mdm.store.golden_tables import GoldenTables
from mdm.store.migration import upgrade
from mdm.strong_ids import fill_strong_ids
from mdm.survivorship import SourceOrder
from mdm.task_worth import weigh_changed
from mdm.unit_of_work import UnitOfWork

STATEMENT_SECONDS = 5.0
"""How long one statement of somebody who came through a door may take."""

Result = TypeVar("Result")


class Hub:
    """Everything a use case needs to know about the deployment it works in.

    Attributes:
        queries: those that were built before, see `mdm.query.prepared`.
    """

    def __init__(
        self, settings: Settings, registry: EntityRegistry, database: Database, clock: Clock
    ) -> None:
        self.settings = settings
        self.registry = registry
        self.database = database
        self.clock = clock
        self.golden_tables = GoldenTables(registry)
        self.queries: dict[Hashable, Select[*tuple[Any, ...]]] = {}

    @cached_property
    def checkpoints(self) -> Checkpoints:
        """Signs what the event log has become, from time to time."""
        return Checkpoints(self)

    @cached_property
    def source_order(self) -> SourceOrder:
        """How sources rank where a survivorship rule leaves a tie."""
        return SourceOrder(_Roles(self.settings), {name: i for i, name in enumerate(self.settings.sources)})

    @contextmanager
    def write(self, author: str | Principal = "system") -> Iterator[UnitOfWork]:
        """One transaction that may write; it is the only writer while it lasts.

        Args:
            author: who acts, kept with every event and verdict. A name alone is the hub itself or the local
                user, with full rights; whoever came through a door is a principal.
        """
        principal = everything(author) if isinstance(author, str) else author
        with self.database.write() as session:
            uow = UnitOfWork(self, session, self.clock(), principal.name, principal)
            yield uow
            uow.close()
        if uow.log.written:
            self.checkpoints.keep_up(uow.log.written)

    def write_beside(self, author: str | Principal, work: Callable[[UnitOfWork], Result]) -> Result:
        """Do a piece of work beside other writers if it meets none of them, else once more and alone.

        Args:
            work: writes through the unit of work alone, so that it can be rolled back and done again.
        """
        principal = everything(author) if isinstance(author, str) else author
        if self.database.is_postgresql:
            with suppress(NotApartError):
                with self.database.write(beside=True) as session:
                    uow = UnitOfWork(self, session, self.clock(), principal.name, principal)
                    result = work(uow)
                    uow.close()
                if uow.log.written:
                    self.checkpoints.keep_up(uow.log.written)
                return result
        with self.write(principal) as uow:
            return work(uow)

    @contextmanager
    def read(self, principal: Principal | None = None) -> Iterator[Session]:
        """One snapshot to read from.

        Args:
            principal: who asks; what the session's readers give is what this principal may see. None is the
                hub itself or the local user: every door must name one.

        Raises:
            ForbiddenError: the principal may read nothing.
        """
        view = View(self, principal or everything("system"), snapshot=True)
        if not view.principal.may(Action.read):
            raise ForbiddenError(f"{view.principal.name} may read nothing; ask an administrator for a role.")
        try:
            seconds = None if principal is None else STATEMENT_SECONDS
            with self.database.read(seconds=seconds) as session:
                session.info[KEY] = view
                yield session
        finally:
            if view.read:
                keep_reads(self, view)

    def close(self) -> None:
        """Close every connection."""
        self.database.dispose()


class _Roles(dict[str, str]):
    """Role by source; a source the settings do not name gets it from its name."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def get(self, source: str, default: str | None = None) -> str:  # type: ignore[override]  # never lacks an answer
        return self._settings.role(source)


def open_hub(settings: Settings, *, clock: Clock = utc_now) -> Hub:
    """The hub of this deployment, its schema created or brought up to date.

    Raises:
        SettingsError: the database URL or a declaration cannot be used.
        StoreError: the database cannot be opened, or was written by a newer release.
    """
    try:
        registry = load_registry(
            settings.entities, settings.folder, settings.survivorship, settings.trusted()
        )
    except SettingsError as exc:
        raise SettingsError(with_line(settings.file, str(exc))) from exc
    hub = Hub(settings, registry, Database(settings.store_url, synchronous=settings.synchronous), clock)
    try:
        upgrade(hub.database, hub.golden_tables, lambda session: _fill(session, hub))
    except BaseException:
        hub.close()
        raise
    return hub


def _fill(session: Session, hub: Hub) -> None:
    """Fill what revisions of the schema have added, from what is there."""
    fill_strong_ids(session, hub.registry)
    touch_tasks(session, session.scalars(select(col(Task.id))))
    note_tasks(session, hub.clock())
    weigh_changed(session)
