"""A process that publishes on schedule, as the tests start it: publishing_process.py SETTINGS.json.

It ends when its standard input does. The variable FAIL_POINT names the place where it kills itself, as a
power cut would: `before-record` after the first delivery and before its receipt, `before-manifest` after the
first file was named, `after-claim` before anything was delivered.
"""

from __future__ import annotations

import json
import os
import signal
import sys

from mdm.hub import open_hub
from mdm.settings import Settings
from mdm_sync import Scheduler
from mdm_sync.publishing import publication
from mdm_sync.targets import file_target


def die(*_arguments: object, **_options: object) -> None:
    """End at once, with nothing tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


FAIL_POINTS = {
    "before-record": (publication, "record"),
    "before-manifest": (file_target, "write_manifest"),
    "after-claim": (publication, "begin"),
}


def main() -> None:
    """Publish until standard input ends."""
    with open(sys.argv[1], encoding="utf-8") as stream:  # noqa: PTH123 - one line, no path arithmetic
        settings = Settings(**json.load(stream))
    fail_point = os.environ.pop("FAIL_POINT", "")
    if fail_point:
        setattr(*FAIL_POINTS[fail_point], die)
    hub = open_hub(settings)
    scheduler = Scheduler(hub)
    scheduler.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    scheduler.stop()
    hub.close()


if __name__ == "__main__":
    main()
