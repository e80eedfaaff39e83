"""`mdm publish`: deliver to one target now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import Config, Json, opened
from mdm.cli.output import counted, note, progress, say, say_json

if TYPE_CHECKING:
    from mdm_sync import PublicationResult


def publish_command(
    target: Annotated[str, typer.Argument(help="A target of mdm.toml.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be delivered.")] = False,
    dev: Annotated[bool, typer.Option("--dev", help="Let webhooks reach this machine.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Deliver every golden record that has changed since its last delivery; exit code 1 if some failed."""
    from mdm_sync import publish

    with opened(config) as hub, progress("deliveries") as advance:
        result = publish(
            hub, target, dry_run=dry_run, dev=dev, progress=lambda done, total: advance(target, done, total)
        )
    say_json(asdict(result)) if as_json else _tell(result)
    if result.failed or result.dead:
        raise typer.Exit(1)


def _tell(result: PublicationResult) -> None:
    if result.dry_run:
        parts = [f"{number:,} {name}" for name, number in result.by_type.items() if number]
        say(f"Would deliver to {result.target}: {', '.join(parts) or 'nothing'}. Nothing was written.")
        return
    outcomes = ("failed", "dead", "held", "later")
    others = [f"{getattr(result, name):,} {name}" for name in outcomes if getattr(result, name)]
    delivered = counted(result.delivered, "golden record")
    say(f"{', '.join([f'{delivered} delivered to {result.target}', *others])}.")
    if result.message:
        note(result.message)
