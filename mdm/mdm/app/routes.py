"""What each route asks for: the beginning of its path, and the action that whoever asks must be allowed.

A route that no line covers is for administrators alone; a test names every one that has no line.
"""

from __future__ import annotations

from mdm.access.principal import Action

OPEN_PATHS = frozenset(
    {"/healthz", "/readyz", "/console/sign-in", "/console/sign-in/oidc", "/console/signed-in"}
)
OPEN_FOLDERS = ("/static/", "/hooks/")
"""Style sheets and scripts of the project, and inbound webhooks, which carry a signature of their own."""

ACTIONS: tuple[tuple[str, Action], ...] = (
    ("/console/publications", Action.oversee),
    ("/console/quarantine", Action.oversee),
    ("/console/reads", Action.audit),
    ("/console", Action.read),
    ("/graphql", Action.read),
    ("/api/v1/records", Action.deliver),
    ("/api/v1/golden", Action.read),
    ("/api/v1/changes", Action.read),
    ("/api/v1/match", Action.read),
    ("/api/v1/reconcile", Action.read),
    ("/api/v1/reads", Action.audit),
    ("/api/v1/resolutions", Action.administer),
    ("/metrics", Action.observe),
    ("/docs", Action.read),
    ("/openapi.json", Action.read),
)
"""The first line whose path is the route's own or a folder of it counts."""


def is_open(path: str) -> bool:
    """Whether a path needs no proof of who asks."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def action_for(path: str) -> Action:
    """What a path asks for."""
    if path == "/":
        return Action.read
    named = (action for start, action in ACTIONS if path == start or path.startswith(f"{start}/"))
    return next(named, Action.administer)
