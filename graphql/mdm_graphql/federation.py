"""How a router of Apollo Federation 2 finds golden records: by golden id, or by a system and its key.

Another subgraph need not know golden ids: a CRM service that declares
`type Client @key(fields: "system key") { system: String key: String }` has its clients joined with ours.
"""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Awaitable
from typing import Any

import strawberry
from strawberry.federation import Schema as FederatedSchema
from strawberry.federation.schema import FederationAny
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.types import Info

from mdm.entities import EntityType
from mdm.errors import DeclarationError, QueryError
from mdm_graphql.context import Context
from mdm_graphql.loaders import KnownAs, LedTo

BY_KEY = ("system", "key")

DESCRIPTIONS = {
    "system": "The system by whose key a router asked for the record; null if it asked otherwise.",
    "key": "The key by which a router asked for the record; null if it asked otherwise.",
}


MOST = 200
"""Entities that a router asks for at a time, as of any list."""


class CheckedEntities(FederatedSchema):
    """Says what is wrong with a representation instead of failing over it."""

    def entities_resolver(self, info: Info, representations: list[FederationAny]) -> list[FederationAny]:
        """The entities that representations speak of, in their order."""
        if len(representations) > MOST:
            raise QueryError(f"{len(representations)} entities at once are too many; ask for {MOST} at most.")
        return super().entities_resolver(info, [self._checked(one) for one in representations])

    def _checked(self, representation: Any) -> Any:
        name = representation.get("__typename") if isinstance(representation, dict) else None
        found = self.schema_converter.type_map.get(name) if isinstance(name, str) else None
        if not hasattr(getattr(found and found.definition, "origin", None), "resolve_reference"):
            raise QueryError(f"{str(name)[:80]!r} is no entity of this subgraph; name one in __typename.")
        return dict(representation)  # the caller takes it apart


def add_keys(entity_type: EntityType, node: type) -> tuple[Key, ...]:
    """Give a type the fields of its second key and the way to resolve both; returns its directives.

    Raises:
        DeclarationError: the entity type has an attribute named like a field of the key.
    """
    for name, words in DESCRIPTIONS.items():
        if name in entity_type.by_name:
            raise DeclarationError(
                f"{entity_type.name}.{name} clashes with the key of federation; rename the attribute, "
                "or switch federation off in mdm.toml."
            )
        node.__annotations__[name] = str | None
        setattr(node, name, strawberry.field(default=None, description=words))
    setattr(node, "resolve_reference", staticmethod(_resolver(entity_type)))  # noqa: B010  # the type is made at run time
    return tuple(Key(fields=FieldSet(fields), resolvable=True) for fields in ("id", " ".join(BY_KEY)))


def _resolver(entity_type: EntityType) -> Any:
    def resolve_reference(info: Info[Context, None], **representation: Any) -> Awaitable[Any]:
        reader = info.context.reader
        if "id" in representation:
            return reader.load(LedTo(entity_type.name), str(representation["id"]))
        place = tuple(representation.get(name) for name in BY_KEY)
        if not all(isinstance(part, str) for part in place):
            raise QueryError(f"A {entity_type.type_name} is found by id, or by system and key, all texts.")
        return _known_as(reader.load(KnownAs(entity_type.name), place), place)

    return resolve_reference


async def _known_as(record: Awaitable[Any], place: tuple[Any, ...]) -> Any:
    """The record under the key it was asked by, which the router wants back to join with."""
    found = await record
    if found is None:
        return None
    echoed = object.__new__(type(found))
    echoed.__dict__.update(found.__dict__, **dict(zip(BY_KEY, place, strict=True)))
    return echoed
