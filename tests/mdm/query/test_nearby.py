"""The relations around golden records, no more of one kind than can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from sqlalchemy import event, insert

from mdm.access import Role
from mdm.access.grants import Grant, principal_of
from mdm.history.relations import Related, relations_around
from mdm.history.when import NOW, When
from mdm.hub import Hub
from mdm.lineage import lineage, to_png, to_svg
from mdm.query.nearby import nearby
from mdm.store.derived import Relation
from mdm.testing import NOON

Put = Callable[..., str]
CLIENTS = 7


@pytest.fixture
def firm(hub: Hub, put: Put) -> Hub:
    """A worker who owns seven clients, three of them German; a manager of two workers."""
    put("worker", "w-0", family_name="Weber")
    put("worker", "w-1", family_name="Okafor", manager="w-0")
    put("worker", "w-2", family_name="Adeyemi", manager="w-0")
    for number in range(CLIENTS):
        country = "DE" if number in {1, 4, 6} else "GB"
        parent = "c-0" if number else None
        put("client", f"c-{number}", name=f"Client {number}", country=country, owner="w-1", parent=parent)
    return hub


def referring(found: Iterable[Related], attribute: str) -> list[str]:
    """Who refers by the attribute, in the order given."""
    return [related.from_id for related in found if related.attribute == attribute]


def test_what_refers_to_a_record_is_cut_and_what_it_refers_to_is_not(firm: Hub) -> None:
    with firm.read() as session:
        near = nearby(firm, session, {"w-1": "worker"}, each=3)

    assert referring(near.relations, "owner") == ["c-0", "c-1", "c-2"]
    assert referring(near.relations, "manager") == ["w-1"]
    assert not near.complete


def test_with_room_for_all_it_is_every_relation_around(firm: Hub) -> None:
    around = {"w-1": "worker", "c-0": "client", "w-0": "worker"}
    with firm.read() as session:
        near = nearby(firm, session, around, each=CLIENTS)
        every = relations_around(firm, session, around, NOW)

    assert near.complete
    assert near.relations == every


def test_a_relation_between_two_that_are_asked_about_is_never_cut(firm: Hub) -> None:
    with firm.read() as session:
        near = nearby(firm, session, {"w-1": "worker", "c-5": "client"}, each=1)

    assert referring(near.relations, "owner") == ["c-0", "c-5"]


@pytest.mark.parametrize("when", [NOW, When(as_of=NOON.date())])
def test_records_behind_a_filter_take_no_places_and_are_not_told_of(firm: Hub, when: When) -> None:
    who = principal_of("a viewer", [Grant(roles=[Role.viewer], rows={"country": ["DE"]})], firm.settings.auth)
    with firm.read(who) as session:
        near = nearby(firm, session, {"c-6": "client"}, each=3, when=when)
        owned = nearby(firm, session, {"w-1": "worker"}, each=3, when=when)

    assert "c-0" not in {end for one in near.relations for end in (one.from_id, one.to_id)}
    assert set(referring(owned.relations, "owner")) <= {"c-1", "c-4", "c-6"}
    assert owned.complete


def test_records_of_one_type_take_two_statements_however_many_they_are(firm: Hub) -> None:
    ran: list[str] = []
    with firm.read() as session:
        nearby(firm, session, {"c-0": "client"}, each=20)
        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *args: ran.append(args[2]))
        nearby(firm, session, {f"c-{number}": "client" for number in range(CLIENTS)}, each=20)

    assert len(ran) == 2


def test_the_first_of_many_cost_as_much_as_the_first_of_few(sqlite_hub: Hub) -> None:
    def steps() -> int:
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        with sqlite_hub.read() as session:
            nearby(sqlite_hub, session, {"w": "worker"}, each=20)
            driver = session.connection().connection.driver_connection
            assert driver is not None
            driver.set_progress_handler(count, 1)
            assert not nearby(sqlite_hub, session, {"w": "worker"}, each=20).complete
            driver.set_progress_handler(None, 1)
        return counted

    def refer(numbers: range) -> None:
        rows = [
            {
                "from_id": f"c-{n:06}",
                "attribute": "owner",
                "from_type": "client",
                "to_id": "w",
                "to_type": "worker",
            }
            for n in numbers
        ]
        with sqlite_hub.write("test") as uow:
            uow.session.execute(insert(Relation), rows)

    refer(range(100))
    few = steps()
    refer(range(100, 20_000))

    assert steps() == few


def test_a_graph_says_that_more_is_related_than_is_drawn(
    firm: Hub, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdm.lineage.around.MOST_DRAWN", 6)
    with firm.read() as session:
        whole, far = lineage(firm, session, "w-2", depth=1), lineage(firm, session, "w-2", depth=3)

    assert whole.graph["complete"]
    assert not far.graph["complete"]
    drawn = {node for node, said in far.nodes(data=True) if said["kind"] == "golden"}
    assert drawn == {"w-2", "w-0", "w-1", "c-0", "c-1", "c-2"}, "the nearest, then by id"
    assert "More records are related than are drawn." in to_svg(far)
    assert "More records are related" not in to_svg(whole)
    assert to_png(far) != to_png(whole)
