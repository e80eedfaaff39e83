"""What every resolver of one request can reach: the hub, the reader, and who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strawberry.fastapi import BaseContext

from mdm_graphql.reader import Reader

if TYPE_CHECKING:
    from mdm.hub import Hub


class Context(BaseContext):
    """One request.

    Attributes:
        author: who acts, kept with every verdict.
    """

    def __init__(self, hub: Hub, reader: Reader, author: str = "system") -> None:
        super().__init__()
        self.hub = hub
        self.reader = reader
        self.author = author
