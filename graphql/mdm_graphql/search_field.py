"""Search by name across entity types."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import strawberry
from sqlmodel import Session
from strawberry.types import Info

from mdm.query.search import Hit, search
from mdm_graphql.arguments import UNSET, First, stated
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.loaders import Current
from mdm_graphql.reader import Reader

HITS = 20
"""Hits when `first` is not given."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is searched for; types None for all."""

    text: str
    types: tuple[str, ...] | None
    first: int


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of searches."""

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[SearchRequest]
    ) -> Mapping[SearchRequest, Sequence[Hit]]:
        return {key: search(reader.hub, session, key.text, key.types, key.first) for key in keys}


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

        @strawberry.field(description="The record itself.")
        async def node(self) -> GoldenRecord:
            record: GoldenRecord = await self._reader.load(self._current, self.id)
            return record

    return SearchHit


def search_field(names: type[Enum]) -> Any:
    """The root field `search`."""
    hit_type = search_hit_type(names)

    async def resolve(
        info: Info[Context, None],
        text: Annotated[str, strawberry.argument(description="A name, a code or an address, also misspelt.")],
        types: Any = UNSET,
        first: First = HITS,
    ) -> Any:
        reader = info.context.reader
        named = stated(types)
        wanted = None if named is None else tuple(member.value for member in named)
        hits: Sequence[Hit] = await reader.load(Found(), SearchRequest(text, wanted, first))
        return [
            hit_type(
                id=hit.golden_id,
                entity_type=names(hit.entity_type),
                label=hit.label,
                score=hit.score,
                _reader=reader,
                _current=Current(hit.entity_type),
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
