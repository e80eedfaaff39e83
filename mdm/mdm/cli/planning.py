"""`mdm train`, `mdm plan`, `mdm apply`: propose a model, see what a change would do, make just that."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mdm.cli.options import AnyEntity, Config, Entity, Json, author, opened
from mdm.cli.output import counted, note, say, say_json, steps

if TYPE_CHECKING:
    from mdm.planning import Plan

SHOWN = 20
"""Entries of each list that people see; --json and the plan file have all."""


def train_command(
    entity: Entity,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where the model goes; else ENTITY-model.json.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Propose a model fitted to the hub's live records and verdicts; nothing comes into force."""
    from mdm.export import replacing
    from mdm.planning import train_model

    with opened(config) as hub, hub.read() as session, steps() as step:
        trained = train_model(hub, session, entity, step)
    path = out or Path(f"{entity}-model.json")
    with replacing(path) as part:
        part.write_text(trained.model.to_json(), encoding="utf-8")
    facts = {
        "file": str(path), "version": trained.model.version, "in_force": trained.in_force,
        "records": trained.records, "pairs": trained.pairs, "judged": trained.judged,
        "match_threshold": trained.model.match_threshold, "review_threshold": trained.model.review_threshold,
    }  # fmt: skip
    if as_json:
        say_json(facts)
        return
    learned = f"{counted(trained.records, 'record')}, {counted(trained.pairs, 'candidate pair')}"
    say(f"Model {trained.model.version} of {learned} and {counted(trained.judged, 'verdict')} is in {path}.")
    say(f"See what it would change: mdm plan --model {path} --entity {entity}")


def plan_command(
    model: Annotated[
        Path | None, typer.Option("--model", help="A model file; without it, what mdm.toml says now.")
    ] = None,
    entity: AnyEntity = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where the plan goes; else plan-DIGEST.json.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """See what a new model, or rules and settings changed in mdm.toml, would do; nothing is changed."""
    from mdm.export import replacing
    from mdm.planning import Change, make_plan
    from mdm.planning.model_file import read_model

    read = read_model(model) if model else None
    with opened(config) as hub:
        plan = make_plan(hub, Change(read, entity or (read.entity if read else None)), author())
    path = out or Path(f"plan-{plan.digest}.json")
    with replacing(path) as part:
        part.write_text(plan.to_json(), encoding="utf-8")
    if as_json:
        say_json(
            {
                "file": str(path),
                "digest": plan.digest,
                "counts": plan.found.counts,
                "changes": plan.found.document,
            }
        )
        return
    _tell(plan)
    note(f"Nothing was changed. To do just this: mdm apply {path}")


def apply_command(
    plan: Annotated[Path, typer.Argument(help="A plan that mdm plan has written.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Make a planned change, exactly as planned; if it would do anything else now, nothing is changed."""
    from mdm.planning import apply_plan, read_plan

    read = read_plan(plan)
    with opened(config) as hub:
        applied = apply_plan(hub, read, author())
    if as_json:
        say_json(asdict(applied))
        return
    model = f" Model {applied.version} is in force." if applied.version else ""
    say(f"Applied plan {applied.digest}: {_counted(applied.counts)}.{model}")


def _counted(counts: dict[str, int]) -> str:
    told = [f"{number:,} {name.replace('_', ' ')}" for name, number in counts.items() if number]
    return ", ".join(told) or "nothing changes"


def _tell(plan: Plan) -> None:
    found = plan.found
    say(f"{_counted(found.counts)}; queue {found.tasks['before']:,} to {found.tasks['after']:,} tasks.")
    _list("Merged", found.merged, lambda row: f"{', '.join(row['from'])} into {row['into']}")
    _list("Split", found.split, lambda row: f"{row['from']} into {', '.join(row['into'])}")
    _list("Grown", found.grown, lambda row: f"{row['golden_id']}: {row['before']} to {row['after']} records")
    _list("Values", found.values, _value)
    _list("Verdicts that the evidence speaks against (they stand)", found.verdicts, _verdict)
    _list(
        "Published", found.published, lambda r: f"{r['golden_id']} ({', '.join(r['targets'])}): {r['change']}"
    )


def _value(row: dict[str, Any]) -> str:
    return f"{row['golden_id']}.{row['attribute']}: {row['before']} to {row['after']}"


def _verdict(row: dict[str, Any]) -> str:
    before = "?" if row["before"] is None else f"{row['before']:+.1f}"
    return f"{row['verdict']}: {row['author']} said {row['answer']}; {before} to {row['after']:+.1f} bits"


def _list(title: str, rows: list[dict[str, Any]], text: Any) -> None:
    if not rows:
        return
    say(f"{title}:")
    for row in rows[:SHOWN]:
        say(f"  {text(row)}")
    if len(rows) > SHOWN:
        say(f"  ... and {len(rows) - SHOWN:,} more in the plan file")
