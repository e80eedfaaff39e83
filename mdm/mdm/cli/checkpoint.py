"""`mdm checkpoint`: sign what the event log is now, and hand it to the separate verifier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mdm.cli.options import Config, Json, opened
from mdm.cli.output import counted, say, say_json


def checkpoint_command(
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Also write the event log to this file, for the separate verifier."),
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Sign the event log as it is now; the checkpoint is appended to a file outside the database."""
    from mdm.checkpoints import checkpoint_file, write_checkpoint
    from mdm.event_log import export_events

    with opened(config) as hub:
        made = write_checkpoint(hub)
        path = checkpoint_file(hub.settings)
        written = 0
        if export is not None:
            with hub.read() as session, export.open("wb") as stream:
                written = export_events(session, stream)
    if as_json:
        say_json({"count": made.count if made else 0, "head": made.head if made else "", "file": str(path)})
        return
    if made is None:
        say("Nothing has happened yet, so there is nothing to sign.")
    else:
        say(f"Checkpoint of {counted(made.count, 'event')} in {path}, signed by {made.key}.")
    if export is not None:
        say(f"{counted(written, 'event')} in {export}.")
