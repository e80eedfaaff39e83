"""Mutations about many tasks at once: assign and defer a selection of the queue. Each task for itself."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from mdm.errors import QueryError
from mdm.stewardship import notes
from mdm.unit_of_work import UnitOfWork
from mdm_graphql.context import Context
from mdm_graphql.mutations.acting import Preview, acted
from mdm_graphql.mutations.deciding import MOST
from mdm_graphql.mutations.tasks import Reason, TaskOutcome, handled

TaskIds = Annotated[list[strawberry.ID], strawberry.argument(description="Ids of up to 200 conflicts.")]
Handling = Callable[[UnitOfWork, str], notes.Handling]


@strawberry.type(description="One task and what became of the word about it.")
class TaskHandling:
    """One of many."""

    task_id: strawberry.ID = strawberry.field(description="Id of the conflict.")
    outcome: TaskOutcome = strawberry.field(description="What became of it.")


@strawberry.type
class BulkMutations:
    """Stewards' words about a selection of the queue."""

    @strawberry.mutation(
        description="Give many tasks to a person; an empty name takes them from whoever has them."
    )
    async def assign_many(
        self,
        info: Info[Context, None],
        task_ids: TaskIds,
        to: Annotated[str, strawberry.argument(description="Who shall have them.")],
        *,
        preview: Preview = False,
    ) -> list[TaskHandling]:
        """One that cannot be given holds up no other."""
        return await _each(
            info.context, task_ids, lambda uow, task: notes.assign(uow, task, to), preview=preview
        )

    @strawberry.mutation(description="Take many tasks off the queue until a moment.")
    async def defer_many(
        self,
        info: Info[Context, None],
        task_ids: TaskIds,
        until: Annotated[datetime, strawberry.argument(description="When they come back, with a zone.")],
        reason: Reason = "",
        *,
        preview: Preview = False,
    ) -> list[TaskHandling]:
        """They come back by themselves."""
        return await _each(
            info.context, task_ids, lambda uow, task: notes.defer(uow, task, until, reason), preview=preview
        )


async def _each(
    context: Context, task_ids: list[strawberry.ID], act: Handling, *, preview: bool
) -> list[TaskHandling]:
    if len(task_ids) > MOST:
        raise QueryError(f"{len(task_ids)} tasks at once are too many; give {MOST} at most.")
    found = []
    for task_id in dict.fromkeys(task_ids):
        task = str(task_id)
        done = await acted(context, lambda uow, task=task: act(uow, task), preview=preview)  # type: ignore[misc]  # a default binds the task
        found.append(TaskHandling(task_id=task_id, outcome=handled(task, done)))
    return found
