"""What every resolver of one operation can reach: the hub, the reader, the change feed, and who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from strawberry.fastapi import BaseContext

from mdm.change_feed import Tail
from mdm_graphql.reader import Reader

if TYPE_CHECKING:
    from mdm.hub import Hub


class Context(BaseContext):
    """One operation; several operations may share a connection, but not a reader.

    Attributes:
        author: who acts, kept with every verdict.
        tail: the end of the event log, for subscriptions.
    """

    def __init__(
        self, hub: Hub, new_reader: Callable[[], Reader], author: str = "system", tail: Tail | None = None
    ) -> None:
        super().__init__()
        self.hub = hub
        self.author = author
        self.tail = tail or Tail(hub)
        self.reader = new_reader()
        self.principal = self.reader.principal
        self._new_reader = new_reader

    def for_operation(self) -> Self:
        """The same for one operation, with a reader of its own."""
        return type(self)(self.hub, self._new_reader, self.author, self.tail)
