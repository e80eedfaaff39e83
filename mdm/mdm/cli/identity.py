"""`mdm merge`, `unmerge`, `detach`, `undo`: what people do to identity, each with a preview."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from mdm.cli.changes import change_lines
from mdm.cli.options import Config, Json, author, opened
from mdm.cli.output import say, say_json

if TYPE_CHECKING:
    from mdm.hub import Hub
    from mdm.identity import Conflicted, Merged, Parted, RecordKey, Undone
    from mdm.unit_of_work import UnitOfWork

    Done = Merged | Parted | Undone | Conflicted

Outcome = TypeVar("Outcome")

Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")]
Certain = Annotated[bool, typer.Option("--certain", help="You know more than the evidence shows.")]
Preview = Annotated[
    bool, typer.Option("--preview", "--dry-run", help="Show all that would change, and change nothing.")
]
Versioned = "GOLDEN[@VERSION]"


def merge_command(
    loser: Annotated[str, typer.Argument(metavar=Versioned, help="The id that shall lead to the other.")],
    survivor: Annotated[str, typer.Argument(metavar=Versioned, help="The id that stays.")],
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="ATTRIBUTE=VALUE", help="A value you choose yourself."),
    ] = None,
    reason: Reason = "",
    certain: Certain = False,
    preview: Preview = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Merge one golden record into another; preview it first, which shows the versions to name."""
    from mdm.identity import MergeRequest, current_side, merge

    (one, _), (other, _) = pair = [_versioned(name) for name in (loser, survivor)]
    seen = {name: version for name, version in pair if version is not None}
    chosen = dict(_assignment(text) for text in values or ())

    def act(uow: UnitOfWork) -> Done:
        if preview:
            for name in (one, other):
                seen.setdefault(name, current_side(uow.session, name).version)
        return merge(uow, MergeRequest(one, other, seen, chosen, reason, certain))

    with opened(config) as hub:
        outcome = _run(hub, act, preview=preview)
    again = f"mdm merge {one}@{seen.get(one)} {other}@{seen.get(other)}"
    _tell(outcome, preview=preview, as_json=as_json, again=again)


def unmerge_command(  # noqa: PLR0913  # an option each, as --help lists them
    what: Annotated[
        str, typer.Argument(metavar="GOLDEN|RECORD", help="The id that was merged, or source:key.")
    ],
    tree: Annotated[bool, typer.Option("--tree", help="With all that was merged into it before.")] = False,
    leave: Annotated[
        list[str] | None, typer.Option("--leave", help="A later source:key that leaves, too.")
    ] = None,
    stay: Annotated[list[str] | None, typer.Option("--stay", help="A later source:key that stays.")] = None,
    assign: Annotated[
        list[str] | None,
        typer.Option(
            "--assign", metavar="OVERRIDE=stays|leaves", help="Whose a value set since the merge is."
        ),
    ] = None,
    reason: Reason = "",
    certain: Certain = False,
    preview: Preview = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Let a merged golden record stand by itself again, under its own id."""
    from mdm.identity import UnmergeRequest, named_record, unmerge

    assigned = {name: _leaves(word) for name, word in (_assignment(text) for text in assign or ())}

    def act(uow: UnitOfWork) -> Done:
        keys = [tuple(named_record(uow.session, name) for name in names or ()) for names in (leave, stay)]
        named = named_record(uow.session, what) if ":" in what else what
        request = UnmergeRequest(
            named, tree=tree, leave=keys[0], stay=keys[1], overrides=assigned, reason=reason, certain=certain
        )
        return unmerge(uow, request, rehearsed=preview)

    with opened(config) as hub:
        outcome = _run(hub, act, preview=preview)
    _tell(outcome, preview=preview, as_json=as_json)


def detach_command(
    records: Annotated[list[str], typer.Argument(metavar="SOURCE:KEY...", help="Source records that leave.")],
    reason: Reason = "",
    certain: Certain = False,
    preview: Preview = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Take source records out of their golden record; they do not come back until you undo it."""
    from mdm.identity import DetachRequest, detach, named_record

    def act(uow: UnitOfWork) -> Done:
        keys: tuple[RecordKey, ...] = tuple(named_record(uow.session, name) for name in records)
        return detach(uow, DetachRequest(keys, reason=reason, certain=certain))

    with opened(config) as hub:
        outcome = _run(hub, act, preview=preview)
    _tell(outcome, preview=preview, as_json=as_json)


def undo_command(
    operation: Annotated[str, typer.Argument(help="The id that the decision was given, verdict-...")],
    reason: Reason = "",
    preview: Preview = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Undo a merge, a detach, an unmerge or a verdict; it is kept, but no longer stands."""
    from mdm.identity import undo

    with opened(config) as hub:
        outcome = _run(hub, lambda uow: undo(uow, operation, reason=reason), preview=preview)
    _tell(outcome, preview=preview, as_json=as_json)


def _run(hub: Hub, act: Callable[[UnitOfWork], Outcome], *, preview: bool) -> Outcome:
    from mdm.identity import previewed

    if preview:
        return previewed(hub, author(), act)
    with hub.write(author()) as uow:
        return act(uow)


def _tell(outcome: Done, *, preview: bool, as_json: bool, again: str = "") -> None:
    from mdm.errors import RefusedError
    from mdm.identity import Conflicted

    if isinstance(outcome, Conflicted):
        raise RefusedError(outcome.message)
    if as_json:
        say_json({**asdict(outcome), "preview": preview})
        return
    for line in _lines(outcome, preview=preview, again=again):
        say(line)


def _lines(outcome: Merged | Parted | Undone, *, preview: bool, again: str) -> Iterable[str]:
    yield "This would change, and nothing has changed yet:" if preview else "Done:"
    yield from change_lines(outcome.changes)
    for override in getattr(outcome, "undecided", ()):
        yield f"  undecided    {override.attribute} = {override.value}: --assign {override.id}=stays|leaves"
    if not preview:
        yield f"Undo it with mdm undo {outcome.operation}"
    elif again:
        yield f"Do it with {again}"


def _versioned(text: str) -> tuple[str, int | None]:
    name, at, version = text.strip().partition("@")
    if at and not version.isdecimal():
        raise typer.BadParameter(f"{text!r} has no version behind the @; write it as {name}@3")
    return name, int(version) if at else None


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise typer.BadParameter(f"{text!r} is no NAME=VALUE")
    return name.strip(), value


def _leaves(word: str) -> bool:
    if word not in {"stays", "leaves"}:
        raise typer.BadParameter(f"{word!r} is neither stays nor leaves")
    return word == "leaves"
