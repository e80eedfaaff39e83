"""What callers hear of errors: the hub's own in its words with a code, the unexpected masked and logged."""

from __future__ import annotations

import logging
import re

from strawberry.extensions import MaskErrors

from graphql import GraphQLError
from mdm.errors import (
    ForbiddenError,
    MdmError,
    NotFoundError,
    RefusedError,
    StoreError,
    TooManyRequestsError,
    UsageError,
)
from mdm_graphql.limits.figures import over

logger = logging.getLogger("mdm.graphql")

MOST_ERRORS = 5
"""Errors in one answer; more would help nobody but an attacker."""

CODES: tuple[tuple[type[MdmError], str], ...] = (
    (UsageError, "BAD_REQUEST"),
    (NotFoundError, "NOT_FOUND"),
    (TooManyRequestsError, "TOO_MANY_REQUESTS"),
    (ForbiddenError, "FORBIDDEN"),
    (RefusedError, "REFUSED"),
    (StoreError, "UNAVAILABLE"),
    (MdmError, "FAILED"),
)
"""`extensions.code` by kind of error; the first that fits."""

TOO_MANY_TOKENS = re.compile(r"^Syntax Error: Document contains more than (\d+) tokens")
"""What the parser says when it stops; developers hear it in the words of the other limits."""

UNAVAILABLE = "The hub cannot reach its database now; try again in a moment."
UNEXPECTED = "Something went wrong inside the hub; it has been logged."


def is_unexpected(error: GraphQLError) -> bool:
    """Whether an error is a bug, and its text nobody's business."""
    original = error.original_error
    return original is not None and not isinstance(original, GraphQLError | MdmError)


class TranslateErrors(MaskErrors):
    """Translates the errors of one operation."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=is_unexpected, error_message=UNEXPECTED)

    def _process_errors(self, errors: list[GraphQLError]) -> list[GraphQLError]:
        return [self._translated(error) for error in super()._process_errors(errors)][:MOST_ERRORS]

    def _translated(self, error: GraphQLError) -> GraphQLError:
        original = error.original_error
        stopped = TOO_MANY_TOKENS.search(error.message)
        if stopped is not None:
            return over("tokens", int(stopped[1]), 0)
        if not isinstance(original, MdmError):
            return error
        code = next(code for kind, code in CODES if isinstance(original, kind))
        # A store's message names the place of the database.
        message = UNAVAILABLE if isinstance(original, StoreError) else str(original)
        return GraphQLError(
            message, nodes=error.nodes, path=error.path, original_error=original, extensions={"code": code}
        )


def log_errors(errors: list[GraphQLError]) -> None:
    """Log bugs with their traceback, a failing store as a warning, callers' mistakes not at all."""
    for error in errors:
        original = error.original_error
        if is_unexpected(error):
            logger.error("GraphQL field %s failed", error.path, exc_info=original)
        elif isinstance(original, StoreError):
            logger.warning("GraphQL: %s", original)
