"""What one publication did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PublicationResult:
    """What one publication did; in a dry run what it would do.

    Attributes:
        run_id: the run; None in a dry run.
        delivered, failed, dead, held: golden records by outcome.
        superseded: older changes of delivered records, settled with them.
        later: golden records whose next attempt is not due yet, or that were left when the target was paused.
        by_type: golden records to deliver, by entity type.
        message: why it stopped early, empty if it did not.
    """

    target: str
    run_id: int | None
    dry_run: bool = False
    delivered: int = 0
    failed: int = 0
    dead: int = 0
    held: int = 0
    superseded: int = 0
    later: int = 0
    by_type: dict[str, int] = field(default_factory=dict)
    message: str = ""
