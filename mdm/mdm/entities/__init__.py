"""Entity types: one declaration each, from which everything else follows."""

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
    choices,
    deprecated,
    inverse,
    pay,
    personal,
    public,
)
from mdm.entities.entity_type import Attribute, EntityType, Kind
from mdm.entities.registry import EntityRegistry, load_registry

__all__ = [
    "Attribute",
    "Choices",
    "Classified",
    "Deprecated",
    "Entity",
    "EntityRegistry",
    "EntityType",
    "Group",
    "Hierarchy",
    "Inverse",
    "Kind",
    "NoEvidence",
    "Ref",
    "Sensitivity",
    "choices",
    "deprecated",
    "inverse",
    "load_registry",
    "pay",
    "personal",
    "public",
]
