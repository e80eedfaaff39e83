"""Stewards at the same few golden records at once: merges, unmerges, undos and values, with versions seen."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from databases import Databases
from invented import firm
from serial_order import Done, Operation, State, anomalies, in_order
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.errors import RefusedError, StoreBusyError, UndecidedOverridesError
from mdm.event_log import last_event_number
from mdm.hub import Hub
from mdm.identity import Conflicted, MergeRequest, UnmergeRequest, merge, undo, unmerge
from mdm.identity.changes import Watch
from mdm.overrides.setting import override_value
from mdm.store.decisions import IssuedId
from mdm.store.derived import GoldenRecord, Membership
from mdm.store.records import SourceRecord
from mdm.testing import derived_state, record, take_in
from mdm.unit_of_work import UnitOfWork
from mdm.verify import verify

THREADS, ENTITIES, OPERATIONS = 8, 50, 200
"""Of one unit."""
CITIES = ("Bath", "Derby", "Hull", "Leeds", "Truro", "York")
KINDS = ("merge", "merge", "unmerge", "undo", "value", "value")


def contend(databases: Databases, number: int, *, operations: int = OPERATIONS) -> dict[str, Any]:
    """One unit: 8 stewards work at once; the same is then done again, one operation after the other."""
    with databases.fresh() as (url, folder), databases.fresh() as (again, _):
        where = {"url": url, "again": again, "folder": folder}
        found: dict[str, Any] = databases.zygote.result(
            "contend", **where, seed=number, operations=operations
        )
    return found


def bring_in(hub: Hub) -> None:
    """The golden records that everybody wants."""
    rows = [record(f"E-{number}", **firm(number)) for number in range(ENTITIES)]
    take_in(hub, "crm", "client", rows)
    take_in(hub, "erp", "client", [record(f"E-{n}", **firm(n)) for n in range(0, ENTITIES, 2)])


@dataclass
class Stewards:
    """Several threads at work on one hub.

    Attributes:
        history: what was done so far.
        again: how often one had to ask again because the store was busy.
        surfaced: errors that nobody should see, in words.
    """

    hub: Hub
    history: list[Done] = field(default_factory=list)
    again: int = 0
    surfaced: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _merges: list[str] = field(default_factory=list)

    def work(self, seed: int, operations: int) -> None:
        """Let all threads work until each has done its share."""
        share = operations // THREADS
        crew = [
            threading.Thread(target=self._one, args=(Random(f"{seed} {n}"), share)) for n in range(THREADS)
        ]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()

    def _one(self, chance: Random, share: int) -> None:
        for number in range(share):
            try:
                if number % 3 == 0:  # who looks at a page acts on it a few times: by then it may be old
                    current, merged = self._look()
                self._do(self._choose(chance, current, merged))
            except Exception as exc:  # noqa: BLE001 - whatever it is, the campaign reports it
                with self._lock:
                    self.surfaced.append(f"{type(exc).__name__}: {exc}")

    def _do(self, operation: Operation) -> None:
        """Do it, and ask again while the store is busy."""
        while True:
            try:
                done = perform(self.hub, operation)
            except StoreBusyError:
                with self._lock:
                    self.again += 1
                continue
            with self._lock:
                self.history.append(done)
                if done.operation.kind == "merge" and done.outcome == "done":
                    self._merges.append(str(done.operation.arguments["made"]))
            return

    def _look(self) -> tuple[dict[str, int], list[str]]:
        with self.hub.read() as session:
            redirected = select(col(IssuedId.golden_id)).where(col(IssuedId.redirected_to).is_not(None))
            return current_versions(session), sorted(session.scalars(redirected))

    def _choose(self, chance: Random, current: Mapping[str, int], merged: Sequence[str]) -> Operation:
        kind = chance.choice(KINDS)
        with self._lock:
            made = chance.choice(self._merges) if self._merges else ""
        if kind == "undo" and made:
            return Operation(kind, {"made": made})
        if kind == "unmerge" and merged:
            return Operation(kind, {"what": chance.choice(merged), "stay": chance.random() < 0.5})
        if kind == "merge" and len(current) > 1:
            loser, survivor = chance.sample(sorted(current), 2)
            seen = {loser: current[loser], survivor: current[survivor]}
            return Operation(kind, {"loser": loser, "survivor": survivor, "seen": seen})
        golden_id = chance.choice(sorted(current))
        named = {"golden_id": golden_id, "city": chance.choice(CITIES)}
        return Operation("value", {**named, "seen": {golden_id: current[golden_id]}})


def perform(hub: Hub, operation: Operation) -> Done:
    """Do one operation in a transaction of its own; a refusal is an outcome."""
    arguments = dict(operation.arguments)
    position = [0]
    try:
        with hub.write("steward") as uow:
            before = last_event_number(uow.session)
            position[0] = before
            watch = Watch.begin(uow)
            outcome = DEEDS[operation.kind](uow, arguments)
            changes = watch.changes()
            position[0] = last_event_number(uow.session)
    except RefusedError as exc:
        return Done(operation, type(exc).__name__, before, wrote=False, seen=arguments.get("seen", {}))
    seen = arguments.get("seen", {}) if outcome == "done" else {}
    done = Operation(operation.kind, arguments)
    return Done(done, outcome, position[0], position[0] > before, seen, changes)


def _merge(uow: UnitOfWork, arguments: dict[str, Any]) -> str:
    request = MergeRequest(arguments["loser"], arguments["survivor"], arguments["seen"], reason="chaos")
    answer = merge(uow, request)
    if isinstance(answer, Conflicted):
        return "Conflicted"
    arguments["made"] = answer.operation
    return "done"


def _unmerge(uow: UnitOfWork, arguments: dict[str, Any]) -> str:
    try:
        unmerge(uow, UnmergeRequest(arguments["what"], reason="chaos"))
    except UndecidedOverridesError as exc:
        decided = dict.fromkeys(exc.overrides, not arguments["stay"])
        unmerge(uow, UnmergeRequest(arguments["what"], overrides=decided, reason="chaos"))
    return "done"


def _undo(uow: UnitOfWork, arguments: dict[str, Any]) -> str:
    undo(uow, arguments["made"], reason="chaos")
    return "done"


def _value(uow: UnitOfWork, arguments: dict[str, Any]) -> str:
    golden_id = arguments["golden_id"]
    seen = arguments["seen"][golden_id]
    override_value(uow, golden_id, "city", arguments["city"], expected_version=seen, reason="chaos")
    return "done"


DEEDS: Mapping[str, Callable[[UnitOfWork, dict[str, Any]], str]] = {
    "merge": _merge, "unmerge": _unmerge, "undo": _undo, "value": _value,
}  # fmt: skip


def current_versions(session: Session) -> dict[str, int]:
    """Golden id to version of every current golden record."""
    query = select(col(GoldenRecord.golden_id), col(GoldenRecord.version))
    return dict(session.execute(query.where(col(GoldenRecord.state) == "active")).all())


def state_of(session: Session) -> State:
    """What the checker follows, as the database has it."""
    homes = select(col(SourceRecord.source), col(SourceRecord.source_key), col(Membership.golden_id)).join(
        Membership, col(Membership.record_id) == col(SourceRecord.id)
    )
    golden = select(col(GoldenRecord.golden_id), col(GoldenRecord.cells))
    current = session.execute(golden.where(col(GoldenRecord.state) == "active")).all()
    versions = select(col(IssuedId.golden_id), col(IssuedId.version))
    return State(
        dict(session.execute(versions).all()),
        {f"{source}:{key}": golden_id for source, key, golden_id in session.execute(homes)},
        {(golden_id, name): cell["value"] for golden_id, cells in current for name, cell in cells.items()},
    )


def at_once(hub: Hub, again: Hub, seed: int, operations: int) -> dict[str, Any]:
    """Do operations at once on one hub, then in the order of their events on another; what is wrong.

    Args:
        hub, again: two empty hubs whose clocks stand.
    """
    bring_in(hub)
    bring_in(again)
    with hub.read() as session:
        first = state_of(session)
    stewards = Stewards(hub)
    stewards.work(seed, operations)
    with hub.read() as session:
        last = state_of(session)
        failures = [f"{check.name}: {f}" for check in verify(hub, session) for f in check.failures]
    failures += anomalies(stewards.history, first, last)
    failures += stewards.surfaced + differences(hub, again, stewards.history)
    outcomes = Counter(one.outcome for one in stewards.history)
    return {
        "operations": len(stewards.history), "done": outcomes["done"], "stale": outcomes["StaleVersionError"],
        "refused": len(stewards.history) - outcomes["done"] - outcomes["StaleVersionError"],
        "again": stewards.again, "surfaced": len(stewards.surfaced), "failed": len(failures),
        "failures": failures[:5],
    }  # fmt: skip


def differences(hub: Hub, again: Hub, history: Sequence[Done]) -> list[str]:
    """Do the same operations one after the other on another hub; what comes out otherwise."""
    wrong = []
    for done in in_order(history):
        alone = perform(again, done.operation)
        if (alone.outcome, alone.position) != (done.outcome, done.position):
            said = f"{done.operation.kind} at {done.position} ended with {done.outcome}"
            wrong.append(f"{said}, alone with {alone.outcome} at {alone.position}")
            break
    with hub.read() as one, again.read() as other:
        found, expected = derived_state(hub, one), derived_state(again, other)
    tables = [name for name in expected if found[name] != expected[name]]
    return wrong + ([f"done one after the other, {', '.join(tables)} differ"] if tables else [])
