"""Floors of quality on the bench sets, under what zero configuration reaches; they need MDM_BENCH_DATA."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

# Set: pairwise F1, B-cubed F1.
FLOORS = {
    "febrl3": (0.999, 0.999),
    "febrl4": (0.9995, 0.9995),
    "rldata10000": (0.96, 0.996),
    "fake_1000": (0.96, 0.97),
    "historical_50k": (0.925, 0.935),
    "chicago_childcare": (0.94, 0.96),
    "dblp_acm": (0.985, 0.992),
    "abt_buy": (0.87, 0.935),
    "synth_people_10k": (0.99, 0.998),
    "synth_orgs_10k": (0.98, 0.996),
    "synth_projects_10k": (0.998, 0.999),
    "synth_costcenters_10k": (0.978, 0.995),
    "listed_companies": (0.91, 0.992),
    "leipzig_affiliations": (0.8, 0.83),
}
SCRIPT = Path(__file__).parents[3] / "matching" / "benchmarks" / "figures.py"


def script():
    spec = importlib.util.spec_from_file_location("bench_figures", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", FLOORS)
def test_zero_configuration_stays_above_its_floor(name):
    named = os.environ.get("MDM_BENCH_DATA")
    if not named:
        pytest.skip(f"{name}: MDM_BENCH_DATA names no folder of bench sets")
    folder = Path(named) / name
    if not folder.is_dir():
        pytest.skip(f"{name}: not in the folder that MDM_BENCH_DATA names")
    reached = script().figures(folder).evaluation

    assert reached.f1 >= FLOORS[name][0]
    assert reached.bcubed_f1 >= FLOORS[name][1]
