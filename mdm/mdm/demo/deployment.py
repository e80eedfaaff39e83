"""The demo's own folder: its mdm.toml, its database, what it publishes. Rebuilt on each run, nothing else."""

from __future__ import annotations

import secrets
import shutil
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from mdm.errors import UsageError

MARK = ".mdm-demo"
OURS = ("data", "published", "received.jsonl", "mdm.toml", "mdm.db", "mdm.db-wal", "mdm.db-shm", MARK)

SETTINGS = """\
# Written by `mdm demo`, anew on each run. The commands of the hub work on it: mdm --config {config} verify
database_url = "sqlite:///{database}"

# What each system is for; survivorship prefers systems by this role.
[sources]
business_central = {{ role = "erp", title = "Business Central" }}
xero = {{ role = "erp", title = "Xero, of a company bought in" }}
salesforce = {{ role = "crm", title = "Salesforce" }}
bamboohr = {{ role = "hcm", title = "BambooHR" }}
successfactors = {{ role = "hcm", title = "SuccessFactors, of a company bought in" }}
kantata = {{ role = "psa", title = "Kantata" }}
jira = {{ role = "delivery", title = "Jira" }}
ironclad = {{ role = "clm", title = "Ironclad" }}

[targets.warehouse]
kind = "file"
path = "published"
format = "jsonl"

[targets.billing]
kind = "webhook"
url = "{receiver}"
secret = "{secret}"
entity_types = ["client"]

# Second, minute, hour, day, month, day of week: every ten seconds what has changed.
[schedules.warehouse]
target = "warehouse"
cron = "*/10 * * * * *"

[schedules.billing]
target = "billing"
cron = "*/10 * * * * *"
"""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where the demo keeps its things."""

    folder: Path
    secret: str

    @property
    def config(self) -> Path:
        """Its mdm.toml."""
        return self.folder / "mdm.toml"

    @property
    def data(self) -> Path:
        """The exports of the eight systems, with the manifest and the truth."""
        return self.folder / "data"

    @property
    def received(self) -> Path:
        """What the webhook's receiver took in, one JSON document a line."""
        return self.folder / "received.jsonl"


def fresh_deployment(folder: Path) -> Deployment:
    """An empty folder for the demo; what an earlier run left there goes.

    Raises:
        UsageError: the folder holds something that no demo wrote.
    """
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise UsageError(f"{folder} holds other things; name an empty or new folder with --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    for name in OURS[:-1]:
        place = folder / name
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    return Deployment(folder, "whsec_" + b64encode(secrets.token_bytes(24)).decode())


def write_settings(deployment: Deployment, receiver: str) -> None:
    """Write mdm.toml, with the webhook's receiver at this address."""
    text = SETTINGS.format(
        config=deployment.config.name,
        database=(deployment.folder / "mdm.db").as_posix(),
        receiver=receiver,
        secret=deployment.secret,
    )
    deployment.config.write_text(text, encoding="utf-8")
