"""Whether what concurrent operations did is what some serial order of them does.

The order that is tried is that of the events: an operation stands where its last event stands, one that wrote
nothing behind the last event that it saw. Each operation tells what it found before it changed it, so in a
serial order every tale begins where the ones before it ended: versions, homes of source records, values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mdm.identity.changes import Changes


@dataclass(frozen=True)
class Operation:
    """What somebody asked for: a kind and its arguments, enough to ask for it once more."""

    kind: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Done:
    """An operation and what became of it.

    Attributes:
        outcome: "done", or the name of the refusal.
        position: number of its last event, or of the last event that it saw.
        wrote: whether it wrote an event.
        seen: golden id to the version that it was shown and that had to be current.
        changes: what it found and what it made of it.
    """

    operation: Operation
    outcome: str
    position: int
    wrote: bool
    seen: Mapping[str, int] = field(default_factory=dict)
    changes: Changes | None = None


@dataclass
class State:
    """The versions of golden records, the home of each source record, and the golden values."""

    versions: dict[str, int] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    values: dict[tuple[str, str], Any] = field(default_factory=dict)


def in_order(history: Iterable[Done]) -> list[Done]:
    """The operations in the order that is tried."""
    return sorted(history, key=lambda one: (one.position, not one.wrote))


def anomalies(history: Sequence[Done], first: State, last: State) -> list[str]:
    """What no serial execution in the order of the events would have done, in words.

    Args:
        first: the state before the first operation.
        last: the state after the last one.
    """
    state = State(dict(first.versions), dict(first.homes), dict(first.values))
    found: list[str] = []
    for done in in_order(history):
        found += [f"{done.operation.kind} at {done.position}: {wrong}" for wrong in _judged(done, state)]
    for name in ("versions", "homes", "values"):
        if getattr(state, name) != getattr(last, name):
            found.append(f"the {name} at the end are not those that the operations made")
    return found


def _judged(done: Done, state: State) -> Iterable[str]:
    stale = [i for i, version in done.seen.items() if state.versions.get(i) != version]
    if done.outcome == "done" and stale:
        yield f"lost update: it was accepted though {stale[0]} had changed since"
    if done.outcome == "StaleVersionError" and not stale:
        yield "it was refused as stale though nothing had changed"
    if done.changes is not None:
        yield from _applied(done.changes, state)


def _applied(changes: Changes, state: State) -> Iterable[str]:
    """Apply one tale; what it found before must be what the ones before it left."""
    for moved in changes.records:
        key = f"{moved.source}:{moved.source_key}"
        if state.homes.get(key, "") != moved.from_golden:
            yield f"it found {key} elsewhere than the operations before it had left it"
        state.homes[key] = moved.to_golden
    for change in changes.ids:
        if change.what != "minted" and change.what != "revived":
            state.values = {key: v for key, v in state.values.items() if key[0] != change.golden_id}
    for value in changes.values:
        key_of = (value.golden_id, value.attribute)
        if state.values.get(key_of) != value.before:
            yield f"it found another {value.attribute} of {value.golden_id} than was left"
        if value.after is None:
            state.values.pop(key_of, None)
        else:
            state.values[key_of] = value.after
    for golden_id, version in changes.versions.items():
        if version <= state.versions.get(golden_id, 0):
            yield f"the version of {golden_id} did not rise"
        state.versions[golden_id] = version
