"""Setting and banning golden values in the console."""

from __future__ import annotations

from fastapi.testclient import TestClient

from mdm.app.access import local_user
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.overrides import standing, standing_bans
from mdm.testing import record, take_in

PHONE = "+44 20 7946 0102"


def client(hub: Hub) -> str:
    take_in(hub, "crm", "client", [record("1", name="Harbour Pine plc", phone="+44 20 7946 0101")])
    with hub.read() as session:
        return golden_id_of(session, "client", "crm", "1")


def test_a_steward_sets_a_value_sees_it_and_takes_it_back(hub: Hub, browser: TestClient) -> None:
    golden_id = client(hub)
    form = {"attribute": "phone", "value": PHONE, "act": "set", "reason": "<they> rang", "lifetime": "date"}
    page = browser.post(f"/console/golden/{golden_id}/overrides", data={**form, "until": "2099-12-31"})

    assert page.status_code == 200
    assert PHONE in page.text
    assert "&lt;they&gt; rang" in page.text
    with hub.read() as session:
        (stands,) = standing(session, [golden_id])[golden_id]
        assert (stands.author, stands.value) == (local_user(), PHONE)
    browser.post(f"/console/golden/{golden_id}/overrides", data={"attribute": "phone", "act": "remove"})
    with hub.read() as session:
        assert standing(session, [golden_id]) == {golden_id: ()}


def test_a_steward_bans_a_value_and_lifts_the_ban(hub: Hub, browser: TestClient) -> None:
    golden_id = client(hub)
    form = {"attribute": "phone", "value": "+44 20 7946 0101"}

    page = browser.post(f"/console/golden/{golden_id}/bans", data={**form, "act": "ban", "reason": "a fax"})

    assert "must not be +44 20 7946 0101" in page.text
    browser.post(f"/console/golden/{golden_id}/bans", data={**form, "act": "lift"})
    with hub.read() as session:
        assert standing_bans(session, [golden_id]) == {golden_id: ()}


def test_a_value_that_is_none_is_told_and_not_taken(hub: Hub, browser: TestClient) -> None:
    golden_id = client(hub)

    page = browser.post(
        f"/console/golden/{golden_id}/overrides", data={"attribute": "phone", "value": "x", "act": "set"}
    )

    assert page.status_code in (400, 422)
    assert "is no valid phone number" in page.text
