from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm_sync.publishing.batch import Answer
from mdm_sync.publishing.health import pause_after
from mdm_sync.publishing.retry import DELAYS, answer_of, next_delay, retry_after

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def test_the_plan_is_that_of_standard_webhooks() -> None:
    plan = [next_delay(attempt) for attempt in range(1, 10)]

    assert plan[:4] == [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)]
    assert sum(plan, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert next_delay(17) == timedelta(hours=24)


@given(st.integers(1, 30), st.floats(0.9, 1.1), st.one_of(st.none(), st.floats(0, 1e7)))
def test_a_wait_is_planned_within_a_tenth_and_never_shorter_than_asked(
    attempt: int, factor: float, asked: float | None
) -> None:
    wait = next_delay(attempt, asked=asked, factor=factor).total_seconds()
    planned = DELAYS[min(attempt, 9) - 1]

    assert planned * 0.9 - 0.001 <= wait <= max(planned * 1.1, min(asked or 0, 86400)) + 0.001
    assert wait >= min(asked or 0, 86400) - 0.001


@pytest.mark.parametrize(
    ("statuses", "answer"),
    [
        ((200, 201, 202, 204, 299), Answer.delivered),
        ((400, 404, 422), Answer.dead),
        ((410,), Answer.gone),
        ((301, 302, 303, 307, 308), Answer.again),  # a redirect is never followed, and is no success
        ((408, 425, 429), Answer.again),
        ((500, 502, 503, 504, 599), Answer.again),
        ((401, 403, 405, 409, 413, 418), Answer.again),  # mostly a setting that someone will mend
    ],
)
def test_each_status_has_its_meaning(statuses: tuple[int, ...], answer: Answer) -> None:
    assert {answer_of(status) for status in statuses} == {answer}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 5 ", 5.0),
        ("9" * 400, 999999999.0),
        ("soon", None),
        ("-3", None),
        ("1.5", None),
        ("٣", None),
        ("Sat, 14 Mar 2026 12:01:00 GMT", 60.0),
        ("Sat, 14 Mar 2026 11:00:00 GMT", 0.0),
        ("Sat, 99 Mar 2026 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize(
    ("failures", "seconds"), [(4, None), (5, 30), (6, 60), (9, 480), (10, 600), (500, 600)]
)
def test_a_failing_target_is_left_alone_longer_and_longer(failures: int, seconds: int | None) -> None:
    assert pause_after(failures) == (timedelta(seconds=seconds) if seconds else None)
