"""/console/tasks: one task, deciding it, and taking a verdict back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlmodel import Session

from mdm.console.queue_pages import context
from mdm.console.rendering import render
from mdm.decide import Answer, Conflicted, decide, withdraw
from mdm.errors import UnknownTaskError
from mdm.hub import Hub
from mdm.stewardship import TaskView, decided_since, next_task, task_place, task_view
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
    ) -> Response:
        return _page(hub, request, task_id, Facets(type, kind), decided=decided, problem=problem)

    @router.post("/tasks/{task_id}")
    def verdict(
        request: Request,
        task_id: str,
        answer: Annotated[Answer, Form()],
        reason: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
        certain: Annotated[bool, Form()] = False,
        type: FormFacet = "",
        kind: FormFacet = "",
    ) -> Response:
        facets = Facets(type, kind)
        with hub.read() as session:
            preferred = task_place(hub, session, task_id, **facets.where()).next_id
        try:
            with hub.write(_author(request)) as uow:
                found = decide(uow, task_id, answer, reason=reason.strip(), certain=certain)
        except UnknownTaskError:
            return _onward(hub, request, facets, preferred, problem="settled")
        if isinstance(found, Conflicted):
            return _page(hub, request, task_id, facets, status=409, conflict=found.message, reason=reason)
        return _onward(hub, request, facets, preferred, decided=found.verdict_id)

    @router.post("/verdicts/{verdict_id}/undo")
    def undo(request: Request, verdict_id: str, type: FormFacet = "", kind: FormFacet = "") -> Response:
        facets = Facets(type, kind)
        with hub.write(_author(request)) as uow:
            withdraw(uow, verdict_id)
            basis = uow.session.get_one(Verdict, verdict_id).basis
            reopened = uow.session.get(Task, str(basis.get("task", "")))
        return _onward(hub, request, facets, reopened.id if reopened else None, problem="undone")


def _author(request: Request) -> str:
    return str(getattr(request.state, "author", "console"))


def _onward(hub: Hub, request: Request, facets: Facets, preferred: str | None, **notice: str) -> Response:
    """The next task: its page at once for htmx, a redirect to it for a form without script."""
    with hub.read() as session:
        following = next_task(hub, session, preferred=preferred, **facets.where())
    if request.headers.get("hx-request") != "true" or following is None:
        address = facets.address(following, **(notice if following else {"notice": "done"}))
        if request.headers.get("hx-request") == "true":
            return Response(status_code=204, headers={"HX-Redirect": address})
        return RedirectResponse(address, 303)
    response = _page(hub, request, following, facets, **notice)
    response.headers["HX-Push-Url"] = facets.address(following)
    return response


def _page(
    hub: Hub, request: Request, task_id: str, facets: Facets, *, status: int = 200, **notice: str
) -> Response:
    with hub.read() as session:
        view = task_view(hub, session, task_id)
        place = task_place(hub, session, task_id, **facets.where())
        today = hub.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        done = decided_since(session, _author(request), today)
        said = _said(session, notice.get("decided", ""))
    return render(
        request, "task.html", status=status, here="queue", task=view, place=place, done=done, facets=facets,
        context=context(facets.type, facets.kind), waterfall=_waterfall(view), said=said,
        silent=[r for r in view.explanation.reasons if not r.weight] if view.explanation else [],
        problem=notice.get("problem", ""), conflict=notice.get("conflict", ""), reason=notice.get("reason", ""),
    )  # fmt: skip


def _said(session: Session, verdict_id: str) -> dict[str, Any] | None:
    """The verdict just given, if it still stands."""
    verdict = session.get(Verdict, verdict_id) if verdict_id else None
    if verdict is None or verdict.superseded_by:
        return None
    return {"id": verdict.id, "answer": verdict.answer, "entity_type": verdict.entity_type}


def _waterfall(view: TaskView) -> Markup:
    """The picture of the score; the engine escapes what it writes into it."""
    if view.explanation is None:
        return Markup("")
    speaking = [reason for reason in view.explanation.reasons if reason.weight]
    return Markup(waterfall_svg(speaking, view.explanation.prior))  # noqa: S704  # see above
