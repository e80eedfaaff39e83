"""One source record with several ids of one system: any of them links it, and each is watched by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from mdm.erasure import erase
from mdm.hub import Hub, open_hub
from mdm.ingest import Rejected
from mdm.quarantining import quarantine
from mdm.refused_ids import sort_out
from mdm.replay import replay
from mdm.resolve.pair_explanation import explain_pair
from mdm.settings import load_settings
from mdm.store.derived import Membership
from mdm.store.records import QuarantinedRow
from mdm.testing import record, take_in
from mdm.verify import verify

VENDOR = '''"""Vendor."""

from typing import Annotated

from mdm.entities import Entity
from mdm_matching.semantics import Code, Email, OrganisationName


class Vendor(Entity):
    """Who sells to the firm."""

    name: Annotated[str, OrganisationName()]
    numbers: Annotated[list[str] | None, Code()]
    emails: Annotated[list[str] | None, Email()]
'''


@pytest.fixture
def vendors(ready_url: str, tmp_path: Path) -> Iterator[Hub]:
    (tmp_path / "vendor.py").write_text(VENDOR, encoding="utf-8")
    told = {"vendor": {"numbers": {"may_change": False}}}
    settings = load_settings(
        database_url=ready_url, entities=["vendor.py:Vendor"], folder=tmp_path, trusted_ids=told
    )
    hub = open_hub(settings)
    yield hub
    hub.close()


def what_the_ids_say(hub: Hub, left: int, right: int) -> float:
    with hub.read() as session:
        reasons = explain_pair(hub, session, left, right).reasons
    return next(reason.weight for reason in reasons if reason.column == "numbers")


def homes(hub: Hub) -> dict[int, str]:
    with hub.read() as session:
        assert [failure for check in verify(hub, session) for failure in check.failures] == []
        return {link.record_id: link.golden_id for link in session.exec(select(Membership))}


@pytest.mark.parametrize(("numbers", "things"), [(["V-20417"], 1), (["V-77310", "V-99052"], 1), (["V-1"], 2)])
def test_any_of_several_ids_of_one_record_links_it(vendors: Hub, numbers: list[str], things: int) -> None:
    take_in(vendors, "erp", "vendor", [record("A", name="Harbour Pine plc", numbers=["V-20417", "V-77310"])])
    take_in(vendors, "crm", "vendor", [record("1", name="Harbour Pine", numbers=numbers)])

    found = homes(vendors)

    assert len(set(found.values())) == things
    with vendors.read() as session:
        said = {reason.column: reason.label for reason in explain_pair(vendors, session, 1, 2).reasons}
    assert said["numbers"] == ("same code, one in common" if things == 1 else "different code")
    with vendors.write("replay") as uow:
        replay(uow)
    assert homes(vendors) == found


def test_an_id_that_too_many_share_loses_its_force_wherever_it_stands_among_several(vendors: Hub) -> None:
    words = (
        "Ashdown Birch Cobalt Dunlin Ember Fathom Gannet Heron Isobar Juniper Kestrel Lantern Merlin Nettle "
        "Osprey Plover Quartz Russet Saffron Teasel Umber Vesper Willow"
    )
    names = words.split()
    rows = [
        record(name, name=f"{name} Works", numbers=[f"A{place}7310", "GROUP-5150"])
        for place, name in enumerate(names)
    ]
    take_in(vendors, "erp", "vendor", rows[:4])
    before = what_the_ids_say(vendors, 1, 2)
    take_in(vendors, "erp", "vendor", rows[4:])

    assert before > 5
    assert what_the_ids_say(vendors, 1, 2) == 0
    assert len(set(homes(vendors).values())) == len(names)


@pytest.mark.parametrize(
    ("numbers", "taken"),
    [(["V-1", "V-2", "V-3"], True), (["V2", "v-1"], True), (["V-1"], False), (["V-1", "V-9"], False)],
)
def test_where_ids_may_not_change_more_may_come_but_none_may_go(
    vendors: Hub, numbers: list[str], taken: bool
) -> None:
    take_in(vendors, "erp", "vendor", [record("A", name="Harbour Pine plc", numbers=["V-1", "V-2"])])
    again = record("A", name="Harbour Pine plc", numbers=numbers)

    with vendors.read() as session:
        accepted, rejected = sort_out(session, vendors.registry["vendor"], "erp", [again])

    assert [len(accepted), len(rejected)] == ([1, 0] if taken else [0, 1])
    assert [row.column for row in rejected] == ([] if taken else ["numbers"])


def test_whoever_was_erased_is_recognised_by_any_of_several_addresses(vendors: Hub) -> None:
    row = record("A", name="Harbour Pine plc", emails=["desk@harbour.example", "post@harbour.example"])
    take_in(vendors, "erp", "vendor", [row])
    (golden_id,) = set(homes(vendors).values())
    with vendors.write("test") as uow:
        held_back = {"id": "9", "emails": ["post@harbour.example"]}
        quarantine(uow, "crm", "vendor", [Rejected(1, "no name", "name", held_back)], "")
    with vendors.write("officer") as uow:
        erase(uow, golden_id, reason="request 7")
    with vendors.read() as session:
        assert [row.row for row in session.exec(select(QuarantinedRow))] == [{}]

    other = record("1", name="Kestrel Foods", emails=["law@kestrel.example", "post@harbour.example"])
    took, _ = take_in(vendors, "crm", "vendor", [other])

    assert took.refused == 1
    assert homes(vendors) == {}
