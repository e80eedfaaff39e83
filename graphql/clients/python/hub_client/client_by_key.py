from datetime import date
from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class ClientByKey(BaseModel):
    client_by_key: Optional["ClientByKeyClientByKey"] = Field(alias="clientByKey", default=None)


class ClientByKeyClientByKey(BaseModel):
    id: str
    version: int
    name: Optional[str] = Field(default=None)
    status: Optional[str] = Field(default=None)
    crosswalk: list["ClientByKeyClientByKeyCrosswalk"]
    projects: "ClientByKeyClientByKeyProjects"


class ClientByKeyClientByKeyCrosswalk(BaseModel):
    system: str
    keys: list[str]


class ClientByKeyClientByKeyProjects(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["ClientByKeyClientByKeyProjectsNodes"]


class ClientByKeyClientByKeyProjectsNodes(BaseModel):
    code: Optional[str] = Field(default=None)
    name: Optional[str] = Field(default=None)
    start_date: Optional[date] = Field(alias="startDate", default=None)
    manager: Optional["ClientByKeyClientByKeyProjectsNodesManager"] = Field(default=None)
    cost_center: Optional["ClientByKeyClientByKeyProjectsNodesCostCenter"] = Field(
        alias="costCenter", default=None
    )


class ClientByKeyClientByKeyProjectsNodesManager(BaseModel):
    given_name: Optional[str] = Field(alias="givenName", default=None)
    family_name: Optional[str] = Field(alias="familyName", default=None)


class ClientByKeyClientByKeyProjectsNodesCostCenter(BaseModel):
    code: Optional[str] = Field(default=None)
    name: Optional[str] = Field(default=None)
    parent: Optional["ClientByKeyClientByKeyProjectsNodesCostCenterParent"] = Field(default=None)


class ClientByKeyClientByKeyProjectsNodesCostCenterParent(BaseModel):
    name: Optional[str] = Field(default=None)


ClientByKey.model_rebuild()
ClientByKeyClientByKey.model_rebuild()
ClientByKeyClientByKeyProjects.model_rebuild()
ClientByKeyClientByKeyProjectsNodes.model_rebuild()
ClientByKeyClientByKeyProjectsNodesCostCenter.model_rebuild()
