"""Files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mdm.errors import UnwritableTargetError
from mdm.failpoints import reach

BLOCK = 1 << 20


@contextmanager
def unfinished(final: Path, mark: str) -> Iterator[Path]:
    """A hidden name beside `final` to write under; removed again if the work fails.

    Args:
        mark: keeps the file apart from what another worker writes for the same final name.
    """
    path = final.with_name(f".{final.name}.{mark}.tmp")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Bring a file's content to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def appear(path: Path, final: Path) -> None:
    """Give a finished file its final name, for good: content first, then the name, then the folder."""
    sync_file(path)
    reach("file.after_sync_before_rename")
    path.replace(final)
    reach("file.after_rename_before_mark")
    sync_folder(final.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk; where folders cannot be opened (Windows) the system does it."""
    if os.name != "nt":
        sync_file(folder)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def in_our_words(folder: Path) -> Iterator[None]:
    """Says what is wrong with a folder in one sentence.

    Raises:
        UnwritableTargetError: the folder cannot be made or written, or its disk is full.
    """
    try:
        yield
    except OSError as exc:
        raise UnwritableTargetError(
            f"Cannot write to {folder} ({exc.strerror or exc}); make room or give the right, then publish "
            "again: nothing is lost."
        ) from exc
