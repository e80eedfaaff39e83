"""What is to be loaded, and all that can be wrong with it before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mdm.entities import EntityType
from mdm.errors import MappingError, UsageError
from mdm.intake import Mapping, RowSource, check_columns, implied_mapping, load_mapping, open_rows

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """What to load.

    Attributes:
        mapping: a shipped one such as `salesforce/account`, or a file; empty if the headers are the hub's.
        dry_run: say what would be done, and write nothing.
        full: the files hold all the source has; what they lack is end-dated.
        encoding: of text files; else UTF-8 or what a byte-order mark says.
        batch: rows in one transaction; None for 2,000. The first load of a large file is faster with
            ten times as many; other writers wait as much longer.
    """

    source: str
    entity_type: str
    files: tuple[Path, ...]
    mapping: str = ""
    dry_run: bool = False
    full: bool = False
    encoding: str | None = None
    author: str = "system"
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """A request whose files and mapping were all found usable."""

    request: LoadRequest
    entity_type: EntityType
    mapping: Mapping
    files: tuple[RowSource, ...]
    notes: tuple[str, ...]


def plan_load(hub: Hub, request: LoadRequest) -> LoadPlan:
    """Everything that can be known to be wrong before anything is written."""
    entity_type = hub.registry[request.entity_type]
    if not request.source.strip() or not request.source.isprintable():
        raise UsageError("A source's name is printable and not blank; give one such as crm.")
    mapping = load_mapping(request.mapping, hub.registry) if request.mapping else implied_mapping(entity_type)
    if mapping.entity != entity_type.name:
        raise MappingError(
            f"The mapping {request.mapping} is for {mapping.entity}, not for {entity_type.name}; "
            f"load it with --entity {mapping.entity}."
        )
    files = []
    notes = []
    for path in request.files:
        source = open_rows(path, encoding=request.encoding, records=mapping.records)
        lacking = check_columns(source, entity_type, mapping)
        if lacking:
            notes.append(
                f"{path.name} lacks {', '.join(lacking)}, which the mapping names; former values stay."
            )
        files.append(source)
    return LoadPlan(request, entity_type, mapping, tuple(files), tuple(notes))
