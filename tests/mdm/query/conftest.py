from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mdm.hub import Hub
from mdm.testing import hub_at, make_golden, record


@pytest.fixture
def hub(database_url: str) -> Iterator[Hub]:
    opened = hub_at(database_url)
    yield opened
    opened.close()


@pytest.fixture
def put(hub: Hub) -> Callable[..., str]:
    """A golden record of one source record, whose key is the golden id; so are the keys it refers to."""

    def make(entity_type: str, golden_id: str, *, source: str = "erp", **values: Any) -> str:
        return make_golden(hub, entity_type, golden_id, {source: record(golden_id, **values)})

    return make


@pytest.fixture
def sqlite_hub(sqlite_url: str) -> Iterator[Hub]:
    """For what never reaches the database."""
    opened = hub_at(sqlite_url)
    yield opened
    opened.close()
