"""What is asked: the operations, each with the golden ids that it is asked about and what it may take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from graphql.language import FieldNode, Visitor, parse, print_ast, visit
from sqlmodel import Session

from api.firm import Size, client_key
from mdm.hub import Hub
from mdm.query.records import golden_by_key

GOLDEN = """query Golden($id: ID!) { client(id: $id) {
  id name status taxId city country sources { system key firstSeenAt } } }"""

PROJECTS = """query Projects($id: ID!) { client(id: $id) {
  id name status
  projects(first: 50) { nodes {
    id code name status startDate manager { id givenName familyName } costCenter { id code name } } } } }"""

WORKERS = """query Workers($id: ID!) { client(id: $id) {
  id name status
  projects(first: 50) { nodes {
    id code name status startDate manager { id givenName familyName } costCenter { id code name }
    assignments(first: 10) { nodes {
      id role allocation worker { id givenName familyName email jobTitle } } } } } } }"""

ASKED = 2000
"""Different ids at most, so that no cache of the database holds the answer because it was just asked."""


@dataclass(frozen=True, slots=True)
class Question:
    """One operation, and its target.

    Attributes:
        large: asked about the clients with 50 projects and 250 assigned workers; else about any.
        most: milliseconds that 95 of 100 answers may take over HTTP, one worker.
    """

    name: str
    operation: str
    large: bool
    most: float


QUESTIONS = (
    Question("golden record with sources, by id", GOLDEN, large=False, most=15.0),
    Question("client with 50 projects, managers, cost centers", PROJECTS, large=True, most=60.0),
    Question("the same with 250 assigned workers", WORKERS, large=True, most=120.0),
)


class _Flat(Visitor):
    """Takes the frames of connections away: a list of records is a list."""

    def leave_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        inner = node.selection_set.selections if node.selection_set else ()
        framed = inner[0] if len(inner) == 1 else None
        if not isinstance(framed, FieldNode) or framed.name.value != "nodes":
            return None
        return replace(node, selection_set=framed.selection_set)


def without_frames(operation: str) -> str:
    """The operation for a schema whose lists are no connections."""
    return print_ast(visit(parse(operation), _Flat()))


def ids_of(hub: Hub, session: Session, size: Size, *, large: bool, seed: int) -> list[str]:
    """The golden ids to ask about, drawn at random, the same for one firm and seed."""
    clients = range(size.large) if large else range(size.clients)
    draw = Random(seed)
    numbers = draw.sample(clients, min(ASKED, len(clients)))
    keys = [("erp", client_key(number)) for number in numbers]
    found = golden_by_key(hub, session, "client", keys)
    return [found[key].golden_id for key in keys]
