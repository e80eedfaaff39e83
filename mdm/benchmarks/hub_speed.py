"""How fast the hub is and how it grows: bulk loads of several sizes, then records that arrive one by one.

    python mdm/benchmarks/hub_speed.py [ROWS ...] [--url URL] [--singles N] [--check] [--again]

Each size is loaded by a process of its own into a new database, so that its peak memory is its own. Results
go to a JSON file per size and database; what has a result already is not run again. The tables and the plot
are written anew from all results at the end, those of hub_singles.py among them.

On PostgreSQL (--url postgresql+psycopg://USER@HOST/NAME) the database NAME must be empty, and one size is
measured at a time.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from hub_report import write_report

HERE = Path(__file__).parent
SIZES = (10_000, 30_000, 100_000, 1_000_000)


def main() -> int:
    """Measure what has no result yet, and write the report; 1 if a size failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=list(SIZES), help="records in all, per size")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; else SQLite is measured")
    parser.add_argument("--singles", type=int, default=300, help="records that arrive one by one afterwards")
    parser.add_argument("--check", action="store_true", help="run mdm verify and mdm replay on each as well")
    parser.add_argument("--again", action="store_true", help="measure also what has a result")
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where results are kept")
    chosen = parser.parse_args()
    chosen.results.mkdir(parents=True, exist_ok=True)
    failed = False
    for rows in chosen.rows:
        kept = chosen.results / f"hub.{'postgresql' if chosen.url else 'sqlite'}.{rows}.json"
        if kept.exists() and not chosen.again:
            continue
        options = [str(rows), str(kept), "--singles", str(chosen.singles)]
        options += ["--url", chosen.url] if chosen.url else []
        options += ["--check"] if chosen.check else []
        done = subprocess.run([sys.executable, str(HERE / "hub_measure.py"), *options], check=False)
        if done.returncode:
            sys.stderr.write(f"{rows} records: not measured, see above; the other sizes go on.\n")
            failed = True
    sys.stdout.write(write_report(chosen.results))
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
