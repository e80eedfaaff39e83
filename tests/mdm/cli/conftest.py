"""The command line in this process, in a folder of its own, and what it said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mdm.cli.program import run


@dataclass(frozen=True)
class Outcome:
    """What one command did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The error, which is the last line on standard error."""
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


Mdm = Callable[..., Outcome]


@pytest.fixture
def folder(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of the commands, with an empty hub in its mdm.db."""
    shutil.copy(empty_database, tmp_path / "mdm.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mdm(folder: Path, capsys: pytest.CaptureFixture[str]) -> Mdm:
    """Runs one command."""

    def command(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return command
