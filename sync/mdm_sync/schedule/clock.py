"""The clock: wakes at each due time and queues the run. It does no work itself, and remembers nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlmodel import Session

from mdm.errors import MdmError, SettingsError, StoreError
from mdm.hub import Hub
from mdm.jobs import perform_waiting
from mdm.refresh import renew
from mdm.settings import ScheduleSettings
from mdm.store.publishing import ScheduleState
from mdm_sync.runs.queue import enqueue, enqueue_retries, insert_missing
from mdm_sync.schedule.timetable import Timetable, due_times, timetable_of

RECONCILE = 10  # seconds
RECONCILE_JOB = "reconcile:"
RETRY_JOB = "retries:"
RETRY_EVERY = 1  # seconds
JOBS_JOB = "jobs:"
JOBS_EVERY = 5  # seconds
RENEW_JOB = "values:"
RENEW_EVERY = 60  # seconds

log = logging.getLogger(__name__)
Schedules = Mapping[str, ScheduleSettings]


def timetables_of(schedules: Schedules, targets: Mapping[str, object]) -> dict[str, Timetable]:
    """The timetables of the enabled schedules by name.

    Raises:
        SettingsError: a schedule names no known target, or its cron line cannot be read.
    """
    for name, schedule in schedules.items():
        if schedule.target not in targets:
            known = ", ".join(targets) or "none is declared"
            raise SettingsError(
                f"schedules.{name}.target: there is no target {schedule.target!r} in mdm.toml ({known})."
            )
        if ":" in name:
            raise SettingsError(f"schedules.{name}: a schedule's name must not hold a colon; rename it.")
    return {name: timetable_of(name, schedule) for name, schedule in schedules.items() if schedule.enabled}


def enqueue_due(hub: Hub, name: str, schedule: ScheduleSettings, timetable: Timetable) -> int:
    """Queue the runs of a schedule that have become due since the last look; how many this process queued.

    A schedule that is new or has changed is due from now on: nothing older is made up for.
    """
    with hub.database.write(alone=False) as session:
        now = hub.clock()
        state = _state(session, name)
        if state is None or state.timetable != timetable.text:
            if state is None:
                insert_missing(
                    session, ScheduleState, name=name, timetable=timetable.text, enqueued_until=now
                )
            else:
                state.timetable, state.enqueued_until = timetable.text, now
            return 0
        due = due_times(timetable, schedule.misfire, state.enqueued_until, now)
        if due:
            state.enqueued_until = due[-1]
        return sum(enqueue(session, schedule.target, name, slot) for slot in due)


def _state(session: Session, name: str) -> ScheduleState | None:
    return session.get(ScheduleState, name, with_for_update=True)


class ScheduleClock:
    """APScheduler with one job per schedule, rebuilt from the settings; nothing of it is stored.

    Args:
        schedules: gives the schedules as they are now; asked every 10 seconds.
        wake: called after a run was queued.
    """

    def __init__(self, hub: Hub, schedules: Callable[[], Schedules], wake: Callable[[], None]) -> None:
        self._hub = hub
        self._schedules = schedules
        self._wake = wake
        self._jobs: dict[str, Timetable] = {}
        self._jobs_done = 0
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(2)},
            # Without these, APScheduler drops a run that starts a second late, and says nothing.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_listener(
            self._complain, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
        )

    def start(self) -> None:
        """Make up for what was missed, then tick.

        Raises:
            SettingsError: a schedule cannot be used.
        """
        self.reconcile()
        every = IntervalTrigger(seconds=RECONCILE, timezone=UTC)
        self._scheduler.add_job(self.reconcile, every, id=RECONCILE_JOB)
        again = IntervalTrigger(seconds=RETRY_EVERY, timezone=UTC)
        self._scheduler.add_job(self._retry, again, id=RETRY_JOB)
        soon = IntervalTrigger(seconds=JOBS_EVERY, timezone=UTC)
        self._scheduler.add_job(self._perform, soon, id=JOBS_JOB)
        often = IntervalTrigger(seconds=RENEW_EVERY, timezone=UTC)
        self._scheduler.add_job(self._renew, often, id=RENEW_JOB)
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking; a tick under way ends first."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def reconcile(self) -> None:
        """Bring the jobs in line with the schedules, and queue what has become due unseen."""
        wanted = timetables_of(self._schedules(), self._hub.settings.targets)
        for name in [name for name, timetable in self._jobs.items() if _differs(wanted.get(name), timetable)]:
            self._scheduler.remove_job(name)
            del self._jobs[name]
        for name, timetable in wanted.items():
            self._look(name, timetable)
            if name not in self._jobs:
                self._scheduler.add_job(self._tick, timetable.trigger, args=(name, timetable), id=name)
                self._jobs[name] = timetable

    def _tick(self, name: str, timetable: Timetable) -> None:
        schedule = self._schedules().get(name)
        if schedule and enqueue_due(self._hub, name, schedule, timetable):
            self._wake()

    def _look(self, name: str, timetable: Timetable) -> None:
        """Tick as far as the database lets us; the next look makes up for it."""
        try:
            self._tick(name, timetable)
        except StoreError as exc:
            log.warning("schedule %s could not be looked at: %s", name, exc)

    def _retry(self) -> None:
        if enqueue_retries(self._hub):
            self._wake()

    def _renew(self) -> None:
        """What changes as time passes: an override or a verdict ends, trust has faded, a day has come."""
        try:
            renew(self._hub)
        except StoreError as exc:
            log.warning("golden values could not be looked at again: %s", exc)

    def _perform(self) -> None:
        """Resolutions that somebody asked for."""
        try:
            self._jobs_done = perform_waiting(self._hub, self._jobs_done)
        except MdmError as exc:
            log.warning("a resolution that was asked for was not done: %s", exc)

    def _complain(self, event: JobExecutionEvent) -> None:
        reason = getattr(event, "exception", None) or "it was late or still at work"
        log.warning("schedule job %s did not run: %s", event.job_id, reason)


def _differs(wanted: Timetable | None, running: Timetable) -> bool:
    return wanted is None or wanted.text != running.text
