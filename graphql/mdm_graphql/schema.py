"""The schema of one deployment: its entity types, the limits of an operation, and what happens around it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, cast

from strawberry import Schema
from strawberry.extensions import (
    DisableIntrospection,
    SchemaExtension,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graphql import GraphQLError
from mdm.entities import EntityRegistry
from mdm.errors import DeclarationError
from mdm_graphql.cells import CELL_VALUE, CellValue
from mdm_graphql.changes import subscription_type
from mdm_graphql.context import Context
from mdm_graphql.documents import Documents, RememberDocuments
from mdm_graphql.federation import CheckedEntities
from mdm_graphql.golden_types import GoldenTypes, golden_types
from mdm_graphql.limits import CheckLimits, Figures
from mdm_graphql.mutations import mutation_type
from mdm_graphql.persisted import RegisteredOperations
from mdm_graphql.root import query_type
from mdm_graphql.translating import TranslateErrors, log_errors

DEVELOPER_TOKENS = 2000
"""With the IDE, whose introspection is long."""


class OneSnapshot(SchemaExtension):
    """Gives each operation a reader of its own, and lets go of its snapshot when it ends, however it ends."""

    async def on_operation(self) -> AsyncIterator[None]:
        """Around the whole operation."""
        context = cast(Context, self.execution_context.context).for_operation()
        self.execution_context.context = context
        try:
            yield
        finally:
            await context.reader.end()

    async def on_stream_result(self, result: object) -> AsyncIterator[None]:
        """Around each result of a subscription: no snapshot is held while it is sent and the next awaited."""
        await cast(Context, self.execution_context.context).reader.close()
        yield


class _OfHub:
    """What both kinds of schema do.

    Attributes:
        node_types: entity type to the GraphQL type of its golden records.
    """

    node_types: dict[str, type]

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Strawberry calls this once with all errors of an operation, before they are translated."""
        log_errors(errors)


class HubSchema(_OfHub, Schema):
    """A schema made from entity types."""

    def __init__(
        self, registry: EntityRegistry, types: GoldenTypes, operations: Mapping[str, str], *, dev: bool
    ) -> None:
        self.node_types = types.nodes
        super().__init__(**_parts(registry, types, operations, dev=dev))


class HubSubgraph(_OfHub, CheckedEntities):
    """The same as a subgraph of Apollo Federation 2, whose entities a router finds by golden id or by key."""

    def __init__(
        self, registry: EntityRegistry, types: GoldenTypes, operations: Mapping[str, str], *, dev: bool
    ) -> None:
        self.node_types = types.nodes
        super().__init__(**_parts(registry, types, operations, dev=dev), federation_version="2.3")


def _parts(
    registry: EntityRegistry, types: GoldenTypes, operations: Mapping[str, str], *, dev: bool
) -> dict[str, Any]:
    documents = Documents()
    extensions: list[type[SchemaExtension] | Callable[[], SchemaExtension]] = [
        TranslateErrors,
        OneSnapshot,
        lambda: RegisteredOperations(operations),
        lambda: CheckLimits(Figures(tokens=DEVELOPER_TOKENS) if dev else Figures()),
        lambda: RememberDocuments(documents),
    ]
    return {
        "query": query_type(registry, types),
        "mutation": mutation_type(),
        "subscription": subscription_type(types.names),
        "types": list(types.nodes.values()),
        "extensions": extensions if dev else [*extensions, DisableIntrospection],
        "config": StrawberryConfig(disable_field_suggestions=not dev, scalar_map={CellValue: CELL_VALUE}),
    }


def build_schema(
    registry: EntityRegistry,
    *,
    dev: bool = False,
    federated: bool = False,
    operations: Mapping[str, str] | None = None,
) -> HubSchema | HubSubgraph:
    """The schema of these entity types.

    Args:
        dev: allow introspection, and suggest names in error messages.
        federated: a subgraph for a router of Apollo Federation 2.
        operations: registered documents by their SHA-256.

    Raises:
        DeclarationError: a name in a declaration clashes with one of the API.
    """
    try:
        if federated:
            types = golden_types(registry, federated=True)
            return HubSubgraph(registry, types, operations or {}, dev=dev)
        return HubSchema(registry, golden_types(registry), operations or {}, dev=dev)
    except DeclarationError:
        raise
    except Exception as exc:  # Strawberry has no common ancestor for what is wrong with a schema
        raise DeclarationError(
            f"The entity types make no GraphQL schema ({exc}); rename what clashes."
        ) from exc


def sdl(registry: EntityRegistry, *, federated: bool = False) -> str:
    """The schema of these entity types as text in the schema definition language."""
    return build_schema(registry, dev=True, federated=federated).as_str() + "\n"
