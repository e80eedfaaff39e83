# ruff: noqa: E501 - the lines of the page are as long as those of other pages
"""Writes docs/reliability.md from the results of the long tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from campaign import RESULTS

PAGE = RESULTS.parent / "reliability.md"

HEAD = """# Reliability

What the hub promises when processes die, writers meet and people tamper, and what the long tests saw. The tables are written by
`make chaos` (`ARGS=--report` writes this page alone) from the JSON files beside this page in `docs/reliability/`; each names the
commits it ran on. A campaign that is not complete says how far it came, and the next `make chaos` goes on there. A file named after a
commit holds an earlier run, which the present one begins again.

## Figures

| campaign | what | database | done | figures | failures | CPU seconds | seconds | commits |
|---|---|---|---|---|---|---|---|---|
"""

FOOT = """
`lost` counts acknowledged records that were gone, `phantoms` records that nobody sent, `green` examinations after which every check
of `mdm verify` held. `again` counts how often a caller had to ask again because another writer held the store for 5 seconds. CPU seconds
are those of the rounds, without a database server's; the machine was shared with other work, so seconds say little.

## Kills

A named fail point (`mdm.failpoints`) stands wherever something is committed, sent or shown, and between the steps of what changes
golden records; `MDM_FAIL_POINTS=NAME=kill` kills the process there. Half of the kills of R1 come at a random moment instead. A client
keeps a ledger outside the database of what it was told. After each kill the hub is opened again and examined: every acknowledged
record is there, no batch in part, nothing twice, and every check of `mdm verify` holds. These tests run with `synchronous = NORMAL`:
`kill -9` takes nothing from the system's cache, so they say nothing of power cuts, for which FULL is the default.

## Stewards at once

R17 lets eight stewards merge, unmerge, undo and set values on the same fifty golden records, each showing the versions that it was shown.
Every operation notes what it found before it changed it. In the order of the events each must have found what the ones before it left, with
the very versions that it was shown: else an update was lost. Then all of it is done again by one steward on a second database: every operation
must end alike and every derived table must come out equal, row by row. That finding such a thing works is itself tested, with hand-made
histories and with a hub whose check of versions is taken away.

## Writers at once

On SQLite one writer works at a time (`BEGIN IMMEDIATE`). On PostgreSQL a writer that only adds records which no other record
resembles, and to which none refers, shares the write lock with its like: it locks its source keys, the keys it refers to and its
block keys, each kind sorted, and the end of the event log from its first golden event to its commit. Whoever meets an existing
record, changes one, or needs more than 64 locks of a kind, is rolled back and does the work again alone. So rows that match still
queue, and so do merges, overrides, loads of files and replays; `mdm.store.beside` says why that suffices. Event numbers are given in
the order of commits, so the change feed and the outbox skip none.

## Checkpoints of the event log

Every event is chained to the one before it. That alone does not show that the newest ones were cut off, or that somebody chained all
of them anew. Therefore, every 1,000 events or 10 minutes (`[trust] checkpoint_events`, `checkpoint_minutes`), the number, hash and
time of the last event are signed (ed25519) and appended to `checkpoints.jsonl` in the folder that `[trust] folder` names, else in
`NAME-trust` beside a SQLite file or `mdm-trust` beside `mdm.toml`. Put that folder on another machine's disk, or copy the file there
often: what is younger than the last copied checkpoint can be cut unseen.

The private key `checkpoint.key` is made on first use with mode 0600. To rotate it, move it away: the next checkpoint makes a new one,
and the public key of the old one (`checkpoint-....pub`) stays beside it, so that what it signed remains genuine. `mdm verify` checks
every checkpoint. A program that imports nothing of the hub does the same from a database file or an exported log:

    mdm checkpoint --export events.jsonl
    python mdm/mdm/checkpoints/verifier.py --checkpoints NAME-trust/checkpoints.jsonl --public-key NAME-trust/*.pub --events events.jsonl

## Erasure

`mdm erase GOLDEN|source:key --reason "request 7"` removes a subject's values from source records, their versions, golden records and
their history under every id that leads to them, overrides, bans, notes, reasons of verdicts, quarantine, kept answers, receipts and the
search index, and rewrites the database's files (`--preview` says what would go). What stays: ids, times, authors, the reason of the
erasure, and keyed fingerprints by which the subject is recognised when a source sends it again; it is then refused without a trace, or
taken in under a new id (`[trust] erased_again = "create"`). Their key `erasure.key` lies in the same folder: back it up.

Not reached: the key of an erased record where another record's own row refers to it; files and systems to which the hub has published
(they are told by `golden.erased`); backups; on PostgreSQL the server's write-ahead log until it is recycled; models that were trained
on the data. A golden id is derived from the first source record's key: whoever knows a key can tell whether it had that id.
"""


def write_report() -> Path:
    """Write the page anew."""
    rows = [_row(json.loads(path.read_text("utf-8"))) for path in sorted(RESULTS.glob("*.json"))]
    PAGE.write_text(HEAD + "".join(rows) + FOOT, "utf-8")
    return PAGE


def _row(known: dict[str, Any]) -> str:
    figures = ", ".join(
        f"{name} {number:,.0f}"
        for name, number in known["figures"].items()
        if name not in {"failed", "seconds"}
    )
    done = "complete" if known["done"] == known["units"] else f"{known['done']} of {known['units']} units"
    failed = known["figures"].get("failed", 0)
    commits = ", ".join(f"`{one}`" for one in known["commits"])
    about = [known["campaign"], known["says"], known["database"], done]
    cpu = f"{known['cpu_seconds']:,.0f}" if known.get("cpu_seconds") else "not kept"
    cells = [*about, figures, failed, cpu, f"{known['seconds']:,.0f}", commits]
    return f"| {' | '.join(map(str, cells))} |\n"
