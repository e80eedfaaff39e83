"""Serves the application: claims the port first, says what is open, runs until it is told to stop."""

from __future__ import annotations

import gc
import logging
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import structlog
import uvicorn

from mdm.access.keys import first_key
from mdm.app.access import local_user
from mdm.app.application import Role, create_app
from mdm.app.body_limit import GRAPHQL
from mdm.app.redaction import RedactingFormatter, Redaction
from mdm.app.shelves import OwnShelf, SharedShelves, Shelves
from mdm.app.workers import Work, Workers, shared_folder, stop_with_parent, tasks_for
from mdm.change_feed import Tail
from mdm.errors import MdmError, PortInUseError, UsageError
from mdm.hub import Hub, open_hub
from mdm.settings import Settings, load_settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
GRACE = 10  # seconds that requests under way get when the process is told to stop
BACKLOG = 128


class StartError(MdmError):
    """The application did not come up."""


def claim_port(host: str, port: int, *, tries: int = 1) -> socket.socket:
    """A socket bound to the first free port of `tries` ports from `port` on.

    Raises:
        PortInUseError: none of them is free, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + tries):
        # Named, because asyncio sends at once only over what says that it is TCP; else an answer waits 40 ms.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if sys.platform != "win32":  # there it would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(BACKLOG)
        except OSError as exc:
            listener.close()
            if candidate == port + tries - 1:
                raise PortInUseError(host, candidate, exc.strerror or str(exc)) from exc
        else:
            return listener
    raise ValueError("tries is at least 1")


def serve(
    hub: Hub,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    dev: bool = False,
    role: Role = "all",
    listener: socket.socket | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve in this process until told to stop.

    Args:
        listener: a socket that is bound already, see `claim_port`; host and port are then its own.
        ready: called with the address as soon as it answers; else a line on standard output names it.

    Raises:
        PortInUseError: another program listens there; nothing was started.
        UsageError: --dev with an address that others can reach.
    """
    check_host(host, dev=dev)
    with listener or claim_port(host, port) as bound:
        _configure_logs(hub.settings)
        _announce_access(hub, dev=dev)
        _serve(hub, bound, lambda: (ready or _say_address)(_address(bound)), dev=dev, role=role)


def serve_by_workers(
    config: Path | None, bound: socket.socket, count: int, *, dev: bool = False, role: Role = "all"
) -> None:
    """Serve in `count` processes on one bound socket until told to stop.

    Args:
        config: the deployment's mdm.toml, as `load_settings` takes it; each worker opens the hub itself.

    Raises:
        UsageError: the role serves no requests.
        WorkersError: a worker did not come up.
    """
    if role == "worker":
        raise UsageError(
            "--role worker answers no requests, so it takes no --workers; leave one of them out."
        )
    hub = open_hub(load_settings(config))
    _configure_logs(hub.settings)
    _announce_access(hub, dev=dev)
    hub.close()
    with shared_folder() as shared:
        tasks = tasks_for(config, dev=dev, role=role, count=count, shared=Path(shared))
        Workers(_work, bound, tasks).run(lambda: _say_address(_address(bound)))


def _work(task: Work, bound: socket.socket) -> None:
    """One worker, from its beginning to its end."""
    hub, shelves = open_hub(load_settings(task.config)), SharedShelves(task.shelves)
    try:
        _configure_logs(hub.settings)
        _serve(hub, bound, task.answers.set, dev=task.dev, role=task.role, shelves=shelves)
    finally:
        shelves.close()
        hub.close()


def _serve(
    hub: Hub,
    bound: socket.socket,
    ready: Callable[[], None],
    *,
    dev: bool,
    role: Role,
    shelves: Shelves = OwnShelf,
) -> None:
    app = create_app(hub, dev=dev, role=role, hosts=LOOPBACK if dev else frozenset(), shelves=shelves)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        lifespan="on",
        ws_max_size=GRAPHQL,
    )
    server = _Server(config, ready, app.state.tail)
    stop_with_parent(server.stop)
    try:
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        return
    if not server.started:
        raise StartError("The hub did not start; the lines above say why.")


def check_host(host: str, *, dev: bool) -> None:
    """Refuse to serve without sign-in where others can reach it.

    Raises:
        UsageError: --dev with an address that is not this machine's own.
    """
    if dev and host not in LOOPBACK:
        raise UsageError(
            f"--dev serves without sign-in, so it listens on 127.0.0.1 only, not on {host}; leave --host out."
        )


class _Server(uvicorn.Server):
    """Tells when it answers, and ends what follows the change feed when it stops."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], tail: Tail) -> None:
        super().__init__(config)
        self._ready = ready
        self._tail = tail

    def stop(self) -> None:
        """Finish what is under way, then end."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _set_aside_what_stays()
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tail.close()
        await super().shutdown(sockets)
        gc.unfreeze()


def _set_aside_what_stays() -> None:
    """Let the garbage collector look at what requests make alone.

    Schema, models and code live as long as the process. Looking through them took 160 ms each time, which was
    some request's.
    """
    gc.collect()
    gc.freeze()


def _address(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say_address(address: str) -> None:
    print(f"Serving at {address} (Ctrl-C stops)", flush=True)  # noqa: T201  # the answer of `mdm serve`


def _announce_access(hub: Hub, *, dev: bool) -> None:
    """Say on standard error what is open, or, at the first start, the key that opens."""
    if dev:
        _warn(
            "Warning: --dev is open to everybody on this machine, without sign-in and with every right: "
            "console, GraphQL with GraphiQL and introspection, /api, /docs, /metrics. "
            "Leave --dev out to ask for a key."
        )
        return
    with hub.write(local_user()) as uow:
        made = first_key(uow)
    if made is not None:
        _warn(
            f"The first start made an administrator's key, shown this once: {made.secret}\nIt opens "
            "console, GraphQL, /api, /docs and /metrics. Make others with mdm key create, then end it "
            f"with mdm key revoke {made.id}."
        )


def _warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201  # for the person who starts the hub


def _configure_logs(settings: Settings) -> None:
    """One JSON line per event on standard error, with time and request id; only warnings from libraries."""
    redaction = Redaction(settings)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(redaction))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
            redaction,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
