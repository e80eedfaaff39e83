"""`mdm steward`: the queue of what a machine must not decide alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import AnyEntity, At, Config, Json, author, opened
from mdm.cli.output import counted, note, say, say_json, say_table
from mdm.cli.reasons import reason_lines

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from mdm.decide import Conflicted, Decided
    from mdm.hub import Hub
    from mdm.stewardship import TaskSummary, TaskView

PAGE = 200
SHOWN = 50
"""Tasks shown to people if they do not say how many."""

steward_app = typer.Typer(help="Look at the queue and decide.", no_args_is_help=True, rich_markup_mode=None)


Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="When your answer ends by itself; else never.")
]


class AnswerWord(StrEnum):
    """What a steward can say about two golden records."""

    same = "same"
    """They are one: merge them."""
    distinct = "distinct"
    """They are two: keep them apart for good."""
    unsure = "unsure"
    """Nobody can say now: off the queue until the evidence changes."""


@steward_app.command("list", epilog="Example: mdm steward list --entity client --json")
def list_command(
    entity: AnyEntity = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="How many tasks; else 50, with --json all.")
    ] = None,
    at: At = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Tasks that wait for a person, the most valuable first; or that waited at a moment."""
    wanted, known_at = limit or (None if as_json else SHOWN), _moment(at)
    with opened(config) as hub, hub.read() as session:
        name = hub.registry[entity].name if entity else None
        found, total = _tasks(hub, session, name, wanted, known_at)
    if as_json:
        say_json([_summary(task) for task in found])
        return
    header = ("task", "type", "kind", "chance", "left", "right", "why")
    say_table(header, (_cells(task) for task in found)) if found else say("Nothing waits for a decision.")
    if total > len(found):
        note(f"{counted(total - len(found), 'more task')}; see them with --limit.")


@steward_app.command("show", epilog="Example: mdm steward show task-3f9a12")
def show_command(
    task: Annotated[str, typer.Argument(help="The task's id.")],
    at: At = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """One task: both golden records side by side, and what speaks for and against; or spoke at a moment."""
    from mdm.history.when import when_of
    from mdm.stewardship import task_view

    with opened(config) as hub, hub.read() as session:
        view = task_view(hub, session, task, when_of(at))
    if as_json:
        say_json(_view_document(view))
        return
    say(f"{view.id} ({view.kind.replace('_', ' ')}): {view.text}")
    say_table(("", *_titles(view)), _side_by_side(view))
    for line in _reasons(view):
        say(line)
    for verdict in view.verdicts:
        said = f"{verdict.author} said {verdict.answer} on {verdict.decided_at:%Y-%m-%d}"
        say(f"{said}: {verdict.reason}" if verdict.reason else said)


@steward_app.command(
    "decide", epilog='Example: mdm steward decide task-3f9a12 same --reason "one firm, moved"'
)
def decide_command(
    task: Annotated[str, typer.Argument(help="The task's id.")],
    answer: Annotated[AnswerWord, typer.Argument(help="same, distinct or unsure.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the verdict.")] = "",
    certain: Annotated[
        bool, typer.Option("--certain", help="You know more than the evidence shows.")
    ] = False,
    until: Until = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Answer a task; the answer is kept as your verdict."""
    from mdm.decide import decide

    with opened(config) as hub, hub.write(author()) as uow:
        outcome = decide(uow, task, answer.value, reason=reason, certain=certain, until=_moment(until))
    _tell(outcome, answer, as_json=as_json)


@steward_app.command(
    "say", epilog='Example: mdm steward say crm:17 erp:C-10021 distinct --reason "two branches"'
)
def say_command(
    left: Annotated[str, typer.Argument(metavar="SOURCE:KEY", help="One source record.")],
    right: Annotated[str, typer.Argument(metavar="SOURCE:KEY", help="The other.")],
    answer: Annotated[AnswerWord, typer.Argument(help="same, distinct or unsure.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the verdict.")] = "",
    certain: Annotated[
        bool, typer.Option("--certain", help="You know more than the evidence shows.")
    ] = False,
    until: Until = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say of two source records whether they are the same real thing, whether or not there is a task."""
    from mdm.decide import decide_records
    from mdm.identity import named_record

    with opened(config) as hub, hub.write(author()) as uow:
        one, other = (named_record(uow.session, name) for name in (left, right))
        outcome = decide_records(
            uow, one, other, answer.value, reason=reason, certain=certain, until=_moment(until)
        )
    _tell(outcome, answer, as_json=as_json)


def _tell(outcome: Decided | Conflicted, answer: AnswerWord, *, as_json: bool) -> None:
    from mdm.decide import Conflicted
    from mdm.errors import RefusedError

    if isinstance(outcome, Conflicted):
        raise RefusedError(outcome.message)
    if as_json:
        say_json(asdict(outcome))
    else:
        golden = ", ".join(outcome.golden_ids)
        say(f"Recorded {outcome.verdict_id}: {answer.value}. Golden records now: {golden}.")


def _moment(text: str | None) -> datetime | None:
    from mdm.history.when import when_of

    return when_of(text).known_at


def _tasks(
    hub: Hub, session: Session, entity: str | None, wanted: int | None, known_at: datetime | None
) -> tuple[list[TaskSummary], int]:
    from mdm.stewardship import tasks, tasks_count

    found: list[TaskSummary] = []
    after: str | None = None
    while True:
        first = PAGE if wanted is None else min(PAGE, wanted - len(found))
        page = tasks(hub, session, entity_type=entity, after=after, first=first, known_at=known_at)
        found += page.items
        after = page.end_cursor
        if not page.has_next or len(found) == wanted:
            return found, tasks_count(hub, session, entity_type=entity, known_at=known_at)


def _summary(task: TaskSummary) -> dict[str, object]:
    return {
        "id": task.id,
        "entity_type": task.entity_type,
        "kind": task.kind,
        "left": {"golden_id": task.left.golden_id, "label": task.left.label},
        "right": {"golden_id": task.right.golden_id, "label": task.right.label},
        "weight": task.weight,
        "probability": task.probability,
        "cause": task.cause,
        "text": task.text,
    }


def _cells(task: TaskSummary) -> tuple[str, ...]:
    sides = (f"{side.golden_id} {side.label}" for side in (task.left, task.right))
    return (task.id, task.entity_type, task.kind, f"{task.probability:.3f}", *sides, task.text)


def _titles(view: TaskView) -> tuple[str, str]:
    left, right = view.left.golden, view.right.golden
    return f"{left.golden_id} {left.label}", f"{right.golden_id} {right.label}"


def _side_by_side(view: TaskView) -> Iterator[tuple[str, str, str]]:
    for row in view.rows:
        left, right = ("".join(segment.text for segment in side) for side in (row.left, row.right))
        sign = "" if left == right else "* "
        yield f"{sign}{row.title}", left, right
    left, right = (
        ", ".join(f"{r.source}:{r.source_key}" for r in side.records) for side in (view.left, view.right)
    )
    yield "Source records", left, right


def _reasons(view: TaskView) -> Iterator[str]:
    if view.explanation is None:
        return
    yield f"Weight {view.weight:+.1f} bits, probability {view.explanation.probability:.4f}:"
    yield from reason_lines(view.explanation.reasons)


def _view_document(view: TaskView) -> dict[str, object]:
    reasons = view.explanation.reasons if view.explanation else ()
    return {
        "id": view.id,
        "entity_type": view.entity_type.name,
        "kind": view.kind,
        "cause": view.cause,
        "text": view.text,
        "weight": view.weight,
        "probability": view.explanation.probability if view.explanation else None,
        "left": _side_document(view, left=True),
        "right": _side_document(view, left=False),
        "reasons": [
            {"column": r.column, "label": r.label, "weight": r.weight, "note": r.note} for r in reasons
        ],
    }


def _side_document(view: TaskView, *, left: bool) -> dict[str, object]:
    side = view.left if left else view.right
    values = {
        row.name: "".join(segment.text for segment in (row.left if left else row.right)) for row in view.rows
    }
    return {
        "golden_id": side.golden.golden_id,
        "label": side.golden.label,
        "records": [f"{r.source}:{r.source_key}" for r in side.records],
        "values": {name: text for name, text in values.items() if text},
    }
