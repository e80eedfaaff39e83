"""What was measured as JSON and as a table, with the machine, the commit and the load beside it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HEADER = (
    "| what | where | p50 ms | p95 ms | p99 ms | target | requests | server CPU ms a request | statements |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)


def machine() -> dict[str, Any]:
    """The machine, what runs on it besides, and the commit."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "commit": _commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def write(folder: Path, found: Mapping[str, Any]) -> str:
    """Keep the figures under their size; returns the table."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"api.{found['records']}"
    document = json.dumps(found, indent=1, sort_keys=True)
    (folder / f"{name}.json").write_text(document + "\n", encoding="utf-8")
    text = table(found)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return text


def table(found: Mapping[str, Any]) -> str:
    """The figures as Markdown."""
    lines = [_line(row) for row in found["rows"]]
    ratios = [f"- {one['what']}: {one['ratio']} times as long, {one['cpu_ratio']} times the processor time"
              for one in found["ratios"]]  # fmt: skip
    beside = [
        "",
        "Plain Strawberry and SQLAlchemy on the same PostgreSQL, against the hub (p95):",
        "",
        *ratios,
    ]
    return "\n".join([_about(found), "", HEADER + "\n".join(lines), *(beside if ratios else []), ""])


def _about(found: Mapping[str, Any]) -> str:
    on, after = found["machine"], found["load_average_after"]
    return (
        f"{found['records']:,} source records, {found['golden']:,} golden records, seed {found['seed']}. "
        f"{on['processor']}, {on['cores']} cores, {on['memory_gib']} GiB, {on['system']}, "
        f"Python {on['python']}; load average {on['load_average'][0]} before and {after} after the run; "
        f"commit {on['commit']}, {on['at']}."
    )


def _line(row: Mapping[str, Any]) -> str:
    cells: Iterable[Any] = (
        row["what"], row["where"], row["p50"], row["p95"], row["p99"], row.get("target", ""), row["requests"],
        row["server_cpu_ms"], row.get("statements", ""),
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor()
    )


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=Path(__file__).parent, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"
