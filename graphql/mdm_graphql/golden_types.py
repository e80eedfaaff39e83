"""A GraphQL type for each entity type, made from its declaration: attributes, references, referrers."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any, cast

import strawberry

from mdm.access.view import CLASSIFIED
from mdm.entities import Attribute, EntityRegistry, EntityType, Kind
from mdm.errors import DeclarationError
from mdm.history.when import NOW, When
from mdm.query.employments import WORKER
from mdm.query.pages import PageRequest
from mdm.query.related import Edge, edges_to
from mdm_graphql.arguments import PAGE, UNSET, After, First, stated
from mdm_graphql.connections import Connection
from mdm_graphql.employments import EMPLOYMENTS, LEGAL_ENTITY, employments_field
from mdm_graphql.federation import add_keys
from mdm_graphql.filters import conditions_of, filter_type, order_type, ordering_of
from mdm_graphql.golden_record import COMMON_FIELDS, GoldenRecord, reader_of, when_of
from mdm_graphql.loaders import Current, Referring
from mdm_graphql.tree import is_tree, rolled_up_field, tree_fields

VALUES: dict[Kind, Any] = {Kind.text: str, Kind.number: float, Kind.date: date, Kind.texts: list[str]}


@dataclass(frozen=True, slots=True)
class Listing:
    """The types with which records of one entity type are listed."""

    entity_type: EntityType
    node: type
    filter: type
    order: type

    def request(
        self, first: int, after: str | None, given: object, order: list[Any] | None, when: When = NOW
    ) -> PageRequest:
        """The page that the arguments of a list field ask for."""
        return PageRequest(
            first,
            stated(after),
            conditions_of(self.entity_type, stated(given)),
            ordering_of(self.entity_type, stated(order)),
            when,
        )

    def annotate(self, resolver: Callable[..., Any]) -> Callable[..., Any]:
        """Type the arguments of a list field."""
        resolver.__annotations__ |= {
            "first": First,
            "after": After,
            "filter": Annotated[
                self.filter | None,
                strawberry.argument(description="Only records that meet these conditions."),
            ],
            "order_by": Annotated[
                list[self.order] | None,  # type: ignore[name-defined]  # a type made at run time
                strawberry.argument(description="In this order; by id if not given. Ties are broken by id."),
            ],
        }
        return resolver


@dataclass(frozen=True, slots=True)
class GoldenTypes:
    """The GraphQL types of all entity types, by entity type, and the enum of their names."""

    listings: dict[str, Listing]
    names: type[Enum]

    @property
    def nodes(self) -> dict[str, type]:
        """The type of the golden records of each entity type."""
        return {name: listing.node for name, listing in self.listings.items()}


def golden_types(registry: EntityRegistry, *, federated: bool = False) -> GoldenTypes:
    """The GraphQL types of these entity types.

    Args:
        federated: with the keys by which a router of Apollo Federation finds them.

    Raises:
        DeclarationError: an edge or an attribute has a name that the API uses itself.
    """
    listings = {t.name: Listing(t, _bare(t), filter_type(t), order_type(t)) for t in registry}
    for listing in listings.values():
        _complete(listing, listings, edges_to(registry, listing.entity_type.name))
        directives = add_keys(listing.entity_type, listing.node) if federated else ()
        _declare(listing, directives)
    return GoldenTypes(listings, _names(registry))


def _names(registry: EntityRegistry) -> type[Enum]:
    members = {
        t.name.upper(): strawberry.enum_value(t.name, description=_first_line(t.description))
        for t in registry
    }
    names = cast("type[Enum]", Enum("EntityType", members, module=__name__))
    return strawberry.enum(names, description="The kinds of things that the hub knows.")


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""


def _bare(entity_type: EntityType) -> type:
    # Made before any field, because types refer to each other in circles.
    return type(entity_type.type_name, (GoldenRecord,), {"__module__": __name__, "__annotations__": {}})


def _complete(listing: Listing, listings: dict[str, Listing], edges: Sequence[Edge]) -> None:
    """Give a type its fields."""
    entity_type, node = listing.entity_type, listing.node
    for attribute in entity_type.attributes:
        if attribute.kind is Kind.reference:
            setattr(node, attribute.name, _reference(attribute, listings[attribute.target]))
        else:
            if attribute.sensitivity not in CLASSIFIED:
                node.__annotations__[attribute.name] = VALUES[attribute.kind] | None
            setattr(node, attribute.name, _value_field(entity_type, attribute))
    for edge in edges:
        if edge.name in COMMON_FIELDS:
            raise DeclarationError(
                f"{edge.referrer}.{edge.attribute} would be {entity_type.name}.{edge.name}, "
                "which the API needs; name it with inverse(...)."
            )
        setattr(node, edge.name, _referring(edge, listings[edge.referrer]))
    if is_tree(entity_type):
        _add_tree(listing, listings, edges)
    if entity_type.name == WORKER and LEGAL_ENTITY in listings:
        setattr(node, EMPLOYMENTS, employments_field(listings[LEGAL_ENTITY].node))


def _add_tree(listing: Listing, listings: dict[str, Listing], edges: Sequence[Edge]) -> None:
    """The fields of a type whose records form trees; every edge can be rolled up."""
    fields = tree_fields(listing)
    for edge in edges:
        if edge.referrer != listing.entity_type.name:
            fields[f"all_{edge.name}"] = rolled_up_field(edge, listings[edge.referrer])
    for name, field in fields.items():
        if name in listing.entity_type.by_name:
            raise DeclarationError(
                f"{listing.entity_type.name}.{name} is a name that the API needs; rename the attribute."
            )
        setattr(listing.node, name, field)


def _declare(listing: Listing, directives: Sequence[object]) -> None:
    """Make a complete type known to Strawberry."""
    strawberry.type(
        listing.node,
        name=listing.entity_type.type_name,
        description=listing.entity_type.description or None,
        directives=directives,
    )


def _value_field(entity_type: EntityType, attribute: Attribute) -> Any:
    """A value as the row holds it; that a classified one was told is kept."""
    if attribute.sensitivity not in CLASSIFIED:
        return strawberry.field(default=None, **_said_of(attribute))
    name, kind = attribute.name, VALUES[attribute.kind]

    def resolve(root: Any) -> Any:
        reader_of(root).note(entity_type.name, name, root.id)
        return root.__dict__[name]

    return strawberry.field(resolver=resolve, graphql_type=kind | None, **_said_of(attribute))


def _said_of(attribute: Attribute) -> dict[str, Any]:
    """What the schema says of an attribute: what it is, and, if it will go, what to use instead."""
    return {"description": described(attribute), "deprecation_reason": attribute.deprecated or None}


def described(attribute: Attribute) -> str:
    """What an attribute is, and the words it may hold."""
    words = attribute.description or attribute.name.replace("_", " ").capitalize()
    return f"{words}: {', '.join(attribute.words)}." if attribute.words else f"{words}."


def _reference(attribute: Attribute, target: Listing) -> Any:
    target_type, name = attribute.target, attribute.name

    def resolve(root: Any) -> Any:
        golden_id = root.__dict__[name]
        if golden_id is None:
            return None
        return reader_of(root).load(Current(target_type, when_of(root)), golden_id)

    return strawberry.field(resolver=resolve, graphql_type=target.node | None, **_said_of(attribute))


def _referring(edge: Edge, listing: Listing) -> Any:
    def resolve(
        root: Any, first: int = PAGE, after: str | None = UNSET, filter: Any = UNSET, order_by: Any = UNSET
    ) -> Any:
        request = listing.request(first, after, filter, order_by, when_of(root))
        return reader_of(root).load(Referring(edge, request), root.id)

    referrers, attribute = (name.replace("_", " ") for name in (listing.entity_type.plural, edge.attribute))
    words = f"The {referrers} whose {attribute} this is."
    connection = Connection[listing.node]  # type: ignore[name-defined]  # a type made at run time
    return strawberry.field(resolver=listing.annotate(resolve), graphql_type=connection, description=words)
