"""Turns a template and its facts into a page; everything that comes from data is escaped."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from mdm.access.asking import principal_of
from mdm.access.principal import Action
from mdm.console import formats
from mdm.stewardship.wording import title_of

STATIC = Path(__file__).parent / "static"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mdm.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        title_of=title_of,
        bits=formats.bits,
        percent=formats.percent,
        moment=formats.moment,
        plural=formats.plural,
        hue=formats.hue,
        kind_title=formats.kind_title,
        type_title=formats.type_title,
    )
    environment.globals.update(asset=asset, bar=formats.bar, share=formats.share)
    return environment


@cache
def asset(name: str) -> str:
    """The address of one of the console's files; it changes with the file, so browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/console/{name}?v={digest}"


def render(request: Request, template: str, *, status: int = 200, **facts: Any) -> Response:
    """A page; the main part alone if htmx asks for it.

    Args:
        facts: what the template shows; `at` is the moment that it speaks of, "" for now.
    """
    headers = request.headers
    part = headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"
    page, at = _environment().get_template(template), str(facts.get("at", ""))
    shown = {
        "at": at,
        "then": f"?{urlencode({'at': at})}" if at else "",
        "layout": "part.html" if part else "layout.html",
        "author": getattr(request.state, "author", ""),
        "dev": getattr(request.state, "dev", False),
        "may": lambda action, about=None: _may(request, Action(action), about, at),
        "path": request.url.path,
        "here": "",
        **facts,
    }
    return HTMLResponse(page.render(shown), status, {"Vary": "HX-Request"})


def _may(request: Request, action: Action, about: str | None, at: str) -> bool:
    """Whether a page offers what is to be done; nothing is decided about a moment that has passed."""
    return not (at and action is Action.decide) and principal_of(request).may(action, about)


def error_page(request: Request, status: int, detail: str) -> Response:
    """What went wrong, in one sentence, with a way back."""
    return render(request, "error.html", status=status, code=status, detail=detail)
