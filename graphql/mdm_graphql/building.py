"""How a golden record was built: the steps that joined its source records, as typed values."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import strawberry
from sqlmodel import Session

from mdm.errors import QueryError
from mdm.history.when import NOW, When
from mdm.resolve.building import BuildingStep as StepRead
from mdm.resolve.building import building_of
from mdm_graphql.match_reason import MatchReason, speaking
from mdm_graphql.reader import Reader

MOST_BUILDINGS = 20
"""Records whose building one level of a query may ask for: each scores all pairs of its source records."""


@strawberry.type(description="One union of two groups of source records, which are named as source:key.")
class BuildingStep:
    """Ordered: the best joined first."""

    number: int = strawberry.field(description="Which step it is, from 1.")
    one: list[str] = strawberry.field(description="The source records of the one group.")
    other: list[str] = strawberry.field(description="The source records of the other.")
    rule: str = strawberry.field(description="Why they joined, in words.")
    left: str = strawberry.field(description="The record of the first group that speaks most for it.")
    right: str = strawberry.field(description="The record of the other group that it is compared with.")
    weight: float = strawberry.field(description="What those two say, in bits (log2 odds).")
    average: float = strawberry.field(
        description="What all pairs across say on average, in bits, each clipped to -5 to 15."
    )
    reasons: list[MatchReason] = strawberry.field(
        description="What each attribute of those two says that says something."
    )

    @staticmethod
    def of(step: StepRead) -> "BuildingStep":
        """From the read model."""
        return BuildingStep(
            number=step.number,
            one=list(step.one),
            other=list(step.other),
            rule=step.rule,
            left=step.pair[0],
            right=step.pair[1],
            weight=step.weight,
            average=step.average,
            reasons=speaking(step.reasons),
        )


@dataclass(frozen=True, slots=True)
class BuildingOf:
    """The steps that built golden records, by the model and the verdicts in force, now or at a moment."""

    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, Sequence[StepRead]]:
        if len(keys) > MOST_BUILDINGS:
            raise QueryError(
                f"The operation asks for the building of {len(keys)} records; "
                f"ask for {MOST_BUILDINGS} or fewer at once."
            )
        return {key: building_of(reader.hub, session, key, self.when).steps for key in keys}
