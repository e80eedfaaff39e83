"""The benchmark's own deployment: a folder with the firm's files, its mdm.toml and its database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from api.copying import copy
from api.firm import Firm, Size, files
from mdm.hub import Hub, open_hub
from mdm.settings import load_settings

BATCH = "20000"
"""Rows in one transaction: what `mdm load --help` advises for the first load of a large file."""

SETTINGS = """\
database_url = "{url}"

[sources]
erp = {{ role = "erp" }}
crm = {{ role = "crm" }}
hcm = {{ role = "hcm" }}
psa = {{ role = "psa" }}
clm = {{ role = "clm" }}

# One program asks for everybody here; what a principal may ask in production would end the measurement.
[auth.rates]
per_minute = 1000000
burst = 100000
"""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One firm in one database.

    Attributes:
        folder: holds `data`, `mdm.toml` and, on SQLite, the database.
    """

    folder: Path
    size: Size
    seed: int
    url: str

    @property
    def config(self) -> Path:
        """Its mdm.toml."""
        return self.folder / "mdm.toml"

    @property
    def loaded(self) -> Path:
        """There once everything is loaded; holds how many seconds that took."""
        return self.folder / "loaded"

    def prepare(self) -> float:
        """Make and load what is missing, through `mdm load`, one file after another.

        Returns:
            Seconds that loading took, in this run or the earlier one.
        """
        if self.loaded.exists():
            return float(self.loaded.read_text(encoding="utf-8"))
        data = self.folder / "data"
        Firm(self.size, self.seed).write(data)
        self.config.write_text(SETTINGS.format(url=self.url), encoding="utf-8")
        started = time.monotonic()
        for source, entity_type, file in files(data):
            self.command("load", "--batch", BATCH, "--source", source, "--entity", entity_type, str(file))
            sys.stderr.write(f"{time.monotonic() - started:8.1f} s  {file.name}\n")
        seconds = time.monotonic() - started
        self.loaded.write_text(f"{seconds:.1f}", encoding="utf-8")
        return seconds

    def prepare_like(self, other: Deployment) -> float:
        """Fill the database with the rows of one that is loaded into SQLite, if that was not done before.

        Returns:
            Seconds that it took, now or then.
        """
        if self.loaded.exists():
            return float(self.loaded.read_text(encoding="utf-8"))
        self.config.write_text(SETTINGS.format(url=self.url), encoding="utf-8")
        self.hub().close()  # makes the schema
        seconds = copy(Path(make_url(other.url).database or ""), self.url)
        self.loaded.write_text(f"{seconds:.1f}", encoding="utf-8")
        return seconds

    def command(self, *arguments: str) -> str:
        """What one command of the hub prints.

        Raises:
            subprocess.CalledProcessError: it failed; what it said is on standard error.
        """
        program = [sys.executable, "-c", "from mdm.cli import main; main()", *arguments]
        done = subprocess.run(
            program, cwd=self.folder, env=environment(), stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def hub(self) -> Hub:
        """The hub of this deployment, opened in this process."""
        return open_hub(load_settings(self.config))


def environment() -> dict[str, str]:
    """This process's environment without settings of a hub."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MDM_")}
