"""What one attribute says about a pair of records, for whatever field tells why."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Iterable

import strawberry

from mdm_matching import Reason


@strawberry.type(description="What one attribute says about whether two records are the same thing.")
class MatchReason:
    """One column of the evidence."""

    attribute: str = strawberry.field(description="The attribute that is compared.")
    text: str = strawberry.field(description="How its two values compare.")
    weight: float = strawberry.field(description="Bits for sameness; negative ones speak against it.")


def speaking(reasons: Iterable[Reason]) -> list[MatchReason]:
    """The reasons that say something."""
    told = (reason for reason in reasons if reason.weight)
    return [MatchReason(attribute=r.column, text=r.label, weight=r.weight) for r in told]
