"""A hand-made truth set: what the hub makes of it, compared with what it made of it last time."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from pathlib import Path

from deployment import Firm

TRUTH = Path(__file__).parent / "truth" / "customers.csv"
LAST = TRUTH.with_name("last_run.json")
# With this set, the figures of this run become the last run's.
RECORD = "RECORD_FIGURES"


def test_row_119_a_hundred_and_twenty_customers_meet_their_key_as_in_the_last_run(firm: Firm) -> None:
    """Pairwise precision and recall against the key are those recorded: none falls or rises unnoticed."""
    with TRUTH.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for source in ("crm", "erp", "shop"):
        own = [row for row in rows if row["source"] == source]
        firm.load(
            source,
            "client",
            *({key: value for key, value in row.items() if key not in ("customer", "source")} for row in own),
        )
    crosswalk = firm.crosswalk("client")
    golden = [crosswalk[f"{row['source']}:{row['id']}"] for row in rows]
    customers = [row["customer"] for row in rows]
    hit = pairs(list(zip(golden, customers, strict=True)))
    figures = {"precision": hit / pairs(golden), "recall": hit / pairs(customers)}
    figures = {name: round(share, 4) for name, share in figures.items()}
    if os.environ.get(RECORD):
        LAST.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    last = json.loads(LAST.read_text(encoding="utf-8"))

    assert len(set(customers)) == 120
    assert {row["source"] for row in rows} == {"crm", "erp", "shop"}
    assert figures == last, f"the last run had {last}; set {RECORD}=1 to record these if they are meant"


def pairs(groups: list[object] | list[str] | list[tuple[str, str]]) -> int:
    """How many pairs are in one group."""
    return sum(count * (count - 1) // 2 for count in Counter(groups).values())
