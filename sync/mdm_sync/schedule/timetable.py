"""A schedule's due times: the same for every process that reads the same line of mdm.toml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from mdm.errors import SettingsError
from mdm.settings import ScheduleSettings

# Intervals count from here, not from the start of a process, so that two processes mean the same instants.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MOST_MISSED = 100
"""Due times that `run_all` makes up for at most; the newest ones."""
SKIP_GRACE = timedelta(seconds=10)
"""How late a due time may be seen and still counts as on time under `skip`."""


@dataclass(frozen=True)
class Timetable:
    """The due times of one schedule.

    Attributes:
        text: the rhythm and its time zone; another text is another timetable.
        trigger: APScheduler's view of it.
        once_a_night: a cron line with a fixed hour is due once in the night in which an hour is repeated.
    """

    text: str
    trigger: BaseTrigger
    once_a_night: bool

    def after(self, moment: datetime) -> datetime | None:
        """The first due time later than `moment`, in UTC; None if there is none."""
        while True:
            slot: datetime | None = self.trigger.get_next_fire_time(None, moment + TICK)
            if slot is None:
                return None
            moment = slot.astimezone(UTC)
            if not (self.once_a_night and slot.fold):
                return moment

    def latest(self, after: datetime, until: datetime, most: int) -> list[datetime]:
        """The last `most` due times later than `after` and not later than `until`, oldest first."""
        window = timedelta(seconds=1)
        while True:
            # Looking back in growing steps finds the last of a million missed seconds at once.
            start = max(after, until - window)
            found = list(self._between(start, until))
            if len(found) >= most or start == after:
                return found[-most:]
            window *= 4

    def _between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        slot = self.after(after)
        while slot is not None and slot <= until:
            yield slot
            slot = self.after(slot)


def due_times(timetable: Timetable, misfire: str, since: datetime, now: datetime) -> list[datetime]:
    """What has become due in (since, now], as the schedule treats due times that were missed.

    With due times each hour and `since` three hours ago: `run_once` gives the last one, `run_all` all three
    (at most the newest 100), `skip` the last one if it is less than 10 seconds old.
    """
    if since >= now:
        return []
    if misfire == "run_all":
        return timetable.latest(since, now, MOST_MISSED)
    last = timetable.latest(since, now, 1)
    return [slot for slot in last if misfire != "skip" or now - slot <= SKIP_GRACE]


def timetable_of(name: str, schedule: ScheduleSettings) -> Timetable:
    """The timetable of a schedule.

    Raises:
        SettingsError: the cron line cannot be read.
    """
    if schedule.every_seconds is not None:
        trigger = IntervalTrigger(seconds=schedule.every_seconds, start_date=EPOCH, timezone=UTC)
        return Timetable(f"every {schedule.every_seconds} s", trigger, once_a_night=False)
    try:
        trigger, fixed_hour = _cron(schedule.cron, ZoneInfo(schedule.timezone))
    except ValueError as exc:
        raise SettingsError(
            f"schedules.{name}.cron: {schedule.cron!r} is no cron line ({exc}); write minute, hour, "
            "day of month, month and day of week, such as '30 2 * * 1-5'."
        ) from exc
    return Timetable(f"{schedule.cron} {schedule.timezone}", trigger, once_a_night=fixed_hour)


def _cron(line: str, zone: ZoneInfo) -> tuple[BaseTrigger, bool]:
    fields = line.split()
    if len(fields) not in (5, 6):
        raise ValueError(f"it has {len(fields)} fields, not 5, or 6 with seconds first")
    second, minute, hour, day, month, weekday = fields if len(fields) == 6 else ("0", *fields)
    weekdays = _weekdays(weekday)

    def trigger(day: str, weekdays: str) -> CronTrigger:
        return CronTrigger(
            second=second, minute=minute, hour=hour, day=day, month=month, day_of_week=weekdays, timezone=zone
        )

    fixed_hour = not hour.startswith("*")
    if day.startswith("*") or weekday.startswith("*"):
        return trigger(day, weekdays), fixed_hour
    # As in every cron: with both days named, either one is enough.
    return OrTrigger([trigger(day, "*"), trigger("*", weekdays)]), fixed_hour


def _weekdays(field: str) -> str:
    """The days by name: APScheduler counts from Monday, cron lines count from Sunday."""
    if field == "*":
        return field
    days: set[int] = set()
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, dash, last = ("0", "-", "6") if span == "*" else span.partition("-")
        start = _weekday(first)
        end = _weekday(last) if dash else (6 if step else start)
        if end < start:
            end += 7  # fri-mon, sat-sun
        days.update(number % 7 for number in range(start, end + 1, int(step or 1)))
    return ",".join(WEEKDAYS[number] for number in sorted(days))


def _weekday(word: str) -> int:
    if word in WEEKDAYS:
        return WEEKDAYS.index(word)
    number = int(word) if word.isdecimal() else -1
    if not 0 <= number <= 7:
        raise ValueError(f"{word!r} is no day of the week")
    return number
