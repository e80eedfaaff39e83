"""`mdm crosswalk` and `mdm export`: the hub's tables as files."""

from __future__ import annotations

import sys
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Annotated

import typer

from mdm.cli.options import AsOf, At, Config, Entity, Raw, opened
from mdm.cli.output import counted, note

Out = Annotated[Path | None, typer.Option("--out", help="A file, which appears complete or not at all.")]


class TextFormat(StrEnum):
    """Formats of the crosswalk."""

    csv = "csv"
    jsonl = "jsonl"


class TableFormat(StrEnum):
    """Formats of an export."""

    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


def crosswalk_command(
    entity: Entity,
    format: Annotated[TextFormat, typer.Option("--format")] = TextFormat.csv,
    out: Out = None,
    at: At = None,
    raw: Raw = False,
    config: Config = None,
) -> None:
    """Source, source key and golden id of every live source record."""
    from mdm.crosswalk import crosswalk
    from mdm.export import Column, Format, write_rows
    from mdm.history.when import when_of

    when = when_of(at)
    columns = [Column("source"), Column("source_key"), Column("golden_id")]
    with opened(config) as hub, hub.read() as session:
        rows = (row._asdict() for row in crosswalk(session, hub.registry[entity].name, when))
        count = write_rows(rows, columns, Format(format), out or _standard_output(), raw=raw)
    _tell(count, out)


def export_command(
    entity: Entity,
    format: Annotated[TableFormat, typer.Option("--format")] = TableFormat.csv,
    out: Out = None,
    ended: Annotated[
        bool, typer.Option("--all", help="Also golden records that were merged or retired.")
    ] = False,
    at: At = None,
    as_of: AsOf = None,
    raw: Raw = False,
    config: Config = None,
) -> None:
    """Golden records: golden id, attributes, state."""
    from mdm.export import Format, golden_columns, golden_rows, write_rows
    from mdm.history.when import when_of

    if out is None and format is TableFormat.parquet:
        raise typer.BadParameter("Parquet goes to a file; name it with --out")
    when = when_of(at, as_of)
    with opened(config) as hub, hub.read() as session:
        entity_type = hub.registry[entity]
        rows = golden_rows(session, entity_type, when, with_ended=ended)
        count = write_rows(
            rows, golden_columns(entity_type), Format(format), out or _standard_output(), raw=raw
        )
    _tell(count, out)


def _standard_output() -> IO[str]:
    # Names come in every script, whatever the terminal's encoding is.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    return sys.stdout


def _tell(count: int, out: Path | None) -> None:
    if out is not None:
        note(f"{counted(count, 'row')} written to {out}.")
