from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import EntityType


class Search(BaseModel):
    search: list["SearchSearch"]


class SearchSearch(BaseModel):
    score: float
    entity_type: EntityType = Field(alias="entityType")
    label: str
    node: Union["SearchSearchNodeGoldenRecord", "SearchSearchNodeClient"] = Field(discriminator="typename__")


class SearchSearchNodeGoldenRecord(BaseModel):
    typename__: Literal[
        "Assignment",
        "CostCenter",
        "Engagement",
        "GoldenRecord",
        "LegalEntity",
        "Project",
        "Rate",
        "Worker",
    ] = Field(alias="__typename")
    id: str
    version: int


class SearchSearchNodeClient(BaseModel):
    typename__: Literal["Client"] = Field(alias="__typename")
    id: str
    version: int
    city: Optional[str] = Field(default=None)
    country: Optional[str] = Field(default=None)


Search.model_rebuild()
SearchSearch.model_rebuild()
