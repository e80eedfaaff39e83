"""The JSON document of a match model: written the same way every time, read with checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import mdm_matching.semantics as _semantics  # brings every shipped semantic type into being
from mdm_matching.errors import ModelDocumentError
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.kind import Kind
from mdm_matching.semantics.semantic_type import Level, SemanticType

if TYPE_CHECKING:
    from mdm_matching.model.match_model import MatchModel

__all__ = ["model_of", "text_of"]

FORMAT = 1
_NUMBERS = (
    "prior",
    "match_threshold",
    "review_threshold",
    "contradiction",
    "margin",
    "cohesion",
)


def text_of(model: MatchModel) -> str:
    """The document of a model."""
    body: dict[str, object] = {"format": FORMAT, "entity": model.entity, "block_cap": model.block_cap}
    body |= {name: getattr(model, name) for name in _NUMBERS}
    body["columns"] = [_column_body(column) for column in model.columns]
    body["kinds"] = [
        {
            "name": k.name,
            "same": k.same,
            "share": k.share,
            "chance": k.chance,
            "levels": {c: list(v) for c, v in k.levels.items()},
        }
        for k in model.kinds
    ]
    return json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _column_body(column: ColumnModel) -> dict[str, object]:
    body: dict[str, object] = {
        "name": column.name,
        **_semantic_body(column.semantic),
        "group": column.group,
        "exclusive": column.exclusive,
        "levels": [{"label": level.label, "m": level.m, "u": level.u} for level in column.levels],
        "frequencies": dict(column.frequencies),
        "rare": column.rare,
        "typical": column.typical,
    }
    return body | {"taught": list(column.taught)} if column.taught else body


def _semantic_body(semantic: SemanticType) -> dict[str, object]:
    """A semantic type by its name and parameters, of which one may be a type itself."""
    given = ((item.name, getattr(semantic, item.name)) for item in fields(semantic))
    parameters = {
        name: _semantic_body(value) if isinstance(value, SemanticType) else value for name, value in given
    }
    return {"semantic": semantic.name, "parameters": parameters}


def model_of(text: str) -> MatchModel:
    """The model of a document."""
    from mdm_matching.model.match_model import MatchModel  # the two modules describe each other

    try:
        body = json.loads(text)
        if body["format"] != FORMAT:
            raise ModelDocumentError(f"its format is {body['format']}, this engine reads {FORMAT}")
        return MatchModel(
            entity=str(body["entity"]),
            columns=tuple(_column_of(item) for item in body["columns"]),
            kinds=tuple(_kind_of(item) for item in body["kinds"]),
            block_cap=int(body["block_cap"]),
            **{name: float(body[name]) for name in _NUMBERS},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ModelDocumentError(f"{type(error).__name__}: {error}") from error


def _column_of(item: Mapping[str, Any]) -> ColumnModel:
    return ColumnModel(
        name=str(item["name"]),
        semantic=_semantic_of(item),
        levels=tuple(Level(str(x["label"]), float(x["m"]), float(x["u"])) for x in item["levels"]),
        group=str(item["group"]),
        exclusive=bool(item["exclusive"]),
        frequencies={str(value): float(share) for value, share in item["frequencies"].items()},
        rare=float(item["rare"]),
        typical=float(item["typical"]),
        taught=tuple(float(bits) for bits in item.get("taught", ())),
    )


def _semantic_of(item: Mapping[str, Any]) -> SemanticType:
    types = semantic_types()
    if item["semantic"] not in types:
        raise ModelDocumentError(f"the semantic type {item['semantic']!r} is not known")
    parameters = {
        name: _semantic_of(value) if _is_semantic(value) else value
        for name, value in item["parameters"].items()
    }
    return types[item["semantic"]](**parameters)


def _is_semantic(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"semantic", "parameters"}


def _kind_of(item: Mapping[str, Any]) -> Kind:
    levels = {str(column): tuple(float(x) for x in shares) for column, shares in item["levels"].items()}
    return Kind(
        str(item["name"]),
        same=bool(item["same"]),
        share=float(item["share"]),
        chance=bool(item["chance"]),
        levels=levels,
    )


def semantic_types() -> dict[str, type[SemanticType]]:
    """Every semantic type there is, by name: the shipped ones and those a user has defined."""
    found: dict[str, type[SemanticType]] = {}
    waiting = list(SemanticType.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if "name" in vars(kind):
            # A dataclass with slots is a second class of the same name, defined after the one it is made of.
            found.setdefault(kind.name, kind)
    assert _semantics
    return found
