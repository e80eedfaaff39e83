"""One generated firm for all tests of the demo, and its exports read through the shipped mappings."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mdm.demo import Summary, generate
from mdm.entities import EntityRegistry, load_registry
from mdm.ingest import IncomingRecord, Rejected
from mdm.intake import Repeat, SeenKeys, load_mapping, open_rows, prepare

Key = tuple[str, str, str]


@dataclass
class Exports:
    """What the mappings make of the exports: live records by key, and what became of the rest."""

    live: dict[Key, IncomingRecord] = field(default_factory=dict)
    deleted: list[Key] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    left_out: int = 0
    repeated: list[Key] = field(default_factory=list)


@dataclass(frozen=True)
class Demo:
    """A generated firm with its manifest, its truth and its exports as read."""

    summary: Summary
    manifest: list[dict[str, Any]]
    truth: dict[Key, str]
    exports: Exports

    def values(self, entity: str, source: str = "") -> list[tuple[Key, str, Mapping[str, Any]]]:
        """Key, thing and values of the live records of an entity type, of one source or of all."""
        return [
            (key, self.truth[key], record.values)
            for key, record in self.exports.live.items()
            if key[0] == entity and source in ("", key[1])
        ]

    def by_thing(self, entity: str, attribute: str, source: str = "") -> dict[str, set[Any]]:
        """For each thing, the different values that its records state for an attribute."""
        found: dict[str, set[Any]] = {}
        for _, thing, values in self.values(entity, source):
            if values.get(attribute) is not None:
                found.setdefault(thing, set()).add(values[attribute])
        return found

    def held_by(self, entity: str, attribute: str) -> Counter[Any]:
        """For each value of an attribute, how many different things have a record that states it."""
        values = self.by_thing(entity, attribute).values()
        return Counter(value for stated in values for value in stated)


@pytest.fixture(scope="session")
def registry() -> EntityRegistry:
    return load_registry((), Path())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, registry: EntityRegistry) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    summary = generate(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    exports = Exports()
    for step in manifest:
        _read(folder, step, registry, exports)
    return Demo(summary, manifest, _truth(folder), exports)


def _truth(folder: Path) -> dict[Key, str]:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["entity"], row["source"], row["source_key"]): row["thing"] for row in rows}
    assert len(found) == len(rows)
    return found


def _read(folder: Path, step: dict[str, Any], registry: EntityRegistry, exports: Exports) -> None:
    mapping = load_mapping(step["mapping"], registry)
    entity_type = registry[step["entity"]]
    for name in step["files"]:
        rows, seen = open_rows(folder / name, records=mapping.records), SeenKeys()
        for row in rows.rows():
            record = prepare(entity_type, step["source"], row, mapping)
            if record is None:
                exports.left_out += 1
            elif isinstance(record, Rejected):
                exports.rejected.append(record)
            else:
                _keep((step["entity"], step["source"], record.source_key), record, seen, exports)


def _keep(key: Key, record: IncomingRecord, seen: SeenKeys, exports: Exports) -> None:
    if record.deleted:
        exports.deleted.append(key)
    elif seen.see(record) is Repeat.first:
        assert key not in exports.live
        exports.live[key] = record
    else:
        exports.repeated.append(key)
