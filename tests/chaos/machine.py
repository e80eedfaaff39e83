"""A hub driven at random beside a model of ten lines: after each step every invariant holds on both."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from databases import Databases
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlmodel import col

from mdm import failpoints
from mdm.erasure import erase
from mdm.errors import MdmError
from mdm.failpoints import FailPointError
from mdm.golden_ids import resolve_id
from mdm.hub import Hub
from mdm.identity import Merged, MergeRequest, UnmergeRequest, merge, undo, unmerge
from mdm.overrides.setting import override_value, remove_override
from mdm.refresh import refresh
from mdm.replay import replay
from mdm.store.decisions import IssuedId
from mdm.store.derived import GoldenRecord, Membership
from mdm.store.records import SourceRecord
from mdm.testing import derived_state, record, take_in
from mdm.verify import verify

SOURCES = ("crm", "erp", "psa")
KEYS = ("1", "2", "3")
NAMES = ("Harbour Pine plc", "Harbour Pine", "Kestrel Foods GmbH", "Kestrel Food", "Zephyr Legal LLP")
EMAILS = ("desk@harbour-pine.example", "post@kestrel.example", "law@zephyr.example", None)
CITIES = ("Bristol", "Leeds", "Köln", None)
POINTS = (
    "ingest.after_event", "resolve.after_edges", "merge.after_ids_before_crosswalk", "resolve.after_tasks",
    "survivorship.after_history_before_typed_row", "commit.before",
)  # fmt: skip

rows = st.tuples(
    st.sampled_from(SOURCES), st.sampled_from(KEYS), st.sampled_from(NAMES), st.sampled_from(EMAILS),
    st.sampled_from(CITIES),
)  # fmt: skip
which = st.integers(0, 1000)


class HubMachine(RuleBasedStateMachine):
    """Sources send, delete and repeat; stewards merge, part, override and erase; processes fail.

    Attributes:
        empty_hub: gives the hub on a database in which nothing is.
    """

    empty_hub: ClassVar[Callable[[], Hub]]

    def __init__(self) -> None:
        super().__init__()
        self.hub: Hub = type(self).empty_hub()
        self.live: dict[tuple[str, str], str | None] = {}  # with the address that each states now
        self.stated: dict[tuple[str, str], set[str]] = {}
        self.erased: set[tuple[str, str]] = set()
        self.erased_emails: set[str] = set()
        self.ids: set[str] = set()
        self.verdicts: list[str] = []

    @rule(row=rows)
    def send(self, row: tuple[Any, ...]) -> None:
        """A source states a record, new or changed, or the same again."""
        source, key, name, email, city = row
        took, _ = take_in(self.hub, source, "client", [record(key, None, name=name, email=email, city=city)])
        assert took.refused == self._names_erased(row)
        self._stated(row)

    @rule(row=rows)
    def delete(self, row: tuple[Any, ...]) -> None:
        """A source says that a record is gone."""
        source, key = row[:2]
        take_in(self.hub, source, "client", [record(key, None, deleted=True)])
        self.live.pop((source, key), None)

    @rule(row=rows, point=st.sampled_from(POINTS))
    def fail(self, row: tuple[Any, ...], point: str) -> None:
        """A process fails while it takes a record in; nothing of it stays."""
        source, key, name, email, city = row
        with self.hub.read() as session:
            before = derived_state(self.hub, session)
        failpoints.arm(f"{point}=raise")
        try:
            take_in(self.hub, source, "client", [record(key, None, name=name, email=email, city=city)])
            self._stated(row)
        except FailPointError:
            with self.hub.read() as session:
                assert derived_state(self.hub, session) == before
        finally:
            failpoints.arm("")

    @precondition(lambda self: len(self._current()) > 1)
    @rule(one=which, other=which)
    def merge(self, one: int, other: int) -> None:
        """A steward merges two golden records."""
        current = self._current()
        loser, survivor = (list(current)[n % len(current)] for n in (one, other))
        with self._refusable(), self.hub.write("anna") as uow:
            request = MergeRequest(loser, survivor, seen=current, reason="model")
            answer = merge(uow, request)
            if isinstance(answer, Merged):
                self.verdicts.append(answer.operation)

    @precondition(lambda self: self._redirected())
    @rule(one=which)
    def unmerge(self, one: int) -> None:
        """A steward parts what was merged."""
        merged = self._redirected()
        with self._refusable(), self.hub.write("bert") as uow:
            unmerge(uow, UnmergeRequest(merged[one % len(merged)], reason="model"))

    @precondition(lambda self: self.verdicts)
    @rule(one=which)
    def undo(self, one: int) -> None:
        """A steward takes a decision back."""
        with self._refusable(), self.hub.write("anna") as uow:
            undo(uow, self.verdicts[one % len(self.verdicts)])

    @precondition(lambda self: self._current())
    @rule(one=which, city=st.sampled_from(["Hull", "Bath"]), away=st.booleans())
    def override(self, one: int, city: str, *, away: bool) -> None:
        """A steward sets a value, or lets the sources speak again."""
        golden_id = list(self._current())[one % len(self._current())]
        with self._refusable(), self.hub.write("anna") as uow:
            if away:
                remove_override(uow, golden_id, "city")
            else:
                override_value(uow, golden_id, "city", city)

    @precondition(lambda self: self._current())
    @rule(one=which, rarely=st.integers(0, 3))
    def erase(self, one: int, rarely: int) -> None:
        """A subject is erased."""
        if rarely:
            return
        golden_id = list(self._current())[one % len(self._current())]
        with self.hub.write("officer") as uow:
            keys = self._keys(uow.session, golden_id)
            erase(uow, golden_id, reason="model")
        others = {email for key, email in self.live.items() if key not in keys}
        self.live = {key: email for key, email in self.live.items() if key not in keys}
        self.erased |= keys
        self.erased_emails |= {email for key in keys for email in self.stated.pop(key, set())} - others

    @rule()
    def match_again(self) -> None:
        """Everything is resolved anew; nothing changes."""
        with self.hub.write() as uow:
            found = refresh(uow, None)
        assert found.created + found.changed + found.merged + found.retired == 0

    @invariant()
    def every_invariant_holds(self) -> None:
        """The hub's own checks, and what the model knows."""
        with self.hub.read() as session:
            failures = [f"{c.name}: {f}" for c in verify(self.hub, session) for f in c.failures]
            assert failures == []
            query = select(col(SourceRecord.source), col(SourceRecord.source_key))
            members = query.join(Membership, col(Membership.record_id) == col(SourceRecord.id))
            assert {(source, key) for source, key in session.execute(members)} == set(self.live)
            self.ids |= set(session.scalars(select(col(IssuedId.golden_id))))
            for golden_id in self.ids:
                resolved = resolve_id(session, golden_id)
                assert resolve_id(session, resolved.golden_id).state != "merged"

    def teardown(self) -> None:
        """A replay gives everything derived back."""
        with self.hub.write() as uow:
            before = derived_state(self.hub, uow.session)
            replay(uow)
            assert derived_state(self.hub, uow.session) == before
        self.hub.close()

    def _names_erased(self, row: tuple[Any, ...]) -> bool:
        """Whether a row is about an erased subject: by its key, or by an address of nobody else."""
        source, key, _, email, _ = row
        return (source, key) in self.erased or email in self.erased_emails

    def _stated(self, row: tuple[Any, ...]) -> None:
        """What a row says that the hub took in, unless it had to refuse it."""
        source, key, _, email, _ = row
        if not self._names_erased(row):
            self.live[source, key] = email
            self.stated.setdefault((source, key), set()).update({email} if email else ())

    def _current(self) -> dict[str, int]:
        """Golden id to version of every current golden record, in order."""
        query = select(col(GoldenRecord.golden_id), col(GoldenRecord.version))
        with self.hub.read() as session:
            active = query.where(col(GoldenRecord.state) == "active").order_by(col(GoldenRecord.golden_id))
            return dict(session.execute(active).all())

    def _redirected(self) -> list[str]:
        query = select(col(IssuedId.golden_id)).where(col(IssuedId.redirected_to).is_not(None))
        with self.hub.read() as session:
            return sorted(session.scalars(query))

    @staticmethod
    def _keys(session: Any, golden_id: str) -> set[tuple[str, str]]:
        resolved = resolve_id(session, golden_id).golden_id
        followers = select(col(IssuedId.golden_id)).where(col(IssuedId.redirected_to) == resolved)
        ids = [resolved, *session.scalars(followers)]
        live = select(col(SourceRecord.source), col(SourceRecord.source_key)).join(
            Membership, col(Membership.record_id) == col(SourceRecord.id)
        )
        gone = select(col(SourceRecord.source), col(SourceRecord.source_key)).where(
            col(SourceRecord.live).is_(False), col(SourceRecord.last_golden_id).in_(ids)
        )
        found = [*session.execute(live.where(col(Membership.golden_id).in_(ids))), *session.execute(gone)]
        return {(source, key) for source, key in found}

    @staticmethod
    def _refusable() -> Any:
        return suppress(MdmError)


def run(empty_hub: Callable[[], Hub], number: int, runs: int, steps: int) -> None:
    """Drive hubs at random; raises with the steps that led to a failure.

    Args:
        number: the seed; the same one gives the same steps.
    """

    class Driven(HubMachine):
        pass

    Driven.empty_hub = staticmethod(empty_hub)
    run_state_machine_as_test(
        seed(number)(Driven),
        settings=settings(
            max_examples=runs, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
        ),
    )  # fmt: skip


def drive(databases: Databases, number: int, *, runs: int = 2, steps: int = 50) -> dict[str, Any]:
    """One unit: so many runs of so many steps."""
    with databases.fresh() as (url, folder):
        where = {"url": url, "folder": folder, "template": databases.template}
        found: dict[str, Any] = databases.zygote.result("drive", **where, seed=number, runs=runs, steps=steps)
    return found
