"""`mdm resolve`, `mdm replay`, `mdm verify`: bring derived state in line, rebuild it, check it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import AnyEntity, Config, Json, author, opened
from mdm.cli.output import note, resolved_summary, say, say_json
from mdm.errors import UsageError

if TYPE_CHECKING:
    from mdm.resolve import Resolved

SHOWN = 20
"""Failures named per check; the rest are counted."""


def resolve_command(
    entity: AnyEntity = None,
    record: Annotated[
        str | None, typer.Option("--record", help="Only this golden record: its id, or source:key.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="ATTRIBUTE=VALUE", help="Only golden records with this value."),
    ] = None,
    later: Annotated[bool, typer.Option("--later", help="Leave it to a worker; only name the job.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Match live source records again, as after a change of settings; what is right stays as it is."""
    from mdm.jobs import Scope, resolve_now, submit

    scope = Scope(entity or "", record or "", dict(_condition(text) for text in where or ()))
    with opened(config) as hub, hub.write(author()) as uow:
        found = submit(uow, scope) if later else resolve_now(uow, scope)
    if not isinstance(found, str):
        _tell("Resolved", found, as_json=as_json)
    elif as_json:
        say_json({"job": found})
    else:
        say(f"Job {found} waits for a worker.")


def _condition(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise UsageError(f"--where takes ATTRIBUTE=VALUE, such as country=DE, not {text!r}.")
    return name, value


def replay_command(config: Config = None, as_json: Json = False) -> None:
    """Drop everything derived and rebuild it; ids, links, values, queue and redirects come back the same."""
    from mdm.replay import replay
    from mdm.store.database import large_cache

    with opened(config) as hub, large_cache(), hub.write(author()) as uow:
        result = replay(uow, lambda name, count: note(f"{name}: {count:,} source records"))
    _tell("Replayed", result, as_json=as_json)


def verify_command(config: Config = None, as_json: Json = False) -> None:
    """Check the hub against its own invariants; exit code 1 if one is broken."""
    from mdm.verify import verify

    with opened(config) as hub, hub.read() as session:
        checks = verify(hub, session)
    if as_json:
        say_json([asdict(check) for check in checks])
    for check in () if as_json else checks:
        say(f"{'FAILED' if check.failures else 'ok':6}  {check.name} ({check.checked:,} looked at).")
        for failure in check.failures[:SHOWN]:
            say(f"          {failure}")
        if len(check.failures) > SHOWN:
            say(f"          ... and {len(check.failures) - SHOWN:,} more")
    broken = sum(bool(check.failures) for check in checks)
    if broken:
        note(f"mdm: {broken} of {len(checks)} checks failed; mdm replay rebuilds what is derived.")
        raise typer.Exit(1)


def _tell(verb: str, result: Resolved, *, as_json: bool) -> None:
    if as_json:
        say_json(asdict(result))
    else:
        say(f"{verb}. {resolved_summary(result)}".rstrip())
