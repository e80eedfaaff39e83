"""How a golden record came about, as lines and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from mdm.cli.output import counted, say, say_json
from mdm.cli.reasons import reason_lines

if TYPE_CHECKING:
    from sqlmodel import Session

    from mdm.history import When
    from mdm.hub import Hub


def tell_how(hub: Hub, session: Session, golden_id: str, when: When, *, as_json: bool) -> None:
    """Write the steps that built a golden record, as of a moment.

    Raises:
        UnknownGoldenIdError: the id was never issued.
    """
    from mdm.resolve.building import building_of

    built = building_of(hub, session, golden_id, when)
    if as_json:
        steps = [asdict(step) | {"records": step.records} for step in built.steps]
        say_json(asdict(built) | {"steps": steps})
        return
    said = counted(len(built.records), "source record")
    told = f"{counted(len(built.steps), 'step')} by model {built.model}"
    say(f"{built.golden_id} ({built.entity_type}): {said}, {told}")
    for step in built.steps:
        say(f"{step.number}. {', '.join(step.one)}  +  {', '.join(step.other)}: {step.rule}")
        say(f"   {step.pair[0]} and {step.pair[1]}: {step.weight:+.1f} bits; {step.average:+.1f} on average")
        for line in reason_lines(step.reasons):
            say(f"   {line}")
    say(f"{'Now' if when.is_now else 'Then'}: {', '.join(built.records)}")
