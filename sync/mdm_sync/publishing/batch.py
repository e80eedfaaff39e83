"""What a run has to deliver, and what came of it: the words that outbox and targets share."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from mdm_sync.runs.lease import Lease


@dataclass(frozen=True, slots=True)
class Change:
    """The newest version of one golden record that a target has not got yet.

    Attributes:
        event_id: the id of the delivery, the same for every attempt.
        rows: waiting changes that this one settles, itself among them.
        attempts: failed deliveries of it so far.
        held_before: an earlier run has held it back already.
    """

    golden_id: str
    entity_type: str
    version: int
    event_number: int
    event_id: str
    event_type: str
    rows: int
    attempts: int
    held_before: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A change with its CloudEvents envelope, ready to be sent."""

    change: Change
    envelope: dict[str, Any]


class Answer(StrEnum):
    """How a target took a delivery."""

    delivered = "delivered"
    again = "again"
    """It failed in a way that may pass; it is tried again."""
    dead = "dead"
    """The target will never take it; a person has to look at it."""
    gone = "gone"
    """The target wants to hear nothing any more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one delivery.

    Attributes:
        wait: seconds that the target asked us to wait.
        details: for the receipt: status, file, reason, the first 4,096 characters of a refusal.
    """

    change: Change
    answer: Answer
    wait: float | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """One run's deliveries.

    Attributes:
        changes: in the order of the log.
        held: changes that wait until a steward has decided.
        up_to_event: number and id of the newest event the run covers; 0 and empty in an empty log.
        probing: the target failed often of late: try one delivery before the others.
        messages: the messages of some changes, read from the database.
        pause_point: raises if the process is shutting down.
        check: raises if the run is ours no longer; one short transaction.
    """

    lease: Lease
    mode: str
    changes: Sequence[Change]
    held: Sequence[Change]
    up_to_event: tuple[int, str]
    probing: bool
    messages: Callable[[Sequence[Change]], list[Message]]
    pause_point: Callable[[], None]
    check: Callable[[], None]


class Target(Protocol):
    """A place that golden records are published to."""

    def deliver(self, batch: Batch) -> Generator[list[Outcome], None, None]:
        """Deliver the changes, a few at a time: outcomes are recorded before the next ones are asked for."""
        ...
