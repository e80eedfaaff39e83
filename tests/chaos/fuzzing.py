"""schemathesis against a served hub: REST in all phases, GraphQL from the published schema, four roles."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from databases import Databases

from mdm.access import Role
from mdm.access.grants import Grant
from mdm.access.keys import create_key
from mdm.hub import Hub
from mdm.testing import hub_at, make_golden, record

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "graphql"))

from live import running  # noqa: E402  # beside the tests of GraphQL

SCHEMA = HERE.parents[1] / "graphql" / "schema.graphql"
ENDLESS = "/api/v1/changes/stream"
"""It answers for ever, so nobody can wait for the end of its answer; its tests are in tests/mdm/app."""

GRANTS = {
    "viewer": Grant(roles=[Role.viewer], rows={"country": ["DE"]}),
    "integrator": Grant(roles=[Role.integrator]),
    "steward": Grant(roles=[Role.steward], domains=["client", "worker"]),
    "admin": Grant(roles=[Role.admin]),
}
DOORS = ("rest", "graphql")
CHECKS = {
    "rest": "hub_fails_never,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance",
    "graphql": "hub_fails_never",
}
KNOWN = (
    "c-1", "c-2", "c-9", "w-1", "p-1", "client", "worker", "project", "rate", "name", "birth_date", "country",
    "crm", "erp", "Harbour", "2026-03-01", "golden.changed", "*", "",
)  # fmt: skip
"""Words with which a request gets past the door; one text in three is one of them."""


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What a run of schemathesis came to."""

    cases: int
    failures: tuple[str, ...]


def fill(hub: Hub) -> None:
    """A few records of every kind, in two countries."""

    def put(entity_type: str, golden_id: str, **values: Any) -> None:
        make_golden(hub, entity_type, golden_id, {"erp": record(golden_id, **values)})

    for n, country in enumerate(("DE", "FR"), start=1):
        put("legal_entity", f"le-{n}", code=f"{country}01", name=f"Birch {country}", country=country)
        put("cost_center", f"cc-{n}", code=f"47{n}", name=f"Strategy {country}", legal_entity=f"le-{n}")
        put("worker", f"w-{n}", family_name="Weber", legal_entity=f"le-{n}", birth_date="1971-03-09")
        put("client", f"c-{n}", name=f"Harbour {country}", country=country, owner=f"w-{n}")
        put("engagement", f"e-{n}", title=f"Frame {country}", client=f"c-{n}")
        put("project", f"p-{n}", code=f"P{n}", name="Roof", client=f"c-{n}", cost_center=f"cc-{n}")
        put("assignment", f"a-{n}", worker=f"w-{n}", project=f"p-{n}", role="Analyst")
        put("rate", f"r-{n}", kind="bill", currency="EUR", worker=f"w-{n}", project=f"p-{n}", amount=180.5)


@contextmanager
def served(url: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Address of a hub as `mdm serve` runs it in production, and a key of each role."""
    hub = hub_at(url)
    try:
        fill(hub)
        with hub.write("test") as uow:
            keys = {role: create_key(uow, role, grant).secret for role, grant in GRANTS.items()}
        with running(hub) as address:
            yield address, keys
    finally:
        hub.close()


def fuzz(address: str, key: str, door: str, folder: Path, *, examples: int, seed: int) -> Fuzzed:
    """Run schemathesis against a door.

    Args:
        folder: for its settings and its report.
        examples: cases per operation and phase at most.
    """
    settings = folder / "schemathesis.toml"
    settings.write_text(_settings(folder), "utf-8")
    place = [f"{address}/openapi.json", "--exclude-path", ENDLESS]
    if door == "graphql":
        place = [str(SCHEMA), "--url", f"{address}/graphql"]
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(settings), "run", *place,
        "--header", f"Authorization: Bearer {key}", "--checks", CHECKS[door], "--seed", str(seed),
        "--max-examples", str(examples), "--generation-database", "none",
        # Those are about how fast the machine makes up requests, not about the answers.
        "--suppress-health-check", "all",
    ]  # fmt: skip
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    report = folder / "report.json"
    if not report.exists():
        raise AssertionError(f"schemathesis did not run: {ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    return _read(json.loads(report.read_text("utf-8")))


def _settings(folder: Path) -> str:
    return f"""hooks = {json.dumps(str(HERE / "fuzz_hooks.py"))}
continue-on-failure = true
request-timeout = 30
[dictionaries]
known = {{ values = {json.dumps(KNOWN)} }}
[generation.dictionaries]
string = {{ dictionary = "known", probability = 0.33 }}
[reports.json]
path = {json.dumps(str(folder / "report.json"))}
"""


def _read(report: dict[str, Any]) -> Fuzzed:
    found = [json.dumps(one)[:1000] for one in (*report["failures"], *report["errors"])]
    return Fuzzed(report["test_cases"]["generated"], tuple(found))


def campaign_unit(databases: Databases, number: int) -> dict[str, Any]:
    """One role at one door; eight units go through all of them, and the next eight with another seed."""
    role, door = list(GRANTS)[number % 4], DOORS[number // 4 % 2]
    with databases.fresh() as (url, folder), served(url) as (address, keys):
        found = fuzz(address, keys[role], door, Path(folder), examples=EXAMPLES[door], seed=number)
    return {"cases": found.cases, "failed": len(found.failures), "failures": list(found.failures)}


EXAMPLES = {"rest": 60, "graphql": 40}
"""Of a unit of the campaign."""
