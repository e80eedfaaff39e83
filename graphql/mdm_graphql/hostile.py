"""Documents that want to cost more than they should: the tests send them, and a benchmark times them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Hostile:
    """A request's body, and the limit that refuses it if one does ("" where grammar or types do)."""

    name: str
    body: bytes
    limit: str = ""


def _body(query: str, **more: Any) -> bytes:
    return json.dumps({"query": query, **more}).encode()


def _chain(levels: int, field: str = "parent") -> str:
    return f"{{ client(id: 1) {{ {f'{field} {{ ' * levels} id {'} ' * levels} }} }}"


def _fans(fields: list[str]) -> str:
    return (
        "{ clients(first: 3) { nodes { "
        + "".join(f"{f} {{ nodes {{ " for f in fields)
        + "id "
        + "} } " * (len(fields))
        + "} } }"
    )


def _fragments(levels: int, width: int) -> str:
    parts = [
        f"fragment F{k} on Client {{ "
        + " ".join(f"a{k}x{j}: parent {{ ...F{k + 1} }}" for j in range(width))
        + " }"
        for k in range(levels)
    ]
    return "{ client(id: 1) { ...F0 } } " + " ".join(parts) + f" fragment F{levels} on Client {{ id }}"


def _piles() -> Iterator[Hostile]:
    for n in (16, 100, 300, 900):
        aliases = " ".join(f"a{k}: __typename" for k in range(n))
        yield Hostile(f"{n} aliases", _body(f"{{ {aliases} }}"), "characters" if n == 900 else "aliases")
    for n in (11, 100, 500, 900):
        yield Hostile(f"{n} times one field", _body("{ " + "__typename " * n + "}"), "repeats")
    yield Hostile("10,000 times one field", _body("{ " + "__typename " * 10_000 + "}"), "characters")
    for n in (6, 50, 400):
        yield Hostile(f"{n} directives", _body("{ __typename " + "@a " * n + "}"), "node_directives")
    yield Hostile(
        "5,000 directives", _body("{ __typename " + "@include(if: true) " * 5000 + "}"), "characters"
    )
    spread = " ".join(f"f{k}: __typename @skip(if: false)" for k in range(60))
    yield Hostile("60 directives spread out", _body(f"{{ {spread} }}"), "aliases")
    roots = " ".join(f"x{k}" for k in range(21))
    yield Hostile("21 root fields", _body(f"{{ {roots} }}"), "root_fields")
    yield Hostile("1,100 tokens", _body("{ " + " ".join(f"x{k}" for k in range(1100)) + " }"), "tokens")
    yield Hostile("5,000 tokens in strings", _body("{ " + '"" ' * 5000 + "}"), "characters")


def _deep() -> Iterator[Hostile]:
    for n in (11, 20, 30):
        yield Hostile(f"{n} levels", _body(_chain(n)), "depth")
    for n in (60, 500, 3000):
        yield Hostile(f"{n} brackets", _body("{ a" * n + "}" * n), "nesting")
    yield Hostile("open brackets only", _body("{" * 5000), "nesting")
    yield Hostile(
        "lists within lists", _body("{ search(text: " + "[" * 400 + "]" * 400 + ") { id } }"), "nesting"
    )
    yield Hostile(
        "objects within objects",
        _body("{ clients(filter: " + "{a: " * 200 + "1" + "}" * 200 + ") }"),
        "nesting",
    )
    inline = "... on Client { " * 50 + "id" + " }" * 50
    yield Hostile("fragments within each other", _body(f"{{ client(id: 1) {{ {inline} }} }}"), "nesting")
    yield Hostile(
        "deep variable",
        b'{"query": "query($a: String){ __typename }", "variables": {"a": '
        + b"[" * 5000
        + b"]" * 5000
        + b"}}",
    )


def _fragment_bombs() -> Iterator[Hostile]:
    yield Hostile("a fragment within itself", _body("{ ...A } fragment A on Query { ...A }"))
    yield Hostile(
        "two fragments in a circle",
        _body("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"),
    )
    circle = " ".join(f"fragment F{k} on Query {{ ...F{(k + 1) % 60} }}" for k in range(60))
    yield Hostile("sixty fragments in a circle", _body(f"{{ ...F0 }} {circle}"))
    yield Hostile("two to the power of 9", _body(_fragments(9, 2)), "aliases")
    yield Hostile("three to the power of 8", _body(_fragments(8, 3)), "aliases")
    yield Hostile("ten to the power of 6", _body(_fragments(6, 10)), "aliases")
    yield Hostile(
        "50 spreads", _body("{ " + "...A " * 50 + "} fragment A on Query { __typename }"), "repeats"
    )
    doubled = " ".join(f"fragment D{k} on Client {{ ...D{k + 1} ...D{k + 1} }}" for k in range(40))
    yield Hostile(
        "two to the power of 40",
        _body(f"{{ client(id: 1) {{ ...D0 }} }} {doubled} fragment D40 on Client {{ x: id }}"),
        "aliases",
    )
    unused = " ".join(f"fragment U{k} on Client {{ id }}" for k in range(120))
    yield Hostile("120 unused fragments", _body(f"{{ __typename }} {unused}"))


def _costly() -> Iterator[Hostile]:
    edges = ["projects", "assignments"]
    yield Hostile(
        "pages of pages",
        _body("{ clients(first: 200) { nodes { projects(first: 200) { nodes { id } } } } }"),
        "cost",
    )
    yield Hostile(
        "pages by default",
        _body("{ clients { nodes { projects { nodes { assignments { nodes { id } } } } } } }"),
        "cost",
    )
    yield Hostile(
        "edges of edges",
        _body(
            "{ clients(first: 100) { edges { node { projects(first: 100) { edges { node { id } } } } } } }"
        ),
        "cost",
    )
    wide = "subsidiaries(first: 3) { nodes { " * 4 + "id" + " } }" * 4
    yield Hostile("three-wide lists", _body(f"{{ clients(first: 200) {{ nodes {{ {wide} }} }} }}"), "cost")
    yield Hostile(
        "a page in a variable",
        _body(
            "query($n: Int!) { clients(first: $n) { nodes { projects(first: $n) { nodes { id } } } } }",
            variables={"n": 200},
        ),
        "cost",
    )
    yield Hostile("too large a page", _body("{ clients(first: 10000000) { nodes { id } } }"), "cost")
    yield Hostile("a page of 201", _body("{ clients(first: 201) { nodes { id } } }"))
    yield Hostile("a negative page", _body("{ clients(first: -1) { nodes { id } } }"))
    yield Hostile("a huge number", _body("{ clients(first: " + "9" * 4000 + ") { nodes { id } } }"))
    yield Hostile(
        "the lineage of every client",
        _body("{ clients(first: 200) { nodes { lineage(depth: 3) { start } } } }"),
        "cost",
    )
    yield Hostile("nested fans", _body(_fans([*edges, "project_x"])), "cost")
    yield Hostile("a search for much", _body("{ search(text: " + json.dumps("a" * 10_000) + ") { id } }"))


def _odd() -> Iterator[Hostile]:
    yield Hostile(
        "1 MB of variables", _body("query($a: String) { __typename }", variables={"a": "x" * 1_000_000})
    )
    yield Hostile("1 MB of document", _body("{ " + "a " * 500_000 + "}"))
    yield Hostile("1 MB of comments", _body("#" * 1_000_000))
    yield Hostile("20,000 characters of comments", _body("#" * 20_000 + "\n{ __typename }"), "characters")
    yield Hostile("@defer", _body("{ clients { nodes { ... @defer { id } } } }"))
    yield Hostile("@stream", _body("{ clients { nodes @stream { id } } }"))
    yield Hostile("no document", _body(""))
    yield Hostile("no JSON", b"{")
    yield Hostile("no object", b'"{ __typename }"')
    yield Hostile("unpaired surrogates", b'{"query": "{ \\ud800 }"}')
    yield Hostile("direction marks", _body("{ \u202ename\u202c }"))
    yield Hostile("a NUL", _body("{ name\x00 }"))
    yield Hostile("an open string", _body('{ client(id: "' + "a" * 9000))
    yield Hostile("an open block string", _body('{ client(id: """' + "a" * 9000))
    yield Hostile(
        "400 operations", _body(" ".join(f"query Q{k} {{ x }}" for k in range(190)), operationName="Q1")
    )
    yield Hostile("a number as document", b'{"query": 1}')
    yield Hostile("variables that are none", _body("{ abc }", variables=[1, 2]))


HOSTILE: tuple[Hostile, ...] = (*_piles(), *_deep(), *_fragment_bombs(), *_costly(), *_odd())
