"""Search by name across entity types."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import strawberry
from sqlmodel import Session
from strawberry.types import Info

from mdm.history.when import When
from mdm.query.highlights import Highlight as HighlightRead
from mdm.query.highlights import highlights
from mdm.query.search import Hit, search
from mdm_graphql.arguments import UNSET, First, stated
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.loaders import Current
from mdm_graphql.moments import AsOf, KnownAt, moment
from mdm_graphql.reader import Reader

HITS = 20
"""Hits when `first` is not given."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is searched for; types None for all."""

    text: str
    types: tuple[str, ...] | None
    first: int
    when: When


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of searches."""

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[SearchRequest]
    ) -> Mapping[SearchRequest, Sequence[Hit]]:
        return {key: search(reader.hub, session, key.text, key.types, key.first, key.when) for key in keys}


@dataclass(frozen=True, slots=True)
class HighlightsOf:
    """Where the text of a search stands in its hits; keys are (entity type, golden id)."""

    text: str
    when: When

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Sequence[HighlightRead]]:
        return highlights(reader.hub, session, self.text, keys, self.when)


@strawberry.type(description="A piece of a value; all pieces together are the value.")
class HighlightPart:
    """Text, marked or not."""

    text: str = strawberry.field(description="The piece as it stands in the value.")
    matched: bool = strawberry.field(description="Whether it is like a word of the search text.")


@strawberry.type(description="A value in which the search text was found.")
class Highlight:
    """One value of one attribute."""

    attribute: str = strawberry.field(description="Name of the attribute as declared.")
    parts: list[HighlightPart] = strawberry.field(description="The value in pieces.")

    @staticmethod
    def of(read: HighlightRead) -> "Highlight":
        """From the read model."""
        parts = [HighlightPart(text=part.text, matched=part.matched) for part in read.parts]
        return Highlight(attribute=read.attribute, parts=parts)


def search_hit_type(names: type[Enum]) -> type:
    """The type of a hit, in a schema with these entity types."""

    @strawberry.type(description="A golden record that a search found.")
    class SearchHit:
        id: strawberry.ID = strawberry.field(description="The golden id.")
        entity_type: names = strawberry.field(description="What kind of thing it is.")  # type: ignore[valid-type]  # made at run time
        label: str = strawberry.field(description="What people call the record.")
        score: float = strawberry.field(
            description="How alike the text and the record's name are, 0 to 1; 1 is the very name."
        )
        _reader: strawberry.Private[Reader]
        _current: strawberry.Private[Current]
        _text: strawberry.Private[str]

        @strawberry.field(description="The record itself.")
        async def node(self) -> GoldenRecord:
            record: GoldenRecord = await self._reader.load(self._current, self.id)
            return record

        @strawberry.field(
            description="The values in which the text was found; none if it was found by a former name."
        )
        async def highlights(self) -> list[Highlight]:
            key = (self._current.entity_type, str(self.id))
            found = await self._reader.load(HighlightsOf(self._text, self._current.when), key)
            return [Highlight.of(one) for one in found or ()]

    return SearchHit


def search_field(names: type[Enum]) -> Any:
    """The root field `search`."""
    hit_type = search_hit_type(names)

    async def resolve(
        info: Info[Context, None],
        text: Annotated[str, strawberry.argument(description="A name, a code or an address, also misspelt.")],
        types: Any = UNSET,
        first: First = HITS,
        known_at: KnownAt = UNSET,
        as_of: AsOf = UNSET,
    ) -> Any:
        reader, when = info.context.reader, moment(known_at, as_of)
        named = stated(types)
        wanted = None if named is None else tuple(member.value for member in named)
        hits: Sequence[Hit] = await reader.load(Found(), SearchRequest(text, wanted, first, when))
        return [
            hit_type(
                id=hit.golden_id,
                entity_type=names(hit.entity_type),
                label=hit.label,
                score=hit.score,
                _reader=reader,
                _current=Current(hit.entity_type, when),
                _text=text,
            )
            for hit in hits
        ]

    resolve.__annotations__["types"] = Annotated[
        list[names] | None,  # type: ignore[valid-type]  # made at run time
        strawberry.argument(description="Only these kinds of things; all if not given."),
    ]
    words = (
        "Golden records whose name, code or address is like the text, best first. Typing errors, missing "
        "accents, former names and another order of the words are forgiven."
    )
    return strawberry.field(
        resolver=resolve,
        graphql_type=list[hit_type],  # type: ignore[valid-type]  # made at run time
        description=words,
    )
