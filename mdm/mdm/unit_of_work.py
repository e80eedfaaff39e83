"""One transaction of the hub: what use cases write through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlmodel import Session

from mdm.access.principal import Action, Principal
from mdm.access.view import View
from mdm.errors import ForbiddenError, UnknownGoldenIdError
from mdm.event_log import EventLog, Happened
from mdm.store.beside import is_beside
from mdm.store.bulk import add_rows
from mdm.store.publishing import OutboxRow
from mdm.task_worth import weigh_changed

if TYPE_CHECKING:
    from mdm.hub import Hub


class GoldenEvent(NamedTuple):
    """An event about a golden record, and the version that the record has from then on."""

    type: str
    entity_type: str
    golden_id: str
    version: int
    details: dict[str, Any]


@dataclass
class UnitOfWork:
    """A session under the write lock, the moment it began, who acts, and the log that gets what happened."""

    hub: Hub
    session: Session
    now: datetime
    author: str
    principal: Principal
    log: EventLog = field(init=False)
    _untold: list[tuple[str, str, str, dict[str, Any]]] = field(init=False, default_factory=list)
    _allowed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.log = EventLog(self.session, self.author, self.now)

    def require(self, action: Action, entity_type: str | None = None, *golden_ids: str) -> None:
        """Refuse unless the principal may do it, to these golden records; every use case begins with it.

        Raises:
            ForbiddenError: no role of the principal allows it.
            UnknownGoldenIdError: a golden record does not exist for the principal.
        """
        if not self.principal.may(action, entity_type):
            about = f" {entity_type} records" if entity_type else ""
            raise ForbiddenError(
                f"{self.author} may not {action.value}{about}; ask an administrator for the role."
            )
        visible = self.visible(*golden_ids)
        for golden_id in golden_ids:
            if golden_id not in visible:
                raise UnknownGoldenIdError(golden_id)
        self._allowed = True

    @property
    def view(self) -> View:
        """What the principal sees; the session itself shows everything, because it is written from."""
        return View(self.hub, self.principal)

    def visible(self, *golden_ids: str) -> set[str]:
        """Those of the golden records that exist for the principal."""
        return self.view.visible(self.session, golden_ids)

    def _check_allowed(self, type: str) -> None:
        # The safety net under every use case: one that forgot to ask can do nothing for a principal.
        if not self._allowed and not self.principal.unrestricted:
            raise ForbiddenError(f"{type} was refused to {self.author}, because nothing asked for the right.")

    def emit(self, type: str, entity_type: str, subject: str, details: dict[str, Any]) -> int:
        """Write an event that no target hears of; returns its number."""
        self._check_allowed(type)
        self.finish()
        return self.log.append(type, entity_type, subject, details).number

    def tell(self, type: str, entity_type: str, subject: str, details: dict[str, Any]) -> None:
        """Write an event whose number nobody asks for; beside other writers it waits for one that has one.

        Who numbers an event holds up the other writers until it commits.
        """
        self._untold.append((type, entity_type, subject, details))
        if not is_beside(self.session):
            self.finish()

    def finish(self) -> None:
        """Write the events that waited."""
        waiting, self._untold = self._untold, []
        for event in waiting:
            self.log.append(*event)

    def close(self) -> None:
        """Do what waits for the end of the transaction: events, and what tasks are worth now.

        Raises:
            NotApartError: a task is worth something else now, and others may write at the same time.
        """
        self.finish()
        weigh_changed(self.session)

    def emit_golden(
        self, type: str, entity_type: str, golden_id: str, version: int, details: dict[str, Any]
    ) -> int:
        """Write an event about a golden record, and one outbox row per target that is published this type."""
        return self.emit_all_golden([GoldenEvent(type, entity_type, golden_id, version, details)])[0]

    def emit_all_golden(self, events: Sequence[GoldenEvent]) -> list[int]:
        """Write events about golden records, with their outbox rows; returns their numbers."""
        for type in {event.type for event in events}:
            self._check_allowed(type)
        self.finish()
        written = self.log.append_all(
            [
                Happened(e.type, e.entity_type, e.golden_id, {**e.details, "version": e.version})
                for e in events
            ]
        )
        rows = [
            {
                "target": name, "event_number": number, "event_id": event_id, "event_type": event.type,
                "entity_type": event.entity_type, "golden_id": event.golden_id, "version": event.version,
            }
            for event, (number, event_id) in zip(events, written, strict=True)
            for name, target in self.hub.settings.targets.items()
            if not target.entity_types or event.entity_type in target.entity_types
        ]  # fmt: skip
        add_rows(self.session, OutboxRow, rows)
        return [number for number, _ in written]
