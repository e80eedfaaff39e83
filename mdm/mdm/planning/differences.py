"""What a change moves: clusters merged, split and grown, values, published ids, the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from mdm.planning.state import State, subscribers


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that is otherwise afterwards; lists are sorted, so that equal changes are equal documents.

    Attributes:
        merged: {"into": golden id, "from": the golden ids whose records came together}.
        split: {"from": golden id, "into": where its records are now}.
        grown: {"golden_id", "before", "after"}: records of one that kept its id and took in others.
        minted: golden ids that are new.
        retired: golden ids that lead elsewhere or nowhere.
        values: {"golden_id", "attribute", "before", "after"} of golden records that were there before.
        verdicts: {"verdict", "answer", "author", "before", "after"}: those that the evidence speaks against,
            with the weight of their records in bits. They stand all the same.
        published: {"golden_id", "targets", "change"}: golden records that subscribers have and that change.
        tasks: {"opened": ids, "closed": ids, "before": number, "after": number}.
    """

    merged: list[dict[str, Any]]
    split: list[dict[str, Any]]
    grown: list[dict[str, Any]]
    minted: list[str]
    retired: list[str]
    values: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    published: list[dict[str, Any]]
    tasks: dict[str, Any]

    @property
    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        lists = {name: len(found) for name, found in asdict(self).items() if isinstance(found, list)}
        return lists | {"tasks_opened": len(self.tasks["opened"]), "tasks_closed": len(self.tasks["closed"])}


def differences(session: Session, before: State, after: State, verdicts: list[dict[str, Any]]) -> Differences:
    """What is otherwise after a change."""
    then, now = before.members, after.members
    merged = _merged(before, now)
    split = _split(then, after)
    values = _values(before, after)
    changes = {
        **{row["golden_id"]: "changed" for row in values},
        **{row["from"]: "split" for row in split},
        **{g: f"merged into {row['into']}" for row in merged for g in row["from"] if g != row["into"]},
        **{g: "retired" for g in then if g not in now and g not in _lost(merged)},
    }
    held = subscribers(session, changes)
    return Differences(
        merged=merged,
        split=split,
        grown=_grown(before, then, now),
        minted=sorted(now.keys() - then.keys()),
        retired=sorted(then.keys() - now.keys()),
        values=values,
        verdicts=verdicts,
        published=[{"golden_id": g, "targets": held[g], "change": changes[g]} for g in sorted(held)],
        tasks={
            "opened": sorted(after.tasks.keys() - before.tasks.keys()),
            "closed": sorted(before.tasks.keys() - after.tasks.keys()),
            "before": len(before.tasks),
            "after": len(after.tasks),
        },
    )


def _lost(merged: list[dict[str, Any]]) -> set[str]:
    return {golden_id for row in merged for golden_id in row["from"]}


def _merged(before: State, now: Mapping[str, set[int]]) -> list[dict[str, Any]]:
    found = []
    for golden_id, records in now.items():
        came = sorted({before.home[r] for r in records if r in before.home})
        if len(came) > 1:
            found.append({"into": golden_id, "from": came})
    return sorted(found, key=lambda row: row["into"])


def _split(then: Mapping[str, set[int]], after: State) -> list[dict[str, Any]]:
    found = []
    for golden_id, records in then.items():
        went = sorted({after.home[r] for r in records if r in after.home})
        if len(went) > 1:
            found.append({"from": golden_id, "into": went})
    return sorted(found, key=lambda row: row["from"])


def _grown(before: State, then: Mapping[str, set[int]], now: Mapping[str, set[int]]) -> list[dict[str, Any]]:
    return [
        {"golden_id": g, "before": len(then[g]), "after": len(now[g])}
        for g in sorted(then.keys() & now.keys())
        if len(now[g]) > len(then[g])
    ]


def _values(before: State, after: State) -> list[dict[str, Any]]:
    found = []
    for golden_id in sorted(before.values.keys() & after.values.keys()):
        old, new = before.values[golden_id], after.values[golden_id]
        if old == new:
            continue
        names = sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))
        found += [
            {"golden_id": golden_id, "attribute": n, "before": old.get(n), "after": new.get(n)} for n in names
        ]
    return found
