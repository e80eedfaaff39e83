"""A folder as a target: one file per run and entity type, whole or absent, and a manifest that comes last."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Literal

from mdm.entities import EntityRegistry
from mdm.event_log import canonical_json
from mdm_sync.publishing.batch import Answer, Batch, Change, Message, Outcome
from mdm_sync.targets.atomic_file import appear, in_our_words, sha256_of, unfinished
from mdm_sync.targets.manifest import WrittenFile, find_manifest, manifest_path, run_stamp, write_manifest
from mdm_sync.targets.parquet import to_parquet, write_rows

CHUNK = 1000
"""Messages in memory at a time."""


class FileTarget:
    """Writes messages to a folder.

    A file is named after its run, and what a run covers is fixed, so a second attempt at it writes the
    same bytes again, or finds the manifest and writes nothing.
    """

    def __init__(
        self,
        folder: Path,
        format: Literal["jsonl", "parquet"],
        registry: EntityRegistry,
        types: Sequence[str],
    ) -> None:
        self._folder = folder
        self._format = format
        self._registry = registry
        self._types = types

    def deliver(self, batch: Batch) -> Generator[list[Outcome], None, None]:
        """Write every change, then the manifest; the outcomes come after that."""
        with in_our_words(self._folder):
            earlier = find_manifest(self._folder, batch)
            if earlier is None:
                changes = batch.changes
                if not changes and batch.mode != "full":
                    return
                self._write(batch)
            else:
                held = set(earlier["held"])
                changes = [c for c in (*batch.changes, *batch.held) if c.golden_id not in held]
        details = {"manifest": manifest_path(self._folder, batch).name}
        for part in _parts(changes):
            yield [Outcome(change, Answer.delivered, details=details) for change in part]

    def _write(self, batch: Batch) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        by_type: dict[str, list[Change]] = {
            name: [] for name in (self._types if batch.mode == "full" else ())
        }
        for change in batch.changes:
            by_type.setdefault(change.entity_type, []).append(change)
        self._sweep(batch)
        files = [self._write_type(batch, name, by_type[name]) for name in sorted(by_type)]
        batch.check()
        write_manifest(self._folder, batch, files, self._format)

    def _sweep(self, batch: Batch) -> None:
        """Remove what a lost worker left half-written for this run."""
        for path in self._folder.glob(f".*-{run_stamp(batch)}.*.tmp"):
            path.unlink(missing_ok=True)

    def _write_type(self, batch: Batch, entity_type: str, changes: Sequence[Change]) -> WrittenFile:
        final = self._folder / f"{entity_type}-{run_stamp(batch)}.{self._format}"
        with unfinished(final, str(batch.lease.fence)) as path:
            if self._format == "jsonl":
                with path.open("w", encoding="utf-8", newline="\n") as stream:
                    _write_lines(stream, _messages(batch, changes))
            else:
                with unfinished(final, f"{batch.lease.fence}.rows") as rows:
                    with rows.open("w", encoding="utf-8", newline="\n") as stream:
                        write_rows(stream, _messages(batch, changes))
                    to_parquet(rows, path, self._registry[entity_type])
            digest, size = sha256_of(path), path.stat().st_size
            batch.check()
            appear(path, final)
        numbers = [change.event_number for change in changes]
        first, last = (min(numbers), max(numbers)) if numbers else (None, None)
        return WrittenFile(final.name, entity_type, len(changes), size, digest, first, last)


def _write_lines(stream: IO[str], messages: Iterable[Message]) -> None:
    for message in messages:
        stream.write(canonical_json(message.envelope).decode() + "\n")


def _messages(batch: Batch, changes: Sequence[Change]) -> Iterator[Message]:
    for part in _parts(changes):
        batch.pause_point()
        yield from batch.messages(part)


def _parts(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    for start in range(0, len(changes), CHUNK):
        yield changes[start : start + CHUNK]
