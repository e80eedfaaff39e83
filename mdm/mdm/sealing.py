"""Seals of record versions: what the event of a batch vouches for, also once a version is erased."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def seal_of(salt: str, content_hash: str) -> str:
    """What vouches for a version's content, and tells nothing of it once the salt is gone."""
    return hashlib.sha256(f"{salt}{content_hash}".encode()).hexdigest() if salt else content_hash


def digest_of(seals: Iterable[str]) -> str:
    """What ties the versions of a batch, by their seals, to the event about it."""
    return hashlib.sha256("".join(seals).encode()).hexdigest()
