from .base_model import BaseModel
from .enums import Grade


class Match(BaseModel):
    match: list["MatchMatch"]


class MatchMatch(BaseModel):
    id: str
    label: str
    grade: Grade
    source: "MatchMatchSource"
    reasons: list["MatchMatchReasons"]


class MatchMatchSource(BaseModel):
    system: str
    key: str


class MatchMatchReasons(BaseModel):
    attribute: str
    text: str


Match.model_rebuild()
MatchMatch.model_rebuild()
