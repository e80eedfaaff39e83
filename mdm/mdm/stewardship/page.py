"""A page of a longer list, and the cursor that leads to the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list, in its order.

    Attributes:
        end_cursor: hand it back as `after` for the items behind this page; None if the page is empty.
        has_next: whether there are any.
    """

    items: Sequence[Item]
    end_cursor: str | None
    has_next: bool
