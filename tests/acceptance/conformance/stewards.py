"""What stewards do in these tests: several people, merges, the records they work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from deployment import Firm, Said

FULL: dict[str, Any] = {
    "name": "Harbour Pine plc",
    "website": "harbourpine.co.uk",
    "email": "office@harbourpine.co.uk",
    "phone": "+44 117 496 0101",
    "street": "Quay Street 1",
    "postcode": "BS1 4ND",
    "city": "Bristol",
    "country": "GB",
}
"""Evidence enough to match without a doubt."""

ONE_LEI, OTHER_LEI = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12"
"""Two records that differ in nothing but these are never joined, and the queue asks."""

UNLIKE = {
    "a": "Ashdown Legal LLP",
    "b": "Barleycorn Bakeries",
    "c": "Cobalt Mining AG",
    "d": "Dovetail Joinery",
    "e": "Elmwood Nurseries",
}
"""Clients that no evidence joins, by their key in crm."""


@contextmanager
def person(name: str) -> Iterator[None]:
    """Whoever runs the commands meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", name)
        yield


def unlike(firm: Firm, keys: str = "abcde") -> dict[str, str]:
    """Load clients that no evidence joins; key to golden id."""
    firm.load("crm", "client", *({"id": key, "name": UNLIKE[key]} for key in keys))
    found = firm.crosswalk("client")
    return {key: found[f"crm:{key}"] for key in keys}


def merge(firm: Firm, loser: str, survivor: str, *options: str) -> Said:
    """Merge two golden records as they are now."""
    return firm.mdm("merge", *seen(firm, loser, survivor), *options)


def seen(firm: Firm, loser: str, survivor: str) -> list[str]:
    """The two ids with the versions that a preview shows, as `mdm merge` takes them."""
    shown = firm.mdm("merge", loser, survivor, "--preview").out
    return shown.splitlines()[-1].removeprefix("Do it with mdm merge ").split()


def where(firm: Firm, name: str, *options: str) -> tuple[str, str]:
    """The state of an id or a source key, and the golden id to go on with."""
    found = firm.mdm("where", name, "--json", *options).json
    return found["state"], found["golden_id"]


def state(firm: Firm, entity_type: str = "client") -> tuple[dict[str, str], dict[str, Any]]:
    """Who belongs where, and every golden value."""
    return firm.crosswalk(entity_type), firm.golden(entity_type)
