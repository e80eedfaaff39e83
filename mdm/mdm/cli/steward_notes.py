"""`mdm steward comment|assign|defer|reopen`: what stewards tell each other about a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import Config, Json, author, opened
from mdm.cli.output import say, say_json

if TYPE_CHECKING:
    from mdm.stewardship.notes import Handling
    from mdm.unit_of_work import UnitOfWork

Task = Annotated[str, typer.Argument(help="The task's id.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the task.")]


def comment_command(
    task: Task,
    text: Annotated[str, typer.Argument(help="What others should know.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Write a comment on a task."""
    from mdm.stewardship.notes import comment

    _do(task, lambda uow: comment(uow, task, text), config, as_json=as_json)


def assign_command(
    task: Task,
    to: Annotated[str, typer.Argument(help="Who shall have it; leave it out to give it to nobody.")] = "",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Give a task to a person."""
    from mdm.stewardship.notes import assign

    _do(task, lambda uow: assign(uow, task, to), config, as_json=as_json)


def defer_command(
    task: Task,
    until: Annotated[
        str,
        typer.Option("--until", help="When it comes back: a date, or a moment in ISO 8601."),
    ],
    reason: Reason = "",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Take a task off the queue until a moment."""
    from mdm.stewardship.notes import defer

    moment = _moment(until)
    _do(task, lambda uow: defer(uow, task, moment, reason), config, as_json=as_json)


def reopen_command(task: Task, reason: Reason = "", config: Config = None, as_json: Json = False) -> None:
    """Put a deferred task back on the queue."""
    from mdm.stewardship.notes import reopen

    _do(task, lambda uow: reopen(uow, task, reason), config, as_json=as_json)


def _moment(text: str) -> datetime:
    from mdm.clock import parse_instant
    from mdm.errors import UsageError

    try:
        return parse_instant(text)
    except ValueError as exc:
        raise UsageError(f"{text!r} is no moment; write it such as 2026-04-01 or 2026-04-01T09:00Z.") from exc


def _do(task: str, act: Callable[[UnitOfWork], Handling], config: Config, *, as_json: bool) -> None:
    with opened(config) as hub, hub.write(author()) as uow:
        handling = act(uow)
    if as_json:
        say_json(_document(task, handling))
        return
    who = f"assigned to {handling.assignee}" if handling.assignee else "assigned to nobody"
    until = (
        f", deferred until {handling.deferred_until:%Y-%m-%d %H:%M} UTC" if handling.deferred_until else ""
    )
    say(f"{task}: {who}{until}; {len(handling.notes)} notes.")


def _document(task: str, handling: Handling) -> dict[str, object]:
    until = handling.deferred_until
    notes = [
        {
            "kind": n.kind.value,
            "text": n.text,
            "author": n.author,
            "at": n.at.isoformat(),
            "until": n.until.isoformat() if n.until else None,
        }
        for n in handling.notes
    ]
    return {
        "task": task,
        "assignee": handling.assignee,
        "deferred_until": until.isoformat() if until else None,
        "notes": notes,
    }


def add_note_commands(group: typer.Typer) -> None:
    """Put the commands into the group `mdm steward`."""
    for name, command, example in (
        ("comment", comment_command, 'mdm steward comment task-3f9a12 "asked their accountant"'),
        ("assign", assign_command, "mdm steward assign task-3f9a12 anna"),
        ("defer", defer_command, "mdm steward defer task-3f9a12 --until 2026-04-01"),
        ("reopen", reopen_command, "mdm steward reopen task-3f9a12"),
    ):
        group.command(name, epilog=f"Example: {example}")(command)
