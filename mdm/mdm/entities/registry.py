"""The entity types of one deployment: the built-in ones and those that the settings name."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from mdm.entities.assignment import Assignment
from mdm.entities.client import Client
from mdm.entities.compiling import compile_entity_type
from mdm.entities.cost_center import CostCenter
from mdm.entities.declaration import Entity
from mdm.entities.engagement import Engagement
from mdm.entities.entity_type import Attribute, EntityType
from mdm.entities.legal_entity import LegalEntity
from mdm.entities.project import Project
from mdm.entities.rate import Rate
from mdm.entities.rules import with_rules
from mdm.entities.trusted_ids import Told, with_trusted_ids
from mdm.entities.worker import Worker
from mdm.errors import DeclarationError, UnknownEntityTypeError
from mdm.places import line_of_error, with_line_of_class

BUILT_IN: tuple[type[Entity], ...] = (
    LegalEntity, CostCenter, Client, Worker, Engagement, Project, Assignment, Rate,
)  # fmt: skip


class EntityRegistry:
    """Entity types by name. `in_order` is the order in which they are resolved: evidence first."""

    def __init__(
        self,
        declarations: Iterable[type[Entity]] = BUILT_IN,
        rules: Mapping[str, Mapping[str, str]] | None = None,
        trusted_ids: Told | None = None,
    ) -> None:
        types = [compile_entity_type(declaration) for declaration in declarations]
        self._types = {entity_type.name: entity_type for entity_type in types}
        if len(self._types) < len(types):
            raise DeclarationError("Two entity types have the same name; rename one of them.")
        self._types = with_trusted_ids(with_rules(types, rules or {}), trusted_ids or {})
        for entity_type in types:
            for attribute in entity_type.references:
                if attribute.target not in self._types:
                    raise DeclarationError(
                        f"{entity_type.name}.{attribute.name} refers to {attribute.target!r}, "
                        "which is not declared."
                    )
        # A circle of evidence is a fault of the declarations, and shows before anything is written.
        _ = self.in_order
        _check_row_scopes(self._types)

    def __getitem__(self, name: str) -> EntityType:
        try:
            return self._types[name]
        except KeyError:
            raise UnknownEntityTypeError(name, list(self._types)) from None

    def __iter__(self) -> Iterator[EntityType]:
        return iter(self._types.values())

    def __contains__(self, name: object) -> bool:
        return name in self._types

    @cached_property
    def in_order(self) -> tuple[EntityType, ...]:
        """Every type after the types whose golden records are evidence for it.

        Raises:
            DeclarationError: two types are each other's evidence.
        """
        done: dict[str, EntityType] = {}
        waiting = dict(self._types)
        while waiting:
            ready = [t for t in waiting.values() if all(a.target in done for a in t.evidence_references)]
            if not ready:
                raise DeclarationError(
                    f"The types {', '.join(waiting)} are evidence for each other in a circle; "
                    "mark one reference NoEvidence()."
                )
            for entity_type in ready:
                done[entity_type.name] = waiting.pop(entity_type.name)
        return tuple(done.values())

    @cached_property
    def referrers(self) -> dict[str, tuple[tuple[EntityType, Attribute], ...]]:
        """By entity type: the (type, attribute) pairs that refer to it."""
        return {
            target: tuple((t, a) for t in self for a in t.references if a.target == target)
            for target in self._types
        }


def _check_row_scopes(types: Mapping[str, EntityType]) -> None:
    """Raise DeclarationError if a record would belong to a dimension through itself."""
    dimensions = {name for entity_type in types.values() for name, _ in entity_type.row_scope}

    def follow(name: str, dimension: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise DeclarationError(
                f"{name} would belong to {dimension} by way of itself ({' > '.join((*path, name))}); "
                "change its row_scope."
            )
        for attribute in map(types[name].by_name.__getitem__, types[name].scope_of(dimension)):
            if attribute.target and name != dimension:
                follow(attribute.target, dimension, (*path, name))

    for dimension in sorted(dimensions):
        for name in types:
            follow(name, dimension, ())


def load_registry(
    extra: Iterable[str] = (),
    folder: Path | None = None,
    rules: Mapping[str, Mapping[str, str]] | None = None,
    trusted_ids: Told | None = None,
) -> EntityRegistry:
    """The built-in types and those named as `path/file.py:Name` or `package.module:Name`.

    Args:
        extra: declarations by place; a path is relative to `folder`.
        folder: where mdm.toml lies; the current folder if None.
        rules: survivorship rules in the place of declared ones: type to attribute or group to a rule's text.
        trusted_ids: how far ids are trusted, in the place of what is declared: type to attribute.

    Raises:
        DeclarationError: a place cannot be read or holds no entity type.
        SettingsError: a rule is none, or fits no attribute.
    """
    extra = list(extra)
    declared = [_declaration(place, folder or Path.cwd()) for place in extra]
    try:
        return EntityRegistry([*BUILT_IN, *declared], rules, trusted_ids)
    except DeclarationError as exc:
        raise DeclarationError(_placed(str(exc), extra, folder or Path.cwd())) from exc


def _placed(message: str, extra: Iterable[str], folder: Path) -> str:
    """The message with file and line, if a declaration of the user's own is meant."""
    for place in extra:
        source, _, name = place.rpartition(":")
        if source.endswith(".py") and message.startswith(name):
            return with_line_of_class(folder / source, message)
    return message


def _declaration(place: str, folder: Path) -> type[Entity]:
    source, _, name = place.rpartition(":")
    try:
        module = (
            _module_from_file(folder / source) if source.endswith(".py") else importlib.import_module(source)
        )
        declaration = getattr(module, name)
    except Exception as exc:  # the file is the user's own program
        line = line_of_error(folder / source, exc)
        where = f"{source}, line {line}: " if line else ""
        raise DeclarationError(
            f"{where}Cannot load the entity type {place!r} ({type(exc).__name__}: {exc}); "
            "write it as file.py:Name or package.module:Name."
        ) from exc
    if not (isinstance(declaration, type) and issubclass(declaration, Entity)):
        raise DeclarationError(f"{place!r} is no subclass of mdm.entities.Entity.")
    return declaration


def _module_from_file(path: Path) -> object:
    name = f"mdm_declared_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ImportError(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
