"""`mdm reads`: who read classified attributes, for an audit."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mdm.cli.options import AnyEntity, Config, Json, opened
from mdm.cli.output import say, say_json


def reads_command(
    golden: Annotated[str | None, typer.Option("--golden", help="Only reads of this golden id.")] = None,
    reader: Annotated[str | None, typer.Option("--reader", help="Only reads by this name.")] = None,
    entity: AnyEntity = None,
    since: Annotated[str | None, typer.Option("--since", metavar="TIME", help="From this moment on.")] = None,
    first: Annotated[int, typer.Option("--first", help="How many at most, 0 to 200.")] = 50,
    before: Annotated[int | None, typer.Option("--before", help="Continue behind this number.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Who read personal and pay attributes through a door, the newest first; the values are not kept."""
    from mdm.history.when import when_of
    from mdm.query.reads import ReadQuery, classified_reads

    with opened(config, read_only=True) as hub, hub.read() as session:
        kind = hub.registry[entity].name if entity else None
        query = ReadQuery(reader, golden, kind, None, when_of(since).known_at, None, first, before)
        found = classified_reads(session, query)
    if as_json:
        say_json([asdict(read) | {"at": read.at.isoformat()} for read in found])
        return
    for read in found:
        key = f" with key {read.key_id}" if read.key_id else ""
        say(
            f"{read.number}  {read.at.isoformat()}  {read.reader}{key} read "
            f"{read.entity_type}.{read.attribute} of {', '.join(read.golden_ids)}"
        )
    if not found:
        say("Nobody read any such attribute through a door.")
