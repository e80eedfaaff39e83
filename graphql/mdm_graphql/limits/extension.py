"""Refuses an operation that passes a limit, as early as it can be known."""

from __future__ import annotations

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension

from mdm_graphql.limits.figures import Figures, over
from mdm_graphql.limits.measuring import Measured, measure, nesting

MEASURES = ("repeats", "depth", "aliases", "root_fields", "node_directives", "directives", "cost")


class CheckLimits(SchemaExtension):
    """Length and nesting before parsing, tokens while parsing, all else before validation.

    graphql-core's validation takes the square of repeated fields and directives, so they are counted before.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def on_operation(self) -> Iterator[None]:
        """Before parsing."""
        document = self.execution_context.query or ""
        self._check("characters", len(document))
        self._check("nesting", nesting(document))
        self.execution_context.parse_options["max_tokens"] = self.figures.tokens
        yield

    def on_validate(self) -> Iterator[None]:
        """Before validation."""
        document, context = self.execution_context.graphql_document, self.execution_context
        if document is not None:
            self._check_measures(measure(document, context.variables, context.operation_name))
        yield

    def _check_measures(self, found: Measured) -> None:
        for name in MEASURES:
            self._check(name, getattr(found, name))

    def _check(self, name: str, found: int) -> None:
        allowed = getattr(self.figures, name)
        if found > allowed:
            raise over(name, allowed, found)
