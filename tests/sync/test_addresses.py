from __future__ import annotations

from ipaddress import ip_address

import pytest
from publishing_hub import all_rows, change_golden, opened, settings_of, webhook_target

from mdm.errors import AddressRefusedError, SettingsError
from mdm.settings import NetworkSettings
from mdm.store.publishing import OutboxRow, PublicationRun
from mdm_sync import publish
from mdm_sync.targets.addresses import guard_of

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254",  # metadata of clouds
    "100.64.0.1", "100.100.100.200",  # carrier-grade NAT, and what some clouds put there
    "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "224.0.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1",
    "fec0::1", "3fff::1", "5f00::1", "192.88.99.1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a00:1",  # IPv4 in IPv6
    "::127.0.0.1", "::a00:1",
    "2002:7f00:1::", "2002:a9fe:a9fe::1",  # 6to4
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo of a private address
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1",  # NAT64
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
FORMS_OF_THIS_MACHINE = [
    "127.0.0.1", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0177.0.0.1", "017700000001",
    "localhost",
    "LOCALHOST", "localhost.", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "127.0.0.1.",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_that_is_not_global_is_refused(address: str) -> None:
    with pytest.raises(AddressRefusedError):
        guard_of(NetworkSettings()).choose("host", [address], encrypted=True)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_global_address_is_reached_with_encryption_only(address: str) -> None:
    guard = guard_of(NetworkSettings())

    assert guard.choose("host", [address], encrypted=True) == ip_address(address)
    with pytest.raises(AddressRefusedError, match="use https"):
        guard.choose("host", [address], encrypted=False)


def test_a_named_range_is_reached_and_its_neighbours_are_not() -> None:
    guard = guard_of(NetworkSettings(allow=["10.1.0.0/16", "fd00::/8"]))

    assert guard.choose("host", ["10.1.2.3"], encrypted=False) == ip_address("10.1.2.3")
    assert guard.may_reach(ip_address("fd12::1"))
    assert guard.may_reach(ip_address("::ffff:10.1.2.3"))
    assert not guard.may_reach(ip_address("10.2.0.1"))


def test_of_several_addresses_the_first_that_may_be_reached_is_taken() -> None:
    chosen = guard_of(NetworkSettings()).choose("host", ["10.0.0.1", "8.8.8.8"], encrypted=True)

    assert chosen == ip_address("8.8.8.8")


def test_this_machine_is_reached_in_dev_mode_alone() -> None:
    assert guard_of(NetworkSettings(), dev=True).may_reach(ip_address("127.0.0.1"))
    assert not guard_of(NetworkSettings(), dev=True).may_reach(ip_address("10.0.0.1"))


@pytest.mark.parametrize("text", ["10.0.0.1/8", "everything", "10.0.0.0/40", ""])
def test_a_range_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match=r"network\.allow"):
        guard_of(NetworkSettings(allow=[text]))


@pytest.mark.parametrize("host", FORMS_OF_THIS_MACHINE)
def test_no_way_to_write_this_machines_address_gets_a_delivery_to_it(
    sqlite_url: str, receiver, host: str
) -> None:
    port = receiver.url.split(":")[2].split("/")[0]
    target = webhook_target(f"http://{host}:{port}/hook")
    with opened(settings_of(sqlite_url, {"crm": target}, network={"allow": []})) as hub:
        change_golden(hub, "C1", name="Acme")
        try:
            result = publish(hub, "crm")
        except (AddressRefusedError, SettingsError):
            result = None
        rows, runs = all_rows(hub, OutboxRow), all_rows(hub, PublicationRun)

    assert receiver.requests == []
    assert [row.state for row in rows] == ["waiting"]
    # The form is no address at all, or the system does not know it, or the guard has refused where it leads.
    assert [run.state for run in runs] in ([], ["failed"]) if result is None else result.failed == 1


def test_a_redirect_to_the_inside_is_not_followed(sqlite_url: str, receiver) -> None:
    receiver.answer = lambda _number: (302, {"location": receiver.url + "/inside"}, b"")
    with opened(settings_of(sqlite_url, {"crm": webhook_target(receiver.url)})) as hub:
        change_golden(hub, "C1", name="Acme")
        result = publish(hub, "crm")

    assert (result.failed, len(receiver.requests)) == (1, 1)


def test_a_refused_address_costs_no_attempt_and_loses_nothing(sqlite_url: str, receiver) -> None:
    targets = {"crm": webhook_target(receiver.url)}
    with opened(settings_of(sqlite_url, targets, network={"allow": []})) as hub:
        change_golden(hub, "C1", name="Acme")
        with pytest.raises(AddressRefusedError):
            publish(hub, "crm")
        attempts = [row.attempts for row in all_rows(hub, OutboxRow)]
        result = publish(hub, "crm", dev=True)

    assert attempts == [0]
    assert result.delivered == 1
