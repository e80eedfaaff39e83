"""`mdm quarantine`: rows that could not be taken in."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import Config, Json, author, opened
from mdm.cli.output import counted, note, say, say_json, say_table

if TYPE_CHECKING:
    from mdm.stewardship import QuarantineView

STILL_WAITING = 3
"""Exit code when rows remain in quarantine."""

PAGE = 200

quarantine_app = typer.Typer(
    help="Rows that could not be taken in.", no_args_is_help=True, rich_markup_mode=None
)


@quarantine_app.command("list", epilog="Example: mdm quarantine list --json")
def list_command(
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="How many rows; else all.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Rows that wait for their cause to be mended, the newest first."""
    from mdm.stewardship import quarantined

    found: list[QuarantineView] = []
    after: str | None = None
    with opened(config) as hub, hub.read() as session:
        while True:
            page = quarantined(
                hub, session, after=after, first=PAGE if limit is None else min(PAGE, limit - len(found))
            )
            found += page.items
            after = page.end_cursor
            if not page.has_next or len(found) == limit:
                break
    if as_json:
        say_json([_document(row) for row in found])
    elif found:
        header = ("id", "source", "type", "file", "row", "column", "reason")
        say_table(header, (_cells(row) for row in found))
    else:
        say("Nothing is in quarantine.")


@quarantine_app.command("replay", epilog="Example: mdm quarantine replay --mapping crm.toml")
def replay_command(
    rows: Annotated[list[int] | None, typer.Argument(help="Ids of rows; else all that wait.")] = None,
    mapping: Annotated[
        str, typer.Option("--mapping", help="Read the rows with this mapping instead of their own.")
    ] = "",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Read stored rows again, and take in those that now pass."""
    from mdm.quarantine_replay import replay_quarantine

    with opened(config) as hub:
        result = replay_quarantine(hub, rows or None, mapping=mapping, author=author())
    if as_json:
        say_json(asdict(result))
    else:
        settled = counted(result.settled, "row")
        say(f"Settled {settled}, {result.overtaken:,} overtaken, {len(result.waiting):,} still wait.")
    for row_id, reason in result.waiting.items():
        note(f"Row {row_id}: {reason}")
    if result.waiting:
        raise typer.Exit(STILL_WAITING)


def _cells(row: QuarantineView) -> tuple[str, ...]:
    number = str(row.row_number)
    return (str(row.id), row.source, row.entity_type, row.origin, number, row.column, row.reason)


def _document(row: QuarantineView) -> dict[str, object]:
    return {
        "id": row.id,
        "source": row.source,
        "entity_type": row.entity_type,
        "file": row.origin,
        "row": row.row_number,
        "column": row.column,
        "reason": row.reason,
        "received_at": row.received_at.isoformat(),
        "values": dict(row.values),
    }
