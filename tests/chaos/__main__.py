"""Runs the long tests, or goes on with them: `python tests/chaos --only R1 --seconds 280`."""

from __future__ import annotations

import argparse
import sys
import time

from campaign import Campaign, go_on, results_of
from campaigns import CAMPAIGNS
from databases import databases
from reporting import write_report
from zygote import zygote


def main() -> int:
    """Run what is asked for; 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="make chaos", description="The long tests; they can be stopped.")
    parser.add_argument("--only", nargs="*", default=[one.name for one in CAMPAIGNS], help="such as R1 R3")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only on this one")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after about so many seconds")
    parser.add_argument("--report", action="store_true", help="only write docs/reliability.md anew")
    parser.add_argument("--again", action="store_true", help="start again instead of going on")
    chosen = parser.parse_args()
    if chosen.report:
        sys.stdout.write(f"{write_report()}\n")
        return 0
    until = time.monotonic() + chosen.seconds
    wrong = 0
    for campaign in CAMPAIGNS:
        for kind in campaign.kinds:
            if campaign.name in chosen.only and chosen.database in (None, kind):
                wrong += _run(campaign, kind, until, again=chosen.again)
    write_report()
    return min(wrong, 1)


def _run(campaign: Campaign, kind: str, until: float, *, again: bool) -> int:
    if not again and results_of(campaign, kind)["done"] == campaign.units:
        known = results_of(campaign, kind)
    else:
        with zygote() as forking, databases(kind, forking) as made:
            known = go_on(campaign, kind, made, until=until, start_again=again)
    figures = ", ".join(f"{name} {number:,}" for name, number in known["figures"].items())
    units = f"{known['done']} of {campaign.units} units, {known['seconds']:.0f} s"
    sys.stdout.write(f"{campaign.name} on {kind}: {units}: {figures}\n")
    for failure in known["failures"]:
        sys.stdout.write(f"  {failure}\n")
    return len(known["failures"])


if __name__ == "__main__":
    sys.exit(main())
