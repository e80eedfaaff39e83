"""A part of the demo firm in any order and cut ends in one state; `make chaos` loads all of it 200 times."""

from __future__ import annotations

from pathlib import Path

import pytest
from orders import Delivery, differences, loaded, rows_of_the_firm

TYPES = ("legal_entity", "client", "engagement")
"""Engagements refer to clients, and what they refer to is evidence."""


@pytest.fixture(scope="module")
def part() -> list[Delivery]:
    """Some hundred rows of every system that knows clients and contracts."""
    return [row for number, row in enumerate(rows_of_the_firm()) if row[1] in TYPES and number % 6 == 0]


def test_any_order_and_cut_gives_one_partition_one_set_of_values_and_one_queue(
    database_url: str, part: list[Delivery], tmp_path: Path
) -> None:
    usual, broken = loaded(f"sqlite:///{(tmp_path / 'usual.db').as_posix()}", part, 0)
    found, broken_too = loaded(database_url, part, 1)

    assert len(part) > 200
    assert differences(usual, found, 1) == broken == broken_too == []
