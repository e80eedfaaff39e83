from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from publishing_hub import NOON, StoppedClock, all_rows, file_target, opened, settings_of

from mdm.errors import SettingsError
from mdm.settings import ScheduleSettings
from mdm.store.publishing import PublicationRun, ScheduleState
from mdm_sync import Scheduler
from mdm_sync.schedule.clock import ScheduleClock, enqueue_due, timetables_of
from mdm_sync.schedule.timetable import timetable_of

HOURLY = ScheduleSettings(target="lake", cron="0 * * * *")


def look(hub, schedule: ScheduleSettings = HOURLY) -> int:
    return enqueue_due(hub, "hourly", schedule, timetable_of("hourly", schedule))


def test_a_due_time_is_queued_once_however_many_look(database_url: str, tmp_path: Path) -> None:
    settings, clock = settings_of(database_url, {"lake": file_target(tmp_path)}), StoppedClock()
    with opened(settings, clock) as one, opened(settings, clock) as other:
        look(one), look(other)
        clock.forward(hours=1, seconds=0.4)
        queued = [look(one), look(other), look(one)]

        assert queued == [1, 0, 0]
        assert [run.due_at for run in all_rows(one, PublicationRun)] == [NOON + timedelta(hours=1)]


def test_many_threads_that_look_at_once_queue_each_due_time_once(database_url: str, tmp_path: Path) -> None:
    settings, clock = settings_of(database_url, {"lake": file_target(tmp_path)}), StoppedClock()
    schedule = ScheduleSettings(target="lake", every_seconds=1, misfire="run_all")
    with opened(settings, clock) as hub:
        look(hub, schedule)
        clock.forward(seconds=20)
        threads = [threading.Thread(target=look, args=(hub, schedule)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [run.due_at for run in all_rows(hub, PublicationRun)] == [
            NOON + timedelta(seconds=n) for n in range(1, 21)
        ]


@pytest.mark.parametrize(
    ("misfire", "expected"), [("run_once", [24]), ("run_all", [*range(1, 25)]), ("skip", [])]
)
def test_a_day_of_downtime_is_made_up_for_as_the_schedule_says(
    sqlite_url: str, tmp_path: Path, misfire: str, expected: list[int]
) -> None:
    clock = StoppedClock()
    schedule = HOURLY.model_copy(update={"misfire": misfire})
    with opened(settings_of(sqlite_url, {"lake": file_target(tmp_path)}), clock) as hub:
        look(hub, schedule)
        clock.forward(hours=24, minutes=10)
        look(hub, schedule)

        assert [run.due_at for run in all_rows(hub, PublicationRun)] == [
            NOON + timedelta(hours=n) for n in expected
        ]


def test_a_changed_schedule_makes_up_for_nothing_older_than_the_change(
    sqlite_url: str, tmp_path: Path
) -> None:
    clock = StoppedClock()
    changed = ScheduleSettings(target="lake", every_seconds=60, misfire="run_all")
    with opened(settings_of(sqlite_url, {"lake": file_target(tmp_path)}), clock) as hub:
        look(hub)
        clock.forward(hours=5)
        look(hub, changed)
        clock.forward(seconds=60)
        look(hub, changed)

        assert [run.due_at for run in all_rows(hub, PublicationRun)] == [clock.now]
        assert all_rows(hub, ScheduleState)[0].timetable == "every 60 s"


@pytest.mark.parametrize(
    ("night", "expected"),
    [
        ("2026-03-28T23:00+00:00", "2026-03-29 01:30"),  # the hour from 02:00 is left out
        ("2026-10-24T23:00+00:00", "2026-10-25 00:30"),  # the hour from 02:00 comes twice
    ],
)
def test_a_nightly_run_comes_once_in_the_nights_in_which_clocks_change(
    sqlite_url: str, tmp_path: Path, night: str, expected: str
) -> None:
    nightly = ScheduleSettings(target="lake", cron="30 2 * * *", timezone="Europe/Berlin", misfire="run_all")
    with opened(settings_of(sqlite_url, {"lake": file_target(tmp_path)})) as hub:
        with time_machine.travel(night, tick=False) as traveller:
            for _ in range(20):
                look(hub, nightly)
                traveller.shift(timedelta(minutes=15))

        assert [f"{run.due_at:%Y-%m-%d %H:%M}" for run in all_rows(hub, PublicationRun)] == [expected]


def test_the_running_clock_ticks_and_follows_a_changed_settings_file(sqlite_url: str, tmp_path: Path) -> None:
    woken = threading.Event()
    schedules = {"tick": ScheduleSettings(target="lake", every_seconds=1)}
    with opened(settings_of(sqlite_url, {"lake": file_target(tmp_path)})) as hub:
        clock = ScheduleClock(hub, lambda: schedules, woken.set)
        clock.start()
        try:
            ticked = woken.wait(20)
            schedules = {"other": ScheduleSettings(target="lake", every_seconds=1)}
            clock.reconcile()
            seen = len([run for run in all_rows(hub, PublicationRun) if run.schedule == "tick"])
            for _ in range(2):
                woken.clear()
                ticked = ticked and woken.wait(20)
        finally:
            clock.stop()
        runs = all_rows(hub, PublicationRun)

    assert ticked
    assert len([run for run in runs if run.schedule == "tick"]) == seen
    assert {run.schedule for run in runs} == {"tick", "other"}
    assert all(run.due_at.microsecond == 0 for run in runs)


@pytest.mark.parametrize(
    ("schedules", "words"),
    [
        ({"nightly": {"target": "lake", "cron": "x"}}, "no cron line"),
        ({"nightly": {"target": "lak", "every_seconds": 5}}, "no target 'lak'"),
        ({"a:b": {"target": "lake", "every_seconds": 5}}, "must not hold a colon"),
    ],
)
def test_a_scheduler_does_not_start_on_a_schedule_that_makes_no_sense(
    sqlite_url: str, tmp_path: Path, schedules: dict, words: str
) -> None:
    settings = settings_of(sqlite_url, {"lake": file_target(tmp_path)}, schedules=schedules)
    with opened(settings) as hub, pytest.raises(SettingsError, match=words):
        Scheduler(hub).start()


def test_a_schedule_that_is_switched_off_has_no_timetable() -> None:
    schedules = {"nightly": HOURLY.model_copy(update={"enabled": False})}

    assert timetables_of(schedules, {"lake": None}) == {}
