"""What the systems answer, page by page, and (kept apart) which thing each of their records is about."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two records (as `source:key`) of one entity type that a machine should leave to a steward, and why."""

    entity: str
    left: str
    right: str
    why: str
    same: bool


@dataclass(frozen=True, slots=True)
class Load:
    """One step of the manifest: files of one entity type, and the shipped mapping that reads them."""

    source: str
    entity: str
    mapping: str
    files: tuple[str, ...]


@dataclass(slots=True)
class Book:
    """Collects answers, truth and loads while the systems are written; `write` puts them on disk.

    Attributes:
        truth: (entity, source, source key) to thing, for every record that should come alive.
        damage: kind of damage to how often it was done.
        unusable: rows that have no usable form: without key, with a date or number that is none.
    """

    truth: dict[tuple[str, str, str], str] = field(default_factory=dict)
    documents: dict[str, object] = field(default_factory=dict)
    loads: list[Load] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    damage: dict[str, int] = field(default_factory=dict)
    unusable: int = 0
    _keys: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    def state(self, entity: str, source: str, key: str, thing: str) -> str:
        """Note what a record is about and give its key back."""
        if (entity, source, key) in self.truth:
            raise ValueError(f"{source} already has a {entity} {key}")
        self.truth[entity, source, key] = thing
        self._keys.setdefault((entity, source, thing), []).append(key)
        return key

    def key(self, entity: str, source: str, thing: str | None) -> str | None:
        """The first key of a thing in a system, None if it has none there."""
        found = self._keys.get((entity, source, thing or ""))
        return found[0] if found else None

    def happened(self, kind: str) -> None:
        """Count one case of damage."""
        self.damage[kind] = self.damage.get(kind, 0) + 1

    def doubt(self, entity: str, left: str, right: str, why: str) -> None:
        """Note two records that only a human should decide on."""
        same = self._thing(entity, left) == self._thing(entity, right)
        self.doubts.append(Doubt(entity, left, right, why, same))

    def _thing(self, entity: str, record: str) -> str:
        source, _, key = record.partition(":")
        return self.truth[entity, source, key]

    def answer(self, source: str, name: str, pages: Iterable[object]) -> tuple[str, ...]:
        """Keep the documents of one object as `source/name.json`, several as `_page1`, `_page2` ..."""
        documents = list(pages)
        suffixes = [f"_page{n}" for n in range(1, len(documents) + 1)] if len(documents) > 1 else [""]
        paths = tuple(f"{source}/{name}{suffix}.json" for suffix in suffixes)
        self.documents.update(zip(paths, documents, strict=True))
        return paths

    def load(self, source: str, entity: str, files: tuple[str, ...], mapping: str = "") -> None:
        """Add a step to the manifest; the mapping has the name of the object unless another is given."""
        name = mapping or files[0].partition("/")[2].removesuffix(".json").partition("_page")[0]
        self.loads.append(Load(source, entity, f"{source}/{name}", files))

    def write(self, folder: Path) -> None:
        """Write every document, the manifest and the truth below the folder."""
        for path, document in self.documents.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_as_json(document), encoding="utf-8", newline="\n")
        steps = [
            {"source": s.source, "entity": s.entity, "mapping": s.mapping, "files": s.files}
            for s in self.loads
        ]
        (folder / "manifest.json").write_text(_as_json(steps), encoding="utf-8", newline="\n")
        with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(("entity", "source", "source_key", "thing"))
            out.writerows((*record, thing) for record, thing in sorted(self.truth.items()))


def _as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def pages(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of at most that size; one empty list if there are none."""
    source = iter(rows)
    first = list(islice(source, size))
    yield first
    while page := list(islice(source, size)):
        yield page
