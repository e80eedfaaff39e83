from __future__ import annotations

from itertools import permutations

import networkx as nx
import pytest
from sqlalchemy import select
from sqlmodel import col

from mdm.hub import Hub
from mdm.query.neighbours import FARTHEST, path_between
from mdm.query.records import Place, places_of
from mdm.store.derived import Relation
from mdm.testing import hub_at, make_golden, record

MANAGERS = (None, 0, 0, 1, 1, 2, 3, 3, 5, 8, 9)
"""By number of the worker, who are so deep that some paths are longer than allowed."""


@pytest.fixture
def hub(database_url: str) -> Hub:
    """Workers under managers, clients that they own, and one worker whom nobody knows."""
    opened = hub_at(database_url)
    for k, manager in enumerate(MANAGERS):
        above = {} if manager is None else {"manager": f"w-{manager}"}
        make_golden(opened, "worker", f"w-{k}", {"erp": record(f"w-{k}", family_name=f"Name {k}", **above)})
    for k, owner in enumerate((3, 6, 10)):
        claims = record(f"c-{k}", name=f"Client {k}", owner=f"w-{owner}", parent="c-0" if k else None)
        make_golden(opened, "client", f"c-{k}", {"erp": claims})
    make_golden(opened, "worker", "alone", {"erp": record("alone", family_name="Alone")})
    return opened


def test_a_path_is_a_shortest_chain_of_relations_that_are_there(hub: Hub) -> None:
    with hub.read() as session:
        query = select(col(Relation.from_id), col(Relation.attribute), col(Relation.to_id))
        relations = {(row[0], row[1], row[2]) for row in session.execute(query)}
        ids = sorted({end for one in relations for end in (one[0], one[2])} | {"alone"})
        places = places_of(hub, session, ids)
        graph = nx.Graph([(start, end) for start, _, end in relations])
        graph.add_node("alone")
        lengths = dict(nx.all_pairs_shortest_path_length(graph))
        for start, end in permutations(ids, 2):
            found = path_between(hub, session, start, places[end])

            wanted = lengths[start].get(end)
            if wanted is None or wanted > FARTHEST:
                assert found is None
                continue
            assert found is not None
            assert len(found) == wanted
            assert [start, *(step.to_id for step in found)] == [*(step.from_id for step in found), end]
            assert [step.to_type for step in found] == [places[s.to_id].entity_type for s in found]
            for s in found:
                ends = (s.from_id, s.to_id) if s.outgoing else (s.to_id, s.from_id)
                assert (ends[0], s.relation, ends[1]) in relations
    hub.close()


@pytest.mark.parametrize("farthest", [1, 2, 3, 4])
def test_no_path_is_longer_than_asked_for(hub: Hub, farthest: int) -> None:
    with hub.read() as session:
        found = path_between(hub, session, "w-10", Place("w-2", "worker"), farthest=farthest)

    # From 10 over 9, 8 and 5 to 2.
    assert (found is None) == (farthest < 4)
    hub.close()
