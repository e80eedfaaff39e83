"""/api/v1/golden: what an id leads to, what of it may be seen, and writes on what was seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mdm.access import Role
from mdm.access.grants import Grant
from mdm.access.keys import create_key
from mdm.app import create_app
from mdm.erasure import erase
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.identity import DetachRequest, MergeRequest, RecordKey, UnmergeRequest, detach, merge, unmerge
from mdm.query.records import versions_of
from mdm.store.rights import ClassifiedRead
from mdm.testing import NOON, hub_at, record, take_in

LATER = NOON + timedelta(days=1)
PATH = "/api/v1/golden"
PINE = {"name": "Harbour & Pine Ltd", "country": "GB", "phone": "+44 113 496 0120"}
ZYQX = {"name": "Zyqx Wvutsr GmbH", "country": "DE"}


@pytest.fixture
def hub(ready_url: str) -> Iterator[Hub]:
    made = hub_at(ready_url)
    take_in(made, "crm", "client", [record("A/1", **PINE), record("A2", **ZYQX)])
    take_in(made, "erp", "client", [record("E3", name="Quarry Lane Stationery", country="GB")])
    take_in(
        made, "hr", "worker", [record("W1", family_name="Weber", given_name="Anna", birth_date="1971-03-09")]
    )
    yield made
    made.close()


@pytest.fixture
def app(hub: Hub) -> TestClient:
    return TestClient(
        create_app(hub, dev=False, role="api"), raise_server_exceptions=False, follow_redirects=False
    )


def key(hub: Hub, role: Role = Role.viewer, **grant: object) -> dict[str, str]:
    with hub.write("test") as uow:
        made = create_key(uow, f"a {role}", Grant.model_validate({"roles": [role], **grant}))
    return {"Authorization": f"Bearer {made.secret}"}


def golden(hub: Hub, entity_type: str, source: str, name: str) -> str:
    with hub.read() as session:
        return golden_id_of(session, entity_type, source, name)


def put_together(hub: Hub, loser: str, survivor: str) -> None:
    with hub.write("test") as uow:
        seen = versions_of(uow.session, [loser, survivor])
        merge(uow, MergeRequest(loser, survivor, seen))


def test_a_golden_record_is_told_with_its_sources_and_a_tag(hub: Hub, app: TestClient) -> None:
    pine = golden(hub, "client", "crm", "A/1")

    answer = app.get(f"{PATH}/{pine}", headers=key(hub))

    told = answer.json()
    assert (told["golden_id"], told["entity_type"], told["version"]) == (pine, "client", 1)
    assert told["values"]["name"] == "Harbour & Pine Ltd"
    assert told["sources"] == [{"system": "crm", "key": "A/1"}]
    assert answer.headers["etag"].startswith('"1-')


def test_a_source_key_leads_to_the_same_record_with_any_sign_in_it(hub: Hub, app: TestClient) -> None:
    pine, headers = golden(hub, "client", "crm", "A/1"), key(hub)
    asked = {"entity_type": "client", "system": "crm", "key": "A/1"}

    found = app.get(f"{PATH}/by-key", params=asked, headers=headers)
    missing = app.get(f"{PATH}/by-key", params={**asked, "key": "none"}, headers=headers)

    assert found.headers["content-location"] == f"{PATH}/{pine}"
    assert found.json() == app.get(f"{PATH}/{pine}", headers=headers).json()
    assert missing.status_code == 404


def test_what_one_has_already_is_not_sent_again(hub: Hub, app: TestClient) -> None:
    place, headers = f"{PATH}/{golden(hub, 'client', 'crm', 'A/1')}", key(hub)
    tag = app.get(place, headers=headers).headers["etag"]

    same = app.get(place, headers={**headers, "If-None-Match": f'"old", W/{tag}'})
    take_in(hub, "crm", "client", [record("A/1", LATER, **{**PINE, "phone": "+44 113 496 0999"})])
    changed = app.get(place, headers={**headers, "If-None-Match": tag})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)


def test_masked_values_are_null_and_whoever_sees_them_has_another_tag(hub: Hub, app: TestClient) -> None:
    place = f"{PATH}/{golden(hub, 'worker', 'hr', 'W1')}"

    viewer = app.get(place, headers=key(hub))
    with hub.read() as session:
        before = len(session.exec(select(ClassifiedRead)).all())
    steward = app.get(place, headers=key(hub, Role.steward, domains=["worker"]))
    with hub.read() as session:
        kept = [(read.reader, read.attribute) for read in session.exec(select(ClassifiedRead)).all()]

    assert viewer.json()["values"]["birth_date"] is None
    assert "birth_date" in viewer.json()["masked"]
    assert steward.json()["values"]["birth_date"] == "1971-03-09"
    assert viewer.headers["etag"] != steward.headers["etag"]
    assert (before, kept) == (0, [("a steward", "birth_date")])


def test_a_merged_id_leads_to_its_survivor(hub: Hub, app: TestClient) -> None:
    pine, zyqx = golden(hub, "client", "crm", "A/1"), golden(hub, "client", "crm", "A2")
    put_together(hub, zyqx, pine)

    answer = app.get(f"{PATH}/{zyqx}", headers=key(hub))

    assert (answer.status_code, answer.headers["location"]) == (307, f"{PATH}/{pine}")
    assert answer.json()["state"] == "merged"
    assert app.get(answer.headers["location"], headers=key(hub)).json()["golden_id"] == pine


def test_the_id_of_records_that_went_different_ways_offers_a_choice(hub: Hub, app: TestClient) -> None:
    pine, zyqx = golden(hub, "client", "crm", "A/1"), golden(hub, "client", "crm", "A2")
    quarry = golden(hub, "client", "erp", "E3")
    put_together(hub, zyqx, quarry)
    put_together(hub, quarry, pine)
    with hub.write("test") as uow:
        detach(uow, DetachRequest((RecordKey("client", "crm", "A2"),), versions_of(uow.session, [pine])))

    answer = app.get(f"{PATH}/{quarry}", headers=key(hub))
    seen_in_part = app.get(f"{PATH}/{quarry}", headers=key(hub, rows={"country": ["GB"]}))

    assert (answer.status_code, answer.json()["state"]) == (300, "split")
    assert {one["golden_id"] for one in answer.json()["successors"]} == {pine, zyqx}
    assert (seen_in_part.status_code, seen_in_part.json()["successors"]) == (307, [])


def test_an_id_without_records_is_gone_and_one_never_issued_is_unknown(hub: Hub, app: TestClient) -> None:
    retired, erased = golden(hub, "client", "crm", "A2"), golden(hub, "worker", "hr", "W1")
    take_in(hub, "crm", "client", [record("A2", LATER, deleted=True)])
    with hub.write("test") as uow:
        erase(uow, erased, reason="asked for")
    headers = key(hub)

    answers = [app.get(f"{PATH}/{one}", headers=headers) for one in (retired, erased, "client-none")]

    assert [answer.status_code for answer in answers] == [410, 410, 404]
    assert [answer.json().get("state") for answer in answers] == ["retired", "erased", None]


def test_a_record_out_of_the_rows_is_unknown_whatever_became_of_it(hub: Hub, app: TestClient) -> None:
    pine, retired = golden(hub, "client", "crm", "A/1"), golden(hub, "client", "crm", "A2")
    take_in(hub, "crm", "client", [record("A2", LATER, deleted=True)])
    headers = {**key(hub, rows={"country": ["DE"]}), "X-Request-Id": "one"}

    answers = [app.get(f"{PATH}/{one}", headers=headers) for one in (pine, retired, "client-none")]
    by_key = [
        app.get(f"{PATH}/by-key?entity_type=client&system=crm&key={one}", headers=headers)
        for one in ("A/1", "none")
    ]

    assert [answer.status_code for answer in (*answers, *by_key)] == [404] * 5
    assert (
        len({a.text.replace(i, "") for a, i in zip(answers, (pine, retired, "client-none"), strict=True)})
        == 1
    )
    assert by_key[0].text.replace("A/1", "") == by_key[1].text.replace("none", "")


def test_a_steward_s_value_is_set_and_taken_back_on_what_was_seen(hub: Hub, app: TestClient) -> None:
    place, headers = (
        f"{PATH}/{golden(hub, 'client', 'crm', 'A/1')}",
        key(hub, Role.steward, domains=["client"]),
    )
    value, name = {"value": "Harbour and Pine Limited", "reason": "register"}, f"{place}/overrides/name"
    tag = app.get(place, headers=headers).headers["etag"]

    blind = app.put(name, json=value, headers=headers)
    done = app.put(name, json=value, headers={**headers, "If-Match": tag})
    late = app.put(name, json={"value": "Other"}, headers={**headers, "If-Match": tag})
    weak = app.put(name, json=value, headers={**headers, "If-Match": f"W/{done.headers['etag']}"})
    back = app.delete(name, headers={**headers, "If-Match": done.headers["etag"]})

    assert [a.status_code for a in (blind, done, late, weak, back)] == [428, 200, 412, 412, 200]
    assert done.json()["values"]["name"] == "Harbour and Pine Limited"
    assert back.json()["values"]["name"] == "Harbour & Pine Ltd"
    assert back.headers["etag"] not in {tag, done.headers["etag"]}


@pytest.mark.parametrize(
    ("role", "grant", "attribute", "value", "status"),
    [
        (Role.viewer, {}, "name", "X", 403),
        (Role.steward, {"domains": ["worker"]}, "name", "X", 403),
        (Role.steward, {"domains": ["client"]}, "nothing", "X", 400),
        (Role.steward, {"domains": ["client"]}, "email", "no address", 400),
        (Role.steward, {"domains": ["client"], "rows": {"country": ["DE"]}}, "name", "X", 404),
        (Role.steward, {"domains": ["client"], "sees": []}, "name", {"no": "value"}, 422),
    ],
)
def test_who_may_not_write_writes_nothing(
    hub: Hub,
    app: TestClient,
    role: Role,
    grant: dict[str, object],
    attribute: str,
    value: object,
    status: int,
) -> None:
    place = f"{PATH}/{golden(hub, 'client', 'crm', 'A/1')}"
    headers = {**key(hub, role, **grant), "If-Match": "*"}

    answer = app.put(f"{place}/overrides/{attribute}", json={"value": value}, headers=headers)

    assert answer.status_code == status
    assert app.get(place, headers=key(hub)).json()["version"] == 1


def test_an_unmerged_id_has_its_record_again(hub: Hub, app: TestClient) -> None:
    pine, zyqx = golden(hub, "client", "crm", "A/1"), golden(hub, "client", "crm", "A2")
    put_together(hub, zyqx, pine)
    with hub.write("test") as uow:
        unmerge(uow, UnmergeRequest(zyqx, seen=versions_of(uow.session, [pine])))

    answer = app.get(f"{PATH}/{zyqx}", headers=key(hub))

    assert (answer.status_code, answer.json()["values"]["name"]) == (200, "Zyqx Wvutsr GmbH")
