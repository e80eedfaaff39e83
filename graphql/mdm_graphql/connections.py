"""Pages of golden records as GraphQL connections."""

# Strawberry reads the annotations of this module, so they stay as written.
from typing import Any, Generic, TypeVar

import strawberry

from mdm.history.when import NOW, When
from mdm.query.golden_row import GoldenRow
from mdm.query.pages import Page
from mdm_graphql.reader import Loader, Reader

NodeType = TypeVar("NodeType")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = strawberry.field(description="Whether there are more records behind this page.")
    has_previous_page: bool = strawberry.field(description="Whether the page begins behind a cursor.")
    start_cursor: str | None = strawberry.field(description="Cursor of the page's first record.")
    end_cursor: str | None = strawberry.field(
        description="Cursor of the page's last record: hand it back as after."
    )


@strawberry.type(description="A record in its place in a list.")
class Edge(Generic[NodeType]):
    """A node and its cursor; the cursor is made only if somebody asks for it."""

    node: NodeType = strawberry.field(description="The record.")
    _page: strawberry.Private[Page]
    _row: strawberry.Private[GoldenRow]

    @strawberry.field(description="The record's place, for after.")
    def cursor(self) -> str:
        """Opaque text."""
        return self._page.cursor(self._row)


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    """A page; edges, cursors and the count are made only if somebody asks for them."""

    nodes: list[NodeType] = strawberry.field(
        description="The records themselves, one level flatter than edges."
    )
    _page: strawberry.Private[Page]
    _reader: strawberry.Private[Reader]
    _counted: strawberry.Private[Loader]
    _count_key: strawberry.Private[Any]

    @classmethod
    def of(
        cls, page: Page, reader: Reader, counted: Loader, count_key: Any, when: When = NOW
    ) -> "Connection[NodeType]":
        """The connection of a page.

        Args:
            counted: the loader that counts the whole list, under `count_key`.
            when: the moment that the page is of.
        """
        nodes = [reader.node(row, when) for row in page.rows]
        return cls(nodes=nodes, _page=page, _reader=reader, _counted=counted, _count_key=count_key)

    @strawberry.field(description="The records with their cursors.")
    def edges(self) -> list[Edge[NodeType]]:
        """In the order of the list."""
        pairs = zip(self.nodes, self._page.rows, strict=True)
        return [Edge(node=node, _page=self._page, _row=row) for node, row in pairs]

    @strawberry.field(description="Where this page lies in the list.")
    def page_info(self) -> PageInfo:
        """Cursors are None on an empty page."""
        rows = self._page.rows
        return PageInfo(
            has_next_page=self._page.has_next,
            has_previous_page=self._page.has_previous,
            start_cursor=self._page.cursor(rows[0]) if rows else None,
            end_cursor=self._page.cursor(rows[-1]) if rows else None,
        )

    @strawberry.field(description="How many records the whole list has; counted only if asked for.")
    async def total_count(self) -> int:
        """Counted in the same snapshot."""
        total: int = await self._reader.load(self._counted, self._count_key)
        return total
