"""One transaction of the hub: what use cases write through."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from mdm.event_log import EventLog
from mdm.store.publishing import OutboxRow

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass
class UnitOfWork:
    """A session under the write lock, the moment it began, who acts, and the log that gets what happened."""

    hub: Hub
    session: Session
    now: datetime
    author: str
    log: EventLog = field(init=False)

    def __post_init__(self) -> None:
        self.log = EventLog(self.session, self.author, self.now)

    def emit(self, type: str, entity_type: str, subject: str, details: dict[str, Any]) -> int:
        """Write an event that no target hears of; returns its number."""
        return self.log.append(type, entity_type, subject, details).number

    def emit_golden(
        self, type: str, entity_type: str, golden_id: str, version: int, details: dict[str, Any]
    ) -> int:
        """Write an event about a golden record, and one outbox row per target that is published this type."""
        event = self.log.append(type, entity_type, golden_id, {**details, "version": version})
        for name, target in self.hub.settings.targets.items():
            if target.entity_types and entity_type not in target.entity_types:
                continue
            self.session.add(
                OutboxRow(
                    target=name,
                    event_number=event.number,
                    event_id=event.id,
                    event_type=type,
                    entity_type=entity_type,
                    golden_id=golden_id,
                    version=version,
                )
            )
        return event.number
