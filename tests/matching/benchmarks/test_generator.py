from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "matching" / "benchmarks"))

from generator import KINDS, generate


@pytest.mark.parametrize("kind", KINDS)
def test_a_fifth_of_the_rows_are_duplicates_and_the_same_seed_gives_the_same_rows(kind):
    columns = generate(kind, 500, seed=3)

    assert columns == generate(kind, 500, seed=3)
    assert columns != generate(kind, 500, seed=4)
    assert {len(values) for values in columns.values()} == {500}
    assert len(set(columns["cluster_id"])) == 400


def test_households_and_generations_share_name_and_home_but_are_not_the_same():
    people = generate("people", 2000, share=0)
    homes = Counter(zip(people["last_name"], people["street"], people["city"], strict=True))
    named = Counter(zip(people["first_name"], people["last_name"], people["street"], strict=True))

    assert sum(count > 1 for count in homes.values()) > 200
    assert sum(count > 1 for count in named.values()) > 30
    assert len(set(people["cluster_id"])) == 2000


def test_corporate_families_share_a_site_and_phases_a_client():
    orgs, projects = generate("orgs", 1000, share=0), generate("projects", 1000, share=0)

    assert sum(count > 1 for count in Counter(orgs["website"]).values()) > 80
    assert sum(count > 1 for count in Counter(projects["client"]).values()) > 80


def test_duplicates_are_damaged():
    people = generate("people", 2000)
    rows = list(zip(people["first_name"], people["birth_date"], people["email"], strict=True))
    seen: dict[object, set[object]] = {}
    for cluster, row in zip(people["cluster_id"], rows, strict=True):
        seen.setdefault(cluster, set()).add(row)

    assert sum(len(own) > 1 for own in seen.values()) > 150
