"""In and out: connectors that read and write other systems, schedules and deliveries."""

from mdm_sync.publishing.dead_letters import DeadLetter, dead_letters, replay_dead
from mdm_sync.publishing.publication import StoppedError, publish
from mdm_sync.publishing.result import PublicationResult
from mdm_sync.scheduler import Scheduler, run_scheduler
from mdm_sync.targets.opening import check_targets

__all__ = [
    "DeadLetter",
    "PublicationResult",
    "Scheduler",
    "StoppedError",
    "check_targets",
    "dead_letters",
    "publish",
    "replay_dead",
    "run_scheduler",
]
