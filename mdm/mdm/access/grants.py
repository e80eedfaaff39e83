"""What somebody is granted: roles, domains, further classes and rows, as keys and token mappings write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from mdm.access.principal import SEES, SEES_IN_DOMAIN, Principal, Role
from mdm.entities import Sensitivity

if TYPE_CHECKING:
    from mdm.settings import AuthSettings


class Grant(BaseModel):
    """Rights in the form they are written down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: list[Role] = Field(min_length=1)
    domains: list[str] = Field(
        default_factory=list, description="entity types a steward decides about; * all"
    )
    sees: list[Sensitivity] = Field(default_factory=list, description="classes beyond those of the roles")
    rows: dict[str, list[str]] = Field(default_factory=dict, description="dimension to its values")
    persisted_only: bool = Field(False, description="only registered GraphQL operations")


def principal_of(
    name: str, grants: list[Grant], auth: AuthSettings, *, key_id: str = "", audited: bool = True
) -> Principal:
    """The principal with these grants together.

    Rows of several grants add up, but a grant without row filter opens all rows.
    """
    roles = frozenset(role for grant in grants for role in grant.roles)
    further = frozenset(c for grant in grants for c in grant.sees)
    return Principal(
        name=name,
        roles=roles,
        domains=frozenset(domain for grant in grants for domain in grant.domains),
        sees=further.union(*(_classes(role, auth) for role in roles)),
        sees_in_domain=frozenset[Sensitivity]().union(*(_domain_classes(role, auth) for role in roles)),
        rows=_rows(grants),
        persisted_only=any(grant.persisted_only for grant in grants),
        key_id=key_id,
        audited=audited,
    )


def _classes(role: Role, auth: AuthSettings) -> frozenset[Sensitivity]:
    named = auth.roles.get(role)
    return SEES[role] if named is None or named.sees is None else frozenset(named.sees)


def _domain_classes(role: Role, auth: AuthSettings) -> frozenset[Sensitivity]:
    named = auth.roles.get(role)
    if named is None or named.sees_in_domain is None:
        return SEES_IN_DOMAIN.get(role, frozenset())
    return frozenset(named.sees_in_domain)


def _rows(grants: list[Grant]) -> tuple[tuple[str, frozenset[str]], ...]:
    if any(not grant.rows for grant in grants) or not grants:
        return ()
    dimensions = {name for grant in grants for name in grant.rows}
    # A dimension that one of the grants leaves open is open.
    closed = [name for name in sorted(dimensions) if all(name in grant.rows for grant in grants)]
    return tuple((name, frozenset(v for grant in grants for v in grant.rows[name])) for name in closed)
