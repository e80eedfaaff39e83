"""Options that several commands share, and the deployment they lead to."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mdm.hub import Hub
    from mdm.settings import Settings

Config = Annotated[
    Path | None, typer.Option("--config", help="The deployment's mdm.toml; else MDM_CONFIG, else ./mdm.toml.")
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]
Entity = Annotated[str, typer.Option("--entity", help="Entity type, such as client or worker.")]
AnyEntity = Annotated[str | None, typer.Option("--entity", help="Only this entity type.")]
At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIME", help="What the hub knew at this moment, such as 2026-03-01T12:00:00Z."
    ),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="What holds on this day, such as 2026-03-31.")
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="Encoding of text files, such as latin-1; else UTF-8.")
]
Raw = Annotated[
    bool, typer.Option("--raw", help="Leave CSV values that look like formulas as they are; for programs.")
]


@contextmanager
def opened(config: Path | None, *, read_only: bool = False) -> Iterator[Hub]:
    """The hub of this deployment.

    Args:
        read_only: where there is no database yet, do not create one but look at an empty one in memory.
    """
    from mdm.hub import open_hub
    from mdm.settings import load_settings

    settings = load_settings(config)
    if read_only and _is_new(settings):
        settings = settings.model_copy(update={"database_url": "sqlite://"})
    hub = open_hub(settings)
    try:
        yield hub
    finally:
        hub.close()


def author() -> str:
    """The local user, named as author of what a command does."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "local user"


def _is_new(settings: Settings) -> bool:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(settings.store_url)
    except ArgumentError:
        return False
    return url.get_backend_name() == "sqlite" and bool(url.database) and not Path(url.database or "").exists()
