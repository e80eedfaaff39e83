"""A process that has imported everything and forks for each round: a kill costs no second of imports.

Reads one JSON object a line, `{"scenario": ..., "arguments": {...}, "fail_points": ..., "kill_after": ...}`,
runs the scenario in a fork, and answers with `{"signal": ..., "code": ..., "result": ...}`. The database is
opened after the fork, because a connection must not be shared.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 3600.0  # seconds that a round may take


@dataclass(frozen=True)
class Ended:
    """How a round ended: killed by a signal, or with a code and a result; and its seconds of CPU."""

    signal: int
    code: int
    result: Any
    cpu: float = 0.0

    @property
    def killed(self) -> bool:
        """Whether it was killed as by `kill -9`."""
        return self.signal == signal.SIGKILL


class Zygote:
    """Speaks to the forking process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.cpu = 0.0
        """Seconds of CPU that the rounds have taken."""

    def start(
        self,
        scenario: str,
        *,
        fail_points: str = "",
        kill_after: float | None = None,
        together: bool = False,
        forked: bool = True,
        **arguments: Any,
    ) -> None:
        """Begin a round.

        Args:
            kill_after: seconds after which it is killed.
            together: the next round runs beside this one.
            forked: False for what all later rounds shall find done, in the zygote itself.
        """
        order = {
            "scenario": scenario, "arguments": arguments, "fail_points": fail_points,
            "kill_after": kill_after, "together": together, "forked": forked,
        }  # fmt: skip
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def ended(self) -> Ended:
        """How the oldest round that was not asked for yet has ended."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the zygote is gone")
        ended = Ended(**json.loads(line))
        self.cpu += ended.cpu
        return ended

    def run(self, scenario: str, **options: Any) -> Ended:
        """One round from beginning to end."""
        self.start(scenario, **options)
        return self.ended()

    def result(self, scenario: str, **options: Any) -> Any:
        """The result of a round that nobody kills; an error in it is raised here."""
        ended = self.run(scenario, **options)
        if ended.code or ended.signal:
            raise RuntimeError(f"{scenario} ended with {ended}")
        return ended.result


@contextmanager
def zygote() -> Iterator[Zygote]:
    """A running zygote, ended at the end."""
    environment = os.environ | {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, Path(__file__)], env=environment, text=True, **pipes) as process:
        try:
            yield Zygote(process)
            process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
            process.wait(PATIENCE)
        finally:
            process.kill()


def _fork(order: dict[str, Any]) -> tuple[int, int]:
    """Run a scenario in a child; its process id, and where its result is read."""
    receive, send = os.pipe()
    child = os.fork()
    if child:
        os.close(send)
        return child, receive
    os.close(receive)
    os.dup2(2, 1)  # what a round prints, such as hypothesis its falsifying example, is no answer
    code = 1
    try:
        code, result = 0, _work(order)
    except BaseException:  # noqa: BLE001 - whatever it was, the campaign reports it
        result = traceback.format_exc()
    os.write(send, json.dumps(result).encode())
    os._exit(code)


def _work(order: dict[str, Any]) -> Any:
    import scenarios

    from mdm import failpoints

    failpoints.arm(order["fail_points"])
    return getattr(scenarios, order["scenario"])(**order["arguments"])


def _await(child: int, receive: int, kill_at: float | None) -> dict[str, Any]:
    text = b""
    os.set_blocking(receive, False)
    end = time.monotonic() + PATIENCE
    while True:
        now = time.monotonic()
        if now > (kill_at or end):
            os.kill(child, signal.SIGKILL)
            kill_at, end = None, end + PATIENCE
        text += _read(receive)
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            text += _read(receive)
            os.close(receive)
            died = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
            result = json.loads(text) if text and not died else None
            return {"signal": died, "code": code, "result": result, "cpu": used.ru_utime + used.ru_stime}
        time.sleep(0.003)


def _read(receive: int) -> bytes:
    text = b""
    try:
        while part := os.read(receive, 1 << 16):
            text += part
    except BlockingIOError:
        pass
    return text


def main() -> None:
    """Import what a round needs, then fork for each line of the standard input."""
    sys.path.insert(0, str(Path(__file__).parent))
    import scenarios  # noqa: F401  # so that a fork has it

    running: list[tuple[int, int, float | None]] = []
    for line in sys.stdin:
        order = json.loads(line)
        if not order["forked"]:
            _answer({"signal": 0, "code": 0, "result": _work(order)})
            continue
        pause = order["kill_after"]
        running.append((*_fork(order), time.monotonic() + pause if pause is not None else None))
        if order["together"]:
            continue
        for one in running:
            _answer(_await(*one))
        running.clear()


def _answer(ended: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(ended) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
