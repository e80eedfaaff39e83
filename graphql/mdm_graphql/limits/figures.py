"""The figures of every limit, and how each is told to the developer."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLError


@dataclass(frozen=True, slots=True)
class Figures:
    """How much an operation may hold and ask for.

    Attributes:
        characters: of the document.
        nesting: brackets within brackets, of any kind.
        tokens: of the document.
        depth: levels of fields below a root field.
        aliases: in the whole document, fragments counted as often as they are used.
        root_fields: fields of the operation itself.
        directives: in the whole document.
        node_directives: at one place.
        repeats: fields of one name, or spreads, in one selection; comparing them costs their square.
        cost: points; a field that reads costs one, a list as many times what is below it as it has places.
        bytes: of the answer.
        seconds: from the beginning to the end of an operation.
    """

    characters: int = 15_000
    nesting: int = 40
    tokens: int = 1000
    depth: int = 10
    aliases: int = 15
    root_fields: int = 20
    directives: int = 50
    node_directives: int = 5
    repeats: int = 10
    cost: int = 5000
    bytes: int = 5_000_000
    seconds: float = 10.0


ADVICE = {
    "characters": ("is {found:,} characters long", "put values into variables, or ask in several operations"),
    "nesting": ("nests its brackets {found:,} deep", "ask for less at once"),
    "tokens": ("has more tokens", "ask in several operations"),
    "depth": ("is {found:,} levels deep", "begin again from the ids it found"),
    "aliases": ("has {found:,} aliases", "ask in several operations"),
    "root_fields": ("has {found:,} root fields", "ask in several operations"),
    "directives": ("has {found:,} directives", "leave out what is not needed"),
    "node_directives": ("has {found:,} directives at one place", "leave out what is not needed"),
    "repeats": ("repeats a field or spread {found:,} times in one selection", "name it once"),
    "cost": ("costs {found:,} points", "ask for fewer records per page with first, or for fewer levels"),
    "bytes": ("has an answer of {found:,} bytes", "ask for fewer records per page with first"),
    "seconds": ("takes longer", "ask for fewer records, or by an attribute that narrows more"),
}
"""What is too much, and what to do about it."""


def over(limit: str, allowed: float, found: float) -> GraphQLError:
    """The refusal of an operation that passes a limit: which, how much, and what to do."""
    what, advice = ADVICE[limit]
    message = f"The operation {what.format(found=found)}; the limit is {allowed:,g} {_unit(limit)}: {advice}."
    return GraphQLError(message, extensions={"code": "LIMIT", "limit": limit, "allowed": allowed})


UNITS = {"cost": "points", "nesting": "levels", "depth": "levels", "repeats": "times"}


def _unit(limit: str) -> str:
    return UNITS.get(limit, limit.replace("node_", "").replace("_", " "))
