"""A preview: the operation itself, done and taken back, so that it shows exactly what would change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from mdm.access import Principal
from mdm.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from mdm.hub import Hub

Outcome = TypeVar("Outcome")


def previewed(hub: Hub, author: str | Principal, operation: Callable[[UnitOfWork], Outcome]) -> Outcome:
    """What an operation would come to; nothing of it stays, nobody is told."""
    with hub.write(author) as uow:
        outcome = operation(uow)
        uow.session.rollback()
    return outcome
