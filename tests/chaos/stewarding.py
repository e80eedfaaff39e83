"""What stewards do in a round: bring in, join, part, merge, unmerge, erase, rebuild; each acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingesting import ledger_in
from invented import firm
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.decide import Decided, RecordKey, decide_records, withdraw
from mdm.erasure import erase
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.identity import Merged, MergeRequest, UnmergeRequest, current_side, merge, unmerge
from mdm.receiving import receive
from mdm.replay import replay
from mdm.store.decisions import Verdict
from mdm.store.derived import Membership
from mdm.store.records import SourceRecord

SOURCE = "desk"
APART = 1_000_000
"""The first number of the stewards' own firms."""


def work(hub: Hub, folder: Path, seed: int) -> int:
    """Every step once; how many there were."""
    ledger = ledger_in(folder)
    steps: tuple[Callable[[Hub, int], dict[str, Any]], ...] = (
        _bring, _join, _change, _part, _merge, _unmerge, _erase, _rebuild,
    )  # fmt: skip
    for step in steps:
        told = step(hub, seed)
        ledger.write(kind="done", step=step.__name__, seed=seed, **told)
    return len(steps)


def forgotten(session: Session, folder: Path) -> list[str]:
    """Steps that were acknowledged and left no trace."""
    done = ledger_in(folder).lines("done")
    keys = set(
        session.scalars(select(col(SourceRecord.source_key)).where(col(SourceRecord.source) == SOURCE))
    )
    verdicts = dict(session.execute(select(col(Verdict.id), col(Verdict.superseded_by))).all())
    wrong = [f"{line} is forgotten" for line in done if not set(line.get("keys", ())) <= keys]
    wrong += [
        f"{line} is forgotten"
        for line in done
        if line.get("verdict", next(iter(verdicts), None)) not in {*verdicts, None}
    ]
    parted = [line["verdict"] for line in done if line["step"] == "_part"]
    return wrong + [f"{verdict} stands again" for verdict in parted if verdicts.get(verdict) is None]


def golden_ids(session: Session) -> list[str]:
    """The golden records of the stewards' own firms."""
    query = select(col(Membership.golden_id)).join(
        SourceRecord, col(SourceRecord.id) == col(Membership.record_id)
    )
    return sorted(set(session.scalars(query.where(col(SourceRecord.source) == SOURCE))))


def _pair(seed: int) -> tuple[RecordKey, RecordKey]:
    return RecordKey("client", SOURCE, f"S-{seed}-0"), RecordKey("client", SOURCE, f"S-{seed}-1")


def _rows(seed: int, **changes: Any) -> list[dict[str, Any]]:
    numbers = (APART + 2 * seed, APART + 2 * seed + 1)
    pairs = zip(_pair(seed), numbers, strict=True)
    return [{"id": key.source_key, **firm(number), **changes} for key, number in pairs]


def _bring(hub: Hub, seed: int) -> dict[str, Any]:
    with hub.write("chaos") as uow:
        receive(uow, SOURCE, "client", _rows(seed))
    return {"keys": [key.source_key for key in _pair(seed)]}


def _join(hub: Hub, seed: int) -> dict[str, Any]:
    with hub.write("chaos") as uow:
        answer = decide_records(uow, *_pair(seed), "same", reason="chaos")
    assert isinstance(answer, Decided), answer
    return {"verdict": answer.verdict_id}


def _change(hub: Hub, seed: int) -> dict[str, Any]:
    with hub.write("chaos") as uow:
        receive(uow, SOURCE, "client", _rows(seed, city="Hull"))
    return {}


def _part(hub: Hub, seed: int) -> dict[str, Any]:
    with hub.read() as session:
        standing = (
            select(col(Verdict.id))
            .where(col(Verdict.superseded_by).is_(None))
            .order_by(col(Verdict.decided_at))
        )
        verdict = list(session.scalars(standing))[-1]
    with hub.write("chaos") as uow:
        withdraw(uow, verdict, reason="chaos")
    return {"verdict": verdict}


def _merge(hub: Hub, seed: int) -> dict[str, Any]:
    survivor, loser = (_home(hub, key) for key in _pair(seed))
    with hub.write("chaos") as uow:
        seen = {i: current_side(uow.session, i).version for i in (loser, survivor)}
        done = merge(uow, MergeRequest(loser, survivor, seen, reason="chaos"))
    assert isinstance(done, Merged), done
    return {"verdict": done.operation}


def _unmerge(hub: Hub, seed: int) -> dict[str, Any]:
    with hub.write("chaos") as uow:
        done = unmerge(uow, UnmergeRequest(_pair(seed)[1], reason="chaos"))
    return {"verdict": done.operation}


def _erase(hub: Hub, seed: int) -> dict[str, Any]:
    """A firm of its own, whose key goes with it: the acknowledgement names none."""
    key = RecordKey("client", SOURCE, f"E-{seed}")
    with hub.write("chaos") as uow:
        receive(uow, SOURCE, "client", [{"id": key.source_key, **firm(2 * APART + seed)}])
    golden_id = _home(hub, key)
    with hub.write("chaos") as uow:
        erase(uow, golden_id, reason="chaos")
    return {}


def _home(hub: Hub, key: RecordKey) -> str:
    with hub.read() as session:
        return golden_id_of(session, key.entity_type, key.source, key.source_key)


def _rebuild(hub: Hub, seed: int) -> dict[str, Any]:
    with hub.write("chaos") as uow:
        replay(uow)
    return {}
