"""How fast the served API is: golden records, the view of a client, two workers; beside a plain resolver set.

    make bench ARGS="--only api"                       a firm of 1,000,000 source records; hours to load, once
    make bench ARGS="--only api --quick"               of 20,000, done in minutes
    make bench ARGS="--only api --size 100000 --no-postgres"

The firm is loaded through `mdm load` into SQLite, copied from there into PostgreSQL, and kept for the next
run. `mdm serve` answers in production mode; a process of its own asks. Figures go to results/api.SIZE.json
and .md.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api import postgres, report
from api.deployment import Deployment
from api.firm import Size
from api.measuring import Load, in_process, over_http, statements
from api.questions import QUESTIONS, Question, ids_of, without_frames
from api.serving import Server, free_port, serving
from sqlalchemy import func, select
from sqlmodel import col

from mdm.access import Role
from mdm.access.grants import Grant, principal_of
from mdm.access.keys import create_key
from mdm.hub import Hub
from mdm.store.derived import GoldenRecord

HERE = Path(__file__).parent
TWO_WORKERS_RATE, TWO_WORKERS_P99 = 150.0, 150.0  # requests a second, milliseconds
IN_PROCESS = {
    "golden record with sources": 5.0,
    "entity graph, three relations around": 30.0,
}  # p95, milliseconds
Row = dict[str, Any]


@dataclass
class Subject:
    """A loaded deployment, with a key to ask with and the golden ids to ask about."""

    name: str
    deployment: Deployment
    hub: Hub
    key: str
    ids: Mapping[bool, list[str]]

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.key}"}

    @contextmanager
    def served(self, *options: str) -> Iterator[Server]:
        """The hub as `mdm serve` runs it."""
        port = free_port()
        main = "from mdm.cli import main; main()"
        program = ["-c", main, "serve", "--role", "api", "--port", str(port), *options]
        with serving(program, self.deployment.folder, port, "/readyz") as server:
            yield server


def main() -> int:
    """Load what is missing, measure, write the report; 1 if a target is missed."""
    wanted = _options()
    if wanted.postgres and not postgres.available():
        sys.stderr.write(f"{postgres.MISSING}\n")
        return 2
    size = Size(20_000 if wanted.quick else wanted.size)
    found: dict[str, Any] = {"records": size.records, "seed": wanted.seed, "machine": report.machine()}
    seconds = 5.0 if wanted.quick else wanted.seconds
    folder = wanted.folder / f"{size.records}-{wanted.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    subject = _subject("SQLite", folder / "sqlite", size, wanted.seed, "")
    found["golden"] = _golden(subject.hub)
    found["rows"] = [*_served(subject, seconds), *_two_workers(subject, seconds), *_inside(subject, seconds)]
    found["ratios"] = []
    if wanted.postgres:
        with postgres.server(wanted.folder) as address:
            url = postgres.database(address, f"mdm_bench_{size.records}_{wanted.seed}")
            other = _subject("PostgreSQL", folder / "postgresql", size, wanted.seed, url, subject.deployment)
            ours, theirs = _served(other, seconds), _plain(other, url, seconds)
            found["rows"] += [*ours, *theirs, *_inside(other, seconds)]
            found["ratios"] = [_ratio(a, b) for a, b in zip(ours, theirs, strict=True)]
            other.hub.close()
    found["load_average_after"] = round(os.getloadavg()[0], 2)
    sys.stdout.write(report.write(wanted.results, found))
    missed = [row["what"] for row in found["rows"] if row.get("missed")]
    if missed:
        sys.stdout.write(f"\nTargets missed: {'; '.join(missed)}.\n")
    return int(bool(missed))


def _options() -> argparse.Namespace:
    about, _, more = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        prog='make bench ARGS="--only api ..."', description=about, epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "--size", type=int, default=1_000_000, help="source records of the firm (default: %(default)s)"
    )
    parser.add_argument("--quick", action="store_true", help="a firm of 20,000, and five seconds per figure")
    parser.add_argument("--seconds", type=float, default=30.0, help="per figure (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the firm (default: %(default)s)")
    parser.add_argument(
        "--folder", type=Path, default=HERE / ".firms", help="where firms are kept (default: %(default)s)"
    )
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where figures are kept")
    parser.add_argument(
        "--no-postgres", dest="postgres", action="store_false", help="SQLite alone, without the peer"
    )
    return parser.parse_args()


def _subject(
    name: str, folder: Path, size: Size, seed: int, url: str, like: Deployment | None = None
) -> Subject:
    folder.mkdir(parents=True, exist_ok=True)
    deployment = Deployment(folder, size, seed, url or f"sqlite:///{(folder / 'mdm.db').as_posix()}")
    took = deployment.prepare_like(like) if like else deployment.prepare()
    how = "copied" if like else "loaded"
    sys.stderr.write(f"{name}: {size.records:,} source records, {how} in {took:,.0f} s.\n")
    hub = deployment.hub()
    with hub.write("bench") as uow:
        key = create_key(uow, "bench", Grant(roles=[Role.viewer], persisted_only=False)).secret
    with hub.read() as session:
        ids = {large: ids_of(hub, session, size, large=large, seed=seed) for large in (False, True)}
    return Subject(name, deployment, hub, key, ids)


def _golden(hub: Hub) -> int:
    with hub.read() as session:
        query = select(func.count()).select_from(GoldenRecord).where(col(GoldenRecord.state) == "active")
        return session.scalar(query) or 0


def _bodies(subject: Subject, question: Question, operation: str) -> list[dict[str, Any]]:
    return [{"query": operation, "variables": {"id": one}} for one in subject.ids[question.large]]


def _row(
    what: str, where: str, figures: Mapping[str, Any], most: float | None = None, share: str = "p95"
) -> Row:
    row: Row = {"what": what, "where": where, **figures}
    if most is not None:
        row |= {"target": f"{share} <= {most:g}", "missed": figures[share] > most}
    sys.stderr.write(f"{where}, {what}: p95 {row['p95']} ms, {row['server_cpu_ms']} ms of processor time\n")
    return row


def _served(subject: Subject, seconds: float) -> list[Row]:
    """One worker, one question after another."""
    rows = []
    principal = principal_of(
        "bench", [Grant(roles=[Role.viewer], persisted_only=False)], subject.hub.settings.auth
    )
    with subject.served() as server:
        for question in QUESTIONS:
            bodies = _bodies(subject, question, question.operation)
            figures = over_http(server, bodies, Load(seconds), subject.headers)
            count = statements(subject.hub, principal, question.operation, subject.ids[question.large][0])
            most = question.most if subject.deployment.url.startswith("sqlite") else None
            rows.append(_row(question.name, f"HTTP, {subject.name}", figures | {"statements": count}, most))
    return rows


def _two_workers(subject: Subject, seconds: float) -> list[Row]:
    """Two workers, 150 reads by id a second, at random moments."""
    with subject.served("--workers", "2") as server:
        bodies = _bodies(subject, QUESTIONS[0], QUESTIONS[0].operation)
        figures = over_http(server, bodies, Load(seconds, TWO_WORKERS_RATE, 200), subject.headers)
    what = f"{QUESTIONS[0].name}: two workers, {TWO_WORKERS_RATE:g} a second"
    return [_row(what, f"HTTP, {subject.name}", figures, TWO_WORKERS_P99, "p99")]


def _plain(subject: Subject, url: str, seconds: float) -> list[Row]:
    """The same questions to the plain resolver set."""
    port, rows = free_port(), []
    program = [str(HERE / "api" / "plain.py"), url, str(port)]
    with serving(program, subject.deployment.folder, port, "/ready") as server:
        for question in QUESTIONS:
            bodies = _bodies(subject, question, without_frames(question.operation))
            figures = over_http(server, bodies, Load(seconds), {})
            rows.append(_row(question.name, "HTTP, plain resolvers, PostgreSQL", figures))
    return rows


def _inside(subject: Subject, seconds: float) -> list[Row]:
    found = in_process(subject.hub, subject.ids[False], seconds)
    return [_row(name, f"in process, {subject.name}", own, IN_PROCESS[name]) for name, own in found.items()]


def _ratio(ours: Row, theirs: Row) -> dict[str, Any]:
    return {
        "what": ours["what"],
        "ratio": round(theirs["p95"] / ours["p95"], 1),
        "cpu_ratio": round(theirs["server_cpu_ms"] / ours["server_cpu_ms"], 1),
    }


if __name__ == "__main__":
    raise SystemExit(main())
