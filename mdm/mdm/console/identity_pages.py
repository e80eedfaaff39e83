"""/console/change: merge, detach, unmerge and undo, first as a preview, then for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from mdm.access.asking import principal_of
from mdm.access.principal import Action
from mdm.console.rendering import render
from mdm.hub import Hub
from mdm.identity import (
    Changes,
    Conflicted,
    DetachRequest,
    Merged,
    MergeRequest,
    Parted,
    Undone,
    UnmergeRequest,
    current_side,
    detach,
    merge,
    named_record,
    previewed,
    undo,
    unmerge,
)
from mdm.stewardship import golden_labels
from mdm.unit_of_work import UnitOfWork

Act = Literal["merge", "detach", "unmerge", "undo"]
Done = Merged | Parted | Undone | Conflicted
LONGEST = 2000

Word = Annotated[str, Query(max_length=200)]
FormWord = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the steward wants to change.

    Attributes:
        what: the golden id that shall lead to another or leave it, the source record, or the operation.
        into: the golden id that survives a merge.
        seen: the versions that the preview showed, as `id@version`, parted by blanks.
        stays: the overrides that stay at an unmerge; leaves: those that leave.
    """

    act: Act
    what: str
    into: str = ""
    tree: bool = False
    seen: str = ""
    stays: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    reason: str = ""

    @property
    def versions(self) -> dict[str, int]:
        """The versions that were looked at."""
        pairs = (text.rpartition("@") for text in self.seen.split())
        return {golden_id: int(version) for golden_id, _, version in pairs if version.isdecimal()}

    @property
    def assigned(self) -> dict[str, bool]:
        """Override id to whether it leaves."""
        return dict.fromkeys(self.stays, False) | dict.fromkeys(self.leaves, True)


def add_pages(router: APIRouter, hub: Hub) -> None:
    """The preview of a change, and the change itself; both work without script."""

    @router.get("/change")
    def preview(request: Request, act: Act, what: Word, into: Word = "", tree: Word = "") -> Response:
        wanted = Wanted(act, what.strip(), into.strip(), tree == "true")
        return _page(hub, request, wanted)

    @router.post("/change")
    def change(
        request: Request,
        act: Annotated[Act, Form()],
        what: FormWord,
        into: FormWord = "",
        tree: FormWord = "",
        seen: Annotated[str, Form(max_length=LONGEST)] = "",
        reason: Annotated[str, Form(max_length=LONGEST)] = "",
        override: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        sides = [text.partition("=") for text in override or ()]
        wanted = Wanted(
            act, what, into, tree == "true", seen, reason=reason.strip(),
            stays=tuple(name for name, _, side in sides if side == "stays"),
            leaves=tuple(name for name, _, side in sides if side == "leaves"),
        )  # fmt: skip
        with hub.write(principal_of(request)) as uow:
            outcome = _operation(wanted)(uow)
        if isinstance(outcome, Conflicted):
            return _page(hub, request, wanted, outcome)
        return RedirectResponse(f"/console/golden/{_home(outcome)}?done={outcome.operation}", 303)


def _page(hub: Hub, request: Request, wanted: Wanted, conflict: Conflicted | None = None) -> Response:
    """What would change, with the form that does it; or why it cannot be done."""
    principal = principal_of(request)

    def act(uow: UnitOfWork) -> tuple[Done, Wanted]:
        if wanted.act == "merge":
            uow.require(Action.decide, None, wanted.what, wanted.into)
            sides = [current_side(uow.session, golden_id) for golden_id in (wanted.what, wanted.into)]
            looked_at = replace(wanted, seen=" ".join(f"{side.golden_id}@{side.version}" for side in sides))
            return _operation(looked_at, rehearsed=True)(uow), looked_at
        return _operation(wanted, rehearsed=True)(uow), wanted

    outcome, shown = (conflict, wanted) if conflict else previewed(hub, principal, act)
    ids = {wanted.what, wanted.into}
    if not isinstance(outcome, Conflicted):
        ids |= _named(outcome.changes)
    with hub.read(principal) as session:
        labels = golden_labels(session, hub.registry, ids - {""})
    facts = {
        "wanted": shown,
        "outcome": outcome,
        "labels": labels,
        "conflict": isinstance(outcome, Conflicted),
    }
    status = 409 if isinstance(outcome, Conflicted) else 200
    return render(request, "change.html", status=status, here="search", **facts)


def _named(changes: Changes) -> set[str]:
    """Every golden id that the changes name."""
    ids = {i for record in changes.records for i in (record.from_golden, record.to_golden)}
    ids |= {i for change in changes.ids for i in (change.golden_id, change.into)}
    ids |= {value.golden_id for value in changes.values}
    return ids | {i for r in changes.relations for i in (r.golden_id, r.before, r.after)}


def _operation(wanted: Wanted, *, rehearsed: bool = False) -> Callable[[UnitOfWork], Done]:
    """What is wanted, as an operation on a unit of work."""

    def act(uow: UnitOfWork) -> Done:
        if wanted.act == "merge":
            return merge(uow, MergeRequest(wanted.what, wanted.into, wanted.versions, reason=wanted.reason))
        if wanted.act == "undo":
            return undo(uow, wanted.what, reason=wanted.reason)
        if wanted.act == "detach":
            key = named_record(uow.session, wanted.what)
            return detach(uow, DetachRequest((key,), reason=wanted.reason))
        named = named_record(uow.session, wanted.what) if ":" in wanted.what else wanted.what
        request = UnmergeRequest(named, tree=wanted.tree, overrides=wanted.assigned, reason=wanted.reason)
        return unmerge(uow, request, rehearsed=rehearsed)

    return act


def _home(outcome: Merged | Parted | Undone) -> str:
    """The golden record to go on with."""
    if isinstance(outcome, Merged):
        return outcome.golden_id
    return outcome.leaves[0] if isinstance(outcome, Parted) else outcome.golden_ids[0]
