"""`mdm key`: who may come in with a key, and what the key allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import Config, Json, author, opened
from mdm.cli.output import note, say, say_json, say_table

if TYPE_CHECKING:
    from mdm.access.keys import NewKey
    from mdm.store.rights import ApiKey

key_app = typer.Typer(
    help="API keys: make, list, rotate, revoke.", no_args_is_help=True, rich_markup_mode=None
)


class RoleWord(StrEnum):
    """The words of `mdm.access.Role`, which takes long to import."""

    viewer = "viewer"
    steward = "steward"
    integrator = "integrator"
    admin = "admin"
    auditor = "auditor"


class SensitivityWord(StrEnum):
    """The words of `mdm.entities.Sensitivity`, which takes long to import."""

    public = "public"
    internal = "internal"
    personal = "personal"
    pay = "pay"


KeyId = Annotated[str, typer.Argument(help="The key's id: the eight characters behind mdm_.")]


Rows = Annotated[
    list[str] | None, typer.Option("--rows", help="Only such records: country=DE,AT or legal_entity=DE01.")
]
Domains = Annotated[
    list[str] | None, typer.Option("--domain", help="Entity type that a steward decides about; * for all.")
]
Sees = Annotated[
    list[SensitivityWord] | None, typer.Option("--sees", help="A class of attributes beyond the role's.")
]


@key_app.command("create", epilog="Example: mdm key create warehouse --role viewer --rows country=DE,AT")
def create_command(  # noqa: PLR0913  # each is an option of the command
    name: Annotated[str, typer.Argument(help="Whose key it is; events and verdicts carry the name.")],
    roles: Annotated[list[RoleWord], typer.Option("--role", help="May be given several times.")],
    domain: Domains = None,
    sees: Sees = None,
    rows: Rows = None,
    persisted_only: Annotated[
        bool, typer.Option("--persisted-only", help="Only registered GraphQL operations.")
    ] = False,
    days: Annotated[int | None, typer.Option("--days", min=1, help="After which it expires.")] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Make a key. It is shown once, and kept as a hash."""
    from mdm.access.grants import Grant
    from mdm.access.keys import create_key
    from mdm.access.principal import Role
    from mdm.entities import Sensitivity

    lifetime = timedelta(days=days) if days else None
    with opened(config) as hub, hub.write(author()) as uow:
        for one in domain or ():
            _ = one == "*" or hub.registry[one]
        grant = Grant(
            roles=[Role(word) for word in roles],
            domains=domain or [],
            sees=[Sensitivity(word) for word in sees or []],
            rows=_rows(rows or []),
            persisted_only=persisted_only,
        )
        made = create_key(uow, name, grant, lifetime=lifetime)
    _tell(made, as_json=as_json)


@key_app.command("list", epilog="Example: mdm key list")
def list_command(as_json: Json = False, config: Config = None) -> None:
    """Every key there ever was, without its secret."""
    from mdm.access.keys import all_keys

    with opened(config) as hub, hub.read() as session:
        now = hub.clock()
        found = [_document(key, now) for key in all_keys(session)]
    if as_json:
        say_json(found)
    elif found:
        header = ("id", "name", "roles", "state", "expires", "limits")
        say_table(header, (tuple(str(row[name]) for name in header) for row in found))
    else:
        say("There is no key; make one with mdm key create.")


@key_app.command("rotate", epilog="Example: mdm key rotate 4q7x2mzk --grace 48")
def rotate_command(
    key_id: KeyId,
    grace: Annotated[
        int, typer.Option("--grace", min=0, help="Hours for which the old key still opens.")
    ] = 24,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Make a key with the same rights; the old one ends after the grace."""
    from mdm.access.keys import rotate_key

    with opened(config) as hub, hub.write(author()) as uow:
        made = rotate_key(uow, key_id, grace=timedelta(hours=grace))
    _tell(made, as_json=as_json)


@key_app.command("revoke", epilog="Example: mdm key revoke 4q7x2mzk")
def revoke_command(key_id: KeyId, config: Config = None) -> None:
    """End a key at once, in every process and for every session that began with it."""
    from mdm.access.keys import revoke_key

    with opened(config) as hub, hub.write(author()) as uow:
        revoke_key(uow, key_id)
    note(f"{key_id} opens nothing any more.")


def _rows(given: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in given:
        dimension, equals, values = one.partition("=")
        if not equals or not dimension.strip() or not values.strip(", "):
            raise typer.BadParameter(f"--rows {one}: write it as country=DE,AT")
        found.setdefault(dimension.strip(), []).extend(v.strip() for v in values.split(",") if v.strip())
    return found


def _tell(made: NewKey, *, as_json: bool) -> None:
    if as_json:
        say_json({"id": made.id, "key": made.secret})
        return
    say(made.secret)
    note("This is the only time it is shown; the hub keeps its hash.")


def _document(key: ApiKey, now: datetime) -> dict[str, object]:
    from mdm.access.keys import opens

    granted = key.grant
    limits = [f"{name}={','.join(values)}" for name, values in granted["rows"].items()]
    limits += [f"domain={one}" for one in granted["domains"]] + [f"sees={one}" for one in granted["sees"]]
    state = "open" if opens(key, now) else "revoked" if key.revoked_at else "expired"
    return {
        "id": key.id,
        "name": key.name,
        "roles": ", ".join(granted["roles"]),
        "state": state,
        "expires": f"{key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else "never",
        "limits": " ".join(limits) or "none",
    }
