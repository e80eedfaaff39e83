"""Notices a key that a file holds twice; remembers two digests per key, not the rows."""

from __future__ import annotations

import hashlib
from enum import Enum

from mdm.ingest import IncomingRecord

REPEATED_KEY = "the key stands in the file before, with other content"
"""The reason with which the later row goes to quarantine."""


class Repeat(Enum):
    """How a record stands to the earlier ones of its file."""

    first = "first"
    """Its key is new."""
    same = "same"
    """Its key stood there before with equal content; nothing is lost by ignoring it."""
    other = "other"
    """Its key stood there before with other content."""


class SeenKeys:
    """The keys of one file so far, with a digest of what was said of each."""

    def __init__(self) -> None:
        self._contents: dict[bytes, bytes] = {}

    def see(self, record: IncomingRecord) -> Repeat:
        """How the record stands to the earlier ones; remembers it if its key is new."""
        key = hashlib.blake2b(record.source_key.encode(), digest_size=16).digest()
        content = bytes.fromhex(record.content_hash)[:16]
        known = self._contents.setdefault(key, content)
        if known is content:
            return Repeat.first
        return Repeat.same if known == content else Repeat.other
