"""A merge that is taken back leaves no trace; `make chaos` makes 10,000 such trips."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from round_trips import round_trip

from mdm.testing import hub_at


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing in it, made once."""
    made = tmp_path_factory.mktemp("empty") / "hub.db"
    hub_at(f"sqlite:///{made.as_posix()}").close()
    return made


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck(one) for one in HealthCheck],
)
@given(st.integers(0, 2**32))
def test_a_merge_taken_back_restores_membership_values_relations_and_ids(
    empty_database: Path, seed: int
) -> None:
    with tempfile.TemporaryDirectory(prefix="mdm-trip-") as folder:
        own = Path(folder) / "hub.db"
        shutil.copy(empty_database, own)
        hub = hub_at(f"sqlite:///{own.as_posix()}")
        try:
            assert round_trip(hub, seed) == []
        finally:
            hub.close()
