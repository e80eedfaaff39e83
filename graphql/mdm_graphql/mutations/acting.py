"""Runs a use case for a mutation: in one transaction or as a preview, its refusals as outcomes."""

# Strawberry reads the annotations of this module, so they stay as written.
import asyncio
from collections.abc import Callable
from enum import Enum
from typing import Annotated, TypeVar

import strawberry

from mdm.errors import (
    ForbiddenError,
    NotFoundError,
    RefusedError,
    StaleVersionError,
    UsageError,
    VersionNotSeenError,
)
from mdm.identity import previewed
from mdm.unit_of_work import UnitOfWork
from mdm_graphql.context import Context

Outcome = TypeVar("Outcome")

Preview = Annotated[
    bool, strawberry.argument(description="Only show what would change; nothing of it stays.")
]


@strawberry.enum(description="Why the hub will not do it.")
class RefusalCode(Enum):
    """The kinds of refusals."""

    NOT_FOUND = strawberry.enum_value("not_found", description="Something that was named is not there.")
    BAD_REQUEST = strawberry.enum_value("bad_request", description="What was asked for makes no sense.")
    FORBIDDEN = strawberry.enum_value("forbidden", description="You may not do that.")
    REFUSED = strawberry.enum_value("refused", description="It cannot be as things are now.")


@strawberry.type(description="Nothing was done; the message says what would have to change.")
class Refused:
    """An expected outcome, not an error."""

    code: RefusalCode = strawberry.field(description="What kind of refusal it is.")
    error: str = strawberry.field(
        description="Which refusal it is, such as AlreadyRedirectedError; the same name as in REST."
    )
    message: str = strawberry.field(description="Why, and what to do next.")


@strawberry.type(description="Nothing was done, because a record has changed since you looked at it.")
class Stale:
    """Look again, then repeat it with the version that is there now."""

    message: str = strawberry.field(description="Which version you saw, and which there is.")


@strawberry.type(description="Nothing was done, because a verdict that stands says the opposite.")
class Conflicted:
    """Two people disagree, and a machine does not choose between them."""

    message: str = strawberry.field(description="Who said what, and what to do next.")
    verdict_id: strawberry.ID | None = strawberry.field(description="The verdict that stands.")
    task_id: strawberry.ID | None = strawberry.field(
        description="The task that names both sides, for somebody to settle."
    )


async def acted(
    context: Context, operation: Callable[[UnitOfWork], Outcome], *, preview: bool = False
) -> Outcome | Stale | Refused:
    """What became of a use case; what is read afterwards sees it."""

    def run() -> Outcome:
        if preview:
            return previewed(context.hub, context.principal, operation)
        with context.hub.write(context.principal) as uow:
            return operation(uow)

    try:
        return await asyncio.to_thread(run)
    except (StaleVersionError, VersionNotSeenError) as exc:
        return Stale(message=str(exc))
    except (RefusedError, NotFoundError, UsageError) as exc:
        return Refused(code=_code(exc), error=type(exc).__name__, message=str(exc))
    finally:
        await context.reader.refresh()


def _code(error: Exception) -> RefusalCode:
    kinds = (
        (ForbiddenError, RefusalCode.FORBIDDEN),
        (NotFoundError, RefusalCode.NOT_FOUND),
        (UsageError, RefusalCode.BAD_REQUEST),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), RefusalCode.REFUSED)


def optional_id(text: str) -> strawberry.ID | None:
    """An id, or None for none."""
    return strawberry.ID(text) if text else None
