"""The GraphQL face of the hub: a schema made from the entity types, resolved in waves of batched SQL."""

from mdm_graphql.router import create_router
from mdm_graphql.schema import HubSchema, build_schema, sdl

__all__ = ["HubSchema", "build_schema", "create_router", "sdl"]
