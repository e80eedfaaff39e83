"""Checks an event log against signed checkpoints, on its own: it imports nothing of the hub.

    python verifier.py --checkpoints checkpoints.jsonl --public-key checkpoint-*.pub --sqlite hub.db
    python verifier.py --checkpoints checkpoints.jsonl --public-key checkpoint-*.pub --events events.jsonl

leaf = SHA-256(0x00 || entry as canonical JSON), hash = SHA-256(0x01 || hash before || leaf). Every checkpoint
must be signed, rise in count and in time, and name the hash that the log has there. Exit code 0 if all holds,
1 if not, 2 if something cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

GENESIS = "0" * 64
FORMAT = "mdm-checkpoint-1"
FIELDS = ("number", "id", "at", "type", "entity_type", "subject", "author", "details")


class UnreadableError(Exception):
    """A file is not what it should be."""


def problems(entries: Iterable[dict[str, Any]], checkpoints: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with a log, in words.

    Args:
        entries: events in their order, each with FIELDS and its stored `hash`.
        checkpoints: genuine ones, by count.
    """
    marks = {mark["count"]: mark["head"] for mark in checkpoints}
    before, number = GENESIS, 0
    for entry in entries:
        number += 1
        if entry["number"] != number:
            yield f"event {number} is missing"
            number = entry["number"]
        hashed = chained(before, {field: entry[field] for field in FIELDS})
        if hashed != entry["hash"]:
            yield f"event {number} does not fit the chain"
        if marks.pop(number, entry["hash"]) != entry["hash"]:
            yield f"event {number} is not the one that a checkpoint was signed for"
        before = entry["hash"]
    for count in sorted(marks):
        yield f"a checkpoint was signed for {count} events, but the log ends at {number}"


def chained(before: str, entry: dict[str, Any]) -> str:
    """The hash of an entry behind one with hash `before`."""
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = hashlib.sha256(b"\x00" + text.encode()).digest()
    try:
        return hashlib.sha256(b"\x01" + bytes.fromhex(before) + leaf).hexdigest()
    except ValueError:
        return ""


def genuine(
    lines: Iterable[str], keys: dict[str, Ed25519PublicKey]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The checkpoints that one of the keys signed, and what is wrong with the others."""
    good: list[dict[str, Any]] = []
    wrong = []
    for number, line in enumerate(lines, start=1):
        mark = _checkpoint(line, keys)
        if mark is None:
            wrong.append(f"checkpoint {number} is not signed by a known key")
        elif good and (mark["count"] < good[-1]["count"] or mark["at"] < good[-1]["at"]):
            wrong.append(f"checkpoint {number} is older than the one before it")
        elif good and mark["count"] == good[-1]["count"] and mark["head"] != good[-1]["head"]:
            wrong.append(f"checkpoint {number} contradicts the one before it")
        else:
            good.append(mark)
    return good, wrong


def _checkpoint(line: str, keys: dict[str, Ed25519PublicKey]) -> dict[str, Any] | None:
    try:
        mark = json.loads(line)
        count, head, at, key = mark["count"], mark["head"], mark["at"], mark["key"]
        if type(count) is not int or not all(isinstance(one, str) for one in (head, at, key)):
            return None
        signature = base64.b64decode(mark["signature"], validate=True)
        keys[key].verify(signature, f"{FORMAT}\n{count}\n{head}\n{at}\n".encode())
    except (ValueError, KeyError, TypeError, binascii.Error, InvalidSignature, RecursionError):
        return None
    return {"count": count, "head": head, "at": at}


def public_keys(paths: Iterable[Path]) -> dict[str, Ed25519PublicKey]:
    """Public keys by their names.

    Raises:
        UnreadableError: a file holds none.
    """
    found = {}
    for path in paths:
        try:
            public = load_pem_public_key(path.read_bytes())
        except (OSError, ValueError) as exc:
            raise UnreadableError(f"{path} holds no public key: {exc}") from exc
        if not isinstance(public, Ed25519PublicKey):
            raise UnreadableError(f"{path} holds no ed25519 key")
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        found[hashlib.sha256(raw).hexdigest()[:16]] = public
    return found


def events_of_sqlite(path: Path) -> Iterator[dict[str, Any]]:
    """The events of a database file, opened for reading only."""
    columns = "number, id, happened_at, type, entity_type, subject, author, details, hash"
    names = (*FIELDS, "hash")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        for row in connection.execute(f"SELECT {columns} FROM event ORDER BY number"):
            entry = dict(zip(names, row, strict=True))
            at = datetime.fromisoformat(entry["at"]).replace(tzinfo=UTC)
            yield {
                **entry,
                "at": at.isoformat(timespec="microseconds"),
                "details": json.loads(entry["details"]),
            }


def events_of_file(path: Path) -> Iterator[dict[str, Any]]:
    """The events of a file that `mdm checkpoint --export` wrote: one JSON document a line."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, and print what is wrong or how much was looked at."""
    parser = argparse.ArgumentParser(description="Check an event log against signed checkpoints.")
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--public-key", type=Path, nargs="+", required=True)
    log = parser.add_mutually_exclusive_group(required=True)
    log.add_argument("--sqlite", type=Path)
    log.add_argument("--events", type=Path)
    chosen = parser.parse_args(arguments)
    try:
        lines = chosen.checkpoints.read_text("utf-8").splitlines()
        good, wrong = genuine(lines, public_keys(chosen.public_key))
        entries = events_of_sqlite(chosen.sqlite) if chosen.sqlite else events_of_file(chosen.events)
        wrong += problems(entries, good)
    except (OSError, ValueError, KeyError, TypeError, sqlite3.Error, UnreadableError) as exc:
        sys.stderr.write(f"cannot be read: {exc}\n")
        return 2
    for one in wrong:
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"{len(good)} checkpoints, {len(wrong)} problems\n")
    return 1 if wrong or not good else 0


if __name__ == "__main__":
    sys.exit(main())
