"""The hub: settings, entity types, models and the database, put together once and passed on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlmodel import Session

from mdm.clock import Clock, utc_now
from mdm.entities import EntityRegistry, load_registry
from mdm.settings import Settings
from mdm.store.database import Database
from mdm.store.golden_tables import GoldenTables
from mdm.store.migration import upgrade
from mdm.survivorship import SourceOrder
from mdm.unit_of_work import UnitOfWork


class Hub:
    """Everything a use case needs to know about the deployment it works in."""

    def __init__(
        self, settings: Settings, registry: EntityRegistry, database: Database, clock: Clock
    ) -> None:
        self.settings = settings
        self.registry = registry
        self.database = database
        self.clock = clock
        self.golden_tables = GoldenTables(registry)

    @cached_property
    def source_order(self) -> SourceOrder:
        """How sources rank where a survivorship rule leaves a tie."""
        return SourceOrder(_Roles(self.settings), {name: i for i, name in enumerate(self.settings.sources)})

    @contextmanager
    def write(self, author: str = "system") -> Iterator[UnitOfWork]:
        """One transaction that may write; it is the only writer while it lasts.

        Args:
            author: who acts, kept with every event and verdict.
        """
        with self.database.write() as session:
            yield UnitOfWork(self, session, self.clock(), author)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One snapshot to read from."""
        with self.database.read() as session:
            yield session

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
    registry = load_registry(settings.entities, settings.folder)
    hub = Hub(settings, registry, Database(settings.store_url, synchronous=settings.synchronous), clock)
    try:
        upgrade(hub.database, hub.golden_tables)
    except BaseException:
        hub.close()
        raise
    return hub
