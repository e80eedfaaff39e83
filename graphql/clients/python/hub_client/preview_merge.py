from typing import Any, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import RefusalCode


class PreviewMerge(BaseModel):
    merge: Union[
        "PreviewMergeMergeMerged",
        "PreviewMergeMergeConflicted",
        "PreviewMergeMergeStale",
        "PreviewMergeMergeRefused",
    ] = Field(discriminator="typename__")


class PreviewMergeMergeMerged(BaseModel):
    typename__: Literal["Merged"] = Field(alias="__typename")
    survivor: str
    redirected: str
    changes: "PreviewMergeMergeMergedChanges"


class PreviewMergeMergeMergedChanges(BaseModel):
    values: list["PreviewMergeMergeMergedChangesValues"]


class PreviewMergeMergeMergedChangesValues(BaseModel):
    attribute: str
    before: Optional[Any] = Field(default=None)
    after: Optional[Any] = Field(default=None)


class PreviewMergeMergeConflicted(BaseModel):
    typename__: Literal["Conflicted"] = Field(alias="__typename")
    message: str


class PreviewMergeMergeStale(BaseModel):
    typename__: Literal["Stale"] = Field(alias="__typename")
    message: str


class PreviewMergeMergeRefused(BaseModel):
    typename__: Literal["Refused"] = Field(alias="__typename")
    code: RefusalCode
    message: str


PreviewMerge.model_rebuild()
PreviewMergeMergeMerged.model_rebuild()
PreviewMergeMergeMergedChanges.model_rebuild()
