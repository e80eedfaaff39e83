"""One size, measured: a bulk load into an empty hub, single records after it, verify and replay.

    python mdm/benchmarks/hub_measure.py ROWS RESULT.json [--url URL] [--singles N] [--check]

Hub time of a single record is what passed until its transaction was durable (synchronous FULL), less what the
disk takes to sync as many bytes, measured beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from firm import deliveries, newcomers
from hub_steps import Steps

from mdm.hub import Hub, open_hub
from mdm.load_plan import LoadRequest
from mdm.loading import load_files
from mdm.receiving import receive
from mdm.replay import replay
from mdm.settings import Settings
from mdm.verify import verify

SYNCED = 256 * 1024
"""Bytes whose sync is measured: about what the transaction of one record writes."""

WARM = 20
"""Records that come in before those that are counted."""


def main() -> int:
    """Measure one size and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("result", type=Path)
    parser.add_argument("--url", default="")
    parser.add_argument("--singles", type=int, default=300)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mdm-bench-") as name:
        folder = Path(name)
        settings: dict[str, Any] = {
            "database_url": chosen.url or f"sqlite:///{folder}/mdm.db",
            "trust": {"folder": folder / "trust"},
        }
        hub = open_hub(Settings(**settings))
        try:
            found = measured(hub, chosen.rows, chosen.singles, folder, check=chosen.check)
        finally:
            hub.close()
    chosen.result.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def measured(hub: Hub, rows: int, singles: int, folder: Path, *, check: bool) -> dict[str, Any]:
    """Everything about one size."""
    begun = machine()
    found: dict[str, Any] = {"rows": rows, "database": hub.database.url.get_backend_name()}
    found["bulk"] = bulk(hub, rows, folder)
    found["peak_gib"] = round(_peak() / 2**20, 2)
    found["database_gib"] = round(_size(hub, folder) / 2**30, 3)
    if singles:
        found["single"] = one_by_one(hub, singles, folder)
    if check:
        found["check"] = checked(hub)
    return {**found, "machine": {**begun, "load_after": os.getloadavg()[0]}}


def bulk(hub: Hub, rows: int, folder: Path) -> dict[str, Any]:
    """Load the firm's files; seconds in all and by step."""
    files = deliveries(rows, folder)
    steps = Steps()
    begin, cpu = perf_counter(), cpu_time()
    parts = []
    with steps.watching():
        for file in files:
            at = cpu_time()
            request = LoadRequest(
                source=file.source, entity_type=file.entity_type, files=(file.path,), batch=batch_of(rows)
            )
            loaded = load_files(hub, request, _say)
            if loaded.counts.quarantined or loaded.counts.rows != file.rows:
                raise SystemExit(f"{file.path.name}: {loaded.counts}")
            parts.append({"file": file.path.name, "rows": file.rows, "cpu": round(cpu_time() - at, 1)})
    return {
        "cpu": round(cpu_time() - cpu, 1),
        "seconds": round(perf_counter() - begin, 1),
        "parts": parts,
        "steps": {name: round(seconds, 1) for name, seconds in steps.cpu.items()},
    }


def cpu_time() -> float:
    """CPU seconds of this process and of those that it has started and seen end."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def _peak() -> int:
    """KiB that this process and a second one had at most, should both have had it at one time.

    What the second one shares with the first is counted twice.
    """
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def batch_of(rows: int) -> int:
    """Rows in one transaction, as `mdm load --batch`: a tenth of all, within reason."""
    return min(max(rows // 10, 2_000), 50_000)


def _say(name: str, rows: int, expected: int) -> None:
    sys.stderr.write(f"\r{name}: {rows:,} of {expected:,}   ")


def one_by_one(hub: Hub, count: int, folder: Path) -> dict[str, Any]:
    """Records that arrive one by one, each resolved and durable before the next; milliseconds.

    The first few are not counted: a program that has just started makes its statements.
    """
    whole, cpu, synced = [], [], []
    with (folder / "sync").open("wb", buffering=0) as file:
        for number, (entity_type, row) in enumerate(newcomers(WARM + count)):
            synced.append(_sync(file.fileno(), number))
            begin, at = perf_counter(), process_time()
            outcome = hub.write_beside(
                "bench", lambda uow, kind=entity_type, one=row: receive(uow, "web", kind, [one])
            ).outcomes[0]
            cpu.append(process_time() - at)
            whole.append(perf_counter() - begin)
            if outcome.golden_id is None:
                raise SystemExit(f"{row}: {outcome}")
    whole, cpu, synced = whole[WARM:], cpu[WARM:], synced[WARM:]
    return {
        "count": count,
        "sync_ms": _quantiles(synced),
        "whole_ms": _quantiles(whole),
        "hub_ms": _quantiles([max(all_of_it - _median(synced), 0.0) for all_of_it in whole]),
        "cpu_ms": _quantiles(cpu),
    }


def _sync(file: int, number: int) -> float:
    os.write(file, bytes([number % 256]) * SYNCED)
    begin = perf_counter()
    os.fsync(file)
    return perf_counter() - begin


def _median(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


def _quantiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        name: round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 2)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }


def checked(hub: Hub) -> dict[str, float]:
    """CPU seconds that verify takes, and replay after it; both have to find everything in order."""
    found: dict[str, float] = {}
    with _timed(found, "verify"):
        _verify(hub)
    with _timed(found, "replay"), hub.write("bench") as uow:
        replay(uow)
    _verify(hub)
    return found


def _verify(hub: Hub) -> None:
    with hub.read() as session:
        failures = [failure for check in verify(hub, session) for failure in check.failures]
    if failures:
        raise SystemExit("\n".join(failures[:20]))


@contextmanager
def _timed(found: dict[str, float], name: str) -> Iterator[None]:
    begin = process_time()
    yield
    found[name] = round(process_time() - begin, 1)


def _size(hub: Hub, folder: Path) -> int:
    if hub.database.is_sqlite:
        return sum(path.stat().st_size for path in folder.glob("mdm.db*"))
    with hub.database.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar() or 0)


def machine() -> dict[str, Any]:
    """What it was measured on, and what."""
    run = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=Path(__file__).parent,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return {
        "commit": run.stdout.strip(),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_before": os.getloadavg()[0],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((x.partition(": ")[2] for x in lines if x.startswith("model name")), platform.machine())


if __name__ == "__main__":
    raise SystemExit(main())
