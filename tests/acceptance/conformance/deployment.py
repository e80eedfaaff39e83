"""A deployment as its users drive it: the command line, HTTP and GraphQL, and nothing behind them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from mdm.app import create_app
from mdm.cli.program import run
from mdm.hub import open_hub
from mdm.settings import load_settings

Row = Mapping[str, object]


@dataclass(frozen=True)
class Said:
    """What one command did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """Standard output as CSV."""
        return list(csv.DictReader(io.StringIO(self.out)))

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)


@dataclass
class Firm:
    """A folder with its database and, once `settings` were written, its `mdm.toml`.

    Attributes:
        folder: the current folder of the commands.
        listen: returns and empties what was printed since the last call.
    """

    folder: Path
    listen: Callable[[], tuple[str, str]]
    _files: int = field(default=0, init=False)

    def settings(self, text: str) -> None:
        """Write the deployment's mdm.toml."""
        (self.folder / "mdm.toml").write_text(text, encoding="utf-8")

    def mdm(self, *arguments: object, code: int = 0) -> Said:
        """Run one command, which must end with this exit code."""
        self.listen()
        ended = run([str(argument) for argument in arguments])
        out, err = self.listen()
        assert ended == code, f"mdm {' '.join(map(str, arguments))} ended with {ended}: {err or out}"
        return Said(ended, out, err)

    def load(
        self, source: str, entity_type: str, *rows: Row, options: Sequence[str] = (), code: int = 0
    ) -> Said:
        """Load rows as a CSV file of one source; None is a blank, an absent key a column the row lacks.

        Rows whose keys differ go into files of their own, in their order.
        """
        said = Said(0, "", "")
        for alike in _alike(rows):
            self._files += 1
            path = self.folder / f"{source}-{entity_type}-{self._files}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(alike[0]))
                writer.writeheader()
                writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in alike)
            said = self.mdm("load", "--source", source, "--entity", entity_type, path, *options, code=code)
        return said

    def crosswalk(self, entity_type: str, *options: str) -> dict[str, str]:
        """`source:key` to golden id of every live source record."""
        rows = self.mdm("crosswalk", "--entity", entity_type, "--format", "csv", *options).rows
        return {f"{row['source']}:{row['source_key']}": row["golden_id"] for row in rows}

    def groups(self, entity_type: str) -> set[frozenset[str]]:
        """Which `source:key` share a golden record."""
        found: dict[str, set[str]] = {}
        for key, golden_id in self.crosswalk(entity_type).items():
            found.setdefault(golden_id, set()).add(key)
        return {frozenset(keys) for keys in found.values()}

    def golden(self, entity_type: str) -> dict[str, dict[str, Any]]:
        """Golden id to the exported values of every current golden record."""
        out = self.mdm("export", "--entity", entity_type, "--format", "jsonl").out
        rows = [json.loads(line) for line in out.splitlines()]
        return {row["golden_id"]: row for row in rows}

    def tasks(self, entity_type: str) -> list[dict[str, Any]]:
        """The stewards' queue."""
        found: list[dict[str, Any]] = self.mdm("steward", "list", "--entity", entity_type, "--json").json
        return found

    def query(self, document: str, **variables: object) -> dict[str, Any]:
        """The data of a GraphQL request that must succeed."""
        answer = self.http("POST", "/graphql", json={"query": document, "variables": variables}).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def http(self, method: str, path: str, *, production: bool = False, **request: Any) -> Any:
        """One HTTP request to the hub as it serves with --dev, or without it; the response."""
        hub = open_hub(load_settings(None))
        try:
            with TestClient(create_app(hub, dev=not production, role="api")) as client:
                return client.request(method, path, **request)
        finally:
            hub.close()

    def sound(self) -> None:
        """Every invariant holds."""
        self.mdm("verify")


def _alike(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows in runs of equal columns."""
    runs: list[list[Row]] = []
    for row in rows:
        if runs and list(runs[-1][0]) == list(row):
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs
