"""The words with which an entity type is declared: `Entity`, `Ref`, and the marks beside the semantic types.

class Client(Entity):
    name: Annotated[str, OrganisationName(), prefer("erp", "crm")]
    parent: Annotated[Ref["Client"] | None, Hierarchy()] = None
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from mdm.effective import Period
from mdm.errors import DeclarationError

Target = TypeVar("Target")


class Ref(Generic[Target]):
    """A reference to a golden record of another entity type.

    In a source record it holds the source key of the same source, or `source:key`; in a golden record a
    golden id.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema()


class Sensitivity(StrEnum):
    """Who may see an attribute."""

    public = "public"
    """Everybody who may use the hub."""
    internal = "internal"
    """Everybody inside the firm."""
    personal = "personal"
    """Personal data: people who need it for their work."""
    pay = "pay"
    """Rates and pay: very few."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Marks a reference to the same entity type that forms a tree, such as a client's parent."""


@dataclass(frozen=True, slots=True)
class Inverse:
    """Names a reference as seen from the record it leads to, such as a worker's `managed_projects`."""

    name: str


def inverse(name: str) -> Inverse:
    """The reference's name in snake case seen from the other side; else the plural of the referring type."""
    return Inverse(name)


@dataclass(frozen=True, slots=True)
class Deprecated:
    """Marks an attribute that will go; the API tells its readers what to use instead."""

    instead: str


def deprecated(instead: str) -> Deprecated:
    """The attribute will go.

    Args:
        instead: what to use, as a sentence: GraphQL shows it as the reason.

    Raises:
        DeclarationError: it says nothing, so nobody could follow it.
    """
    if not instead.strip():
        raise DeclarationError("deprecated() says what to use instead; give it a sentence.")
    return Deprecated(instead)


@dataclass(frozen=True, slots=True)
class NoEvidence:
    """Marks an attribute that matching must not look at."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The words an attribute may hold; another word is kept, flagged, and loses to a known one."""

    words: tuple[str, ...]


def choices(*words: str) -> Choices:
    """The words an attribute may hold."""
    return Choices(words)


@dataclass(frozen=True, slots=True)
class Classified:
    """Marks who may see an attribute."""

    sensitivity: Sensitivity


def public() -> Classified:
    """Open to everybody who may use the hub."""
    return Classified(Sensitivity.public)


def personal() -> Classified:
    """Personal data."""
    return Classified(Sensitivity.personal)


def pay() -> Classified:
    """Rates and pay."""
    return Classified(Sensitivity.pay)


class Group(BaseModel):
    """Attributes whose values belong together, such as an address; its fields are the type's attributes."""

    model_config = ConfigDict(extra="forbid")


class Entity(BaseModel):
    """What an entity type is made of. Subclass it once per type; the docstring describes the type to people.

    Class attributes:
        label: the attribute that names a record to people.
        plural: the type's name in the plural, in snake case; `<name>s` if not given.
        code_attribute: the attribute that holds the code people know the record by, if any.
        match_key: attributes that together are the record's identity. Given, the type is matched by this
            exact key and never fuzzily.
        row_scope: for row filters: dimension (country, legal_entity) to the attributes by which a record
            belongs to it; one that is a reference belongs where it leads. Else the attribute of that name.
        period: the attributes that say from when until when the thing exists, if any.
    """

    model_config = ConfigDict(extra="forbid")

    label: ClassVar[str] = "name"
    plural: ClassVar[str] = ""
    code_attribute: ClassVar[str] = ""
    match_key: ClassVar[tuple[str, ...]] = ()
    row_scope: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    period: ClassVar[Period | None] = None
