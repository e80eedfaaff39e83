"""CPU seconds by step of a load: the hub's own functions, watched from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import process_time
from typing import Any
from unittest.mock import patch

STEPS = {
    "prepare": "mdm.load_batches.prepare",
    "ingest": "mdm.loading.ingest",
    "references": "mdm.resolve.steps._store_references",
    "keys, candidates, scores": "mdm.resolve.steps.rescore",
    "of these: standardise": "mdm.resolve.evidence.standardise",
    "of these: score": "mdm.resolve.scoring.score",
    "cluster": "mdm.resolve.steps.partition_under_policy",
    "ids": "mdm.resolve.steps.assign_ids",
    "crosswalk": "mdm.resolve.steps.store_memberships",
    "queue": "mdm.resolve.steps.refresh_tasks",
    "golden records": "mdm.resolve.steps.write_golden_records",
}
"""Step to the name under which its caller finds the function. Standardising also serves clusters."""


class Steps:
    """Adds up the CPU seconds that this process spends within each step."""

    def __init__(self) -> None:
        self.cpu = dict.fromkeys(STEPS, 0.0)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch until the end of the block."""
        patches = []
        try:
            for step, name in STEPS.items():
                module, _, function = name.rpartition(".")
                found = getattr(__import__(module, fromlist=[function]), function)
                patches.append(patch(name, self._watched(step, found)))
                patches[-1].start()
            yield
        finally:
            for one in patches:
                one.stop()

    def _watched(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            begin = process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.cpu[step] += process_time() - begin

        return watched
