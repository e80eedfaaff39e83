"""A sample of the kill campaigns; `make chaos` runs the whole ones."""

from __future__ import annotations

import pytest
from databases import Databases
from kills import MIGRATE, STEWARD, kill_everywhere, kill_ingest, kill_steward, points_of

pytestmark = pytest.mark.timeout(300)


def sound(figures: dict[str, object]) -> bool:
    """Whether nothing was lost, torn or done twice, and every check was green."""
    return (figures["failures"], figures["lost"], figures["phantoms"]) == ([], 0, 0)


@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 50), ("postgresql", 22)])
def test_killed_while_it_takes_records_in_the_hub_loses_nothing_it_acknowledged(
    made: Databases, kills: int
) -> None:
    figures = kill_ingest(made, 4711, kills=kills)

    assert sound(figures), figures
    assert figures["kills"] == kills


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_at_any_fail_point_the_hub_shows_no_half_of_a_change(made: Databases, kind: str) -> None:
    points = points_of(STEWARD)[kind == "sqlite" :: 2]  # the campaign takes each of them on both

    figures = kill_everywhere(made, points)

    assert sound(figures), figures
    assert figures["kills"] == len(points)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("point", points_of(MIGRATE))
def test_killed_while_it_makes_its_schema_the_hub_makes_it_the_next_time(made: Databases, point: str) -> None:
    figures = kill_steward(made, point, 1, kills=1)

    assert sound(figures), figures
    assert figures["kills"] == 1
