"""/console/golden/.../overrides and bans: a steward sets, bans and takes back values of a golden record."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from mdm.access.asking import principal_of
from mdm.clock import parse_instant
from mdm.errors import UsageError
from mdm.hub import Hub
from mdm.overrides import Lifetime
from mdm.overrides.banning import ban_value, lift_ban
from mdm.overrides.setting import Until, override_value, remove_override

LONGEST = 2000

Word = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=LONGEST)]


def add_pages(router: APIRouter, hub: Hub) -> None:
    """What the forms on a golden record's page send; each leads back to that page."""

    @router.post("/golden/{golden_id}/overrides")
    def override(
        request: Request,
        golden_id: str,
        attribute: Word,
        act: Annotated[Literal["set", "remove"], Form()],
        value: Text = "",
        lifetime: Annotated[Lifetime, Form()] = Lifetime.forever,
        until: Word = "",
        reason: Text = "",
    ) -> Response:
        with hub.write(principal_of(request)) as uow:
            if act == "remove":
                done = remove_override(uow, golden_id, attribute, reason=reason.strip())
            else:
                how_long = _until(lifetime, until)
                done = override_value(uow, golden_id, attribute, value, until=how_long, reason=reason.strip())
        return _back(done.golden_id)

    @router.post("/golden/{golden_id}/bans")
    def ban(
        request: Request,
        golden_id: str,
        attribute: Word,
        value: Text,
        act: Annotated[Literal["ban", "lift"], Form()],
        reason: Text = "",
    ) -> Response:
        with hub.write(principal_of(request)) as uow:
            change = ban_value if act == "ban" else lift_ban
            done = change(uow, golden_id, attribute, value, reason=reason.strip())
        return _back(done.golden_id)


def _until(lifetime: Lifetime, until: str) -> Until:
    if lifetime is not Lifetime.date:
        return Until(lifetime)
    try:
        return Until(lifetime, parse_instant(until))
    except ValueError as exc:
        raise UsageError(f"{until!r} is no date; write it as 2026-12-31.") from exc


def _back(golden_id: str) -> Response:
    return RedirectResponse(f"/console/golden/{golden_id}#values", 303)
