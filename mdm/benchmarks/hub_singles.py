"""Records that arrive one by one at a hub that is loaded already, each resolved and durable before the next.

    python mdm/benchmarks/hub_singles.py MDM.TOML [--count N] [--result FILE.json]

MDM.TOML is the configuration of the deployment, such as one that `make bench ARGS="--only api"` keeps. The
records stay in it: measure a copy, or what else is measured there will see them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from hub_measure import machine, one_by_one
from sqlalchemy import func, select
from sqlmodel import col

from mdm.hub import open_hub
from mdm.settings import load_settings
from mdm.store.records import SourceRecord


def main() -> int:
    """Measure, print, and keep what was found if a file is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--count", type=int, default=300, help="records that arrive (default: %(default)s)")
    parser.add_argument("--result", type=Path, help="a JSON file for what was found")
    chosen = parser.parse_args()
    begun = machine()
    hub = open_hub(load_settings(chosen.config))
    try:
        with hub.read() as session:
            rows = session.scalar(
                select(func.count()).select_from(SourceRecord).where(col(SourceRecord.live))
            )
        with tempfile.TemporaryDirectory(prefix="mdm-bench-") as folder:
            single = one_by_one(hub, chosen.count, Path(folder))
    finally:
        hub.close()
    found = {
        "rows": rows, "database": hub.database.url.get_backend_name(), "single": single,
        "machine": {**begun, "load_after": os.getloadavg()[0]},
    }  # fmt: skip
    report = json.dumps(found, indent=1) + "\n"
    sys.stdout.write(report)
    if chosen.result:
        chosen.result.write_text(report, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
