"""The same data behind Strawberry and SQLAlchemy as their tutorials put them together.

    python plain.py postgresql+psycopg://... PORT

Mapped classes with relationships that load when they are touched, a type per class, a session per request.
Nothing here knows of the hub but the names of its tables. Strawberry's own guide leads from here to loaders.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import strawberry
import uvicorn
from fastapi import Depends, FastAPI
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker
from strawberry.fastapi import GraphQLRouter


class Base(DeclarativeBase):
    """What all classes have in common."""


class Worker(Base):
    """A worker."""

    __tablename__ = "golden_worker"
    id: Mapped[str] = mapped_column(primary_key=True)
    given_name: Mapped[str | None]
    family_name: Mapped[str | None]
    email: Mapped[str | None]
    job_title: Mapped[str | None]


class CostCenter(Base):
    """A cost center."""

    __tablename__ = "golden_cost_center"
    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str | None]
    name: Mapped[str | None]


class SourceRecord(Base):
    """A source record."""

    __tablename__ = "source_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    source_key: Mapped[str]
    first_seen_at: Mapped[datetime]


class Membership(Base):
    """Which client a source record belongs to."""

    __tablename__ = "membership"
    record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"), primary_key=True)
    golden_id: Mapped[str] = mapped_column(ForeignKey("golden_client.id"))


class Client(Base):
    """A client."""

    __tablename__ = "golden_client"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    status: Mapped[str | None]
    tax_id: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None]
    sources: Mapped[list[SourceRecord]] = relationship(secondary="membership", viewonly=True)
    projects: Mapped[list[Project]] = relationship(order_by="Project.id", viewonly=True)


class Project(Base):
    """A project."""

    __tablename__ = "golden_project"
    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str | None]
    name: Mapped[str | None]
    status: Mapped[str | None]
    start_date: Mapped[date | None]
    client_id: Mapped[str | None] = mapped_column("client", ForeignKey("golden_client.id"))
    manager_id: Mapped[str | None] = mapped_column("manager", ForeignKey("golden_worker.id"))
    cost_center_id: Mapped[str | None] = mapped_column("cost_center", ForeignKey("golden_cost_center.id"))
    manager: Mapped[Worker | None] = relationship(viewonly=True)
    cost_center: Mapped[CostCenter | None] = relationship(viewonly=True)
    assignments: Mapped[list[Assignment]] = relationship(order_by="Assignment.id", viewonly=True)


class Assignment(Base):
    """A worker on a project."""

    __tablename__ = "golden_assignment"
    id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str | None]
    allocation: Mapped[float | None]
    project_id: Mapped[str | None] = mapped_column("project", ForeignKey("golden_project.id"))
    worker_id: Mapped[str | None] = mapped_column("worker", ForeignKey("golden_worker.id"))
    worker: Mapped[Worker | None] = relationship(viewonly=True)


@strawberry.type(name="Worker")
class WorkerType:
    """A worker."""

    id: strawberry.ID
    given_name: str | None
    family_name: str | None
    email: str | None
    job_title: str | None


@strawberry.type(name="CostCenter")
class CostCenterType:
    """A cost center."""

    id: strawberry.ID
    code: str | None
    name: str | None


@strawberry.type(name="Source")
class SourceType:
    """A source record."""

    system: str
    key: str
    first_seen_at: datetime


@strawberry.type(name="Assignment")
class AssignmentType:
    """A worker on a project."""

    id: strawberry.ID
    role: str | None
    allocation: float | None
    _row: strawberry.Private[Any]

    @strawberry.field
    def worker(self) -> WorkerType | None:
        """Loaded when asked for."""
        return _worker(self._row.worker)


@strawberry.type(name="Project")
class ProjectType:
    """A project."""

    id: strawberry.ID
    code: str | None
    name: str | None
    status: str | None
    start_date: date | None
    _row: strawberry.Private[Any]

    @strawberry.field
    def manager(self) -> WorkerType | None:
        """Loaded when asked for."""
        return _worker(self._row.manager)

    @strawberry.field
    def cost_center(self) -> CostCenterType | None:
        """Loaded when asked for."""
        row = self._row.cost_center
        return CostCenterType(id=strawberry.ID(row.id), code=row.code, name=row.name) if row else None

    @strawberry.field
    def assignments(self, first: int = 10) -> list[AssignmentType]:
        """Loaded when asked for."""
        return [
            AssignmentType(id=strawberry.ID(row.id), role=row.role, allocation=row.allocation, _row=row)
            for row in self._row.assignments[:first]
        ]


@strawberry.type(name="Client")
class ClientType:
    """A client."""

    id: strawberry.ID
    name: str | None
    status: str | None
    tax_id: str | None
    city: str | None
    country: str | None
    _row: strawberry.Private[Any]

    @strawberry.field
    def sources(self) -> list[SourceType]:
        """Loaded when asked for."""
        return [
            SourceType(system=row.source, key=row.source_key, first_seen_at=row.first_seen_at)
            for row in self._row.sources
        ]

    @strawberry.field
    def projects(self, first: int = 50) -> list[ProjectType]:
        """Loaded when asked for."""
        return [
            ProjectType(
                id=strawberry.ID(row.id), code=row.code, name=row.name, status=row.status,
                start_date=row.start_date, _row=row,
            )
            for row in self._row.projects[:first]
        ]  # fmt: skip


@strawberry.type
class Query:
    """Where every operation begins."""

    @strawberry.field
    def client(self, info: strawberry.Info, id: strawberry.ID) -> ClientType | None:
        """The client with this id."""
        row = info.context["session"].get(Client, id)
        if row is None:
            return None
        return ClientType(
            id=strawberry.ID(row.id), name=row.name, status=row.status, tax_id=row.tax_id, city=row.city,
            country=row.country, _row=row,
        )  # fmt: skip


def _worker(row: Worker | None) -> WorkerType | None:
    if row is None:
        return None
    return WorkerType(
        id=strawberry.ID(row.id), given_name=row.given_name, family_name=row.family_name, email=row.email,
        job_title=row.job_title,
    )  # fmt: skip


def create_app(url: str) -> FastAPI:
    """The application, as the tutorials of both libraries make it."""
    sessions = sessionmaker(create_engine(url))

    def get_session() -> Iterator[Session]:
        with sessions() as session:
            yield session

    async def get_context(session: Session = Depends(get_session)) -> dict[str, Any]:
        return {"session": session}

    app = FastAPI()
    app.include_router(GraphQLRouter(strawberry.Schema(Query), context_getter=get_context), prefix="/graphql")
    app.add_api_route("/ready", lambda: {"status": "ok"})
    return app


if __name__ == "__main__":
    uvicorn.run(create_app(sys.argv[1]), port=int(sys.argv[2]), log_level="warning")
