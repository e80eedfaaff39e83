"""Ids of records that do not exist for whoever asks, through every door, beside ids that nobody ever issued.

Answers must be equal but for the id, and take as long: processor time is compared pair by pair, because the
clock on the wall measures what else the machine does.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from time import process_time
from typing import Any

from databases import Databases
from fastapi.testclient import TestClient
from httpx2 import Response

from mdm.access import Role
from mdm.access.grants import Grant
from mdm.access.keys import create_key
from mdm.app import create_app
from mdm.erasure import erase
from mdm.export import golden_rows
from mdm.golden_ids import golden_ids_of
from mdm.hub import Hub
from mdm.identity import Merged, MergeRequest, merge
from mdm.store.derived import Task
from mdm.testing import NOON, hub_at, make_golden, record, take_in

CANARY = "Zanzarac"
"""Part of every value of the records that must not be seen."""

EACH = 12
"""Foreign records of every kind."""

SAME_TIME = 0.005
"""Seconds of processor time by which the medians may differ."""

OWN = "own-client"
Door = Callable[[TestClient, str], Response]


def _asks(query: str) -> Door:
    return lambda browser, name: browser.post("/graphql", json={"query": query.replace("ID", name)})


def _gets(path: str) -> Door:
    return lambda browser, name: browser.get(path.replace("ID", name), follow_redirects=False)


def _extends(browser: TestClient, name: str) -> Response:
    asked = {"ids": [name], "properties": [{"id": "name"}, {"id": "country"}]}
    return browser.post("/api/v1/reconcile", data={"extend": json.dumps(asked)})


def _overrides(browser: TestClient, name: str) -> Response:
    place = f"/api/v1/golden/{name}/overrides/name"
    return browser.put(place, json={"value": "Mine"}, headers={"If-Match": "*"})


def _removes(browser: TestClient, name: str) -> Response:
    return browser.delete(f"/api/v1/golden/{name}/overrides/name", headers={"If-Match": "*"})


def _bans(browser: TestClient, name: str) -> Response:
    form = {"attribute": "name", "value": "x", "act": "ban"}
    return browser.post(f"/console/golden/{name}/bans", data=form)


RECORD = (
    '{ node(id: "ID") { id ... on GoldenRecord { version sources { key } cells { value } '
    "lineage { nodes { label } } history { version } neighbours { relation } } } }"
)
CELL = 'cell: {id: "ID", attribute: "name", version: 1}'
SEEN = f'seen: [{{id: "ID", version: 1}}, {{id: "{OWN}", version: 1}}]'
SAID = "{ __typename ... on Refused { code message } ... on Stale { message } }"

DOORS: dict[str, Door] = {
    "node": _asks(RECORD),
    "node of the past": _asks('{ node(id: "ID", knownAt: "2026-03-02T00:00:00Z") { id } }'),
    "client": _asks('{ client(id: "ID") { id name } worker(id: "ID") { id familyName } }'),
    "key": _asks(
        '{ clientByKey(system: "erp", key: "ID") { id } workerByKey(system: "erp", key: "ID") { id } }'
    ),
    "path": _asks(f'{{ client(id: "{OWN}") {{ path(to: "ID") {{ relation }} }} }}'),
    "filter": _asks('{ clients(filter: {id: {eq: "ID"}}) { totalCount nodes { id } } }'),
    "filter by reference": _asks('{ projects(filter: {client: {in: ["ID"]}}) { totalCount } }'),
    "search": _asks('{ search(text: "ID") { id label } }'),
    "override": _asks(f'mutation {{ override(input: {{{CELL}, value: "Mine"}}) {SAID} }}'),
    "merge": _asks(
        f'mutation {{ merge(input: {{loser: "ID", survivor: "{OWN}", {SEEN}}}, preview: true) {SAID} }}'
    ),
    "unmerge": _asks(
        f'mutation {{ unmerge(input: {{id: "ID", seen: {{id: "ID", version: 1}}}}, preview: true) {SAID} }}'
    ),
    "undo": _asks(f'mutation {{ undo(operation: "ID", preview: true) {SAID} }}'),
    "task": _asks(f'mutation {{ decide(input: {{taskId: "ID", answer: SAME}}) {SAID} }}'),
    "handling of a task": _asks(f'mutation {{ assign(taskId: "ID", to: "me") {SAID} }}'),
    "page of a task": _gets("/console/tasks/ID"),
    "page": _gets("/console/golden/ID"),
    "page of a version": _gets("/console/golden/ID/versions/1"),
    "picture": _gets("/console/golden/ID/lineage.svg"),
    "console search": _gets("/console/search?q=ID"),
    "preview of a change": _gets(f"/console/change?act=merge&what=ID&into={OWN}"),
    "ban": _bans,
    "audit": _gets("/api/v1/changes?golden_id=ID"),
    "reconciliation preview": _gets("/api/v1/reconcile/preview?id=ID"),
    "extend": _extends,
    "resource": _gets("/api/v1/golden/ID"),
    "resource by key": _gets("/api/v1/golden/by-key?entity_type=client&system=erp&key=ID"),
    "write": _overrides,
    "write back": _removes,
}


@dataclass
class Probes:
    """What asking about foreign ids came to.

    Attributes:
        unlike: doors and ids whose answer differs from that about an id nobody issued.
        told: doors and ids whose answer holds a value of the record.
        seconds: door to the differences of processor time, one per pair.
    """

    asked: int = 0
    unlike: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def gaps(self) -> dict[str, float]:
        """Door to the median difference, in seconds."""
        return {door: median(found) for door, found in self.seconds.items()}

    def slow(self) -> dict[str, float]:
        """The doors whose answers about foreign ids take another time."""
        return {door: gap for door, gap in self.gaps().items() if abs(gap) > SAME_TIME}


@contextmanager
def visited(url: str) -> Iterator[tuple[TestClient, list[str], Hub]]:
    """A steward of Germany at a hub with records of France: the browser, the foreign ids, the hub."""
    hub = hub_at(url)
    try:
        ids = _fill(hub)
        with hub.write("test") as uow:
            grant = Grant(roles=[Role.steward], domains=["*"], rows={"country": ["DE"]})
            key = create_key(uow, "german", grant).secret
        headers = {"Authorization": f"Bearer {key}", "X-Request-Id": "one"}
        app = create_app(hub, dev=False, role="api")
        yield TestClient(app, raise_server_exceptions=False, headers=headers), ids, hub
    finally:
        hub.close()


def _fill(hub: Hub) -> list[str]:
    """Current, merged, retired and erased records of France, and tasks about them; their ids."""

    def put(entity_type: str, golden_id: str, **values: Any) -> str:
        return make_golden(hub, entity_type, golden_id, {"erp": record(golden_id, **values)})

    put("client", OWN, name="Own Client", country="DE")
    put("legal_entity", "le-fr", code="FR01", name=f"Birch {CANARY}", country="FR")
    ids: list[str] = []
    for n in range(EACH):
        kept, lost, gone = (f"client-{kind}{n:04}" for kind in ("kept", "lost", "gone"))
        for name in (kept, lost, gone):
            put("client", name, name=f"{CANARY} {name}", country="FR")
        worker = put("worker", f"worker-w{n:06}", family_name=CANARY, legal_entity="le-fr")
        project = put("project", f"project-p{n:05}", name=f"{CANARY} {n}", client=kept)
        verdict = _end(hub, kept, lost, gone, worker if n % 3 == 0 else None)
        ids += [kept, lost, gone, worker, project, verdict, _task(hub, n, kept)]
    return ids


def _end(hub: Hub, kept: str, lost: str, gone: str, erased: str | None) -> str:
    with hub.write("test") as uow:
        merged = merge(uow, MergeRequest(lost, kept, {lost: 1, kept: 1}))
        if erased:
            erase(uow, erased, reason="asked for")
    take_in(hub, "erp", "client", [record(gone, NOON + timedelta(days=1), deleted=True)])
    return merged.operation if isinstance(merged, Merged) else ""


def _task(hub: Hub, n: int, about: str) -> str:
    name = f"task-foreign{n:05}"
    with hub.write("test") as uow:
        records = [
            i for i, golden_id in golden_ids_of(uow.session, range(1, 500)).items() if golden_id == about
        ]
        uow.session.add(
            Task(
                id=name, entity_type="client", kind="contradiction", left_golden=about, right_golden=about,
                left_record=records[0], right_record=records[-1], weight=1.0, cause="review", text=CANARY,
            )
        )  # fmt: skip
    return name


def probe(
    browser: TestClient, ids: list[str], *, pairs: int, seed: int, through: Collection[str] = DOORS
) -> Probes:
    """Ask about foreign ids and ids that nobody issued, in pairs, through one door after the other."""
    chance, found = random.Random(seed), Probes()
    doors = [(name, DOORS[name]) for name in through]
    for number in range(pairs):
        name, door = doors[number % len(doors)]
        foreign = chance.choice(ids)
        missing = f"{foreign[:-4]}{chance.randrange(16**4):04x}"
        if missing in ids:
            continue
        order = chance.sample((foreign, missing), 2)
        answers, spent = {}, {}
        for one in order:
            began = process_time()
            answers[one] = door(browser, one)
            spent[one] = process_time() - began
        found.asked += 1
        found.seconds.setdefault(name, []).append(spent[foreign] - spent[missing])
        texts = {one: answer.text.replace(one, "ID") for one, answer in answers.items()}
        if texts[foreign] != texts[missing] or answers[foreign].status_code != answers[missing].status_code:
            found.unlike.append(f"{name} {foreign}: {answers[foreign].status_code} {texts[foreign][:200]}")
        if CANARY.lower() in texts[foreign].lower():
            found.told.append(f"{name} {foreign}")
    return found


def still_slow(browser: TestClient, ids: list[str], suspected: Collection[str]) -> dict[str, float]:
    """Of the doors that seemed to take another time those that do; few pairs may be a bad moment."""
    if not suspected:
        return {}
    return probe(browser, ids, pairs=40 * len(suspected), seed=3, through=suspected).slow()


def exported(hub: Hub) -> str:
    """Everything that a German export holds."""
    from mdm.access.grants import principal_of

    grant = Grant(roles=[Role.viewer], rows={"country": ["DE"]})
    with hub.read(principal_of("german", [grant], hub.settings.auth)) as session:
        return json.dumps([list(golden_rows(session, t)) for t in hub.registry])


def campaign_unit(databases: Databases, number: int) -> dict[str, Any]:
    """500 pairs on a database of their own."""
    with databases.fresh() as (url, _), visited(url) as (browser, ids, hub):
        probe(browser, ids, pairs=2 * len(DOORS), seed=number)  # warm
        found = probe(browser, ids, pairs=500, seed=1000 + number)
        slow = still_slow(browser, ids, found.slow())
        wrong = [*found.unlike, *found.told, *(f"{door}: {gap:.4f} s" for door, gap in slow.items())]
        if CANARY in exported(hub):
            wrong.append("export")
    return {"ids": found.asked, "failed": len(wrong), "failures": wrong}
