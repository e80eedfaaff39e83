"""Figures for Prometheus: requests as they come, and the state of the hub at the moment of asking."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select
from sqlmodel import col
from starlette.types import Scope

from mdm.errors import MdmError
from mdm.event_log import last_event_number
from mdm.hub import Hub
from mdm.store.derived import GoldenRecord, Task
from mdm.store.publishing import OutboxRow
from mdm.store.records import QuarantinedRow, SourceRecord

FIGURES_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the library has several processes count together."""

KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The measures of one application; labels are routes and names from the settings, never ids."""

    def __init__(self, hub: Hub) -> None:
        self.registry = CollectorRegistry()
        self._state = HubState(hub)
        self.registry.register(self._state)
        self._requests = Counter(
            "mdm_http_requests_total",
            "Answers by route and status",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "mdm_http_request_duration_seconds",
            "Time from request to answer",
            ["route"],
            registry=self.registry,
        )

    def exposition(self) -> bytes:
        """What Prometheus reads; of several workers, what all of them have counted."""
        if FIGURES_FOLDER not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        together.register(self._state)
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library leaves it untyped
        return generate_latest(together)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one answer."""
        route = getattr(scope.get("route"), "path", "") or "other"
        method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class HubState(Collector):
    """What the hub holds, counted when asked."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterable[Metric]:
        """The gauges; `mdm_up` is 0 and nothing else is given if the database cannot be read."""
        up = GaugeMetricFamily("mdm_up", "Whether the database can be read")
        try:
            with self._hub.read() as session:
                families = [
                    _family(name, text, labels, session.execute(query).all())
                    for name, text, labels, query in _counts()
                ]
                families.append(
                    GaugeMetricFamily(
                        "mdm_event_number", "Number of the newest event", last_event_number(session)
                    )
                )
        except MdmError:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *families]

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not touch the database."""
        return []


def _family(name: str, text: str, labels: list[str], rows: Iterable[tuple[object, ...]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels)
    for *values, number in rows:
        family.add_metric([str(value) for value in values], float(str(number)))
    return family


def _counts() -> Iterator[tuple[str, str, list[str], Select]]:  # type: ignore[type-arg]  # of various columns
    records, golden = (
        [col(SourceRecord.entity_type), col(SourceRecord.source)],
        [col(GoldenRecord.entity_type)],
    )
    queue, outbox = [col(Task.entity_type), col(Task.kind)], [col(OutboxRow.target), col(OutboxRow.state)]
    rows = [col(QuarantinedRow.source), col(QuarantinedRow.entity_type)]
    yield (
        "mdm_source_records", "Live source records", ["entity_type", "source"],
        select(*records, func.count()).where(col(SourceRecord.live).is_(True)).group_by(*records),
    )  # fmt: skip
    yield (
        "mdm_golden_records", "Current golden records", ["entity_type"],
        select(*golden, func.count()).where(col(GoldenRecord.state) == "active").group_by(*golden),
    )  # fmt: skip
    yield (
        "mdm_tasks",
        "Tasks in the queue",
        ["entity_type", "kind"],
        select(*queue, func.count()).group_by(*queue),
    )
    yield (
        "mdm_quarantined_rows", "Rows in quarantine", ["source", "entity_type"],
        select(*rows, func.count()).where(col(QuarantinedRow.state) == "waiting").group_by(*rows),
    )  # fmt: skip
    yield (
        "mdm_outbox_rows", "Changes by target and state", ["target", "state"],
        select(*outbox, func.count()).group_by(*outbox),
    )  # fmt: skip


def metrics_router(metrics: Metrics) -> APIRouter:
    """GET /metrics."""
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    def exposition() -> Response:
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return router
