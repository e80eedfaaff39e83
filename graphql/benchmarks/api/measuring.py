"""Measures a running server by the load generator, and the hub's readers in this process."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from api.serving import Server
from mdm.access import Principal
from mdm.hub import Hub
from mdm.lineage import lineage
from mdm.query.records import golden_of_type
from mdm.query.sources import sources_of
from mdm_graphql import build_schema
from mdm_graphql.context import Context
from mdm_graphql.reader import Reader

Figures = dict[str, Any]
SLOW = 95
"""The percentile that the targets speak of."""


@dataclass(frozen=True, slots=True)
class Load:
    """How somebody asks: for so many seconds, at a rate a second or, if None, one after another."""

    seconds: float
    rate: float | None = None
    warm: int = 50


def quantiles(milliseconds: Sequence[float]) -> Figures:
    """p50, p95, p99 and the greatest of some times, in milliseconds."""
    ordered = sorted(milliseconds)
    places = {
        f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, SLOW, 99)
    }
    return {name: round(value, 2) for name, value in {**places, "max": ordered[-1]}.items()}


def over_http(
    server: Server,
    bodies: Sequence[Any],
    load: Load,
    headers: dict[str, str],
    seed: int = 1,
    path: str = "/graphql",
) -> Figures:
    """What the load generator saw, and what processor time the server used for each request.

    Raises:
        RuntimeError: the load generator failed, or an answer was no success.
    """
    plan = {
        "port": server.port, "path": path, "bodies": list(bodies), "headers": headers, "warm": load.warm,
        "seconds": load.seconds, "rate": load.rate, "seed": seed,
    }  # fmt: skip
    program = [sys.executable, str(Path(__file__).with_name("firing.py"))]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(plan))
        process.stdin.close()
        process.stdout.readline()
        used = server.cpu_seconds()
        answer = process.stdout.readline()
        used = server.cpu_seconds() - used
    if process.returncode or not answer:
        raise RuntimeError("The load generator failed; the lines above say why.")
    fired = json.loads(answer)
    if fired["wrong"]:
        raise RuntimeError(f"{fired['wrong']} of {len(fired['milliseconds'])} answers were no success.")
    requests = len(fired["milliseconds"])
    return {
        **quantiles(fired["milliseconds"]), "requests": requests,
        "server_cpu_ms": round(used * 1000.0 / requests, 2), "bytes": fired["bytes"] // requests,
    }  # fmt: skip


def statements(hub: Hub, principal: Principal, operation: str, golden_id: str) -> int:
    """SQL statements of one operation, without those that begin and end the snapshot."""
    schema, seen = build_schema(hub.registry), []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2].lstrip().upper())

    async def once() -> Any:
        context = Context(hub, lambda: Reader(hub, schema.node_types, principal=principal))
        return await schema.execute(operation, {"id": golden_id}, context)

    event.listen(hub.database.engine, "before_cursor_execute", note)
    try:
        result = asyncio.run(once())
    finally:
        event.remove(hub.database.engine, "before_cursor_execute", note)
    if result.errors:
        raise RuntimeError(str(result.errors[0]))
    return sum(statement.startswith(("SELECT", "WITH")) for statement in seen)


def in_process(hub: Hub, ids: Sequence[str], seconds: float) -> dict[str, Figures]:
    """Reads without a server: a golden record with its sources, and the entity graph of three relations."""

    def golden(session: Session, golden_id: str) -> int:
        assert golden_of_type(hub, session, "client", [golden_id])
        return len(sources_of(session, [golden_id])[golden_id])

    def around(session: Session, golden_id: str) -> int:
        return len(lineage(hub, session, golden_id, depth=3))

    return {
        "golden record with sources": _timed(hub, golden, ids, seconds),
        "entity graph, three relations around": _timed(hub, around, ids, seconds),
    }


def _timed(hub: Hub, read: Callable[[Session, str], int], ids: Sequence[str], seconds: float) -> Figures:
    until, took, found, used = time.monotonic() + seconds, [], 0, time.process_time()
    for number, golden_id in enumerate(ids):
        if time.monotonic() > until and number >= 20:
            break
        began = time.perf_counter()
        with hub.read() as session:
            found += read(session, golden_id)
        took.append((time.perf_counter() - began) * 1000.0)
    cpu = (time.process_time() - used) * 1000.0 / len(took)
    return {
        **quantiles(took),
        "requests": len(took),
        "server_cpu_ms": round(cpu, 2),
        "records": found // len(took),
    }
