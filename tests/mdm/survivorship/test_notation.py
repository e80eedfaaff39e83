"""Rules as text: what a rule says of itself can be read again, and what is wrong is told."""

from __future__ import annotations

import pytest

from mdm.survivorship import (
    NotationError,
    Rule,
    exponential,
    linear,
    longest,
    maximum,
    minimum,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    parse_rule,
    prefer,
    trust,
    union,
    when,
)

RULES: list[Rule] = [
    *(most_recent(), oldest(), most_frequent(), most_complete(), longest(), minimum(), maximum(), union()),
    prefer("erp", "crm"),
    prefer("file.x"),
    trust(erp=0.9, crm=0.6),
    trust(erp=0.9, other=0.1, decay=linear(730), floor=0.2, downgrade=0.5),
    trust(erp=0.9, decay=exponential(30.5)),
    when(country="DE", then=prefer("erp"), otherwise=most_recent()),
    when(
        country=["DE", "AT"],
        source="hcm",
        then=longest(),
        otherwise=when(status="active", then=oldest(), otherwise=union()),
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.describe())
def test_a_rule_can_be_read_as_it_describes_itself(rule: Rule) -> None:
    assert parse_rule(rule.describe()) == rule


READ = {
    "with empty brackets": ("most_recent()", most_recent()),
    "with quotes": ('prefer("netsuite:eu", erp)', prefer("netsuite:eu", "erp")),
    "scores by name": ('trust({"file-x": 0.5}, erp=1)', trust({"file-x": 0.5}, erp=1.0)),
}


@pytest.mark.parametrize(("text", "rule"), READ.values(), ids=READ.keys())
def test_other_ways_to_write_a_rule(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


WRONG = {
    "newest()": "there are most_recent, oldest",
    "prefer(": "is no rule",
    "1 + 1": "is no rule",
    "prefer()": "takes sources or roles",
    "longest(3)": "takes no arguments",
    "trust(decay=linear(3))": "trusts no source",
    "trust(erp=2)": "between 0 and 1",
    "trust(erp=high)": "is no number",
    "trust(erp=1, decay=slow(3))": "neither linear",
    "trust(erp=1, decay=linear(0))": "no days",
    "trust(3)": "no scores",
    "when(then=longest, otherwise=longest)": "without condition",
    "when(country=DE, then=longest)": "without condition",
    "when(country=a+b, then=longest, otherwise=longest)": "put it in quotes",
    "__import__('os')": "there are most_recent",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_rule_is_told(text: str) -> None:
    with pytest.raises(NotationError, match=WRONG[text]):
        parse_rule(text)
