"""/console/tasks: one task, deciding it, and taking a verdict back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy import select

from mdm.access import view_of
from mdm.access.asking import principal_of
from mdm.console.moments import At, moment_of
from mdm.console.queue_pages import context
from mdm.console.rendering import render
from mdm.decide import Answer, Conflicted, decide, withdraw
from mdm.errors import UnknownTaskError
from mdm.history.queue import tasks_at
from mdm.hub import Hub
from mdm.resolve.hierarchies import HIERARCHY_LOOP
from mdm.resolve.override_tasks import OVERRIDE_CONFLICT
from mdm.stewardship import TaskView, decided_since, next_task, standing_verdict, task_place, task_view
from mdm.store.decisions import Verdict
from mdm.store.derived import Task
from mdm_matching import waterfall_svg

LONGEST_REASON = 2000

Facet = Annotated[str, Query(max_length=100)]
FormFacet = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True, slots=True)
class Facets:
    """Which part of the queue the steward works through."""

    type: str = ""
    kind: str = ""

    def where(self) -> dict[str, str | None]:
        """As arguments of the queue's functions."""
        return {"entity_type": self.type or None, "kind": self.kind or None}

    def address(self, task_id: str | None, **more: str) -> str:
        """The address of a task, or of the queue if there is none, within these facets."""
        query = {k: v for k, v in {"type": self.type, "kind": self.kind, **more}.items() if v}
        return f"/console{f'/tasks/{task_id}' if task_id else ''}{f'?{urlencode(query)}' if query else ''}"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the page says first.

    Attributes:
        decided: id of the verdict just given.
        problem: settled (the task was gone) or undone (a verdict was taken back).
        conflict: why the verdict was refused; `reason` is what its author had written.
    """

    decided: str = ""
    problem: str = ""
    conflict: str = ""
    reason: str = ""


def add_pages(router: APIRouter, hub: Hub) -> None:
    """The pages of one task."""

    @router.get("/tasks/{task_id}")
    def task(
        request: Request,
        task_id: str,
        type: Facet = "",
        kind: Facet = "",
        decided: Facet = "",
        problem: Facet = "",
        at: At = "",
    ) -> Response:
        with hub.read(principal_of(request)) as session:
            queue = tasks_at(moment_of(at))
            stored = session.execute(
                select(queue.c.kind, queue.c.left_golden).where(queue.c.id == task_id)
            ).first()
            if stored is not None and not view_of(session).visible(session, [stored.left_golden]):
                raise UnknownTaskError(task_id)
        place = {OVERRIDE_CONFLICT: "said", HIERARCHY_LOOP: "loops"}.get(stored.kind) if stored else None
        if stored is not None and place is not None:
            moment = f"?{urlencode({'at': at})}" if at else ""
            return RedirectResponse(f"/console/golden/{stored.left_golden}{moment}#{place}", 303)
        return _page(hub, request, task_id, Facets(type, kind), Notice(decided, problem), at=at)

    @router.post("/tasks/{task_id}")
    def verdict(
        request: Request,
        task_id: str,
        answer: Annotated[Answer, Form()],
        reason: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
        certain: Annotated[Literal["true", ""], Form()] = "",
        type: FormFacet = "",
        kind: FormFacet = "",
    ) -> Response:
        facets = Facets(type, kind)
        with hub.read(principal_of(request)) as session:
            preferred = task_place(hub, session, task_id, **facets.where()).next_id
        try:
            with hub.write(principal_of(request)) as uow:
                found = decide(uow, task_id, answer, reason=reason.strip(), certain=certain == "true")
        except UnknownTaskError:
            return _onward(hub, request, facets, preferred, Notice(problem="settled"))
        if isinstance(found, Conflicted):
            refused = Notice(conflict=found.message, reason=reason)
            return _page(hub, request, task_id, facets, refused, status=409)
        return _onward(hub, request, facets, preferred, Notice(found.verdict_id))

    @router.post("/verdicts/{verdict_id}/undo")
    def undo(request: Request, verdict_id: str, type: FormFacet = "", kind: FormFacet = "") -> Response:
        facets = Facets(type, kind)
        with hub.write(principal_of(request)) as uow:
            withdraw(uow, verdict_id)
            basis = uow.session.get_one(Verdict, verdict_id).basis
            reopened = uow.session.get(Task, str(basis.get("task", "")))
        return _onward(hub, request, facets, reopened.id if reopened else None, Notice(problem="undone"))


def _onward(hub: Hub, request: Request, facets: Facets, preferred: str | None, notice: Notice) -> Response:
    """The next task: its page at once for htmx, a redirect to it for a form without script."""
    with hub.read(principal_of(request)) as session:
        following = next_task(hub, session, preferred=preferred, **facets.where())
    by_htmx = request.headers.get("hx-request") == "true"
    if by_htmx and following is not None:
        response = _page(hub, request, following, facets, notice)
        response.headers["HX-Push-Url"] = facets.address(following)
        return response
    nothing_left = {} if following else {"notice": "done"}
    address = facets.address(following, decided=notice.decided, problem=notice.problem, **nothing_left)
    return (
        Response(status_code=204, headers={"HX-Redirect": address})
        if by_htmx
        else RedirectResponse(address, 303)
    )


def _page(
    hub: Hub,
    request: Request,
    task_id: str,
    facets: Facets,
    notice: Notice,
    *,
    status: int = 200,
    at: str = "",
) -> Response:
    with hub.read(principal_of(request)) as session:
        view = task_view(hub, session, task_id, moment_of(at))
        today = hub.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        facts = {
            "task": view,
            "place": task_place(hub, session, task_id, **facets.where()),
            "done": decided_since(session, principal_of(request).name, today),
            "said": standing_verdict(session, notice.decided),
        }
    facts |= {
        "facets": facets,
        "context": context(facets.type, facets.kind, at),
        "at": at,
        "notice": notice,
        "waterfall": _waterfall(view),
        "silent": [r for r in view.explanation.reasons if not r.weight] if view.explanation else [],
    }
    return render(request, "task.html", status=status, here="queue", **facts)


def _waterfall(view: TaskView) -> Markup:
    """The picture of the score; the engine escapes what it writes into it."""
    if view.explanation is None:
        return Markup("")
    speaking = [reason for reason in view.explanation.reasons if reason.weight]
    return Markup(waterfall_svg(speaking, view.explanation.prior))  # see above
