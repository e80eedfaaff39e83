"""Somebody with every right changes the event log; each change must be found, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from databases import Databases
from sqlalchemy import text
from sqlmodel import Session, col, select

from mdm.checkpoints import checkpoint_file, read_checkpoints, verifier, write_checkpoint
from mdm.checkpoints.signing import Signer
from mdm.event_log import GENESIS, broken_links, chain_hash, entry_of
from mdm.hub import Hub
from mdm.secret_files import trust_folder
from mdm.store.decisions import Event
from mdm.testing import lift_guards
from mdm.verify import Check
from mdm.verify.outside import checkpoints_hold

EVENTS = 40
TAMPERS = 250
"""Changes in a unit."""
Change = Callable[[Session, random.Random], None]


def tamper(databases: Databases, number: int, *, tampers: int = TAMPERS) -> dict[str, Any]:
    """One unit: a log of 40 events, changed so often and looked at as often as it is."""
    with databases.fresh() as (url, folder):
        where = {"url": url, "folder": folder}
        found: dict[str, Any] = databases.zygote.result("tamper", **where, seed=number, tampers=tampers)
    return found


def attack(hub: Hub, seed: int, tampers: int) -> dict[str, Any]:
    """Change the log in every way, one at a time, and take each change back."""
    chance = random.Random(seed)
    _fill(hub, chance)
    missed, alarms = [], []
    kinds = sorted(CHANGES)
    for number in range(tampers):
        kind = kinds[number % len(kinds)]
        if not _found(hub, CHANGES[kind], chance):
            missed.append(f"{kind} was not found")
        alarms += _sound(hub)
    forged = [_forged(hub, chance) for _ in range(tampers // len(kinds))]
    missed += [f"a forged checkpoint was not found: {how}" for how, seen in forged if not seen]
    total = tampers + len(forged)
    return {
        "tampers": total, "found": total - len(missed), "clean_looks": tampers, "false_alarms": len(alarms),
        "failed": len(missed) + len(alarms), "failures": (missed + alarms)[:5],
    }  # fmt: skip


def _fill(hub: Hub, chance: random.Random) -> None:
    for number in range(EVENTS // 4):
        with hub.write(chance.choice(["anna", "bert"])) as uow:
            for part in range(4):
                uow.emit("thing.happened", "client", f"c{number}-{part}", {"n": number, "ü": ["ß"]})
        if number % 3 == 0:
            write_checkpoint(hub)
    write_checkpoint(hub)
    with hub.write() as uow:
        lift_guards(uow.session)


def _wrong(hub: Hub, session: Session) -> list[str]:
    """What the hub itself and the separate program say is wrong."""
    keys = verifier.public_keys(trust_folder(hub.settings).glob("*.pub"))
    lines = checkpoint_file(hub.settings).read_text("utf-8").splitlines()
    good, bad = verifier.genuine(lines, keys)
    events = session.scalars(select(Event).order_by(col(Event.number))).all()
    apart = [*bad, *verifier.problems([{**entry_of(e), "hash": e.hash} for e in events], good)]
    own = [*broken_links(session), *checkpoints_hold(hub, session, Check(""))]
    return [*own, *apart] if own and apart else []


def _found(hub: Hub, change: Change, chance: random.Random) -> bool:
    with hub.write() as uow:
        change(uow.session, chance)
        uow.session.flush()
        uow.session.expire_all()
        found = bool(_wrong(hub, uow.session))
        uow.session.rollback()
    return found


def _sound(hub: Hub) -> list[str]:
    with hub.read() as session:
        found = [*broken_links(session), *checkpoints_hold(hub, session, Check(""))]
    return [f"false alarm: {one}" for one in found]


def _forged(hub: Hub, chance: random.Random) -> tuple[str, bool]:
    """Change the file of checkpoints; how, and whether it was seen."""
    path = checkpoint_file(hub.settings)
    before = path.read_text("utf-8")
    lines = before.splitlines()
    known = read_checkpoints(path)
    place = chance.randrange(len(lines))
    how = chance.choice(["count", "head", "at", "signature", "own key"])
    one = known[place]
    if how == "own key":
        other = Signer(Path(path.parent) / f"thief-{chance.random()}")
        lines[place] = other.sign(one.count, "f" * 64, one.at).line
    elif how == "signature":
        lines[place] = one.line.replace(one.line[-6:-2], "AAAA")
    else:
        new = {"count": str(one.count + 1), "head": "e" * 64, "at": "2020-01-01T00:00:00+00:00"}[how]
        lines[place] = one.line.replace(str(getattr(one, how)), new, 1)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with hub.read() as session:
        seen = bool(_wrong_checkpoints(hub, session))
    path.write_text(before, "utf-8")
    return how, seen


def _wrong_checkpoints(hub: Hub, session: Session) -> list[str]:
    return list(checkpoints_hold(hub, session, Check("")))


def _edit(session: Session, chance: random.Random) -> None:
    column = chance.choice(["id", "type", "entity_type", "subject", "author", "hash"])
    value = "f" * 64 if column == "hash" else "forged"
    session.execute(
        text(f"UPDATE event SET {column} = :value WHERE number = :number"),
        {"value": value, "number": chance.randint(1, EVENTS)},
    )


def _edit_details(session: Session, chance: random.Random) -> None:
    session.get_one(Event, chance.randint(1, EVENTS)).details = {"n": chance.random()}


def _edit_clock(session: Session, chance: random.Random) -> None:
    event = session.get_one(Event, chance.randint(1, EVENTS))
    event.at += timedelta(microseconds=chance.choice([-1, 1, 1_000_000]))


def _delete(session: Session, chance: random.Random) -> None:
    session.execute(text("DELETE FROM event WHERE number = :number"), {"number": chance.randint(1, EVENTS)})


def _cut_tail(session: Session, chance: random.Random) -> None:
    session.execute(
        text("DELETE FROM event WHERE number > :number"), {"number": chance.randint(0, EVENTS - 1)}
    )


def _swap(session: Session, chance: random.Random) -> None:
    one, other = chance.sample(range(1, EVENTS + 1), 2)
    for before, after in ((one, 999), (other, one), (999, other)):
        session.execute(
            text("UPDATE event SET number = :after WHERE number = :before"),
            {"before": before, "after": after},
        )


def _insert(session: Session, chance: random.Random) -> None:
    columns = "happened_at, type, entity_type, subject, author, details, hash"
    session.execute(
        text(f"INSERT INTO event (number, id, {columns}) SELECT {EVENTS + 1}, 'evt_x', {columns} FROM event "
             "WHERE number = :number"),
        {"number": chance.randint(1, EVENTS)},
    )  # fmt: skip


def _rebuild(session: Session, chance: random.Random) -> None:
    """Edit one event and chain everything anew: only a checkpoint outside shows it."""
    events = list(session.scalars(select(Event).order_by(col(Event.number))))
    chance.choice(events).author = "forged"
    before = GENESIS
    for event in events:
        event.hash = before = chain_hash(before, entry_of(event))


CHANGES: dict[str, Change] = {
    "an edit": _edit, "edited details": _edit_details, "an edited clock": _edit_clock, "a deletion": _delete,
    "a cut tail": _cut_tail, "a swap": _swap, "an insertion": _insert, "a rebuilt log": _rebuild,
}  # fmt: skip
