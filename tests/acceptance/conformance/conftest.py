"""What the conformance tests drive: a deployment with an empty database, through its public interface."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from mdm.testing import hub_at

sys.path.insert(0, str(Path(__file__).parent))

from deployment import Firm  # beside this file


@pytest.fixture(scope="session")
def empty_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing in it, made once."""
    made = tmp_path_factory.mktemp("empty") / "mdm.db"
    hub_at(f"sqlite:///{made.as_posix()}").close()
    return made


@pytest.fixture
def firm(
    tmp_path: Path, empty_hub: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Firm:
    """A deployment on SQLite."""
    shutil.copy(empty_hub, tmp_path / "mdm.db")
    return _deployment(tmp_path, monkeypatch, capsys)


@pytest.fixture
def firm_on_both(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Firm:
    """A deployment on either database: the test runs twice."""
    monkeypatch.setenv("MDM_DATABASE_URL", database_url)
    return _deployment(tmp_path, monkeypatch, capsys)


def _deployment(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Firm:
    monkeypatch.chdir(folder)

    def listen() -> tuple[str, str]:
        said = capsys.readouterr()
        return said.out, said.err

    return Firm(folder, listen)
