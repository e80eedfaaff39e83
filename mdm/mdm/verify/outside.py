"""Checks of the event log against what lies outside the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.checkpoints import checkpoint_file, read_checkpoints
from mdm.checkpoints.signing import is_genuine, public_keys
from mdm.errors import InputError
from mdm.secret_files import trust_folder
from mdm.store.chunks import rows_in
from mdm.store.decisions import Event
from mdm.verify.check import Check

if TYPE_CHECKING:
    from mdm.hub import Hub


def checkpoints_hold(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every signed checkpoint is genuine, and the event log still is what it was signed for."""
    path = checkpoint_file(hub.settings)
    try:
        checkpoints = read_checkpoints(path)
    except InputError as exc:
        yield str(exc)
        return
    keys = public_keys(trust_folder(hub.settings))
    query = select(col(Event.number), col(Event.hash))
    heads = {
        row[0]: row[1] for row in rows_in(session, query, col(Event.number), {c.count for c in checkpoints})
    }
    for number, checkpoint in enumerate(checkpoints, start=1):
        check.checked += 1
        if not is_genuine(checkpoint, keys):
            yield f"checkpoint {number} in {path} was signed by no key in {path.parent}"
        elif checkpoint.count not in heads:
            yield f"checkpoint {number} was signed for {checkpoint.count} events, but the log is shorter"
        elif heads[checkpoint.count] != checkpoint.head:
            yield f"event {checkpoint.count} is not the one that checkpoint {number} was signed for"
