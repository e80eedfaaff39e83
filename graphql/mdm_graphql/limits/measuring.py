"""How deep, wide and costly a document is, in one pass: fragments are measured once, however often used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from mdm_graphql.arguments import PAGE

READS = {"lineage": 50, "building": 50, "cells": 5}
"""What a field costs beside what is below it."""

PLACES = {"search": 20, "match": 10, "conflicts": 50, "neighbours": 50, "history": 20}
"""How many places a list has when `first` is not given; every other one has `PAGE`."""

CONNECTION = frozenset({"nodes", "edges", "totalCount"})
"""A field that selects one of these, if only by a fragment, is a page of records."""

HUGE = 10**9
"""As good as infinite; sums stop there, so that a document of fragments within fragments stays cheap."""

IGNORED = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*')


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of one selection, or of a whole operation."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    node_directives: int = 0
    repeats: int = 0
    cost: int = 0
    root_fields: int = 0


@dataclass
class _Measuring:
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    known: dict[str, Measured | None] = field(default_factory=dict)
    framed: dict[str, bool] = field(default_factory=dict)

    def selection(self, selected: SelectionSetNode | None) -> Measured:
        if selected is None:
            return Measured()
        parts = [self.node(node) for node in selected.selections]
        names = Counter(_name(node) for node in selected.selections)
        names["..."] = sum(1 for node in selected.selections if not isinstance(node, FieldNode))
        return Measured(
            depth=max((part.depth for part in parts), default=0),
            aliases=_sum(part.aliases for part in parts),
            directives=_sum(part.directives for part in parts),
            node_directives=max((part.node_directives for part in parts), default=0),
            repeats=max([*names.values(), *(part.repeats for part in parts)], default=0),
            cost=_sum(part.cost for part in parts),
            root_fields=_sum(part.root_fields for part in parts),
        )

    def node(self, node: Any) -> Measured:
        own = len(node.directives or ())
        if isinstance(node, FragmentSpreadNode):
            return _with(self.fragment(node.name.value), own)
        if not isinstance(node, FieldNode):
            return _with(self.selection(node.selection_set), own)
        below = self.selection(node.selection_set)
        return Measured(
            depth=below.depth + 1 if not node.name.value.startswith("__") else 0,
            aliases=min(HUGE, below.aliases + (1 if node.alias else 0)),
            directives=min(HUGE, below.directives + own),
            node_directives=max(below.node_directives, own),
            repeats=below.repeats,
            cost=min(HUGE, self.cost(node, below.cost)),
            root_fields=1,
        )

    def fragment(self, name: str) -> Measured:
        if name not in self.known:
            self.known[name] = None  # a fragment within itself measures nothing; validation refuses it
            found = self.fragments.get(name)
            own = len(found.directives or ()) if found else 0
            self.known[name] = _with(self.selection(found.selection_set), own) if found else Measured()
        return self.known[name] or Measured()

    def cost(self, node: FieldNode, below: int) -> int:
        name = node.name.value
        if node.selection_set is None or name.startswith("__"):
            return 0
        if not self.is_list(node):
            return 1 + below + READS.get(name, 0)
        return 1 + max(1, self.first(node)) * below

    def is_list(self, node: FieldNode) -> bool:
        if any(argument.name.value in {"first", "representations"} for argument in node.arguments or ()):
            return True
        return node.name.value in PLACES or self.frames(node.selection_set)

    def frames(self, selected: SelectionSetNode | None) -> bool:
        """Whether a selection, or a fragment in it, is that of a page."""
        return any(self.frames_by(node) for node in (selected.selections if selected else ()))

    def frames_by(self, node: Any) -> bool:
        if isinstance(node, FieldNode):
            return node.name.value in CONNECTION
        if not isinstance(node, FragmentSpreadNode):
            return self.frames(node.selection_set)
        name = node.name.value
        if name not in self.framed:
            self.framed[name] = False  # a fragment within itself; validation refuses it
            self.framed[name] = name in self.fragments and self.frames(self.fragments[name].selection_set)
        return self.framed[name]

    def first(self, node: FieldNode) -> int:
        """How many places a list has; a number that makes no sense is refused later, by the field."""
        if node.name.value == "_entities":
            return len(self.variables.get("representations") or ())
        given = next((a.value for a in node.arguments or () if a.name.value == "first"), None)
        value: Any = None
        if isinstance(given, IntValueNode):
            value = int(given.value[:10])
        elif isinstance(given, VariableNode):
            value = self.variables.get(given.name.value)
        return value if isinstance(value, int) and 0 <= value < HUGE else PLACES.get(node.name.value, PAGE)


def measure(document: DocumentNode, variables: Mapping[str, Any] | None, operation: str | None) -> Measured:
    """The measures of the operation that is to run; of all together if none is named."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    chosen = [o for o in operations if operation and o.name and o.name.value == operation] or operations
    measuring = _Measuring(fragments, {**_defaults(chosen), **(variables or {})})
    whole = [_with(measuring.selection(o.selection_set), len(o.directives or ())) for o in chosen]
    unused = [measuring.fragment(name) for name in fragments if name not in measuring.known]
    every = [*whole, *unused]
    return Measured(
        depth=max((m.depth - 1 for m in every), default=0),
        aliases=_sum(m.aliases for m in every),
        directives=_sum(m.directives for m in every),
        node_directives=max((m.node_directives for m in every), default=0),
        repeats=max((m.repeats for m in every), default=0),
        cost=_sum(m.cost for m in whole),
        root_fields=max((m.root_fields for m in whole), default=0),
    )


def _defaults(operations: Iterable[OperationDefinitionNode]) -> dict[str, int]:
    """The numbers that variables have if nobody gives another; of several operations the greatest."""
    found: dict[str, int] = {}
    for operation in operations:
        for variable in operation.variable_definitions or ():
            if isinstance(variable.default_value, IntValueNode):
                name = variable.variable.name.value
                found[name] = max(found.get(name, 0), int(variable.default_value.value[:10]))
    return found


def _sum(numbers: Iterable[int]) -> int:
    return min(HUGE, sum(numbers))


def nesting(document: str) -> int:
    """How deep brackets lie within brackets: the parser calls itself for each, so it is asked before."""
    deepest = open_now = 0
    for character in IGNORED.sub("", document):
        if character in "{[(":
            open_now += 1
            deepest = max(deepest, open_now)
        elif character in "}])":
            open_now -= 1
    return deepest


def _name(node: Any) -> str:
    if not isinstance(node, FieldNode):
        return "..."
    return node.alias.value if node.alias else node.name.value


def _with(measured: Measured, directives: int) -> Measured:
    return replace(
        measured,
        directives=min(HUGE, measured.directives + directives),
        node_directives=max(measured.node_directives, directives),
    )
