"""Survivorship rules of an entity type: whether they fit, and where settings change them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from mdm.entities.entity_type import Attribute, EntityType, Kind
from mdm.errors import DeclarationError, SettingsError
from mdm.survivorship import Maximum, Minimum, NotationError, Rule, Union, parse_rule


def check_rules(entity_type: EntityType) -> None:
    """Refuse rules that cannot work.

    Raises:
        DeclarationError: a rule does not fit its attribute, or asks for one that there is not or in a circle.
    """
    for attribute in entity_type.attributes:
        _check(entity_type, attribute, attribute.rule)
    _ = entity_type.rule_order


def _check(entity_type: EntityType, attribute: Attribute, rule: Rule) -> None:
    where = f"{entity_type.type_name}.{attribute.name}"
    for branch in rule.branches():
        several = isinstance(branch, Union)
        if several and attribute.kind is not Kind.texts:
            raise DeclarationError(
                f"{where}: union() gives several values; declare list[str], or another rule."
            )
        if isinstance(branch, Minimum | Maximum) and attribute.kind in (Kind.texts, Kind.reference):
            raise DeclarationError(
                f"{where}: {branch.describe()}() compares sizes, which a {attribute.kind} has not; "
                "choose another rule."
            )
    unknown = sorted(rule.looks_at() - entity_type.by_name.keys())
    if unknown:
        raise DeclarationError(
            f"{where}: its rule asks for {unknown[0]!r}, which is no attribute; "
            f"use one of {', '.join(entity_type.by_name)}."
        )


def with_rules(
    entity_types: Iterable[EntityType], rules: Mapping[str, Mapping[str, str]]
) -> dict[str, EntityType]:
    """The entity types by name, with the rules that the settings give in the place of declared ones.

    Args:
        rules: entity type to attribute or group to a rule's text.

    Raises:
        SettingsError: a type, an attribute or a rule is unknown, or does not fit.
    """
    known = {entity_type.name: entity_type for entity_type in entity_types}
    for name, by_attribute in rules.items():
        if name not in known:
            raise SettingsError(
                f"survivorship.{name}: there is no such entity type; use one of {', '.join(known)}."
            )
        known[name] = _ruled(known[name], by_attribute)
    return known


def _ruled(entity_type: EntityType, rules: Mapping[str, str]) -> EntityType:
    named = {name: _parsed(entity_type, name, text) for name, text in rules.items()}
    attributes = tuple(replace(a, rule=named.get(a.group or a.name, a.rule)) for a in entity_type.attributes)
    changed = replace(entity_type, attributes=attributes)
    try:
        check_rules(changed)
    except DeclarationError as exc:
        meant = next((f".{name}" for name in rules if re.search(rf"\b{name}\b", str(exc))), "")
        raise SettingsError(f"survivorship.{entity_type.name}{meant}: {exc}") from exc
    return changed


def _parsed(entity_type: EntityType, name: str, text: str) -> Rule:
    place = f"survivorship.{entity_type.name}.{name}"
    single = [a.name for a in entity_type.attributes if not a.group]
    attribute = entity_type.by_name.get(name)
    if attribute is not None and attribute.group:
        raise SettingsError(
            f"{place}: {name} survives together with its group; give the rule to {attribute.group!r}."
        )
    if name not in (*single, *entity_type.groups):
        raise SettingsError(
            f"{place}: there is no such attribute; use one of {', '.join((*single, *entity_type.groups))}."
        )
    try:
        return parse_rule(text)
    except NotationError as exc:
        raise SettingsError(f"{place}: {text!r} {exc}.") from exc
