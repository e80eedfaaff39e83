"""Rounds that are killed, each followed by an examination of what is left."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from databases import Databases
from fail_points import fail_points

INGEST = ("client.", "commit.", "ingest.", "load.", "receive.", "resolve.", "merge.", "survivorship.")
STEWARD = (
    "merge.",
    "unmerge.",
    "survivorship.",
    "override.",
    "erase.",
    "replay.",
    "resolve.",
    "ingest.",
    "receive.",
)
MIGRATE = ("migrate.",)
ELSEWHERE = frozenset(
    {
        "client.before_acknowledgement",  # of the harness itself
        "receive.after_commit_before_answer",  # of the web face, for which the first one stands
        "ingest.after_quarantined_row",
    }
)


def points_of(prefixes: tuple[str, ...]) -> list[str]:
    """The fail points of some parts of the program that its use cases reach."""
    return [name for name in fail_points() if name.startswith(prefixes) and name not in ELSEWHERE]


def kill_ingest(databases: Databases, seed: int, *, kills: int = 10) -> dict[str, Any]:
    """One database, killed again and again while records come in; half of the times at a fail point."""
    chance = random.Random(seed)
    points = [*points_of(INGEST), "client.before_acknowledgement", "ingest.after_quarantined_row"]
    found = Findings()
    with databases.fresh() as (url, folder):
        while found.kills < kills and found.rounds < 4 * kills:
            at_point = chance.random() < 0.5
            point = f"{chance.choice(points)}@{chance.randint(1, 4)}=kill" if at_point else ""
            after = None if at_point else chance.uniform(0.02, 0.4)
            ended = databases.zygote.run(
                "take_in", fail_points=point, kill_after=after, url=url, folder=folder, batches=6
            )
            found.note(
                ended, databases.zygote.result("examine", url=url, folder=folder), point or f"{after:.3f} s"
            )
    return found.figures()


def kill_steward(databases: Databases, point: str, seed: int, *, kills: int = 10) -> dict[str, Any]:
    """One fail point, on one database after the other, each killed there and worked on after it."""
    chance = random.Random(f"{point} {seed}")
    found = Findings()
    while found.kills < kills and found.rounds < 3 * kills:
        migrating = point.startswith(MIGRATE)
        with databases.fresh(empty=migrating) as (url, folder):
            for attempt in range(1 if migrating else 5):
                armed = f"{point}@{chance.randint(1, 3) if not found.missed else 1}=kill"
                scenario = "migrate" if migrating else "steward"
                options = {} if migrating else {"seed": attempt}
                ended = databases.zygote.run(scenario, fail_points=armed, url=url, folder=folder, **options)
                found.note(ended, databases.zygote.result("examine", url=url, folder=folder), armed)
                if found.kills >= kills:
                    break
    return found.figures()


def kill_everywhere(databases: Databases, points: Sequence[str]) -> dict[str, Any]:
    """One kill at each of these points, one after the other on one database."""
    found = Findings()
    with databases.fresh() as (url, folder):
        for number, point in enumerate(points):
            ended = databases.zygote.run(
                "steward", fail_points=f"{point}=kill", url=url, folder=folder, seed=number
            )
            found.note(ended, databases.zygote.result("examine", url=url, folder=folder), point)
    return found.figures()


class Findings:
    """What a series of rounds has shown."""

    def __init__(self) -> None:
        self.kills = self.rounds = self.missed = 0
        self._counts: Counter[str] = Counter()
        self._failures: list[str] = []

    def note(self, ended: Any, examined: dict[str, Any], where: str) -> None:
        """Take in one round and the examination after it."""
        self.rounds += 1
        self.kills += ended.killed
        self.missed += not ended.killed
        if ended.code:
            self._failures.append(f"{where}: {ended.result}")
        self._failures += [f"{where}: {failure}" for failure in examined["failures"]]
        self._counts.update({name: examined[name] for name in ("lost", "phantoms")})
        self._counts["green"] += not examined["failures"]
        self._counts["looked_at"] += examined["looked_at"]

    def figures(self) -> dict[str, Any]:
        """As a campaign keeps it."""
        numbers = {"kills": self.kills, "rounds": self.rounds, **self._counts}
        return {**numbers, "failed": len(self._failures), "failures": self._failures[:5]}
