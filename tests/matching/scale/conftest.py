"""Engines to spread the work over: Sail and PySpark, each skipped by name where it is not installed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

MATCHING = Path(__file__).parents[3] / "matching"
sys.path.insert(0, str(MATCHING / "benchmarks"))


def _sail() -> tuple[Any, Any]:
    if not find_spec("pysail"):
        pytest.skip("Sail is not installed: pip install pysail pyspark-client 'pandas<3' pyarrow")
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer()
    server.start()
    made = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
    return made, server


def _spark() -> tuple[Any, Any]:
    if not find_spec("pyspark") or not find_spec("py4j"):
        pytest.skip("PySpark is not installed: pip install 'mdm-hub[spark]'")
    if not shutil.which("java"):
        pytest.skip("PySpark needs Java, and there is none: install a JRE of version 17 or newer")
    from pyspark.sql import SparkSession

    local = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    local = local.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    return local.config("spark.sql.shuffle.partitions", "2").getOrCreate(), None


@pytest.fixture(scope="session", params=["sail", "spark"])
def session(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A session of one engine whose workers find the engine's package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(MATCHING))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        made, server = _sail() if request.param == "sail" else _spark()
        yield made
        made.stop()
        del server
