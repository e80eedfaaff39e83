"""Engines on two local cores, and a meter for what they and their workers spend."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any


def started(engine: str, memory: str) -> tuple[Any, Any]:
    """A session on two local cores, and the server that must outlive it."""
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

    if engine == "sail":
        from pysail.spark import SparkConnectServer  # pyright: ignore[reportMissingImports]

        server = SparkConnectServer()
        server.start()
        made = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
        return made, server
    made = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for name in ("spark.driver.host", "spark.driver.bindAddress"):
        made = made.config(name, "127.0.0.1")
    made = made.config("spark.driver.memory", memory).config("spark.sql.shuffle.partitions", "4")
    return made.getOrCreate(), None


class Meter:
    """CPU seconds by step, of this process and of all that it has started, directly or not."""

    def __init__(self) -> None:
        """Begin now."""
        self.spent: dict[str, float] = {}
        self._step, self._before = "", _tree_seconds()
        self._begin = time.perf_counter()

    def step(self, name: str) -> None:
        """End the step before and begin this one, named by its first word."""
        now = _tree_seconds()
        self.spent[self._step] = self.spent.get(self._step, 0.0) + now - self._before
        self._step, self._before = name.partition(" ")[0], now

    @property
    def wall(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self._begin


def _tree_seconds() -> float:
    """CPU seconds of this process and its descendants, finished ones included if they were waited for."""
    ticks: dict[int, float] = {}
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended meanwhile
            parents[int(entry.name)] = int(fields[1])
            # user, system, and both of the children that were waited for
            ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    whole = 0.0
    for process, spent in ticks.items():
        above = process
        while above not in (0, 1, os.getpid()):
            above = parents.get(above, 0)
        whole += spent if above == os.getpid() else 0.0
    return whole / os.sysconf("SC_CLK_TCK")
