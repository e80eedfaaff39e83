"""The program: its commands, and the one place where errors become a sentence and an exit code.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some rows quarantined, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from mdm.cli.checkpoint import checkpoint_command
from mdm.cli.demo import demo_command
from mdm.cli.erase import erase_command
from mdm.cli.exporting import crosswalk_command, export_command
from mdm.cli.identity import detach_command, merge_command, undo_command, unmerge_command
from mdm.cli.keys import key_app
from mdm.cli.lineage import explain_command, lineage_command
from mdm.cli.links import links_command
from mdm.cli.load import load_command
from mdm.cli.match import match_command
from mdm.cli.output import note, say
from mdm.cli.override import ban_command, override_command
from mdm.cli.planning import apply_command, plan_command, train_command
from mdm.cli.publish import publish_command
from mdm.cli.quarantine import quarantine_app
from mdm.cli.reads import reads_command
from mdm.cli.rollup import rollup_command
from mdm.cli.serve import serve_command
from mdm.cli.steward import steward_app
from mdm.cli.steward_notes import add_note_commands
from mdm.cli.upkeep import replay_command, resolve_command, verify_command
from mdm.cli.whereabouts import ids_command, where_command
from mdm.errors import MdmError, UsageError

STOPPED = 130

app = typer.Typer(
    name="mdm",
    help="One golden record for every client, worker, project and cost center of a firm.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

COMMANDS = (
    ("load", load_command, "mdm load --source crm --entity client clients.csv"),
    ("match", match_command, "mdm match crm.csv erp.csv --out clusters.csv"),
    ("crosswalk", crosswalk_command, "mdm crosswalk --entity client --format csv > crosswalk.csv"),
    ("export", export_command, "mdm export --entity client --format parquet --out clients.parquet"),
    ("links", links_command, "mdm links --golden client-4q7x2mzkbd3r --json"),
    ("reads", reads_command, "mdm reads --golden worker-4q7x2mzkbd3r --since 2026-03-01"),
    ("lineage", lineage_command, "mdm lineage client-4q7x2mzkbd3r --out lineage.svg"),
    ("explain", explain_command, "mdm explain crm:17 erp:C-10021"),
    (
        "override",
        override_command,
        'mdm override client-4q7x2mzkbd3r.phone "+44 20 7946 0958" --until 2031-12-31 --reason "new office"',
    ),
    ("ban", ban_command, "mdm ban client-4q7x2mzkbd3r.email info@wrong.example --reason 'their agency'"),
    (
        "merge",
        merge_command,
        "mdm merge client-4q7x2mzkbd3r client-m2c5ofmgchqp --preview",
    ),
    ("unmerge", unmerge_command, "mdm unmerge client-4q7x2mzkbd3r --tree --preview"),
    ("detach", detach_command, 'mdm detach erp:C-10021 --reason "another branch"'),
    ("undo", undo_command, "mdm undo verdict-0f3c9a2b7d41 --preview"),
    ("where", where_command, "mdm where client-4q7x2mzkbd3r --at 2026-03-01"),
    ("ids", ids_command, "mdm ids --entity client --since 2026-03-01"),
    ("rollup", rollup_command, "mdm rollup client-4q7x2mzkbd3r --of projects --as-of 2025-12-31"),
    ("resolve", resolve_command, "mdm resolve --entity client"),
    ("train", train_command, "mdm train --entity client --out client-model.json"),
    ("plan", plan_command, "mdm plan --model client-model.json --entity client"),
    ("apply", apply_command, "mdm apply plan-3f9a12.json"),
    ("replay", replay_command, "mdm replay"),
    ("verify", verify_command, "mdm verify"),
    ("checkpoint", checkpoint_command, "mdm checkpoint --export events.jsonl"),
    ("erase", erase_command, 'mdm erase worker-4q7x2mzkbd3r --reason "request 2026-114"'),
    ("publish", publish_command, "mdm publish warehouse --dry-run"),
    ("serve", serve_command, "mdm serve --dev"),
    ("demo", demo_command, "mdm demo --port 8080"),
)

for _name, _command, _example in COMMANDS:
    app.command(_name, epilog=f"Example: {_example}")(_command)
add_note_commands(steward_app)
app.add_typer(key_app, name="key")
app.add_typer(steward_app, name="steward")
app.add_typer(quarantine_app, name="quarantine")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"mdm-hub {version('mdm-hub')}")
        raise typer.Exit


@app.callback()
def _deployment(
    config: Annotated[
        Path | None,
        typer.Option("--config", help="The deployment's mdm.toml; else MDM_CONFIG, else ./mdm.toml."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    if config is not None:
        os.environ["MDM_CONFIG"] = str(config)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code, with any error as one sentence on standard error."""
    command = typer.main.get_command(app)
    try:
        code = command.main(args=list(arguments), prog_name="mdm", standalone_mode=False)
    except UsageError as exc:
        return _fail(str(exc), 2)
    except MdmError as exc:
        return _fail(str(exc), 1)
    except TyperException as exc:
        return _misuse(exc)
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    if code == STOPPED:
        return _fail(
            "Stopped: finished steps are kept; run the same command again to complete the work.", STOPPED
        )
    return code if isinstance(code, int) else 0


def _misuse(exc: TyperException) -> int:
    message = exc.format_message()
    if "\n" in message:
        # A group without a command: the message is the whole help page.
        note(message)
        return exc.exit_code
    context = getattr(exc, "ctx", None)
    where = context.command_path if context else "mdm"
    return _fail(f"{message.rstrip('.')}; see {where} --help.", exc.exit_code)


def _fail(sentence: str, code: int) -> int:
    note(f"mdm: {' '.join(sentence.split())}")
    return code
