"""`mdm links`: which source record belonged to which golden record, from when until when."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from mdm.cli.options import Config, Json, opened
from mdm.cli.output import say, say_json


def links_command(
    golden: Annotated[str | None, typer.Option("--golden", help="Only links to this golden id.")] = None,
    record: Annotated[
        str | None, typer.Option("--record", help="Only those of a source record, as source:key.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Only links made under this model version.")
    ] = None,
    standing: Annotated[
        bool | None, typer.Option("--standing/--ended", help="Only links that stand, or only ended ones.")
    ] = None,
    first: Annotated[int, typer.Option("--first", help="How many at most, 0 to 200.")] = 50,
    after: Annotated[int | None, typer.Option("--after", help="Continue behind this link's number.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Links between source records and golden records, also former ones, the newest first."""
    from mdm.query.links import LinkQuery, links

    source, _, key = (record or "").partition(":")
    query = LinkQuery(golden, None, source or None, key or None, model, standing, first, after)
    with opened(config) as hub, hub.read() as session:
        found = links(session, query)
    if as_json:
        say_json([asdict(x) | {"since": _text(x.since), "until": _text(x.until)} for x in found])
        return
    for link in found:
        ended = f" until {_text(link.until)}" if link.until else ""
        made = ", which was made for it" if link.created else ""
        say(
            f"{link.number}  {link.source}:{link.source_key} -> {link.golden_id}{made}, "
            f"since {link.since.isoformat()}{ended}, model {link.model}"
        )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
