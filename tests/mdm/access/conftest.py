"""A small firm whose classified values are words found nowhere else, and principals of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from mdm.access import Principal, Role
from mdm.access.grants import Grant, principal_of
from mdm.hub import Hub
from mdm.testing import hub_at, make_golden, record

Who = Callable[..., Principal]
NewDatabase = Callable[[str, Path], AbstractContextManager[str]]

PERSONAL = {
    "personal_email": "canary.personal@example.org",
    "phone": "+4930901820001",
    "birth_date": "1971-03-09",
    "national_id": "CANARY-NATIONAL-7719",
    "street": "Canarystrasse 77",
    "city": "Canaryburg",
    "region": "Canaryland",
    "postcode": "KZ 7719 XQ",  # five digits stand in a hash or a time by chance
}
PAY = {"amount": 77190.25}


def put(hub: Hub, entity_type: str, golden_id: str, *, source: str = "erp", **values: object) -> str:
    """A golden record of one source record, whose key is the golden id."""
    return make_golden(hub, entity_type, golden_id, {source: record(golden_id, **values)})  # type: ignore[arg-type]  # claim values


@pytest.fixture(scope="module")
def firm(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase
) -> Iterator[Hub]:
    """Two legal entities with everything below them, one in Germany and one in France; read only.

    On SQLite, unless a module parametrises it with both kinds of database.
    """
    kind: str = getattr(request, "param", "sqlite")
    with new_database(kind, tmp_path_factory.mktemp("firm")) as url:
        hub = hub_at(url)
        _fill(hub)
        yield hub
        hub.close()


def _fill(hub: Hub) -> None:
    for n, (country, other) in enumerate((("DE", "Weber"), ("FR", "Martin")), start=1):
        put(hub, "legal_entity", f"le-{n}", code=f"{country}01", name=f"Birch {country}", country=country)
        put(hub, "cost_center", f"cc-{n}", code=f"47{n}", name=f"Strategy {country}", legal_entity=f"le-{n}")
        put(
            hub, "worker", f"w-{n}", family_name=other, given_name="Anna", cost_center=f"cc-{n}",
            legal_entity=f"le-{n}", worker_number=f"W{n}", **PERSONAL,
        )  # fmt: skip
        put(hub, "client", f"c-{n}", name=f"Harbour {country}", country=country, owner=f"w-{n}")
        put(hub, "engagement", f"e-{n}", title=f"Frame {country}", client=f"c-{n}")
        put(
            hub, "project", f"p-{n}", code=f"P{n}", name=f"Roof {country}", client=f"c-{n}",
            manager=f"w-{n}", cost_center=f"cc-{n}", engagement=f"e-{n}",
        )  # fmt: skip
        put(hub, "assignment", f"a-{n}", worker=f"w-{n}", project=f"p-{n}", role="Analyst")
        put(hub, "rate", f"r-{n}", kind="bill", currency="EUR", worker=f"w-{n}", project=f"p-{n}", **PAY)
    put(hub, "client", "c-3", name="Harbour Both", country="DE", parent="c-2")


@pytest.fixture
def who(firm: Hub) -> Who:
    """Makes a principal: role, then domains, sees and rows."""

    def made(role: Role, **grant: object) -> Principal:
        given = Grant.model_validate({"roles": [role], **grant})
        return principal_of(f"a {role}", [given], firm.settings.auth)

    return made
