"""The story of a golden record, and views of a former moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mdm.decide import RecordKey, decide_records
from mdm.hub import Hub, open_hub
from mdm.settings import Settings
from mdm.testing import record, take_in

JANUARY = datetime(2026, 1, 10, 12, tzinfo=UTC)
Asked = Callable[..., Any]


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = JANUARY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(tmp_path: Path, clock: Clock) -> Iterator[Hub]:
    """A client that changed its name on 11 January, below another; a project and its manager."""
    url = f"sqlite:///{(tmp_path / 'hub.db').as_posix()}"
    opened = open_hub(Settings(database_url=url, synchronous="NORMAL"), clock=clock)
    roth = {"given_name": "Anna", "family_name": "Roth", "birth_date": "1984-05-17"}
    take_in(opened, "crm", "client", [record("C1", JANUARY, name="Harbour Pine Ltd", country="GB")])
    take_in(opened, "hr", "worker", [record("W1", JANUARY, **roth)])
    take_in(opened, "crm", "client", [record("C2", JANUARY, name="Quarry Lane Stationers", parent="C1")])
    project = {"code": "P-1", "name": "Roof", "client": "crm:C2", "manager": "hr:W1"}
    take_in(opened, "psa", "project", [record("P1", JANUARY, **project)])
    clock.now = JANUARY + timedelta(days=1)
    take_in(opened, "crm", "client", [record("C1", clock.now, name="Harbour Pine plc", country="GB")])
    yield opened
    opened.close()


def by_key(entity: str, system: str, key: str, fields: str) -> str:
    return f'{{ {entity}ByKey(system: "{system}", key: "{key}") {{ {fields} }} }}'


def test_a_history_tells_what_changed_when_and_by_whose_doing(data: Asked) -> None:
    fields = "history(first: 5) { version at state eventType author changes { attribute before after } }"
    newest, oldest = data(by_key("client", "crm", "C1", fields))["clientByKey"]["history"]

    assert newest["changes"] == [
        {"attribute": "name", "before": "Harbour Pine Ltd", "after": "Harbour Pine plc"}
    ]
    assert (newest["version"], newest["eventType"], newest["author"]) == (2, "golden.changed", "test")
    assert newest["at"].startswith("2026-01-11T12:00:00")
    assert {(c["attribute"], c["before"]) for c in oldest["changes"]} == {("name", None), ("country", None)}


def test_a_history_is_cut_where_it_was_asked_to(data: Asked) -> None:
    (newest,) = data(by_key("client", "crm", "C1", "history(first: 1) { version changes { before } }"))[
        "clientByKey"
    ]["history"]

    assert newest == {"version": 2, "changes": [{"before": "Harbour Pine Ltd"}]}


def test_every_entry_field_answers_as_it_was_known(data: Asked) -> None:
    query = """query ($then: DateTime, $id: ID!) {
      one: client(id: $id, knownAt: $then) { name history { version } cells(attributes: ["name"]) { value } }
      node(id: $id, knownAt: $then) { ... on Client { name } }
      clientByKey(system: "crm", key: "C1", knownAt: $then) { name }
      clients(filter: {name: {startsWith: "Harbour"}}, knownAt: $then) { totalCount nodes { name } }
      child: clientByKey(system: "crm", key: "C2", knownAt: $then) { parent { name } }
      search(text: "harbour pine", first: 1, knownAt: $then) {
        id label node { ... on Client { name } } highlights { parts { text } } }
      conflicts(knownAt: $then) { totalCount nodes { left { id } assignee } }
    }"""
    golden_id = data(by_key("client", "crm", "C1", "id"))["clientByKey"]["id"]
    then = data(query, id=golden_id, then=JANUARY.isoformat())
    now = data(query, id=golden_id, then=None)

    for answer, name, versions in ((then, "Harbour Pine Ltd", 1), (now, "Harbour Pine plc", 2)):
        assert answer["one"]["name"] == answer["node"]["name"] == answer["clientByKey"]["name"] == name
        assert answer["one"]["cells"] == [{"value": name}]
        assert len(answer["one"]["history"]) == versions
        assert answer["clients"] == {"totalCount": 1, "nodes": [{"name": name}]}
        assert answer["child"]["parent"]["name"] == name
        (hit,) = answer["search"]
        assert (hit["id"], hit["label"], hit["node"]) == (golden_id, name, {"name": name})
        assert "".join(part["text"] for part in hit["highlights"][0]["parts"]) == name
        assert answer["conflicts"] == {"totalCount": 0, "nodes": []}


def test_what_was_not_known_yet_is_null(data: Asked) -> None:
    before = (JANUARY - timedelta(days=1)).isoformat()

    assert data(
        'query ($then: DateTime) { clientByKey(system: "crm", key: "C1", knownAt: $then) { id } }',
        then=before,
    ) == {"clientByKey": None}


def test_a_moment_without_a_zone_is_refused(run: Asked) -> None:
    result = run('{ clients(knownAt: "2026-01-10T12:00:00") { nodes { id } } }')

    assert "zone" in result.errors[0].message


def test_verdicts_tell_who_said_what_about_which_records(hub: Hub, data: Asked) -> None:
    with hub.write("ada") as uow:
        left, right = RecordKey("client", "crm", "C1"), RecordKey("client", "crm", "C2")
        decide_records(uow, left, right, "distinct", reason="two firms", certain=True)

    (said,) = data(
        by_key(
            "client", "crm", "C1",
            "verdicts { answer operation reason certain author stands left { key } right { key } }",
        )
    )["clientByKey"]["verdicts"]  # fmt: skip

    assert (said["answer"], said["operation"], said["author"]) == ("distinct", "", "ada")
    assert (said["reason"], said["certain"], said["stands"]) == ("two firms", True, True)
    assert {k["key"] for side in ("left", "right") for k in said[side]} == {"C1", "C2"}


def test_the_crosswalk_lists_keys_by_system(hub: Hub, data: Asked) -> None:
    everything = data(by_key("client", "crm", "C1", "crosswalk { system keys }"))["clientByKey"]
    nothing = data(by_key("client", "crm", "C1", 'crosswalk(systems: ["erp"]) { system }'))["clientByKey"]

    assert everything["crosswalk"] == [{"system": "crm", "keys": ["C1"]}]
    assert nothing["crosswalk"] == []


def test_neighbours_are_one_relation_away_in_either_direction(data: Asked) -> None:
    fields = "neighbours { relation outgoing record { ... on Client { name } ... on Project { code } } }"
    found = data(by_key("client", "crm", "C2", fields))["clientByKey"]["neighbours"]

    assert found == [
        {"relation": "client", "outgoing": False, "record": {"code": "P-1"}},
        {"relation": "parent", "outgoing": True, "record": {"name": "Harbour Pine plc"}},
    ]


def test_a_path_leads_from_a_manager_to_the_ultimate_parent(data: Asked) -> None:
    client = data(by_key("client", "crm", "C1", "id"))["clientByKey"]["id"]
    fields = f'path(to: "{client}") {{ relation outgoing record {{ id }} }}'
    path = data(by_key("worker", "hr", "W1", fields))["workerByKey"]["path"]
    near = data(by_key("worker", "hr", "W1", f'path(to: "{client}", farthest: 2) {{ relation }}'))
    itself = data(f'{{ client(id: "{client}") {{ path(to: "{client}") {{ relation }} }} }}')
    unknown = data(by_key("worker", "hr", "W1", 'path(to: "client-none") { relation }'))

    assert [(s["relation"], s["outgoing"]) for s in path] == [
        ("manager", False), ("client", True), ("parent", True),
    ]  # fmt: skip
    assert path[-1]["record"]["id"] == client
    assert near["workerByKey"]["path"] is None
    assert itself["client"]["path"] == []
    assert unknown["workerByKey"]["path"] is None


@pytest.mark.parametrize("farthest", [0, 7])
def test_a_path_of_impossible_length_is_refused(run: Asked, farthest: int) -> None:
    query = by_key("client", "crm", "C1", f'path(to: "client-x", farthest: {farthest}) {{ relation }}')
    there = (
        f'{{ clients(first: 1) {{ nodes {{ id path(to: "TO", farthest: {farthest}) {{ relation }} }} }} }}'
    )
    golden = run(by_key("client", "crm", "C2", "id")).data["clientByKey"]["id"]

    assert run(query).errors is None  # nothing is there to look for
    assert "1 to 6" in run(there.replace("TO", golden)).errors[0].message


def test_many_stories_take_as_many_statements_as_one(hub: Hub, data: Asked, statements: Any) -> None:
    fields = "history { version } verdicts { id } crosswalk { system } neighbours { record { id } }"
    firms = [record(f"X{n}", JANUARY, name=f"Firm {n} of Leeds", parent="C1") for n in range(12)]
    take_in(hub, "crm", "client", firms)

    counts = []
    for first in (2, 12):
        with statements(hub) as seen:
            page = f'first: {first}, filter: {{name: {{startsWith: "Firm"}}}}'
            data(f"{{ clients({page}) {{ nodes {{ {fields} }} }} }}")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_building_tells_the_steps_that_joined_the_source_records(hub: Hub, data: Asked) -> None:
    twice = {"name": "Harbour Pine plc", "country": "GB"}
    take_in(hub, "erp", "client", [record("E1", JANUARY, **twice), record("E2", JANUARY, **twice)])
    crm, one, other = (RecordKey("client", *key) for key in (("crm", "C1"), ("erp", "E1"), ("erp", "E2")))
    with hub.write("ada") as uow:
        decide_records(uow, crm, one, "same", reason="the same letterhead")
        decide_records(uow, one, other, "same", reason="the same letterhead")
    fields = "building { number one other rule left right weight average reasons { attribute text weight } }"

    steps = data(by_key("client", "crm", "C1", fields))["clientByKey"]["building"]

    assert [step["number"] for step in steps] == [1, 2]
    assert sorted([*steps[1]["one"], *steps[1]["other"]]) == ["crm:C1", "erp:E1", "erp:E2"]
    assert all(step["left"] in step["one"] and step["right"] in step["other"] for step in steps)
    assert any(reason["attribute"] == "name" and reason["weight"] > 0 for reason in steps[0]["reasons"])
    assert data(by_key("worker", "hr", "W1", "building { number }"))["workerByKey"]["building"] == []


def test_neighbours_are_told_with_the_days_on_which_they_are(hub: Hub, clock: Clock, data: Asked) -> None:
    clock.now += timedelta(hours=1)
    moved = record("C2", clock.now, parent=None, effective_from="2026-07-01")
    take_in(hub, "crm", "client", [moved])
    fields = "datedNeighbours { relation outgoing validFrom validTo record { ... on Client { name } } }"

    child = data(by_key("client", "crm", "C2", fields))["clientByKey"]["datedNeighbours"]
    parent = data(by_key("client", "crm", "C1", fields))["clientByKey"]["datedNeighbours"]

    window = {"relation": "parent", "validFrom": None, "validTo": "2026-07-01"}
    assert {**window, "outgoing": True, "record": {"name": "Harbour Pine plc"}} in child
    assert parent == [{**window, "outgoing": False, "record": {"name": "Quarry Lane Stationers"}}]


def test_building_is_told_as_it_was_known(clock: Clock, hub: Hub, data: Asked) -> None:
    before = data(by_key("client", "crm", "C1", "building { number one other }"))["clientByKey"]
    crm, erp = (RecordKey("client", "crm", key) for key in ("C1", "C2"))
    then = clock.now
    clock.now += timedelta(hours=1)
    with hub.write("ada") as uow:
        decide_records(uow, crm, erp, "same")
    asked = 'clientByKey(system: "crm", key: "C1", knownAt: $then) { building { number one other } }'
    known = data(f"query ($then: DateTime) {{ {asked} }}", then=then.isoformat())["clientByKey"]
    now = data(by_key("client", "crm", "C1", "building { number }"))["clientByKey"]

    assert known == before
    assert len(now["building"]) == len(before["building"]) + 1
