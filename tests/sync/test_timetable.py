from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.errors import SettingsError
from mdm.settings import ScheduleSettings
from mdm_sync.schedule.timetable import Timetable, due_times, timetable_of


def table(**settings: object) -> Timetable:
    return timetable_of("nightly", ScheduleSettings(target="lake", **settings))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def next_slots(timetable: Timetable, start: str, count: int) -> list[str]:
    found, moment = [], at(start)
    for _ in range(count):
        moment = timetable.after(moment)
        found.append(f"{moment:%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("cron", "start", "expected"),
    [
        # In spring 02:30 does not exist in Berlin: the run comes when it would have, at 03:30 summer time.
        ("30 2 * * *", "2026-03-28 00:00", ["2026-03-28 01:30", "2026-03-29 01:30", "2026-03-30 00:30"]),
        # In autumn 02:30 comes twice: the run comes once, the first time.
        ("30 2 * * *", "2026-10-24 00:00", ["2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"]),
        # An hourly line keeps its rhythm through both nights.
        ("30 * * * *", "2026-10-25 00:00", ["2026-10-25 00:30", "2026-10-25 01:30", "2026-10-25 02:30"]),
        ("30 * * * *", "2026-03-29 00:00", ["2026-03-29 00:30", "2026-03-29 01:30", "2026-03-29 02:30"]),
        ("0 12 29 2 *", "2026-01-01 00:00", ["2028-02-29 11:00", "2032-02-29 11:00"]),
    ],
)
def test_cron_lines_are_read_in_their_time_zone(cron: str, start: str, expected: list[str]) -> None:
    actual = next_slots(table(cron=cron, timezone="Europe/Berlin"), start, len(expected))

    assert actual == expected


@pytest.mark.parametrize(
    ("weekday", "expected"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("sun", "Sun"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("fri-mon", "Sun Mon Fri Sat"),
        ("5-7", "Sun Fri Sat"),
        ("*/2", "Sun Tue Thu Sat"),
        ("1,3", "Mon Wed"),
    ],
)
def test_days_of_the_week_count_from_sunday_as_in_every_cron(weekday: str, expected: str) -> None:
    timetable = table(cron=f"0 0 * * {weekday}")
    week = timetable.latest(at("2026-03-07 12:00"), at("2026-03-14 12:00"), 7)

    assert " ".join(f"{slot:%a}" for slot in sorted(week, key=lambda s: int(f"{s:%w}"))) == expected


def test_a_line_with_both_days_is_due_on_either() -> None:
    # The 13th, and every Friday.
    assert next_slots(table(cron="0 0 13 * 5"), "2026-03-01 00:00", 4) == [
        "2026-03-06 00:00",
        "2026-03-13 00:00",
        "2026-03-20 00:00",
        "2026-03-27 00:00",
    ]


@pytest.mark.parametrize(
    "cron", ["", "* * * *", "61 * * * *", "0 0 * * 8", "0 0 * * xyz", "@daily", "0 0 0 0 0 0"]
)
def test_a_line_that_is_no_cron_line_is_refused_by_name(cron: str) -> None:
    schedule = ScheduleSettings.model_construct(target="lake", cron=cron, every_seconds=None, timezone="UTC")

    with pytest.raises(SettingsError, match=r"schedules\.nightly\.cron"):
        timetable_of("nightly", schedule)


@given(
    st.integers(0, 2**31).map(lambda n: at("2010-01-01") + timedelta(seconds=n / 3)),
    st.sampled_from([1, 7, 60, 86400]),
)
def test_an_interval_means_the_same_instants_whenever_one_asks(moment: datetime, every: int) -> None:
    timetable = table(every_seconds=every)
    slot = timetable.after(moment)

    assert timedelta(0) < slot - moment <= timedelta(seconds=every)
    assert timetable.after(slot - timedelta(microseconds=1)) == slot
    assert timetable.after(slot) == slot + timedelta(seconds=every)


@given(st.integers(0, 400), st.sampled_from(["run_once", "run_all", "skip"]))
def test_missed_due_times_are_made_up_for_as_the_schedule_says(hours: int, misfire: str) -> None:
    now = at("2026-03-14 12:00") + timedelta(minutes=5)
    since = now - timedelta(hours=hours)
    actual = due_times(table(cron="0 * * * *"), misfire, since, now)

    expected = {"run_once": min(hours, 1), "run_all": min(hours, 100), "skip": 0}[misfire]
    assert len(actual) == expected
    assert actual == sorted(set(actual))
    assert not actual or actual[-1] == at("2026-03-14 12:00")


def test_skip_takes_a_due_time_that_is_seen_in_time() -> None:
    now = at("2026-03-14 12:00")

    assert due_times(
        table(cron="0 * * * *"), "skip", now - timedelta(seconds=3), now + timedelta(seconds=2)
    ) == [now]


def test_a_day_of_missed_seconds_is_one_run() -> None:
    now = at("2026-03-14 12:00")

    assert due_times(table(every_seconds=1), "run_once", now - timedelta(days=1), now) == [now]


def test_a_clock_that_was_set_back_makes_nothing_due() -> None:
    now = at("2026-03-14 12:00")

    assert due_times(table(every_seconds=1), "run_all", now + timedelta(hours=1), now) == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "either cron or every_seconds"),
        ({"cron": "* * * * *", "every_seconds": 5}, "either cron or every_seconds"),
        ({"every_seconds": 0}, "greater than or equal to 1"),
        ({"cron": "* * * * *", "timezone": "Mars/Olympus"}, "no IANA time zone"),
    ],
)
def test_a_schedule_with_no_clear_rhythm_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ScheduleSettings(target="lake", **settings)
