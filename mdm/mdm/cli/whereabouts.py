"""`mdm where` and `mdm ids`: what an id or a source key leads to, and what became of ids."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import AnyEntity, At, Config, Entity, Json, opened
from mdm.cli.output import counted, say, say_json, say_table

if TYPE_CHECKING:
    from mdm.golden_ids import Resolution


def where_command(
    name: Annotated[str, typer.Argument(metavar="GOLDEN|SOURCE:KEY", help="A golden id or a source record.")],
    entity: AnyEntity = None,
    at: At = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """What a golden id or a source key leads to, now or at a moment."""
    from mdm.golden_ids import golden_id_of, resolve_id
    from mdm.history.when import when_of

    when = when_of(at)
    with opened(config, read_only=True) as hub, hub.read() as session:
        source, colon, key = name.partition(":")
        kind = hub.registry[entity].name if entity else None
        golden_id = golden_id_of(session, kind, source, key, when) if colon else name
        found = resolve_id(session, golden_id, when)
    if as_json:
        say_json({**asdict(found), "asked": name})
        return
    say(_sentence(name, found))
    for successor in found.successors:
        say(f"  {successor.golden_id}  {counted(successor.records, 'record')}, {successor.share:.0%}")


def _sentence(name: str, found: Resolution) -> str:
    if found.state in {"merged", "split"}:
        return f"{name} is {found.state}: go on with {found.golden_id}."
    if name != found.golden_id:
        return f"{name} belongs to {found.golden_id}, which is {found.state}."
    return f"{name} is {found.state}."


def ids_command(
    entity: Entity,
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="The earlier moment, ISO 8601.")],
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="The later moment; else now.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Which golden ids were minted, survived, were merged, retired or came back between two moments."""
    from mdm.history.when import when_of
    from mdm.identity import id_lists

    begin, end = when_of(since).known_at, when_of(until).known_at
    with opened(config, read_only=True) as hub, hub.read() as session:
        name = hub.registry[entity].name
        found = id_lists(session, name, begin or hub.clock(), end or hub.clock())
    if as_json:
        say_json(asdict(found))
        return
    rows = [(what, f"{len(ids):,}") for what, ids in asdict(found).items()]
    say_table((name, "golden ids"), rows)
