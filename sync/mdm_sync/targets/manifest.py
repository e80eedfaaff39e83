"""The manifest of one run's files: written last, so that whoever reads it finds every file complete."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mdm.errors import UnwritableTargetError
from mdm_sync.publishing.batch import Batch
from mdm_sync.targets.atomic_file import appear, unfinished


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of a run."""

    name: str
    entity_type: str
    count: int
    bytes: int
    sha256: str
    first_event: int | None
    last_event: int | None


def run_stamp(batch: Batch) -> str:
    """What names a run in its files: due time and number, such as `20260314T020000Z-000012`."""
    return f"{batch.lease.due_at:%Y%m%dT%H%M%SZ}-{batch.lease.run_id:06d}"


def manifest_path(folder: Path, batch: Batch) -> Path:
    """Where the manifest of a run lies."""
    return folder / f"manifest-{run_stamp(batch)}.json"


def write_manifest(folder: Path, batch: Batch, files: Sequence[WrittenFile], format: str) -> None:
    """Declare a run's files complete."""
    final = manifest_path(folder, batch)
    number, event_id = batch.up_to_event
    document = {
        "target": batch.lease.target,
        "run": batch.lease.run_id,
        "due_at": batch.lease.due_at.isoformat(),
        "mode": batch.mode,
        "format": format,
        "up_to_event": number,
        "up_to_event_id": event_id,
        "count": sum(file.count for file in files),
        "files": [asdict(file) for file in files],
        "held": sorted(change.golden_id for change in batch.held),
    }
    with unfinished(final, str(batch.lease.fence)) as path:
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        appear(path, final)


def find_manifest(folder: Path, batch: Batch) -> dict[str, Any] | None:
    """The manifest that an earlier attempt at this run wrote; None if it did not come that far.

    Raises:
        UnwritableTargetError: a manifest of that name belongs to another hub or database.
    """
    path = manifest_path(folder, batch)
    if not path.is_file():
        return None
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if document.get("up_to_event_id") != batch.up_to_event[1]:
        raise UnwritableTargetError(
            f"{path} was written by another database of the hub; name another path for the target."
        )
    return document
