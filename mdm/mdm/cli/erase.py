"""`mdm erase`: remove a subject from the hub for good."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import Config, Json, author, opened
from mdm.cli.output import counted, say, say_json

if TYPE_CHECKING:
    from mdm.erasure import Erased
    from mdm.hub import Hub


def erase_command(
    subjects: Annotated[
        list[str] | None, typer.Argument(help="Golden ids, or source records as source:key.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept, so name nobody in it.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Say what would go, and erase nothing.")] = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Only rewrite the database's files without old pages.")
    ] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Remove people from every record, history, queue, outbox and file page; ids then resolve to `erased`."""
    from mdm.erasure import clean as clean_files
    from mdm.errors import UsageError

    if not subjects and not clean:
        raise UsageError("Name a golden id or a source record as source:key; see mdm erase --help.")
    if subjects and not preview and not reason.strip():
        raise UsageError("Say why with --reason, such as the number of the request; it is kept for good.")
    with opened(config) as hub:
        done = [_erase(hub, one, reason, preview=preview) for one in subjects or ()]
        if not preview:
            clean_files(hub.database)
    if as_json:
        say_json([asdict(one) for one in done])
        return
    for one in done:
        say(_said(one, preview=preview))
    if not done:
        say("The database's files hold no old pages now.")


def _erase(hub: Hub, subject: str, reason: str, *, preview: bool) -> Erased:
    from mdm.erasure import erase
    from mdm.golden_ids import golden_id_of

    with hub.write(author()) as uow:
        source, colon, key = subject.partition(":")
        golden_id = golden_id_of(uow.session, None, source, key) if colon else subject
        done = erase(uow, golden_id, reason=reason)
        if preview:
            uow.session.rollback()
    return done


def _said(done: Erased, *, preview: bool) -> str:
    removed = ", ".join(f"{number:,} in {table}" for table, number in done.removed.items() if number)
    verb = "Would erase" if preview else "Erased"
    return f"{verb} {done.golden_ids[0]}: {counted(done.records, 'source record')}; {removed}."
