"""Writes checkpoints: every so many events, or when the last one is some minutes old."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from mdm.checkpoints.checkpoint import Checkpoint, checkpoint_file, read_checkpoints
from mdm.checkpoints.signing import Signer
from mdm.errors import InputError, MdmError
from mdm.secret_files import trust_folder
from mdm.store.decisions import Event

if TYPE_CHECKING:
    from mdm.hub import Hub

log = logging.getLogger(__name__)


def write_checkpoint(hub: Hub) -> Checkpoint | None:
    """Sign what the event log is now, unless the last checkpoint says it already; None for an empty log.

    Raises:
        SettingsError: the key cannot be read or made.
        InputError: the file of checkpoints cannot be read or written.
    """
    with hub.read() as session:
        newest = select(col(Event.number), col(Event.hash)).order_by(col(Event.number).desc()).limit(1)
        row = session.execute(newest).first()
    if row is None:
        return None
    path = checkpoint_file(hub.settings)
    known = read_checkpoints(path)
    if known and known[-1].count == row[0]:
        return known[-1]
    at = hub.clock().astimezone(UTC).isoformat(timespec="seconds")
    made = Signer(trust_folder(hub.settings)).sign(row[0], row[1], at)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        with os.fdopen(descriptor, "ab") as stream:
            stream.write(made.line.encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as exc:
        raise InputError(f"Cannot write {path} ({exc.strerror}); name another [trust] folder.") from exc
    return made


class Checkpoints:
    """Keeps checkpoints up with the log of one hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._count: int | None = None
        self._at = hub.clock()

    def keep_up(self, count: int) -> None:
        """Write a checkpoint if one is due; a failure is told to the log, for the change itself is stored.

        Args:
            count: events there are now.
        """
        trust = self._hub.settings.trust
        if self._count is None:
            self._count = self._last_known()
        behind = count - self._count
        old = self._hub.clock() - self._at >= timedelta(minutes=trust.checkpoint_minutes)
        if behind < trust.checkpoint_events and not (behind > 0 and old):
            return
        try:
            made = write_checkpoint(self._hub)
        except MdmError as exc:
            log.warning("no checkpoint was written: %s", exc)
            made = None
        self._count, self._at = made.count if made else count, self._hub.clock()

    def _last_known(self) -> int:
        try:
            known = read_checkpoints(checkpoint_file(self._hub.settings))
        except MdmError as exc:
            log.warning("the checkpoints cannot be read: %s", exc)
            return 0
        if known:
            self._at = min(self._at, datetime.fromisoformat(known[-1].at))
        return known[-1].count if known else 0
