"""The root of every query: lists and lookups for each entity type, node, search and the stewards' queue."""

# Strawberry reads the annotations of this module, so they stay as written.
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from mdm.entities import EntityRegistry, EntityType
from mdm.errors import DeclarationError
from mdm_graphql.arguments import PAGE, UNSET
from mdm_graphql.conflicts import conflicts_field
from mdm_graphql.connections import Connection
from mdm_graphql.context import Context
from mdm_graphql.golden_record import Node
from mdm_graphql.golden_types import GoldenTypes, Listing
from mdm_graphql.loaders import KnownAs, LedTo, Listed
from mdm_graphql.match_field import match_field
from mdm_graphql.moments import AsOf, KnownAt, moment
from mdm_graphql.search_field import search_field

GoldenId = Annotated[
    strawberry.ID, strawberry.argument(description="A golden id, also one that a merge has retired.")
]
System = Annotated[str, strawberry.argument(description="The system's name, such as salesforce.")]
SourceKey = Annotated[str, strawberry.argument(description="The key of the record in that system.")]


def query_type(registry: EntityRegistry, types: GoldenTypes) -> type:
    """The root type of a schema.

    Raises:
        DeclarationError: two root fields would have one name.
    """
    fields: dict[str, Any] = {
        "node": _node_field(),
        "search": search_field(types.names),
        "match": match_field(registry),
        "conflicts": conflicts_field(types.names),
    }
    for listing in types.listings.values():
        for name, field in _fields_of(listing):
            if name in fields:
                raise DeclarationError(
                    f"{listing.entity_type.name}: the API would have two fields {name!r}; "
                    "choose another name or plural."
                )
            fields[name] = field
    query = type("Query", (), {"__module__": __name__, "__annotations__": {}, **fields})
    return strawberry.type(query, name="Query", description="What the hub knows.")


def _fields_of(listing: Listing) -> list[tuple[str, Any]]:
    entity_type = listing.entity_type
    return [
        (entity_type.plural, _list_field(listing)),
        (entity_type.name, _one_field(listing)),
        (f"{entity_type.name}_by_key", _by_key_field(listing)),
    ]


def _title(entity_type: EntityType) -> str:
    return entity_type.title.lower()


def _list_field(listing: Listing) -> Any:
    loader = Listed(listing.entity_type.name)

    def resolve(
        info: Info[Context, None],
        first: int = PAGE,
        after: str | None = UNSET,
        filter: Any = UNSET,
        order_by: Any = UNSET,
        known_at: KnownAt = UNSET,
        as_of: AsOf = UNSET,
    ) -> Any:
        when = moment(known_at, as_of)
        return info.context.reader.load(loader, listing.request(first, after, filter, order_by, when))

    connection = Connection[listing.node]  # type: ignore[name-defined]  # made at run time
    words = f"The {listing.entity_type.plural.replace('_', ' ')}, page by page."
    return strawberry.field(resolver=listing.annotate(resolve), graphql_type=connection, description=words)


def _one_field(listing: Listing) -> Any:
    name = listing.entity_type.name

    def resolve(
        info: Info[Context, None], id: GoldenId, known_at: KnownAt = UNSET, as_of: AsOf = UNSET
    ) -> Any:
        return info.context.reader.load(LedTo(name, moment(known_at, as_of)), id)

    words = f"The {_title(listing.entity_type)} with this golden id; null if there is none."
    return strawberry.field(resolver=resolve, graphql_type=listing.node | None, description=words)


def _by_key_field(listing: Listing) -> Any:
    name = listing.entity_type.name

    def resolve(
        info: Info[Context, None],
        system: System,
        key: SourceKey,
        known_at: KnownAt = UNSET,
        as_of: AsOf = UNSET,
    ) -> Any:
        return info.context.reader.load(KnownAs(name, moment(known_at, as_of)), (system, key))

    words = f"The {_title(listing.entity_type)} that a system knows by this key; null if there is none."
    return strawberry.field(resolver=resolve, graphql_type=listing.node | None, description=words)


def _node_field() -> Any:
    def resolve(
        info: Info[Context, None], id: GoldenId, known_at: KnownAt = UNSET, as_of: AsOf = UNSET
    ) -> Any:
        return info.context.reader.load(LedTo(None, moment(known_at, as_of)), id)

    words = "The record with this golden id, whatever kind of thing it is; null if there is none."
    return strawberry.field(resolver=resolve, graphql_type=Node | None, description=words)
