"""The load generator, a process of its own: reads a plan from standard input, prints what came of it.

    python firing.py < plan.json

One after another (`rate` null), or at random moments at a rate of so many a second, whether or not earlier
answers have come: then an answer's time counts from the moment at which its request was due.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
import time
from dataclasses import dataclass, field
from typing import Any

CONNECTIONS = 64  # at once, at most


@dataclass
class Fired:
    """What came of a plan: milliseconds per answer, and how many answers were no success."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: int = 0
    bytes: int = 0


class Connection:
    """One connection that is kept open, and asks one thing at a time."""

    def __init__(self, port: int, headers: str) -> None:
        self._port = port
        self._headers = headers
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; asked again if the server has closed the connection meanwhile."""
        kept = self._streams is not None
        try:
            return await self._asked(path, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            if not kept:
                raise
            self.close()
            return await self._asked(path, body)

    async def _asked(self, path: str, body: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**24)
        reader, writer = self._streams
        head = f"POST {path} HTTP/1.1\r\n{self._headers}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, _, fields = answer.partition("\r\n")
        named = dict(line.lower().split(": ", 1) for line in fields.splitlines() if line)
        return int(status.split()[1]), await reader.readexactly(int(named["content-length"]))

    def close(self) -> None:
        """Let go of it."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Gun:
    """Asks what a plan says."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._bodies = [json.dumps(body).encode() for body in plan["bodies"]]
        fields = {"Host": f"127.0.0.1:{plan['port']}", "Content-Type": "application/json", **plan["headers"]}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._free: list[Connection] = []
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self.fired = Fired()

    async def one(self, number: int, due: float, *, counted: bool) -> None:
        """One request; its time counts from `due`."""
        async with self._slots:
            connection = self._free.pop() if self._free else Connection(self._plan["port"], self._headers)
            body = self._bodies[number % len(self._bodies)]
            status, answer = await connection.ask(self._plan["path"], body)
            took = time.perf_counter() - due
            self._free.append(connection)
        if counted:
            self.fired.milliseconds.append(took * 1000.0)
            self.fired.bytes += len(answer)
            self.fired.wrong += status != 200 or b'"errors"' in answer[:2000]

    async def run(self) -> Fired:
        """Warm up, then fire for so many seconds."""
        for number in range(self._plan["warm"]):
            await self.one(number, time.perf_counter(), counted=False)
        print("warm", flush=True)  # noqa: T201  # tells the caller when the measured part begins
        await (self._at_random() if self._plan["rate"] else self._one_by_one())
        for connection in self._free:
            connection.close()
        return self.fired

    async def _one_by_one(self) -> None:
        until, number = time.perf_counter() + self._plan["seconds"], self._plan["warm"]
        while time.perf_counter() < until:
            await self.one(number, time.perf_counter(), counted=True)
            number += 1

    async def _at_random(self) -> None:
        draw, due = random.Random(self._plan["seed"]), time.perf_counter()  # load, no secret
        until, number, under_way = due + self._plan["seconds"], self._plan["warm"], set()
        while (due := due + draw.expovariate(self._plan["rate"])) < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            task = asyncio.create_task(self.one(number, due, counted=True))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            number += 1
        await asyncio.gather(*under_way)


def main() -> None:
    """Run the plan."""
    fired = asyncio.run(Gun(json.load(sys.stdin)).run())
    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {**vars(fired), "own_cpu_seconds": used.ru_utime + used.ru_stime}
    print(json.dumps(found), flush=True)  # noqa: T201  # the answer


if __name__ == "__main__":
    main()
