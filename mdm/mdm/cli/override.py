"""`mdm override` and `mdm ban`: a steward's own value for a golden record, and values it must not take."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import Config, Json, author, opened
from mdm.cli.output import say, say_json

if TYPE_CHECKING:
    from mdm.overrides.setting import Until

Subject = Annotated[str, typer.Argument(metavar="GOLDEN.ATTRIBUTE", help="The golden value.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with what you said.")]


def override_command(
    subject: Subject,
    value: Annotated[str | None, typer.Argument(help="The value; a golden id for a reference.")] = None,
    until: Annotated[
        str,
        typer.Option("--until", help="forever, basis (the sources' values change), next-write, or a date."),
    ] = "forever",
    reason: Reason = "",
    remove: Annotated[bool, typer.Option("--remove", help="Let the sources speak again.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Set a golden value yourself; it outlives loads, merges and replays until its time ends."""
    from mdm.overrides.setting import override_value, remove_override
    from mdm.overrides.subject import dotted

    if remove == (value is not None):
        raise typer.BadParameter("give a value, or --remove without one")
    golden_id, attribute = dotted(subject)
    lifetime = _until(until)
    with opened(config) as hub, hub.write(author()) as uow:
        if value is None:
            outcome = remove_override(uow, golden_id, attribute, reason=reason)
        else:
            outcome = override_value(uow, golden_id, attribute, value, until=lifetime, reason=reason)
    if as_json:
        say_json(asdict(outcome))
    elif value is None:
        gone = f"Removed {', '.join(outcome.ended)}." if outcome.changed else "No override stood."
        say(f"{outcome.golden_id}.{attribute}: {gone}")
    else:
        stood = "" if outcome.changed else " It stood already."
        say(f"{outcome.golden_id}.{attribute} = {outcome.value} ({outcome.override_id}).{stood}")


def ban_command(
    subject: Subject,
    value: Annotated[str, typer.Argument(help="The value that it must not take.")],
    reason: Reason = "",
    remove: Annotated[bool, typer.Option("--remove", help="Allow the value again.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Ban a value from a golden record, whoever states it; the next best claim takes its place."""
    from mdm.overrides.banning import ban_value, lift_ban
    from mdm.overrides.subject import dotted

    golden_id, attribute = dotted(subject)
    with opened(config) as hub, hub.write(author()) as uow:
        act = lift_ban if remove else ban_value
        outcome = act(uow, golden_id, attribute, value, reason=reason)
    if as_json:
        say_json(asdict(outcome))
        return
    was = "" if outcome.changed else " already"
    say(f"{outcome.golden_id}.{attribute}: {outcome.value!r} is{was} {'allowed' if remove else 'banned'}.")


def _until(text: str) -> Until:
    from mdm.clock import parse_instant
    from mdm.overrides import Lifetime
    from mdm.overrides.setting import Until

    word = text.strip().lower().replace("-", "_")
    if word in (Lifetime.forever, Lifetime.basis, Lifetime.next_write):
        return Until(Lifetime(word))
    try:
        return Until(Lifetime.date, parse_instant(text))
    except ValueError as exc:
        raise typer.BadParameter(
            f"--until {text!r} is none of forever, basis, next-write and no date such as 2026-12-31"
        ) from exc
