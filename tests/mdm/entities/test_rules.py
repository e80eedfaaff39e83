"""Rules in the settings: they take the place of declared ones, and a wrong one is told with its place."""

from __future__ import annotations

import pytest

from mdm.entities import load_registry
from mdm.errors import SettingsError
from mdm.survivorship import longest, prefer


def test_the_settings_rule_attributes_and_groups() -> None:
    registry = load_registry(rules={"client": {"name": "longest()", "address": "prefer(crm)"}})
    client = registry["client"]

    assert client.by_name["name"].rule == longest()
    assert {a.rule for a in client.groups["address"]} == {prefer("crm")}
    assert registry["worker"].by_name == load_registry()["worker"].by_name


WRONG: dict[str, tuple[dict[str, dict[str, str]], str]] = {
    "an unknown type": ({"vendor": {"name": "longest"}}, "survivorship.vendor: there is no such entity type"),
    "an unknown attribute": ({"client": {"colour": "longest"}}, "client.colour: there is no such attribute"),
    "a part of a group": ({"client": {"city": "longest"}}, "give the rule to 'address'"),
    "no rule": ({"client": {"name": "newest"}}, "client.name: 'newest' names the rule"),
    "several values": ({"client": {"name": "union"}}, "declare list"),
    "a size that is none": ({"client": {"owner": "maximum"}}, "compares sizes"),
    "an unknown condition": (
        {"client": {"name": "when(colour=red, then=longest, otherwise=oldest)"}},
        "asks for 'colour'",
    ),
    "a circle": (
        {
            "client": {
                "name": "when(kind=person, then=longest, otherwise=oldest)",
                "kind": "when(name=X, then=longest, otherwise=oldest)",
            }
        },
        "in a circle",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_rule_is_told_with_its_place(case: str) -> None:
    rules, message = WRONG[case]

    with pytest.raises(SettingsError, match=message):
        load_registry(rules=rules)
