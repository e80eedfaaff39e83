"""A client that hands records over in batches, by program and by file, and notes what it was told."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invented import firm
from ledger import Ledger

from mdm.failpoints import reach
from mdm.hub import Hub
from mdm.load_plan import LoadRequest
from mdm.loading import load_files
from mdm.receiving import receive

FIRMS = 3
"""Firms in a batch."""

WAYS = ("crm", "erp", "psa")
"""Three batches in a row bring the same firms from three sources, the second one as a file."""


@dataclass(frozen=True)
class Batch:
    """The rows of one batch."""

    number: int

    @property
    def source(self) -> str:
        """The system that sends it."""
        return WAYS[self.number % len(WAYS)]

    @property
    def firms(self) -> range:
        """The numbers of the firms in it."""
        first = self.number // len(WAYS) * FIRMS
        return range(first, first + FIRMS)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows, one of them without a key."""
        good = [
            {"id": f"F-{number}", "changed_at": "2026-03-01T12:00:00Z", **firm(number)}
            for number in self.firms
        ]
        return [*good, {"id": "", "changed_at": "2026-03-01T12:00:00Z", "name": f"Nobody {self.number}"}]


def ledger_in(folder: Path) -> Ledger:
    """The client's ledger."""
    return Ledger(folder / "ledger.jsonl")


def take_in(hub: Hub, folder: Path, *, batches: int) -> int:
    """Send batches from the first one that was not acknowledged; how many were."""
    ledger = ledger_in(folder)
    first = len({line["batch"] for line in ledger.lines("ack")})
    for number in range(first, first + batches):
        batch = Batch(number)
        ledger.write(kind="begin", batch=number)
        if batch.source == "erp":
            _by_file(hub, folder, batch)
        else:
            with hub.write("chaos") as uow:
                receive(uow, batch.source, "client", batch.rows)
        reach("client.before_acknowledgement")
        ledger.write(kind="ack", batch=number)
    return batches


def _by_file(hub: Hub, folder: Path, batch: Batch) -> None:
    path = folder / f"batch-{batch.number}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(batch.rows[0]))
        writer.writeheader()
        writer.writerows(batch.rows)
    load_files(hub, LoadRequest(source=batch.source, entity_type="client", files=(path,), author="chaos"))
