"""The mutations `decide` and `decideMany`: a steward's answer to tasks."""

# Strawberry reads the annotations of this module, so they stay as written.
import asyncio
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, cast

import strawberry
from strawberry.types import Info

from mdm import decide as deciding
from mdm.errors import QueryError
from mdm_graphql.arguments import UNSET, stated
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.loaders import LedTo
from mdm_graphql.mutations.acting import Conflicted, Preview, Refused, Stale, acted, optional_id
from mdm_graphql.reader import Reader

MOST = 200
"""Tasks that are answered at once."""


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
    until: datetime | None = strawberry.field(default=UNSET, description="When the answer ends by itself.")


@strawberry.type(description="What a person said about records.")
class Verdict:
    """The verdict recorded."""

    id: strawberry.ID = strawberry.field(description="Id of the verdict; undo takes it.")
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


DecideOutcome = Annotated[
    Decided | Conflicted | Stale | Refused,
    strawberry.union("DecideOutcome", description="What became of an answer."),
]


@strawberry.type(description="One task and what became of the answer to it.")
class TaskDecision:
    """One of many."""

    task_id: strawberry.ID = strawberry.field(description="Id of the conflict.")
    outcome: DecideOutcome = strawberry.field(description="What became of the answer.")


@strawberry.type
class DecisionMutations:
    """Stewards' answers."""

    @strawberry.mutation(description="Answer a task of the queue.")
    async def decide(
        self, info: Info[Context, None], input: DecideInput, *, preview: Preview = False
    ) -> DecideOutcome:
        """One transaction; what is read afterwards sees it."""
        return await _decided(info.context, input, preview=preview)

    @strawberry.mutation(description="Answer many tasks, one after the other; each for itself.")
    async def decide_many(
        self,
        info: Info[Context, None],
        inputs: Annotated[
            list[DecideInput], strawberry.argument(description="Up to 200 tasks with their answers.")
        ],
        *,
        preview: Preview = False,
    ) -> list[TaskDecision]:
        """One that cannot be answered holds up no other."""
        if len(inputs) > MOST:
            raise QueryError(f"{len(inputs)} answers at once are too many; give {MOST} at most.")
        return [
            TaskDecision(task_id=one.task_id, outcome=await _decided(info.context, one, preview=preview))
            for one in inputs
        ]


async def _decided(
    context: Context, given: DecideInput, *, preview: bool
) -> Decided | Conflicted | Stale | Refused:
    answer = cast("deciding.Answer", given.answer.value)

    def operation(uow: Any) -> deciding.Decided | deciding.Conflicted:
        return deciding.decide(
            uow,
            str(given.task_id),
            answer,
            reason=given.reason,
            certain=given.certain,
            until=stated(given.until),
        )

    done = await acted(context, operation, preview=preview)
    if isinstance(done, deciding.Conflicted):
        return Conflicted(
            message=done.message,
            verdict_id=optional_id(done.verdict_id),
            task_id=optional_id(done.task_id),
        )
    if not isinstance(done, deciding.Decided):
        return done
    verdict = Verdict(
        id=strawberry.ID(done.verdict_id),
        answer=given.answer,
        reason=given.reason,
        certain=given.certain,
        author=context.author,
    )
    ids = [strawberry.ID(golden_id) for golden_id in done.golden_ids]
    return Decided(verdict=verdict, golden_ids=ids, _reader=context.reader)
