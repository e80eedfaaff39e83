"""`mdm serve`: API, console and scheduler."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from mdm.cli.options import Config, opened


class RoleWord(StrEnum):
    """What a process does."""

    all = "all"
    """Everything."""
    api = "api"
    """API and console."""
    worker = "worker"
    """The scheduler and its deliveries."""


def serve_command(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8000,
    dev: Annotated[
        bool, typer.Option("--dev", help="For development: open, without sign-in, on 127.0.0.1 only.")
    ] = False,
    role: Annotated[RoleWord, typer.Option("--role", help="all, api or worker.")] = RoleWord.all,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Processes that answer; about one per core.")
    ] = 1,
    config: Config = None,
) -> None:
    """Serve the API, the console and the scheduler until told to stop.

    Examples: `mdm serve --dev`, or in production `mdm serve --host 0.0.0.0 --workers 4` behind a proxy that
    speaks TLS.
    """
    from mdm.app import check_host, claim_port, serve, serve_by_workers

    check_host(host, dev=dev)
    # The port is claimed before the database is opened, so that a second process leaves no trace.
    with claim_port(host, port) as listener:
        if workers > 1:
            serve_by_workers(config, listener, workers, dev=dev, role=role.value)
            return
        with opened(config) as hub:
            serve(hub, host=host, port=port, dev=dev, role=role.value, listener=listener)
