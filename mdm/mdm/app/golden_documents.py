"""What /api/v1/golden takes and answers, as its description tells it."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from mdm.app.problems import PROBLEM
from mdm.overrides import Lifetime


class SourceDocument(BaseModel):
    """A source record."""

    system: str
    key: str


class SuccessorDocument(BaseModel):
    """Who holds records that an id once had."""

    golden_id: str
    share: float = Field(description="Of those records, 0 to 1")
    records: int


class GoldenDocument(BaseModel):
    """A golden record as you may see it."""

    golden_id: str
    entity_type: str
    version: int = Field(description="Raised by one with every change")
    values: dict[str, Any] = Field(description="Attribute to value; a reference is a golden id")
    masked: list[str] = Field(description="Attributes kept from you: null, whether or not there is a value")
    sources: list[SourceDocument]
    successors: list[SuccessorDocument] = Field(
        description="If some of its records went elsewhere: who holds them now, itself among them"
    )


class ElsewhereDocument(BaseModel):
    """An id that leads to another one."""

    asked: str
    state: str = Field(description="merged or split")
    golden_id: str = Field(description="Go on with this one")
    successors: list[SuccessorDocument]


class ReasonDocument(BaseModel):
    """What one attribute says about a pair of source records."""

    column: str
    label: str = Field(description="The level of agreement, in words")
    left_value: str | None
    right_value: str | None
    weight: float = Field(description="In bits; above 0 speaks for the same thing")
    note: str


class StepDocument(BaseModel):
    """One union of two groups of source records, named source:key."""

    number: int = Field(description="Which step it is, from 1")
    one: list[str]
    other: list[str]
    rule: str = Field(description="Why they joined, in words")
    pair: tuple[str, str] = Field(description="The pair across that speaks most for it")
    weight: float = Field(description="Of that pair, in bits")
    average: float = Field(description="Of all pairs across, in bits")
    reasons: list[ReasonDocument]


class BuildingDocument(BaseModel):
    """How a golden record came about."""

    golden_id: str
    entity_type: str
    model: str = Field(description="Version of the match model by which it is told")
    records: list[str] = Field(description="Its source records, as the last step leaves them")
    steps: list[StepDocument]


class Said(BaseModel):
    """A steward's value."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"value": "Harbour & Pine Ltd", "reason": "Companies House"}]},
    )

    value: str | float | list[str] = Field(
        description="A text, a number, texts, or a golden id for a reference"
    )
    reason: str = Field("", max_length=5000, description="Why, for those who read it later")
    lifetime: Lifetime = Field(
        Lifetime.forever,
        description="forever; basis (until a source says something else); date; next_write",
    )
    until: AwareDatetime | None = Field(None, description="With the lifetime date: until when")


ETAG = {"ETag": {"schema": {"type": "string"}, "description": "For If-None-Match and If-Match"}}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"headers": ETAG},
    300: {"model": ElsewhereDocument, "description": "It was split: choose; Location leads to the best"},
    304: {"description": "Nothing that you see of it has changed"},
    307: {"model": ElsewhereDocument, "description": "It was merged; Location leads to the survivor"},
    404: {"description": "No golden record that exists for you ever had the id", **PROBLEM},
    410: {"description": "Retired, because no source has it any more, or erased", **PROBLEM},
}
WRITES: dict[int | str, dict[str, Any]] = {
    **{code: ANSWERS[code] for code in (200, 404)},
    403: {"description": "You may not decide about it, or not see the attribute", **PROBLEM},
    409: {"description": "It is no current golden record, or the value cannot stand", **PROBLEM},
    412: {"description": "It has changed since you looked", **PROBLEM},
    428: {"description": "If-Match is missing", **PROBLEM},
}
