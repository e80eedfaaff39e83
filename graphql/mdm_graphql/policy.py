"""Why each field of the schema may be read: what below the resolvers keeps it from those it is not for.

Attributes, references and edges of entity types follow from the declarations; every other field stands here.
A test refuses a schema with a field that does not: whoever adds one says what guards it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from graphql import GraphQLObjectType, GraphQLSchema
from mdm.entities import EntityRegistry


class Guard(Enum):
    """What keeps a field's value from those it is not for."""

    rows = "A golden record, which `View.rows` and `View.visible` leave out for whom it does not exist."
    masks = "A value or its story, which `View.shown`, `View.choices`, `View.columns` give unless masked."
    labels = "What people call a record, made by `golden_labels` of what may be seen."
    record = "About a record that exists for the asker, and tells no value."
    right = "Needs the right to act, which the use case asks for by `UnitOfWork.require`."
    shape = "How an answer is laid out; holds nothing of its own."


R, M, L, A, X, S = Guard.rows, Guard.masks, Guard.labels, Guard.record, Guard.right, Guard.shape

EVERY_RECORD: dict[str, Guard] = {
    "id": R, "masked": A, "sources": A, "cells": M, "lineage": M, "crosswalk": A, "history": M,
    "verdicts": A, "neighbours": R, "datedNeighbours": R, "path": R, "version": A, "ultimateParent": R,
    "ancestors": R, "descendants": R, "building": A,
}  # fmt: skip
"""Fields of every entity type beside its attributes and edges."""

FIELDS: dict[str, dict[str, Guard]] = {
    "Banned": {"attribute": X, "changed": X, "goldenRecord": R, "value": X, "banId": X},
    "BeatenClaim": {"value": M, "source": A},
    "BuildingStep": {
        "number": A, "one": A, "other": A, "rule": A, "left": A, "right": A, "weight": A, "average": A,
        "reasons": M,
    },
    "Cell": {"attribute": S, "value": M, "masked": A, "rule": M, "since": M, "source": M, "beats": M},
    "Change": {
        "number": A, "id": A, "at": A, "type": A, "entityType": A, "subject": R, "author": A, "version": A,
        "attributes": M, "record": R,
    },
    "Changes": {
        "records": R, "ids": R, "values": M, "relations": M, "tasksOpened": A, "tasksClosed": A,
        "publications": X, "versions": R,
    },
    "ChangedValue": {"attribute": M, "before": M, "after": M},
    "Conflict": {
        "id": R, "entityType": A, "kind": A, "weight": A, "probability": A, "cause": A, "text": A, "value": A,
        "left": R, "right": R, "assignee": A, "notes": A,
    },
    "Conflicted": {"message": X, "verdictId": X, "taskId": X},
    "Decided": {"verdict": X, "goldenIds": X, "goldenRecords": R},
    "Employment": {
        "source": A, "workerNumber": M, "workerType": M, "legalEntity": R, "hireDate": M,
        "terminationDate": M, "current": M,
    },
    "Handled": {"taskId": X, "assignee": X, "deferredUntil": X, "notes": X},
    "Highlight": {"attribute": M, "parts": M},
    "HighlightPart": {"text": M, "matched": S},
    "HistoryEntry": {
        "version": A, "at": A, "state": A, "eventNumber": A, "eventType": A, "author": A, "changes": M,
    },
    "IdChange": {"id": R, "what": A, "into": R},
    "LineageEdge": {"from": R, "to": R, "kind": A, "label": M},
    "LineageGraph": {"start": R, "nodes": R, "edges": R, "complete": R},
    "LineageNode": {"id": R, "kind": A, "label": L, "detail": A},
    "MatchCandidate": {
        "id": R, "label": L, "grade": A, "weight": A, "probability": A, "source": A, "reasons": M, "node": R,
    },
    "MatchReason": {"attribute": M, "text": M, "weight": M},
    "Merged": {"operation": X, "survivor": R, "redirected": R, "changes": X, "goldenRecords": R},
    "MovedRecord": {"source": A, "fromId": R, "toId": R},
    "Mutation": dict.fromkeys(
        (
            "decide", "decideMany", "merge", "detach", "unmerge", "undo", "override", "removeOverride", "ban",
            "liftBan", "comment", "assign", "defer", "reopen", "assignMany", "deferMany",
        ),
        X,
    ),
    "Neighbour": {"relation": M, "outgoing": A, "record": R},
    "DatedNeighbour": {"relation": M, "outgoing": A, "validFrom": M, "validTo": M, "record": R},
    "Overridden": {
        "attribute": X, "changed": X, "goldenRecord": R, "value": X, "overrideId": X, "ended": X,
    },
    "PageInfo": {"hasNextPage": R, "hasPreviousPage": S, "startCursor": R, "endCursor": R},
    "Parted": {
        "operation": X, "stays": R, "leaves": R, "undecided": X, "changes": X, "goldenRecords": R,
    },
    "PathStep": {"relation": M, "outgoing": A, "record": R},
    "PublicationTouched": {"target": X, "id": R},
    "Query": {"node": R, "search": R, "match": M, "conflicts": R},
    "Refused": {"code": X, "error": X, "message": X},
    "RelationChange": {"id": R, "attribute": M, "before": R, "after": R},
    "SaidAbout": {
        "id": A, "answer": A, "operation": A, "reason": A, "certain": A, "author": A, "decidedAt": A,
        "until": A, "stands": A, "left": R, "right": R,
    },
    "SearchHit": {"id": R, "entityType": A, "label": L, "score": A, "node": R, "highlights": M},
    "Source": {"system": A, "key": A},
    "SourceRecord": {"system": A, "key": A, "firstSeenAt": A, "lastChangedAt": A},
    "Stale": {"message": X},
    "Subscription": {"changes": R},
    "SystemKeys": {"system": A, "keys": A},
    "TaskDecision": {"taskId": X, "outcome": X},
    "TaskHandling": {"taskId": X, "outcome": X},
    "TaskNote": {"kind": A, "text": A, "author": A, "at": A, "until": A},
    "UndecidedOverride": {"overrideId": X, "attribute": X, "author": X, "reason": X},
    "Undone": {"operation": X, "changes": X, "goldenRecords": R},
    "ValueChange": {"id": R, "attribute": M, "before": M, "after": M},
    "Verdict": {"id": X, "answer": X, "reason": X, "certain": X, "author": X},
    "VersionNow": {"id": R, "version": A},
    "Worker": {"employments": M},
}  # fmt: skip
"""Every field of the types that do not depend on the declarations."""

PAGES: dict[str, Guard] = {"nodes": R, "edges": R, "pageInfo": S, "totalCount": R, "node": R, "cursor": R}
"""Fields of the connections and edges of every type."""


def unguarded(schema: GraphQLSchema, registry: EntityRegistry) -> Iterator[str]:
    """The fields of a schema that nothing here says a word about, as Type.field."""
    entities = {entity_type.type_name: entity_type for entity_type in registry}
    roots = {_camel(n) for t in registry for n in (t.plural, t.name, f"{t.name}_by_key")}
    for name, made in schema.type_map.items():
        if not isinstance(made, GraphQLObjectType) or name.startswith("_"):
            continue
        known = set(FIELDS.get(name, {}))
        if name in entities:
            known |= {*EVERY_RECORD, *map(_camel, entities[name].by_name), *_edges(made)}
        elif name.endswith(("Connection", "Edge")) and name not in FIELDS:
            known |= set(PAGES)
        elif name == "Query":
            known |= roots
        yield from (
            f"{name}.{field}" for field in made.fields if field not in known and not field.startswith("_")
        )


def _edges(made: GraphQLObjectType) -> set[str]:
    """The fields that lead to who refers to a record: pages, whose reference `View.require` asks about."""
    return {name for name, field in made.fields.items() if str(field.type).rstrip("!").endswith("Connection")}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
