"""Reads a mapping file, and says which line of it does not make sense.

entity = "client"
records = "data.items"                  # in a JSON document: the list, or an object of id to record
key = "Id"                              # a column's exact name, else a JMESPath expression
changed_at = "SystemModstamp"
deleted = "IsDeleted"
effective_from = "EffectiveDate"        # first day on which the row holds; effective_to: the first day after
skip = "Type == 'Partner'"              # rows of which this is true are left out
date_formats = ["%d/%m/%Y"]             # beside ISO 8601

[attributes]
name = "Name"
street = { from = "BillingStreet", transform = ["first_line"] }
status = { from = "Stage", values = { Won = "active" }, otherwise = "prospect" }
owner = { from = "OwnerId", source = "salesforce" }
kind = { constant = "organisation" }
"""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mdm.effective import FACTS
from mdm.entities import EntityRegistry
from mdm.entities.entity_type import EntityType, Kind
from mdm.errors import MappingError
from mdm.intake.mapping import FieldMapping, Mapping
from mdm.intake.selecting import Selector, compile_selector
from mdm.intake.transforms import compile_transform

KEYS = frozenset({
    "entity", "records", "key", "changed_at", "deleted", "skip", "date_formats", "attributes", *FACTS,
})  # fmt: skip
FIELD_KEYS = frozenset({"from", "transform", "values", "otherwise", "source", "constant"})
SHIPPED = re.compile(r"[a-z0-9_]+/[a-z0-9_]+")


def load_mapping(name: str, registry: EntityRegistry) -> Mapping:
    """The mapping of this name: a shipped one such as `salesforce/account`, else a file.

    Raises:
        MappingError: there is none, or it does not make sense; the message names file, line and key.
    """
    path = find_mapping(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = tomllib.loads(text)
    except OSError as exc:
        raise MappingError(f"Cannot read the mapping {path} ({exc.strerror}); check the path.") from exc
    except UnicodeDecodeError as exc:
        raise MappingError(f"{path}: is no UTF-8 text; save it as UTF-8.") from exc
    except tomllib.TOMLDecodeError as exc:
        raise MappingError(f"{path}: is no valid TOML: {exc}.") from exc
    return _Reader(name, path, text, document, registry).mapping()


def shipped_folder() -> Path | None:
    """Where the connectors keep their mappings; None if they are not installed."""
    # The hub does not import the connectors' room; their mappings are files that are found by place.
    spec = importlib.util.find_spec("mdm_sync")
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) / "mappings" if places else None


def shipped_mappings() -> list[str]:
    """The names of all shipped mappings, such as `salesforce/account`."""
    folder = shipped_folder()
    if folder is None or not folder.is_dir():
        return []
    return sorted(f"{path.parent.name}/{path.stem}" for path in folder.glob("*/*.toml"))


def find_mapping(name: str) -> Path:
    """The file of a mapping's name.

    Raises:
        MappingError: neither a shipped mapping nor a file has this name.
    """
    folder = shipped_folder()
    if folder is not None and SHIPPED.fullmatch(name) and (folder / f"{name}.toml").is_file():
        return folder / f"{name}.toml"
    path = Path(name)
    if path.is_file():
        return path
    if path.is_dir():
        raise MappingError(f"{name} is a folder; name the mapping file in it.")
    near = get_close_matches(name, shipped_mappings(), n=1)
    hint = (
        f"did you mean the shipped mapping {near[0]}?"
        if near
        else "name a file, or a shipped mapping as system/object."
    )
    raise MappingError(f"There is no mapping {name}; {hint}")


class _Reader:
    """Turns one parsed document into a mapping."""

    def __init__(
        self, name: str, path: Path, text: str, document: dict[str, Any], registry: EntityRegistry
    ) -> None:
        # A file is kept by its full path, so that a replay from another folder finds it again.
        self._name = name if SHIPPED.fullmatch(name) and not Path(name).is_file() else str(path.resolve())
        self._path = path
        self._lines = text.splitlines()
        self._document = document
        self._registry = registry
        self._formats: tuple[str, ...] = ()

    def mapping(self) -> Mapping:
        self._known(self._document, KEYS, "")
        entity_type = self._entity_type()
        self._formats = self._date_formats()
        key = self._field("key", self._needed("key"))
        changed_at, deleted = self._document.get("changed_at"), self._document.get("deleted")
        return Mapping(
            name=self._name,
            entity=entity_type.name,
            key=key,
            attributes=dict(self._attributes(entity_type)),
            changed_at=None if changed_at is None else self._field("changed_at", changed_at),
            deleted=None if deleted is None else self._field("deleted", deleted),
            facts={n: self._field(n, self._document[n]) for n in FACTS if n in self._document},
            skip=self._optional_selector("skip"),
            records=self._optional_selector("records"),
            date_formats=self._formats,
        )

    def _entity_type(self) -> EntityType:
        name = self._needed("entity")
        if not isinstance(name, str) or name not in self._registry:
            known = [entity_type.name for entity_type in self._registry]
            raise self._error("entity", f"there is no entity type {name!r}{_suggest(str(name), known)}")
        return self._registry[name]

    def _date_formats(self) -> tuple[str, ...]:
        formats = self._document.get("date_formats", [])
        if not isinstance(formats, list) or not all(
            isinstance(item, str) and "%" in item for item in formats
        ):
            raise self._error("date_formats", 'is a list of formats such as ["%d/%m/%Y"]')
        return tuple(formats)

    def _attributes(self, entity_type: EntityType) -> Iterator[tuple[str, FieldMapping]]:
        table = self._needed("attributes")
        if not isinstance(table, dict):
            raise self._error("attributes", "is a table: write [attributes], then one line per attribute")
        for name, value in table.items():
            attribute = entity_type.by_name.get(name)
            if attribute is None:
                near = _suggest(name, list(entity_type.by_name))
                raise self._error(name, f"{entity_type.name} has no attribute {name!r}{near}")
            mapped = self._field(name, value)
            if mapped.source and attribute.kind is not Kind.reference:
                raise self._error(name, "has a source, but only references lead into another source")
            yield name, mapped

    def _field(self, key: str, value: Any) -> FieldMapping:
        if isinstance(value, str):
            return FieldMapping(self._selector(key, value))
        if not isinstance(value, dict):
            raise self._error(
                key, 'is a field\'s name or a table such as { from = "Name", transform = ["strip"] }'
            )
        self._known(value, FIELD_KEYS, key)
        if ("from" in value) == ("constant" in value):
            raise self._error(key, "has either `from` or `constant`")
        transforms = value.get("transform", [])
        words, otherwise = value.get("values", {}), value.get("otherwise")
        if not isinstance(words, dict):
            raise self._error(key, 'has values that are no table; write values = { Won = "active" }')
        return FieldMapping(
            selector=self._selector(key, value["from"]) if "from" in value else None,
            transforms=tuple(self._transforms(key, transforms)),
            words=words,
            otherwise=otherwise,
            source=str(value.get("source", "")),
            constant=value.get("constant"),
        )

    def _transforms(self, key: str, transforms: Any) -> Iterator[Any]:
        for text in [transforms] if isinstance(transforms, str) else transforms:
            try:
                yield compile_transform(str(text), self._formats)
            except ValueError as exc:
                raise self._error(key, str(exc)) from exc

    def _optional_selector(self, key: str) -> Selector | None:
        text = self._document.get(key)
        return None if text is None else self._selector(key, text)

    def _selector(self, key: str, text: Any) -> Selector:
        if not isinstance(text, str):
            raise self._error(key, "is a column's name or a JMESPath expression, so it is a text")
        try:
            return compile_selector(text)
        except ValueError as exc:
            raise self._error(key, f"{text!r} {exc}") from exc

    def _needed(self, key: str) -> Any:
        if key not in self._document:
            raise MappingError(f"{self._path}: the key `{key}` is missing; add it before the first table.")
        return self._document[key]

    def _known(self, table: dict[str, Any], known: Iterable[str], within: str) -> None:
        for key in table:
            if key not in known:
                place = f" within {within}" if within else ""
                hint = _suggest(key, list(known))
                raise self._error(within or key, f"there is no key `{key}`{place}{hint}")

    def _error(self, key: str, what: str) -> MappingError:
        pattern = re.compile(
            rf'\s*(?:"{re.escape(key)}"|{re.escape(key)})\s*=|\s*\[(?:attributes\.)?{re.escape(key)}\]'
        )
        line = next((number for number, text in enumerate(self._lines, start=1) if pattern.match(text)), None)
        place = f"{self._path}, line {line}, {key}" if line else f"{self._path}, {key}"
        return MappingError(f"{place}: {what}{'' if what.endswith('?') else '; correct it there.'}")


def _suggest(name: str, known: list[str]) -> str:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; use one of {', '.join(sorted(known))}"
