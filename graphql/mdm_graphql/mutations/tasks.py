"""Mutations about tasks: comment, assign, defer, reopen."""

# Strawberry reads the annotations of this module, so they stay as written.
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from mdm.stewardship import notes
from mdm_graphql.context import Context
from mdm_graphql.handling import TaskNote
from mdm_graphql.mutations.acting import Refused, Stale, acted

TaskId = Annotated[strawberry.ID, strawberry.argument(description="Id of the conflict.")]
Reason = Annotated[str, strawberry.argument(description="Why, for those who read it later.")]


@strawberry.type(description="How a task is being handled now.")
class Handled:
    """The task after somebody spoke."""

    task_id: strawberry.ID = strawberry.field(description="Id of the conflict.")
    assignee: str | None = strawberry.field(description="Who has it.")
    deferred_until: datetime | None = strawberry.field(description="When it comes back to the queue.")
    notes: list[TaskNote] = strawberry.field(description="Everything written about it, oldest first.")


TaskOutcome = Annotated[
    Handled | Stale | Refused,
    strawberry.union("TaskOutcome", description="What became of a word about a task."),
]


@strawberry.type
class TaskMutations:
    """Stewards' words about tasks."""

    @strawberry.mutation(description="Write a comment on a task.")
    async def comment(
        self,
        info: Info[Context, None],
        task_id: TaskId,
        text: Annotated[str, strawberry.argument(description="What others should know.")],
    ) -> TaskOutcome:
        """Kept for good."""
        task = str(task_id)
        return handled(task, await acted(info.context, lambda uow: notes.comment(uow, task, text)))

    @strawberry.mutation(description="Give a task to a person; an empty name takes it from whoever has it.")
    async def assign(
        self,
        info: Info[Context, None],
        task_id: TaskId,
        to: Annotated[str, strawberry.argument(description="Who shall have it.")],
    ) -> TaskOutcome:
        """To give it to whoever has it changes nothing."""
        task = str(task_id)
        return handled(task, await acted(info.context, lambda uow: notes.assign(uow, task, to)))

    @strawberry.mutation(description="Take a task off the queue until a moment.")
    async def defer(
        self,
        info: Info[Context, None],
        task_id: TaskId,
        until: Annotated[datetime, strawberry.argument(description="When it comes back, with a zone.")],
        reason: Reason = "",
    ) -> TaskOutcome:
        """It comes back by itself."""
        task = str(task_id)
        return handled(task, await acted(info.context, lambda uow: notes.defer(uow, task, until, reason)))

    @strawberry.mutation(description="Put a deferred task back on the queue.")
    async def reopen(self, info: Info[Context, None], task_id: TaskId, reason: Reason = "") -> TaskOutcome:
        """At once."""
        task = str(task_id)
        return handled(task, await acted(info.context, lambda uow: notes.reopen(uow, task, reason)))


def handled(task: str, done: notes.Handling | Stale | Refused) -> Handled | Stale | Refused:
    """What became of a word about a task, as GraphQL tells it."""
    if not isinstance(done, notes.Handling):
        return done
    return Handled(
        task_id=strawberry.ID(task),
        assignee=done.assignee or None,
        deferred_until=done.deferred_until,
        notes=[TaskNote.of(note) for note in done.notes],
    )
