"""Trust fades at a known pace, and the day at which another claim is trusted more is known beforehand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mdm.survivorship import Circumstances, Claim, Decay, Trust, exponential, linear, rank, trust

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def claim(value: str, source: str, day: float | None = 0, flagged: str = "") -> Claim:
    at = None if day is None else START + day * DAY
    return Claim("phone", value, source, value, changed_at=at, flagged=flagged)


def on(day: float) -> Circumstances:
    return Circumstances(moment=START + day * DAY)


SCORES: dict[str, tuple[Decay | None, float | None, float]] = {
    "new": (linear(400), 0, 0.9),
    "a quarter of the way": (linear(400), 100, 0.7),
    "at the end": (linear(400), 400, 0.1),
    "long after": (linear(400), 4000, 0.1),
    "half of what is above the floor": (exponential(400), 400, 0.5),
    "half of the half": (exponential(400), 800, 0.3),
    "for ever": (None, 4000, 0.9),
}


@pytest.mark.parametrize("case", SCORES)
def test_trust_fades_as_the_docstring_says(case: str) -> None:
    decay, age, expected = SCORES[case]
    rule = trust(erp=0.9, crm=0.5, decay=decay, floor=0.1)

    assert rule.score(claim("A", "erp"), on(age or 0)) == pytest.approx(expected)


def test_a_claim_without_a_clock_is_as_old_as_can_be() -> None:
    assert trust(erp=0.9, decay=linear(400), floor=0.1).score(claim("A", "erp", None), on(0)) == 0.1


def test_an_old_trusted_value_gives_way_to_a_newer_weak_one_at_the_day_known_beforehand() -> None:
    # 0.9 (1 - t/400) = 0.6 (1 - (t - 100.3)/400) after 199.4 days.
    rule = trust(erp=0.9, crm=0.6, decay=linear(400))
    claims = [claim("old", "erp", 0), claim("new", "crm", 100.3)]

    before, after = rank(rule, claims, on(199.9))[0], rank(rule, claims, on(200))[0]

    assert (before.value, after.value) == ("old", "new")
    assert rule.due(claims, on(150)) == START + 200 * DAY
    assert rule.crossing(claims[0], claims[1], on(150)) == START + 200 * DAY


RULES = st.builds(
    lambda erp, crm, days, floor, downgrade, shape: Trust(
        (("erp", erp), ("crm", crm)), 0.3, Decay(shape, days), floor, downgrade
    ),
    *[st.sampled_from([0.2, 0.5, 0.7, 0.9])] * 2,
    st.sampled_from([3.0, 7.0, 10.5]),
    st.sampled_from([0.0, 0.1, 0.5]),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from(["linear", "exponential"]),
)
CLAIMS = st.lists(
    st.builds(
        claim,
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(["erp", "crm", "paper"]),
        st.one_of(st.none(), st.floats(-12, 3)),
        st.sampled_from(["", "", "doubtful"]),
    ),
    min_size=2,
    max_size=4,
    unique_by=lambda c: (c.source, c.value),
)


@example(  # 0.5 - 0.1, halved, and 0.3 - 0.1 are equal but for their last bit
    Trust((("crm", 0.5),), 0.3, Decay("linear", 3.0), 0.1, 0.5),
    [claim("A", "crm", 0.0, "doubtful"), claim("A", "paper", 0.0, "")],
    0.0,
)
@given(RULES, CLAIMS, st.floats(0, 5))
def test_until_the_moment_that_is_due_nothing_changes(rule: Trust, claims: list[Claim], day: float) -> None:
    now = START + day * DAY
    due = rule.due(claims, Circumstances(moment=now))
    order = rank(rule, claims, Circumstances(moment=now))
    until = due or now + 30 * DAY

    assert until > now
    for hours in range(1, 24 * 30, 7):
        moment = now + timedelta(hours=hours)
        if moment < until:
            assert rank(rule, claims, Circumstances(moment=moment))[0] == order[0]
