"""/api/v1/golden: one golden record as a resource, and stewards' values on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime
from pydantic_core import to_jsonable_python

from mdm.access import Principal
from mdm.access.asking import principal_of
from mdm.access.view import seen_by
from mdm.app.golden_documents import ANSWERS, WRITES, BuildingDocument, GoldenDocument, Said
from mdm.app.preconditions import check_seen, is_known, quoted, seen_tags
from mdm.app.problems import answer
from mdm.errors import UnknownGoldenIdError, UnknownRecordError
from mdm.golden_ids import Resolution, golden_id_of
from mdm.history.when import When
from mdm.hub import Hub
from mdm.overrides.setting import Until, override_value, remove_override
from mdm.query.resource import Resource, resource
from mdm.resolve.building import building_of
from mdm.unit_of_work import UnitOfWork

PATH = "/api/v1/golden"

GoldenId = Annotated[str, Path(max_length=100, description="The golden id, also one that a merge retired")]
Attribute = Annotated[str, Path(max_length=100, description="Name of the attribute as declared")]
IfMatch = Annotated[str | None, Header(description="The ETag that you saw; * for whatever there is")]
KnownAt = Annotated[
    AwareDatetime | None, Query(description="As the hub knew it at this moment, with a zone; else now")
]
AsOf = Annotated[date | None, Query(description="What holds on this day; else what is current")]
IfNoneMatch = Annotated[str | None, Header(description="The ETag you have; 304 if nothing changed")]


def golden_router(hub: Hub) -> APIRouter:
    """GET by golden id and by source key; PUT and DELETE of overrides."""
    router = APIRouter(prefix=PATH, tags=["golden records"])

    @router.get(
        "/by-key", summary="The golden record that a system knows by a key",
        response_model=GoldenDocument, responses={code: ANSWERS[code] for code in (200, 304, 404)},
    )  # fmt: skip
    def by_key(
        request: Request,
        entity_type: Annotated[str, Query(max_length=100, description="Such as client; what is declared")],
        system: Annotated[str, Query(max_length=100, description="The source's name, such as crm")],
        key: Annotated[str, Query(max_length=1000, description="The key it has there")],
        known_at: KnownAt = None,
        as_of: AsOf = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        when = When(known_at, as_of)
        with hub.read(principal_of(request)) as session:
            name = hub.registry[entity_type].name
            try:
                found = resource(hub, session, golden_id_of(session, name, system, key, when), when)
            except UnknownGoldenIdError as exc:  # it exists, but not for whoever asks
                raise UnknownRecordError(system, key) from exc
        told = _told(request, found, if_none_match)
        told.headers["Content-Location"] = f"{PATH}/{found.golden_id}"
        return told

    @router.get(
        "/{golden_id}", summary="A golden record, or where its id leads", response_model=GoldenDocument,
        responses=ANSWERS,
    )  # fmt: skip
    def by_id(
        request: Request,
        golden_id: GoldenId,
        known_at: KnownAt = None,
        as_of: AsOf = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        with hub.read(principal_of(request)) as session:
            found = resource(hub, session, golden_id, When(known_at, as_of))
        return _told(request, found, if_none_match)

    @router.get(
        "/{golden_id}/building", summary="The steps that joined its source records, each with its evidence",
        response_model=BuildingDocument, responses={404: ANSWERS[404]},
    )  # fmt: skip
    def building(request: Request, golden_id: GoldenId, known_at: KnownAt = None) -> Response:
        with hub.read(principal_of(request)) as session:
            built = building_of(hub, session, golden_id, When(known_at))
        return JSONResponse(to_jsonable_python(built))

    _add_overrides(router, hub)
    return router


def _add_overrides(router: APIRouter, hub: Hub) -> None:
    place = "/{golden_id}/overrides/{attribute}"

    @router.put(
        place, summary="Set a value in the place of what the sources say", response_model=GoldenDocument,
        responses=WRITES,
    )  # fmt: skip
    def override(
        request: Request, golden_id: GoldenId, attribute: Attribute, said: Said, if_match: IfMatch = None
    ) -> Response:
        seen, until = seen_tags(if_match), Until(said.lifetime, said.until)

        def work(uow: UnitOfWork) -> str:
            _check(uow, golden_id, seen)
            done = override_value(uow, golden_id, attribute, said.value, until=until, reason=said.reason)
            return done.golden_id

        return _written(hub, request, principal_of(request), work)

    @router.delete(
        place, summary="Let the sources speak again", response_model=GoldenDocument, responses=WRITES
    )
    def remove(
        request: Request,
        golden_id: GoldenId,
        attribute: Attribute,
        reason: Annotated[str, Query(max_length=5000, description="Why, for those who read it later")] = "",
        if_match: IfMatch = None,
    ) -> Response:
        seen = seen_tags(if_match)

        def work(uow: UnitOfWork) -> str:
            _check(uow, golden_id, seen)
            return remove_override(uow, golden_id, attribute, reason=reason).golden_id

        return _written(hub, request, principal_of(request), work)


def _check(uow: UnitOfWork, golden_id: str, seen: str) -> None:
    """Refuse to write on what the writer has not seen as it is; a merged id has no state of its own."""
    with seen_by(uow.session, uow.view):
        found = resource(uow.hub, uow.session, golden_id)
    check_seen(seen, found.tag if isinstance(found, Resource) else found.state, golden_id)


def _written(hub: Hub, request: Request, principal: Principal, work: Callable[[UnitOfWork], str]) -> Response:
    with hub.write(principal) as uow:
        golden_id = work(uow)
    with hub.read(principal) as session:
        found = resource(hub, session, golden_id)
    return _told(request, found, None)


def _told(request: Request, found: Resource | Resolution, if_none_match: str | None) -> Response:
    if isinstance(found, Resource):
        headers = {"ETag": quoted(found.tag)}
        if is_known(if_none_match, found.tag):
            return Response(status_code=304, headers=headers)
        return JSONResponse(to_jsonable_python(found), headers=headers)
    if found.state in {"merged", "split"}:
        document = {
            "asked": found.asked, "state": found.state, "golden_id": found.golden_id,
            "successors": to_jsonable_python(found.successors),
        }  # fmt: skip
        status = 300 if found.state == "split" else 307
        return JSONResponse(document, status, {"Location": f"{PATH}/{found.golden_id}"})
    return answer(
        request, 410, f"{found.asked} is {found.state}; it has no values any more.", state=found.state
    )
