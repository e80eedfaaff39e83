"""What the conformance tests drive: a deployment with an empty database, through its public interface."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from deployment import Firm  # beside this file

ON_BOTH = frozenset({1, 4, 20, 36, 40, 41, 43, 61, 73, 97, 98, 100, 102, 105, 108, 109})
"""Rows that run on SQLite and on PostgreSQL, those that rest on locks and constraints among them. With
MDM_TEST_ROWS_ON_BOTH set, all do but those that look into files of SQLite."""

ON_SQLITE = frozenset({44, 111})
"""Rows whose tests open or read SQLite files themselves."""

ROW = re.compile(r"test_row_(\d{3})_")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have a row run on both databases if it is one of these; PostgreSQL where there is one."""
    row = ROW.match(metafunc.function.__name__)
    if "firm" not in metafunc.fixturenames or row is None or "postgresql_url" in metafunc.fixturenames:
        return
    every_row = bool(os.environ.get("MDM_TEST_ROWS_ON_BOTH")) and int(row[1]) not in ON_SQLITE
    if int(row[1]) in ON_BOTH or every_row:
        metafunc.parametrize("firm", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def firm(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    new_database: Callable[[str, Path], AbstractContextManager[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Firm]:
    """A deployment in a folder of its own, on SQLite unless the row runs on both."""
    kind: str = getattr(request, "param", "sqlite")
    with new_database(kind, tmp_path) as url:
        if kind == "sqlite":
            (tmp_path / "hub.db").rename(tmp_path / "mdm.db")
        else:
            monkeypatch.setenv("MDM_DATABASE_URL", url)
        monkeypatch.chdir(tmp_path)

        def listen() -> tuple[str, str]:
            said = capsys.readouterr()
            return said.out, said.err

        yield Firm(tmp_path, listen)
