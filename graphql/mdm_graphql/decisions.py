"""The mutation `decide`: a steward's answer to a task."""

# Strawberry reads the annotations of this module, so they stay as written.
import asyncio
from enum import Enum
from typing import Annotated, cast

import strawberry
from strawberry.types import Info

from mdm import decide as deciding
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.loaders import LedTo
from mdm_graphql.reader import Reader


@strawberry.enum(description="What a steward says about two records.")
class Answer(Enum):
    """The three answers."""

    SAME = strawberry.enum_value("same", description="They are the same real thing; merge them.")
    DISTINCT = strawberry.enum_value(
        "distinct", description="They are different things; keep them apart for good."
    )
    UNSURE = strawberry.enum_value(
        "unsure", description="Nobody can tell now; ask again only when the evidence changes."
    )


@strawberry.input(description="An answer to a task of the queue.")
class DecideInput:
    """Which task, which answer, and why."""

    task_id: strawberry.ID = strawberry.field(description="Id of the conflict.")
    answer: Answer = strawberry.field(description="What you say.")
    reason: str = strawberry.field(default="", description="Why, for those who read it later.")
    certain: bool = strawberry.field(default=False, description="You know more than the evidence shown.")


@strawberry.type(description="What a person said about records.")
class Verdict:
    """The verdict recorded."""

    id: strawberry.ID = strawberry.field(description="Id of the verdict.")
    answer: Answer = strawberry.field(description="What was said.")
    reason: str = strawberry.field(description="Why.")
    certain: bool = strawberry.field(description="Whether the person knows more than the evidence shown.")
    author: str = strawberry.field(description="Who said it.")


@strawberry.type(description="The verdict was recorded, and what it touches was resolved.")
class Decided:
    """A settled task."""

    verdict: Verdict = strawberry.field(description="The verdict.")
    golden_ids: list[strawberry.ID] = strawberry.field(
        description="The golden records of the source records it is about, as they are now."
    )
    _reader: strawberry.Private[Reader]

    @strawberry.field(description="Those golden records themselves.")
    async def golden_records(self) -> list[GoldenRecord]:
        """Read after the verdict was written."""
        found = await asyncio.gather(*(self._reader.load(LedTo(), i) for i in self.golden_ids))
        return [record for record in found if record is not None]


@strawberry.type(
    description="The verdict was not recorded, because another one that stands says the opposite."
)
class Conflicted:
    """Nothing was written."""

    message: str = strawberry.field(description="Who said what, and what to do next.")
    verdict_id: strawberry.ID | None = strawberry.field(description="The verdict that stands.")


DecideOutcome = Annotated[
    Decided | Conflicted, strawberry.union("DecideOutcome", description="What became of an answer.")
]


def _decide(context: Context, given: DecideInput) -> deciding.Decided | deciding.Conflicted:
    with context.hub.write(context.principal) as uow:
        answer = cast("deciding.Answer", given.answer.value)
        return deciding.decide(uow, given.task_id, answer, reason=given.reason, certain=given.certain)


@strawberry.type(description="What changes the hub.")
class Mutation:
    """Stewards' decisions."""

    @strawberry.mutation(description="Answer a task of the queue.")
    async def decide(self, info: Info[Context, None], input: DecideInput) -> DecideOutcome:
        """One transaction; what is read afterwards sees it."""
        context = info.context
        outcome = await asyncio.to_thread(_decide, context, input)
        await context.reader.refresh()
        if isinstance(outcome, deciding.Conflicted):
            return Conflicted(
                message=outcome.message,
                verdict_id=strawberry.ID(outcome.verdict_id) if outcome.verdict_id else None,
            )
        verdict = Verdict(
            id=strawberry.ID(outcome.verdict_id),
            answer=input.answer,
            reason=input.reason,
            certain=input.certain,
            author=context.author,
        )
        ids = [strawberry.ID(golden_id) for golden_id in outcome.golden_ids]
        return Decided(verdict=verdict, golden_ids=ids, _reader=context.reader)
