"""Remembers documents that were parsed and found valid, so that the next request with one pays for neither.

What depends on the request is looked at each time all the same: whether its key may run the document, the
limits, which count variables too, and every right. So a document that is remembered opens nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from graphql.language import DocumentNode
from strawberry.extensions import SchemaExtension

KEPT = 200_000
"""Characters of all remembered documents together; parsed, they take about 200 bytes each, 40 MB in all."""


@dataclass(slots=True)
class Remembered:
    """A document and whether it was found valid; the text is what it was parsed from."""

    parsed: DocumentNode
    valid: bool = False


class Documents:
    """The documents of one schema that were asked last, by their text."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._characters = 0
        self._known: OrderedDict[str, Remembered] = OrderedDict()

    def find(self, text: str) -> Remembered | None:
        """The document with this very text."""
        found = self._known.get(text)
        if found is not None:
            self._known.move_to_end(text)
        return found

    def keep(self, text: str, parsed: DocumentNode) -> Remembered:
        """Remember a document; those that nobody asked for longest go first."""
        known = self._known[text] = Remembered(parsed)
        self._characters += len(text)
        while self._characters > self._kept:
            forgotten, _ = self._known.popitem(last=False)
            self._characters -= len(forgotten)
        return known


class RememberDocuments(SchemaExtension):
    """Takes a document from those that are known, and adds one that is not, if nothing is wrong with it."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: Remembered | None = None

    def on_parse(self) -> Iterator[None]:
        """Around parsing."""
        context = self.execution_context
        text = context.query or ""
        self._known = self._documents.find(text)
        if self._known is not None:
            context.graphql_document = self._known.parsed
        yield
        if self._known is None and context.graphql_document is not None:
            self._known = self._documents.keep(text, context.graphql_document)

    def on_validate(self) -> Iterator[None]:
        """Around validation."""
        context = self.execution_context
        if self._known is not None and self._known.valid:
            context.pre_execution_errors = []
        yield
        if self._known is not None and not context.pre_execution_errors:
            self._known.valid = True
