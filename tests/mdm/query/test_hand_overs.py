from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mdm.access.principal import Principal, Role
from mdm.entities import Sensitivity
from mdm.hub import Hub
from mdm.query.neighbours import neighbours_of
from mdm.testing import make_golden, record


@pytest.fixture
def put(sqlite_hub: Hub) -> Callable[..., str]:
    def make(entity_type: str, key: str, **values: Any) -> str:
        return make_golden(sqlite_hub, entity_type, key, {"psa": record(key, **values)})

    return make


def told(hub: Hub, golden_id: str, principal: Principal | None = None) -> set[tuple[str, bool, str]]:
    with hub.read(principal) if principal else hub.read() as session:
        near = neighbours_of(hub, session, [golden_id])[golden_id]
    kinds = ("continues_as", "phase_of")
    return {(n.relation, n.outgoing, n.golden_id) for n in near if n.relation in kinds}


def test_each_phase_follows_the_one_before_it_but_not_one_it_overlaps(
    sqlite_hub: Hub, put: Callable[..., str]
) -> None:
    put("client", "c", name="Harbour Pine plc")
    one = put("project", "1", name="ERP, phase 1", client="c", start_date="2025-01-01", end_date="2025-03-31")
    two = put("project", "2", name="ERP, phase 2", client="c", start_date="2025-04-01", end_date="2025-06-30")
    three = put("project", "3", name="ERP, phase 3", client="c", start_date="2025-06-01")

    assert told(sqlite_hub, two) == {("phase_of", True, one)}
    assert told(sqlite_hub, one) == {("phase_of", False, two)}
    assert told(sqlite_hub, three) == set()


def test_a_contract_continues_as_the_project_that_names_it_unless_that_is_masked(
    sqlite_hub: Hub, put: Callable[..., str]
) -> None:
    put("client", "c", name="Harbour Pine plc")
    contract = put("engagement", "e", title="Frame", number="SOW-1", client="c")
    named = put("project", "p", name="Roof", engagement="e")
    numbered = put("project", "q", name="Cellar", code="sow 1", client="c")
    guest = Principal(name="guest", roles=frozenset({Role.viewer}), sees=frozenset({Sensitivity.public}))

    assert told(sqlite_hub, contract) == {("continues_as", True, named), ("continues_as", True, numbered)}
    assert told(sqlite_hub, named) == {("continues_as", False, contract)}
    assert told(sqlite_hub, contract, guest) == set()
