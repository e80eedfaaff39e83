"""Which claim wins, rule by rule, and that it never depends on the order in which claims are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.survivorship import (
    Circumstances,
    Claim,
    ClaimValue,
    Rule,
    SourceOrder,
    choose,
    choose_together,
    linear,
    longest,
    maximum,
    minimum,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    prefer,
    trust,
    union,
    when,
)

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
ORDER = Circumstances(
    SourceOrder(
        roles={"salesforce": "crm", "netsuite": "erp", "xero": "erp", "workday": "hcm"},
        ranks={"netsuite": 0, "xero": 1},
    ),
    moment=LATE,
    stated={1: 2, 2: 5},
    values={"country": "DE"},
)


def claim(
    value: ClaimValue,
    source: str = "salesforce",
    changed_at: datetime | None = EARLY,
    key: str = "1",
    flagged: str = "",
    **more: Any,
) -> Claim:
    return Claim(
        more.pop("attribute", "name"), value, source, key, changed_at=changed_at, flagged=flagged, **more
    )


CASES = {
    "prefer names a role": (prefer("erp", "crm"), [claim("A", "salesforce"), claim("B", "xero")], "B"),
    "prefer names a source": (
        prefer("salesforce"),
        [claim("A", "salesforce"), claim("B", "xero", LATE)],
        "A",
    ),
    "an earlier place wins over a later clock": (
        prefer("crm", "erp"),
        [claim("A", "salesforce", EARLY), claim("B", "xero", LATE)],
        "A",
    ),
    "a source nobody named comes last": (prefer("erp"), [claim("A", "paper", LATE), claim("B", "xero")], "B"),
    "a source nobody named is better than nothing": (prefer("erp"), [claim("A", "paper")], "A"),
    "two of the preferred role: the later one": (
        prefer("erp"),
        [claim("A", "netsuite", EARLY), claim("B", "xero", LATE)],
        "B",
    ),
    "two of the preferred role at one moment: the source named first in the settings": (
        prefer("erp"),
        [claim("A", "xero"), claim("B", "netsuite")],
        "B",
    ),
    "the most recent": (most_recent(), [claim("A", changed_at=LATE), claim("B", "xero", EARLY)], "A"),
    "no clock ranks last": (most_recent(), [claim("A", "netsuite", None), claim("B", "paper", EARLY)], "B"),
    "no clock at all: the rank of the source": (
        most_recent(),
        [claim("A", "salesforce", None), claim("B", "xero", None)],
        "B",
    ),
    "sources without a rank: by name": (most_recent(), [claim("A", "paper"), claim("B", "books")], "B"),
    "one source twice: the smaller key": (most_recent(), [claim("A", key="2"), claim("B", key="10")], "B"),
    "one record twice at one moment: the smaller value": (most_recent(), [claim("B"), claim("A")], "A"),
    "the most frequent": (
        most_frequent(),
        [claim("A", "xero", LATE), claim("B", key="1"), claim("B", key="2")],
        "B",
    ),
    "equally frequent: the most recent": (
        most_frequent(),
        [claim("A", "xero", EARLY), claim("B", "paper", LATE)],
        "B",
    ),
    "numbers are counted by their value": (
        most_frequent(),
        [claim(2.0, "xero", LATE), claim(1.5, key="1"), claim(1.5, key="2")],
        1.5,
    ),
    "the longest": (longest(), [claim("Harbour", "xero", LATE), claim("Harbour & Pine")], "Harbour & Pine"),
    "equally long: the most recent": (
        longest(),
        [claim("AB", "xero", EARLY), claim("CD", "paper", LATE)],
        "CD",
    ),
    "the oldest": (oldest(), [claim("A", "xero", LATE), claim("B", "paper", EARLY)], "B"),
    "no clock is not the oldest": (oldest(), [claim("A", "xero", None), claim("B", "paper", LATE)], "B"),
    "the smallest number": (minimum(), [claim(10.0, "xero", LATE), claim(9.5)], 9.5),
    "the earliest date": (minimum(), [claim("2026-02-01", "xero"), claim("2025-12-31")], "2025-12-31"),
    "the greatest number": (maximum(), [claim(9.5, "xero", LATE), claim(10.0)], 10.0),
    "the latest date": (maximum(), [claim("2026-02-01", "paper"), claim("2025-12-31", "xero")], "2026-02-01"),
    "the record that states most": (
        most_complete(),
        [claim("A", "xero", LATE, record_id=1), claim("B", record_id=2)],
        "B",
    ),
    "the most trusted": (trust(erp=0.9, crm=0.6), [claim("A", "salesforce", LATE), claim("B", "xero")], "B"),
    "a source that is not trusted by name": (
        trust(erp=0.2, other=0.5),
        [claim("A", "xero", LATE), claim("B", "paper", EARLY)],
        "B",
    ),
    "a source by its full name": (
        trust({"file.x": 0.8}, crm=0.1),
        [claim("A", "salesforce", LATE), claim("B", "file.x")],
        "B",
    ),
    "equally trusted: the most recent": (
        trust(erp=0.5, crm=0.5),
        [claim("A", "salesforce", LATE), claim("B", "xero")],
        "A",
    ),
    "trust that failed validation falls": (
        trust(erp=0.9, crm=0.6, downgrade=0.5),
        [claim("A", "xero", flagged="no e-mail"), claim("B", "salesforce")],
        "B",
    ),
    "but not below the floor": (
        trust(erp=0.9, crm=0.2, floor=0.3),
        [claim("A", "xero", LATE, flagged="no e-mail"), claim("B", "salesforce", EARLY)],
        "B",
    ),
    "and may still be trusted more": (
        trust(erp=0.9, crm=0.6, downgrade=0.1),
        [claim("A", "xero", flagged="no e-mail"), claim("B", "salesforce")],
        "A",
    ),
    "a condition on the golden country holds": (
        when(country="DE", then=prefer("erp"), otherwise=prefer("crm")),
        [claim("A", "xero"), claim("B", "salesforce")],
        "A",
    ),
    "a condition that does not hold": (
        when(country=["FR", "GB"], then=prefer("erp"), otherwise=prefer("crm")),
        [claim("A", "xero"), claim("B", "salesforce")],
        "B",
    ),
    "a condition on who states it": (
        when(source="hcm", then=prefer("hcm"), otherwise=longest()),
        [claim("AAA", "xero"), claim("B", "workday")],
        "B",
    ),
    "conditions within conditions": (
        when(
            source="hcm",
            then=prefer("hcm"),
            otherwise=when(country="DE", then=longest(), otherwise=prefer("crm")),
        ),
        [claim("AAA", "xero"), claim("B", "salesforce")],
        "AAA",
    ),
    "a flagged claim loses to the worst sound one": (
        prefer("erp"),
        [claim("A", "netsuite", LATE, flagged="no e-mail"), claim("B", "paper", None)],
        "B",
    ),
    "a flagged claim is better than nothing": (prefer("erp"), [claim("A", flagged="no e-mail")], "A"),
    "flagged claims among each other follow the rule": (
        prefer("erp"),
        [claim("A", flagged="x"), claim("B", "xero", flagged="x")],
        "B",
    ),
    "all distinct values, best first": (
        union(),
        [claim(["b", "a"], "xero", LATE), claim(["c", "a"], "salesforce", EARLY)],
        ["b", "a", "c"],
    ),
    "single values join a list": (union(), [claim("b", "xero", LATE), claim(["a", "b"])], ["b", "a"]),
}


@pytest.mark.parametrize(("rule", "claims", "expected"), CASES.values(), ids=CASES.keys())
def test_a_rule_chooses(rule: Rule, claims: Sequence[Claim], expected: ClaimValue) -> None:
    for order in (claims, list(reversed(claims))):
        choice = choose("name", rule, order, ORDER)

        assert choice is not None
        assert choice.value == expected
        assert len(choice.beats) == len(claims) - 1
        assert choice.rule == rule.fired(claims, ORDER).describe()


def test_nobody_claims_anything() -> None:
    assert choose("name", prefer("erp"), [], ORDER) is None
    assert choose_together(["street", "city"], prefer("erp"), {}, ORDER) == []


def test_the_beaten_claims_come_best_first() -> None:
    claims = [claim("C", "paper", EARLY), claim("A", "xero", EARLY), claim("B", "salesforce", LATE)]

    choice = choose("name", prefer("erp", "crm"), claims, ORDER)

    assert choice is not None
    assert [beaten.value for beaten in choice.beats] == ["B", "C"]


@pytest.mark.parametrize(
    ("rule", "text"),
    [(prefer("erp", "crm"), "prefer(erp, crm)"), (most_recent(), "most_recent"), (union(), "union")],
)
def test_a_rule_says_what_it_is(rule: Rule, text: str) -> None:
    assert rule.describe() == text


def address(record_id: int, source: str, changed_at: datetime | None = EARLY, **parts: str) -> list[Claim]:
    """The claims of one record about its address."""
    flagged = parts.pop("flagged", "")
    return [
        claim(value, source, changed_at, f"{record_id}", flagged, attribute=name, record_id=record_id)
        for name, value in parts.items()
    ]


def together(rule: Rule, *records: list[Claim]) -> dict[str, ClaimValue]:
    claims: dict[str, list[Claim]] = {}
    for one in (found for record in records for found in record):
        claims.setdefault(one.attribute, []).append(one)
    return {
        c.attribute: c.value for c in choose_together(["street", "city", "postcode"], rule, claims, ORDER)
    }


TOGETHER = {
    "the whole group comes from the preferred source, gaps and all": (
        [
            address(1, "salesforce", LATE, street="Quay 1", city="Bristol", postcode="BS1 4ND"),
            address(2, "xero", EARLY, street="Dock Road 9", city="Leeds"),
        ],
        {"street": "Dock Road 9", "city": "Leeds"},
    ),
    "of one source, the record that fills more": (
        [
            address(1, "xero", LATE, city="Leeds"),
            address(2, "xero", EARLY, street="Dock Road 9", city="York"),
        ],
        {"street": "Dock Road 9", "city": "York"},
    ),
    "equally filled: the more recent": (
        [address(1, "xero", EARLY, city="Leeds"), address(2, "xero", LATE, city="York")],
        {"city": "York"},
    ),
    "no clock ranks last": (
        [address(1, "xero", None, city="Leeds"), address(2, "xero", EARLY, city="York")],
        {"city": "York"},
    ),
    "a group with a flagged part loses": (
        [
            address(1, "xero", city="Leeds", postcode="?", flagged="no postcode"),
            address(2, "paper", city="York"),
        ],
        {"city": "York"},
    ),
    "equal in all: the rank of the source, then the key": (
        [
            address(3, "netsuite", city="Hull"),
            address(1, "xero", city="Leeds"),
            address(2, "xero", city="York"),
        ],
        {"city": "Hull"},
    ),
    "equal in all and of one source: the smaller key": (
        [address(2, "xero", city="York"), address(1, "xero", city="Leeds")],
        {"city": "Leeds"},
    ),
}


@pytest.mark.parametrize(("records", "expected"), TOGETHER.values(), ids=TOGETHER.keys())
def test_a_group_survives_together(records: list[list[Claim]], expected: dict[str, str]) -> None:
    assert together(prefer("erp", "crm"), *records) == expected
    assert together(prefer("erp", "crm"), *reversed(records)) == expected


def test_a_value_of_a_group_names_its_rule_and_what_it_beat() -> None:
    claims = {"city": [*address(1, "salesforce", city="Bristol"), *address(2, "xero", city="Leeds")]}

    (choice,) = choose_together(["street", "city"], prefer("erp"), claims, ORDER)

    assert choice.rule == "together by prefer(erp)"
    assert [beaten.value for beaten in choice.beats] == ["Bristol"]


RULES = st.sampled_from(
    [
        *(prefer("erp", "crm"), prefer("xero"), most_recent(), most_frequent(), longest(), union(), oldest()),
        *(minimum(), maximum(), most_complete(), trust(erp=0.9, crm=0.6, decay=linear(100), floor=0.1)),
        when(source="xero", then=prefer("xero"), otherwise=most_frequent()),
    ]
)
CLAIMS = st.builds(
    claim,
    st.one_of(
        st.sampled_from(["A", "BB", "CC"]), st.lists(st.sampled_from(["A", "BB"]), min_size=1, max_size=2)
    ),
    st.sampled_from(["salesforce", "xero", "netsuite", "paper"]),
    st.sampled_from([None, EARLY, LATE]),
    st.sampled_from(["1", "2", "10"]),
    st.sampled_from(["", "", "doubtful"]),
)


# A record states one value per attribute.
OF_MANY_RECORDS = st.lists(CLAIMS, min_size=1, max_size=8, unique_by=lambda c: (c.source, c.source_key))


@given(RULES, OF_MANY_RECORDS, st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_the_claims(
    rule: Rule, claims: list[Claim], random: Any
) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)

    one, other = choose("name", rule, claims, ORDER), choose("name", rule, shuffled, ORDER)

    assert one is not None
    assert one == other


PARTS = st.fixed_dictionaries(
    {},
    optional={name: st.sampled_from(["a", "b"]) for name in ("street", "city", "postcode")},
)


@given(
    RULES,
    st.lists(
        st.tuples(
            st.sampled_from(["salesforce", "xero", "paper"]), st.sampled_from([None, EARLY, LATE]), PARTS
        ),
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
def test_a_group_comes_from_one_record_whatever_the_order(
    rule: Rule, drawn: list[tuple[str, datetime | None, dict[str, str]]], random: Any
) -> None:
    records = [address(number, source, at, **parts) for number, (source, at, parts) in enumerate(drawn, 1)]
    shuffled = list(records)
    random.shuffle(shuffled)

    chosen = together(rule, *records)

    assert together(rule, *shuffled) == chosen
    assert not chosen or chosen in [{c.attribute: c.value for c in record} for record in records]


@given(OF_MANY_RECORDS)
def test_moving_every_clock_by_the_same_time_changes_nothing(claims: list[Claim]) -> None:
    moved = [
        claim(
            c.value,
            c.source,
            c.changed_at + timedelta(days=400) if c.changed_at else None,
            c.source_key,
            c.flagged,
        )
        for c in claims
    ]

    one, other = choose("name", most_recent(), claims, ORDER), choose("name", most_recent(), moved, ORDER)

    assert one is not None
    assert other is not None
    assert one.value == other.value
