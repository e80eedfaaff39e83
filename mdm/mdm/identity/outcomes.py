"""What comes of an operation: done, or in conflict with what somebody said; a refusal is an error."""

from __future__ import annotations

from dataclasses import dataclass

from mdm.identity.changes import Changes
from mdm.overrides import StandingOverride


@dataclass(frozen=True, slots=True)
class Conflicted:
    """Not done, because a verdict that stands says the opposite.

    Attributes:
        verdict_id: the verdict that stands.
        task_id: the task that names both sides for somebody to settle; "" if the verdict is one's own.
    """

    message: str
    verdict_id: str = ""
    task_id: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """Two golden records are one.

    Attributes:
        operation: what `undo` takes.
        golden_id: the survivor.
        redirected: the id that leads to it now.
    """

    operation: str
    entity_type: str
    golden_id: str
    redirected: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Parted:
    """Source records left a golden record, and a verdict keeps them from coming back.

    Attributes:
        operation: what `undo` takes, which removes the block.
        stays: the id of the records that stayed.
        leaves: the ids of the records that left, those with the most records first.
        undecided: stewards' values set after the merge that nobody has assigned; only a preview has any.
    """

    operation: str
    entity_type: str
    stays: str
    leaves: tuple[str, ...]
    changes: Changes
    undecided: tuple[StandingOverride, ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """A verdict or an operation no longer stands, and what it did is undone.

    Attributes:
        golden_ids: the golden records of its source records now.
    """

    operation: str
    entity_type: str
    golden_ids: tuple[str, ...]
    changes: Changes
