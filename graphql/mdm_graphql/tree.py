"""Trees of golden records: the ultimate parent, what lies above and below, and what refers to any of it."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import strawberry
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.errors import QueryError
from mdm.history.when import NOW, When
from mdm.query.conditions import Condition, Operator
from mdm.query.hierarchies import ancestors, descendants
from mdm.query.pages import PageRequest, page
from mdm.query.related import Edge
from mdm_graphql.arguments import PAGE, UNSET
from mdm_graphql.connections import Connection
from mdm_graphql.golden_record import reader_of, when_of
from mdm_graphql.loaders import Counted
from mdm_graphql.reader import Reader

MOST_TREES = 20
"""Trees that one level of a query may ask for: each is a statement per step."""

MOST_BELOW = 2000
"""Golden records of a tree whose referrers are listed."""


def is_tree(entity_type: EntityType) -> bool:
    """Whether records of this type form trees."""
    return any(attribute.hierarchy for attribute in entity_type.references)


@dataclass(frozen=True, slots=True)
class Ancestors:
    """What golden records lie under, nearest first and without themselves."""

    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, list[Any]]:
        _check(keys)
        found = {key: ancestors(reader.hub, session, key, self.when) for key in keys}
        return {key: [reader.node(n.row, self.when) for n in nodes[1:]] for key, nodes in found.items()}


@dataclass(frozen=True, slots=True)
class Descendants:
    """What lies under golden records, level by level and without themselves."""

    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, list[Any]]:
        _check(keys)
        found = {key: descendants(reader.hub, session, key, self.when) for key in keys}
        return {key: [reader.node(n.row, self.when) for n in nodes[1:]] for key, nodes in found.items()}


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A page of the records that refer to golden records or to anything under them."""

    edge: Edge
    request: PageRequest

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, Connection[Any]]:
        _check(keys)
        return {key: self._page(reader, session, key) for key in keys}

    def _page(self, reader: Reader, session: Session, key: str) -> Connection[Any]:
        when = self.request.when
        below = [node.row.golden_id for node in descendants(reader.hub, session, key, when)]
        if len(below) > MOST_BELOW:
            raise QueryError(
                f"{len(below):,} records lie under {key}; list those of one below it, or use mdm rollup."
            )
        tree = Condition(self.edge.attribute, Operator.in_, tuple(below))
        request = replace(self.request, conditions=(*self.request.conditions, tree))
        found = page(reader.hub, session, self.edge.referrer, request)
        return Connection.of(found, reader, Counted(self.edge.referrer, when), request.conditions, when)


def tree_fields(listing: Any) -> dict[str, Any]:
    """The fields of a type whose records form trees."""
    node: Any = listing.node

    async def ultimate_parent(root: Any) -> Any:
        above = await reader_of(root).load(Ancestors(when_of(root)), root.id)
        return above[-1] if above else root

    def above(root: Any) -> Any:
        return reader_of(root).load(Ancestors(when_of(root)), root.id)

    def below(root: Any) -> Any:
        return reader_of(root).load(Descendants(when_of(root)), root.id)

    return {
        "ultimate_parent": strawberry.field(
            resolver=ultimate_parent,
            graphql_type=node,
            description="The top of its tree; itself if that is it.",
        ),
        "ancestors": strawberry.field(
            resolver=above, graphql_type=list[node], description="What it lies under, nearest first."
        ),
        "descendants": strawberry.field(
            resolver=below, graphql_type=list[node], description="Everything under it, level by level."
        ),
    }


def rolled_up_field(edge: Edge, listing: Any) -> Any:
    """The connection of the records that refer to a record or to anything under it."""

    def resolve(
        root: Any, first: int = PAGE, after: str | None = UNSET, filter: Any = UNSET, order_by: Any = UNSET
    ) -> Any:
        request = listing.request(first, after, filter, order_by, when_of(root))
        return reader_of(root).load(RolledUp(edge, request), root.id)

    words = f"The {listing.entity_type.plural.replace('_', ' ')} of it and of everything under it."
    return strawberry.field(
        resolver=listing.annotate(resolve),
        graphql_type=Connection[listing.node],
        description=words,
    )


def _check(keys: Sequence[str]) -> None:
    if len(keys) > MOST_TREES:
        raise QueryError(
            f"The operation asks for the trees of {len(keys)} records; ask for {MOST_TREES} or fewer at once."
        )
