"""Turns a declaration into an `EntityType`, and says what is wrong with it where it cannot."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, ForwardRef, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from mdm.entities.declaration import (
    Choices,
    Classified,
    Deprecated,
    Entity,
    Group,
    Hierarchy,
    Inverse,
    NoEvidence,
    Ref,
    Sensitivity,
)
from mdm.entities.entity_type import Attribute, EntityType, Kind
from mdm.entities.rules import check_rules
from mdm.entities.trusted_ids import USUAL, TrustedId
from mdm.errors import DeclarationError
from mdm.survivorship import MostRecent, Rule, Together
from mdm.survivorship import Union as UnionRule
from mdm_matching.semantics import SemanticType

RESERVED = frozenset({
    "id", "changed_at", "deleted", "state", "version", "golden_id", "cells", "sources", "node", "label",
    "entity_type", "lineage", "history", "verdicts", "crosswalk", "match_key", "source_system",
    "masked",
    "effective_from", "effective_to", "do_not_master",
})  # fmt: skip
"""Names that rows, tables and the API use themselves."""

RESERVED_TYPES = frozenset({"record", "version"})
"""`golden_record` and `golden_version` are tables of the hub."""


def snake_case(name: str) -> str:
    """`CostCenter` becomes `cost_center`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def compile_entity_type(declaration: type[Entity]) -> EntityType:
    """The compiled form of one declaration.

    Raises:
        DeclarationError: an attribute's name is reserved, its type cannot be held, or a named attribute is
            missing.
    """
    name = snake_case(declaration.__name__)
    if name in RESERVED_TYPES:
        raise DeclarationError(
            f"An entity type cannot be called {name!r}, the hub uses the name itself; choose another."
        )
    declaration.model_rebuild(raise_errors=False)
    attributes = tuple(_attributes(declaration, name))
    known = _names(declaration, attributes)
    label = next((n for n in (declaration.label, "name", "code") if n in known), attributes[0].name)
    compiled = EntityType(
        name=name,
        plural=declaration.plural or f"{name}s",
        title=name.replace("_", " ").capitalize(),
        description=(declaration.__doc__ or "").strip(),
        attributes=attributes,
        label=label,
        code_attribute=declaration.code_attribute,
        match_key=declaration.match_key,
        row_scope=tuple(declaration.row_scope.items()),
        period=declaration.period,
    )
    check_rules(compiled)
    return compiled


def _names(declaration: type[Entity], attributes: Sequence[Attribute]) -> set[str]:
    """The attributes' names, once it is sure that the declaration names no others and none of them twice."""
    known = [attribute.name for attribute in attributes]
    if not known:
        raise DeclarationError(f"{declaration.__name__} has no attribute; declare at least a name.")
    twice = [name for name in known if known.count(name) > 1]
    if twice:
        raise DeclarationError(f"{declaration.__name__} declares {twice[0]} twice; rename it in one group.")
    own_label = "" if declaration.label == Entity.label else declaration.label
    period = (declaration.period.start, declaration.period.end) if declaration.period else ()
    scopes = [name for names in declaration.row_scope.values() for name in names]
    named = (*declaration.match_key, *period, declaration.code_attribute, own_label, *scopes)
    for wanted in filter(None, named):
        if wanted not in known:
            raise DeclarationError(
                f"{declaration.__name__} names {wanted!r}, which is none of its attributes."
            )
    return set(known)


def _attributes(declaration: type[Entity], entity: str) -> Iterator[Attribute]:
    for name, field in declaration.model_fields.items():
        group = _group_class(field)
        if group is None:
            yield _attribute(declaration, entity, name, field, list(field.metadata), "")
            continue
        shared = [mark for mark in field.metadata if not isinstance(mark, Together)]
        for part, part_field in group.model_fields.items():
            yield _attribute(declaration, entity, part, part_field, [*part_field.metadata, *shared], name)


def _attribute(
    declaration: type[Entity], entity: str, name: str, field: FieldInfo, marks: list[Any], group: str
) -> Attribute:
    if name in RESERVED or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise DeclarationError(
            f"{declaration.__name__}.{name}: the name is reserved or not in snake case; choose another."
        )
    kind, target = _kind(declaration, name, field.annotation, entity)
    hierarchy = any(isinstance(mark, Hierarchy) for mark in marks)
    if hierarchy and target != entity:
        raise DeclarationError(f"{declaration.__name__}.{name}: a Hierarchy refers to its own type.")
    words = next((mark.words for mark in marks if isinstance(mark, Choices)), ())
    usual: Rule = UnionRule() if kind is Kind.texts else MostRecent()
    rule = next((mark for mark in marks if isinstance(mark, Rule)), usual)
    return Attribute(
        name=name,
        kind=kind,
        semantic=next((mark for mark in marks if isinstance(mark, SemanticType)), None),
        rule=rule,
        description=field.description or "",
        group=group,
        target=target,
        hierarchy=hierarchy,
        evidence=not hierarchy and not any(isinstance(mark, NoEvidence) for mark in marks),
        required=field.is_required(),
        words=words,
        trusted=next((mark for mark in marks if isinstance(mark, TrustedId)), USUAL),
        deprecated=next((mark.instead for mark in marks if isinstance(mark, Deprecated)), ""),
        inverse=next((mark.name for mark in marks if isinstance(mark, Inverse)), ""),
        sensitivity=next((m.sensitivity for m in marks if isinstance(m, Classified)), Sensitivity.internal),
    )


def _group_class(field: FieldInfo) -> type[Group] | None:
    for part in _alternatives(field.annotation):
        if isinstance(part, type) and issubclass(part, Group):
            return part
    return None


def _alternatives(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return [part for part in get_args(annotation) if part is not type(None)]
    return [annotation]


def _kind(declaration: type[Entity], name: str, annotation: Any, entity: str) -> tuple[Kind, str]:
    (part, *others) = _alternatives(annotation)
    if get_origin(part) is Annotated:
        part = get_args(part)[0]
    if get_origin(part) is Ref:
        (target,) = get_args(part)
        return Kind.reference, snake_case(
            target.__forward_arg__ if isinstance(target, ForwardRef) else target.__name__
        )
    kinds = {str: Kind.text, float: Kind.number, int: Kind.number, date: Kind.date}
    if not others and part in kinds:
        return kinds[part], ""
    if not others and get_origin(part) is list and get_args(part) == (str,):
        return Kind.texts, ""
    raise DeclarationError(
        f"{declaration.__name__}.{name}: the hub holds str, float, date, list[str], Ref[...] and a Group, "
        f"each optionally None, but not {annotation!r}."
    )
