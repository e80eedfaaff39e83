"""Messages as a Parquet file: one typed column per attribute of the entity type."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import duckdb

from mdm.entities import EntityType, Kind
from mdm_sync.publishing.batch import Message

TYPES = {Kind.number: "DOUBLE", Kind.date: "DATE", Kind.texts: "VARCHAR[]"}
GOLDEN_COLUMNS = {
    "golden_id": "VARCHAR",
    "golden_state": "VARCHAR",
    "golden_version": "BIGINT",
    "golden_redirected_to": "VARCHAR",
    "golden_sources": 'STRUCT("system" VARCHAR, "key" VARCHAR)[]',
    "event_id": "VARCHAR",
    "event_type": "VARCHAR",
    "event_time": "TIMESTAMP",
}


def write_rows(stream: IO[str], messages: Iterable[Message]) -> None:
    """Write messages as flat JSON lines, as `to_parquet` reads them."""
    for message in messages:
        stream.write(json.dumps(_row(message), ensure_ascii=False) + "\n")


def to_parquet(rows: Path, final: Path, entity_type: EntityType) -> None:
    """Turn flat JSON lines into a Parquet file; equal rows give equal bytes."""
    columns = GOLDEN_COLUMNS | {
        a.name: TYPES.get(a.kind, "VARCHAR") for a in entity_type.attributes if a.name not in GOLDEN_COLUMNS
    }
    # One thread, so that rows and row groups keep their order.
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        source = connection.read_json(str(rows), format="newline_delimited", columns=columns)
        source.write_parquet(str(final), compression="zstd")


def _row(message: Message) -> dict[str, Any]:
    envelope = message.envelope
    data = envelope["data"]
    values: dict[str, Any] = data["values"]
    return values | {
        "golden_id": data["golden_id"],
        "golden_state": data["state"],
        "golden_version": data["version"],
        "golden_redirected_to": data["redirected_to"],
        "golden_sources": data["sources"],
        "event_id": envelope["id"],
        "event_type": envelope["type"],
        "event_time": envelope["time"].removesuffix("Z"),
    }
