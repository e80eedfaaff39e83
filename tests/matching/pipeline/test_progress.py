"""Progress: who follows the work is told how far it is and how long the rest will take."""

from __future__ import annotations

import pytest

from mdm_matching import Advance, match
from mdm_matching.matching.progress import Clock, expected_seconds
from mdm_matching.semantics import FamilyName, GivenName


class Following:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.seen: list[Advance] = []

    def __call__(self, text: str) -> None:
        self.said.append(text)

    def advance(self, now: Advance) -> None:
        self.seen.append(now)


def test_the_steps_come_in_order_and_the_long_ones_tell_their_parts() -> None:
    following = Following()
    columns = {"given": ["anna", "bert", "anna"] * 20, "family": ["smith", "jones", "smith"] * 20}

    match(columns, semantics={"given": GivenName(), "family": FamilyName()}, progress=following)

    steps = list(dict.fromkeys(now.step for now in following.seen))
    assert steps == ["infer", "standardise", "block", "compare", "train", "score", "cluster"]
    assert [now.step for now in following.seen].count("standardise") == 3
    assert all(0 <= now.done <= 1 and now.seconds_left >= 0 for now in following.seen)
    assert following.seen[0].done == 0
    assert following.seen[-1].done > 0.5


def test_a_plain_callable_is_told_the_steps_alone() -> None:
    said: list[str] = []

    match({"given": ["anna", "bert"]}, semantics={"given": GivenName()}, progress=said.append)

    assert "standardise" in said


def test_the_rest_is_judged_by_the_pace_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("mdm_matching.matching.progress.perf_counter", lambda: now[0])
    following = Following()
    clock = Clock(following, _began=0.0)
    clock.expect(1_000_000, 9, 10_000_000)
    expected = expected_seconds(1_000_000, 9, 10_000_000)
    with clock.step("infer"):
        pass
    with clock.step("standardise"):
        now[0] = 2 * (expected["infer"] + expected["standardise"])  # half as fast as expected
        clock.part(1.0)

    rest = sum(expected.values()) - expected["infer"] - expected["standardise"]
    assert following.seen[-1].seconds_left == pytest.approx(2 * rest)


def test_more_pairs_than_expected_are_more_work() -> None:
    few, many = (sum(expected_seconds(1000, 5, pairs).values()) for pairs in (1_000, 1_000_000))

    assert many > 2 * few
