"""Plans a change of the model or of settings by making it and taking it back; applies just what was planned.

The rehearsal is the real resolution in a transaction that is rolled back, so there is no second opinion on
what a change does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from mdm.clock import parse_instant
from mdm.entities import EntityType
from mdm.errors import MdmError, PlanOutdatedError, UnreadableFileError, UsageError
from mdm.event_log import canonical_json, last_event_number
from mdm.garbage import collected_seldom
from mdm.models import current_model, evidence_types, trusting
from mdm.planning.contradicted import contradicted, weights_of
from mdm.planning.differences import Differences, differences
from mdm.planning.state import read_state
from mdm.refresh import refresh
from mdm.store.decisions import Event, ModelVersion
from mdm.unit_of_work import UnitOfWork
from mdm_matching import MatchingError, MatchModel

if TYPE_CHECKING:
    from mdm.hub import Hub

FORMAT = "mdm-plan/1"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed.

    Attributes:
        model: comes into force; None for a change of rules or settings that stand in mdm.toml already.
        entity_type: the model's type, or the only type to resolve again; None for all.
    """

    model: MatchModel | None = None
    entity_type: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change would do, and the state of the hub for which that was found out.

    Attributes:
        event: number of the newest event then.
        rules: fingerprint of the survivorship rules and settings that matter.
    """

    change: Change
    event: int
    rules: str
    made_at: datetime
    author: str
    found: Differences

    @property
    def digest(self) -> str:
        """Changes with anything that the change does."""
        return hashlib.sha256(canonical_json(self.found.document)).hexdigest()[:16]

    def to_json(self) -> str:
        """The plan as a file."""
        model = self.change.model
        document = {
            "format": FORMAT,
            "entity_type": self.change.entity_type,
            "model": json.loads(model.to_json()) if model else None,
            "event": self.event,
            "rules": self.rules,
            "made_at": self.made_at.isoformat(),
            "author": self.author,
            "digest": self.digest,
            "changes": self.found.document,
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Applied:
    """The change was made as planned; `version` is the model's, empty if only settings changed."""

    digest: str
    version: str
    counts: dict[str, int]


class _TakenBackError(MdmError):
    """Ends a rehearsal: everything is rolled back."""


@collected_seldom()
def make_plan(hub: Hub, change: Change, author: str = "system") -> Plan:
    """Find out what a change would do; nothing of it stays.

    Raises:
        UnknownEntityTypeError: no such type is declared.
        UsageError: the model is for another type, or its columns are not the type's.
    """
    plan: Plan | None = None
    try:
        with hub.write(author) as uow:
            event = last_event_number(uow.session)
            found = _make(uow, change)
            plan = Plan(change, event, rules_in_force(hub), uow.now, author, found)
            raise _TakenBackError
    except _TakenBackError:
        assert plan is not None
        return plan


def apply_plan(hub: Hub, plan: Plan, author: str = "system") -> Applied:
    """Make the change if it does exactly what was planned; else change nothing.

    Raises:
        PlanOutdatedError: the hub or its settings have moved so that it would do something else.
    """
    with hub.write(author) as uow:
        event = last_event_number(uow.session)
        found = _make(uow, plan.change)
        now = Plan(plan.change, event, rules_in_force(hub), uow.now, author, found)
        if now.digest != plan.digest or now.rules != plan.rules:
            raise PlanOutdatedError(_moved(uow, plan, now))
        model = plan.change.model
        details = {"plan": plan.digest, "model": model.version if model else "", **found.counts}
        uow.emit("plan.applied", plan.change.entity_type or "", plan.digest, details)
        return Applied(plan.digest, model.version if model else "", found.counts)


def read_plan(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        UnreadableFileError: there is none, or it was changed by hand.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError(document["format"])
        model = MatchModel.from_json(json.dumps(document["model"])) if document["model"] else None
        plan = Plan(
            Change(model, document["entity_type"]),
            int(document["event"]),
            str(document["rules"]),
            parse_instant(document["made_at"]),
            str(document["author"]),
            Differences(**document["changes"]),
        )
    except (OSError, ValueError, KeyError, TypeError, MatchingError) as exc:
        raise UnreadableFileError(f"{path} is no plan of this release; make one with mdm plan.") from exc
    if plan.digest != document["digest"]:
        raise UnreadableFileError(f"{path} was changed after it was made; make a new one with mdm plan.")
    return plan


def rules_in_force(hub: Hub) -> str:
    """A fingerprint of what settings and declarations say about matching and survivorship."""
    rules = {
        t.name: [
            (a.name, a.rule.describe(), str(a.semantic), a.evidence, str(a.trusted)) for a in t.attributes
        ]
        for t in hub.registry
    }
    matching = hub.settings.matching.model_dump(mode="json")
    document = [rules, matching, list(hub.settings.sources), hub.settings.survivorship]
    return hashlib.sha256(canonical_json(document)).hexdigest()[:16]


def _make(uow: UnitOfWork, change: Change) -> Differences:
    """Make the change and say what it did."""
    session = uow.session
    types = [uow.hub.registry[change.entity_type]] if change.entity_type else list(uow.hub.registry)
    before = read_state(session)
    weights = {t.name: weights_of(uow.hub, session, t, current_model(session, t)) for t in types}
    if change.model is not None:
        _put_in_force(uow, types[0], change.model)
    refresh(uow, change.entity_type)
    session.flush()
    return differences(session, before, read_state(session), _contradicted(uow, types, weights))


def _contradicted(
    uow: UnitOfWork, types: Iterable[EntityType], before: dict[str, dict[tuple[int, int], float]]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for entity_type in types:
        model = current_model(uow.session, entity_type)
        after = weights_of(uow.hub, uow.session, entity_type, model)
        found += contradicted(uow.session, entity_type, model, before[entity_type.name], after)
    return found


def _put_in_force(uow: UnitOfWork, entity_type: EntityType, model: MatchModel) -> None:
    own = list(evidence_types(entity_type))
    if [column.name for column in model.columns] != own:
        raise UsageError(
            f"The model is for the columns {', '.join(c.name for c in model.columns)}, "
            f"{entity_type.name} has {', '.join(own)}; train it with mdm train --entity {entity_type.name}."
        )
    if current_model(uow.session, entity_type) == trusting(model, entity_type):
        return
    version = ModelVersion(
        entity_type=entity_type.name,
        version=model.version,
        document=model.to_json(),
        applied_at=uow.now,
        author=uow.author,
    )
    uow.session.add(version)
    uow.session.flush()
    uow.emit("model.applied", entity_type.name, model.version, {"version": model.version})


def _moved(uow: UnitOfWork, plan: Plan, now: Plan) -> str:
    """What is otherwise than when the plan was made, in one sentence."""
    if plan.rules != now.rules:
        return "The rules or settings have changed since the plan was made; plan again."
    then, here = plan.found.counts, now.found.counts
    moved = [
        f"{name.replace('_', ' ')} {then[name]} planned, {here[name]} now"
        for name in then
        if then[name] != here[name]
    ]
    query = select(col(Event.type)).where(col(Event.number) > plan.event, col(Event.number) <= now.event)
    happened = sorted(set(uow.session.scalars(query)))
    since = f"; since then: {', '.join(happened)}" if happened else ""
    what = ", ".join(moved) or "the same numbers of other things"
    return f"The change would no longer do what was planned ({what}{since}); plan again."
