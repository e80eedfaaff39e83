"""Who asks: what the access layer has left with the request."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from mdm.access.principal import Principal

NOBODY = Principal(name="nobody")
"""Without the access layer there is nobody, and nobody may do nothing."""


def principal_of(request: HTTPConnection) -> Principal:
    """Who asks."""
    found = getattr(request.state, "principal", NOBODY)
    return found if isinstance(found, Principal) else NOBODY
