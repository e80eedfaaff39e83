"""`mdm load`: files into the hub."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import Config, Encoding, Entity, Json, author, opened
from mdm.cli.output import counted, note, progress, resolved_summary, say, say_json

if TYPE_CHECKING:
    from mdm.loading import LoadResult

QUARANTINED = 3
"""Exit code when some rows went to quarantine."""


def load_command(  # noqa: PLR0913  # one parameter per option
    files: Annotated[list[Path], typer.Argument(help="CSV, JSON lines, JSON, Parquet or XLSX files.")],
    source: Annotated[
        str, typer.Option("--source", help="The system the files come from, such as salesforce.")
    ],
    entity: Entity,
    mapping: Annotated[
        str, typer.Option("--mapping", help="A shipped mapping such as salesforce/account, or a file.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="The files hold all the source has: end what they lack.")
    ] = False,
    encoding: Encoding = None,
    batch: Annotated[
        int | None,
        typer.Option(
            "--batch",
            min=1,
            max=200_000,
            help="Rows in one transaction, else 2,000; the first load of a large file is faster with 20000, "
            "but other writers wait for as long.",
        ),
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Take in files of one source and entity type, and resolve what they touch."""
    from mdm.load_plan import LoadRequest
    from mdm.loading import load_files

    request = LoadRequest(
        source=source,
        entity_type=entity,
        files=tuple(files),
        mapping=mapping,
        dry_run=dry_run,
        full=full,
        encoding=encoding,
        author=author(),
        batch=batch,
    )
    with opened(config, read_only=dry_run) as hub, progress() as advance:
        result = load_files(hub, request, advance)
    _tell(result, as_json=as_json)
    if result.counts.quarantined:
        raise typer.Exit(QUARANTINED)


def _tell(result: LoadResult, *, as_json: bool) -> None:
    for sentence in result.notes:
        note(sentence)
    for row in result.rejected:
        note(f"Quarantined: {row.origin} row {row.row_number}: {row.reason}")
    if result.counts.quarantined > len(result.rejected):
        note(f"... and {result.counts.quarantined - len(result.rejected):,} more: mdm quarantine list")
    if as_json:
        say_json(_document(result))
        return
    counts = result.counts
    verb = "Would load" if result.dry_run else "Loaded"
    parts = [f"{n:,} {name}" for name, n in asdict(counts).items() if n and name != "rows"]
    said = ", ".join(parts).replace("_", " ") or "nothing to do"
    say(f"{verb} {counted(counts.rows, 'row')}: {said}.")
    if result.dry_run:
        say("Nothing was written.")
    elif resolved_summary(result.resolved):
        say(resolved_summary(result.resolved))


def _document(result: LoadResult) -> dict[str, object]:
    rejected = [
        {"file": r.origin, "row": r.row_number, "column": r.column, "reason": r.reason}
        for r in result.rejected
    ]
    return {
        "dry_run": result.dry_run,
        "counts": asdict(result.counts),
        "golden": asdict(result.resolved),
        "quarantined": rejected,
        "notes": result.notes,
    }
