"""Lets the tests of this folder import the harness beside them, and gives them databases to break."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from databases import Databases, databases
from zygote import Zygote, zygote


@pytest.fixture(scope="module")
def forking() -> Iterator[Zygote]:
    """A zygote for all rounds of a module."""
    with zygote() as process:
        yield process


@pytest.fixture(scope="module")
def sqlite(forking: Zygote) -> Iterator[Databases]:
    """SQLite databases for a module."""
    with databases("sqlite", forking) as found:
        yield found


@pytest.fixture(scope="module")
def postgresql(forking: Zygote, request: pytest.FixtureRequest) -> Iterator[Databases]:
    """PostgreSQL databases for a module."""
    with databases("postgresql", forking, request.getfixturevalue("postgresql_server")) as found:
        yield found


@pytest.fixture
def made(request: pytest.FixtureRequest, kind: str) -> Databases:
    """Databases of the kind that the test names."""
    found: Databases = request.getfixturevalue(kind)
    return found
