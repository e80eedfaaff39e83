"""What operations cost: as many times what is below a list as it has places, however the document says so."""

from __future__ import annotations

from typing import Any

import pytest

from graphql import GraphQLInterfaceType, GraphQLObjectType, parse
from mdm.entities import load_registry
from mdm_graphql import build_schema
from mdm_graphql.arguments import PAGE
from mdm_graphql.limits.measuring import PLACES, measure

NODE = "{ nodes { parent { name } } }"
"""What costs one point for the nodes, and one for each node's parent."""

FOUR = {
    "first": f"{{ clients(first: 4) {NODE} }}",
    "a variable": f"query($n: Int!) {{ clients(first: $n) {NODE} }}",
    "the default of a variable": f"query($m: Int! = 4) {{ clients(first: $m) {NODE} }}",
    "a variable instead of its default": f"query($n: Int! = 200) {{ clients(first: $n) {NODE} }}",
    "a fragment": f"{{ clients(first: 4) {{ ...Page }} }} fragment Page on ClientConnection {NODE}",
}
DEFAULT = {
    "nothing said": f"{{ clients {NODE} }}",
    "a page by a fragment": f"{{ clients {{ ...Page }} }} fragment Page on ClientConnection {NODE}",
    "a page by fragments within fragments": (
        f"{{ clients {{ ...A ...A }} }} fragment A on ClientConnection {{ ...Page }} "
        f"fragment Page on ClientConnection {NODE}"
    ),
    "a page by an inline fragment": f"{{ clients {{ ... on ClientConnection {NODE} }} }}",
}


@pytest.mark.parametrize("document", FOUR.values(), ids=FOUR)
def test_a_list_costs_what_is_below_it_as_often_as_first_says(document: str) -> None:
    assert measure(parse(document), {"n": 4}, None).cost == 1 + 4 * 2


@pytest.mark.parametrize("document", DEFAULT.values(), ids=DEFAULT)
def test_a_list_without_first_costs_what_its_default_would(document: str) -> None:
    spread = document.count("...A")

    assert measure(parse(document), None, None).cost == 1 + PAGE * 2 * max(1, spread)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_lists_that_are_no_pages_have_their_own_number_of_places(name: str) -> None:
    assert measure(parse(f"{{ {name} {{ node {{ id }} }} }}"), None, None).cost == 1 + PLACES[name] * 1


def test_every_default_of_the_schema_is_what_the_cost_counts() -> None:
    schema: Any = build_schema(load_registry(), dev=True)._schema
    found: dict[str, int] = {}
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                if "first" in field.args:
                    found[f"{kind.name}.{name}"] = field.args["first"].default_value

    counted = {path: PLACES.get(path.split(".")[1], PAGE) for path in found}
    assert len(found) > 20
    assert found == counted
