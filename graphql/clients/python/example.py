"""Ask a hub through the generated client: `MDM_KEY=mdm_... python example.py https://hub.example/graphql`.

It needs httpx2 and pydantic, and the firm of docs/firm in the hub.
"""

from __future__ import annotations

import os
import sys

from hub_client import ClientInput, Hub, MergeInput, PreviewMergeMergeMerged, RecordInput, VersionSeen
from hub_client.base_client import HubError


def client_by_key(hub: Hub) -> None:
    """A client by the key that the CRM has for it, with its projects."""
    client = hub.client_by_key("crm", "A1").client_by_key
    if client is None:
        print("The CRM's A1 is unknown: load docs/firm first.")
        return
    keys = ", ".join(f"{one.system} {key}" for one in client.crosswalk for key in one.keys)
    print(f"{client.name} ({client.status}), known as {keys}")
    for project in client.projects.nodes:
        manager = project.manager.family_name if project.manager else "nobody"
        center = project.cost_center.name if project.cost_center else "none"
        started = f"{project.start_date:%d %B %Y}" if project.start_date else "no day yet"
        print(f"  {project.code} {project.name}: from {started}, manager {manager}, cost center {center}")


def duplicate(hub: Hub) -> None:
    """Whether a record that is not saved yet would be a duplicate."""
    record = RecordInput(client=ClientInput(name="Zwölf Apostel Keller", city="Berlin", country="DE"))
    for candidate in hub.match(record, "web", first=1).match:
        source = candidate.source
        print(f"{candidate.grade.value}: {candidate.label}, {source.system} {source.key}")
        print(f"  {candidate.reasons[0].attribute}: {candidate.reasons[0].text}")


def merge(hub: Hub) -> None:
    """The two best hits of a search, and what merging the second into the first would change."""
    hits = hub.search("quarry lane stationery", first=2).search
    for hit in hits:
        print(f"{hit.entity_type.value} {hit.label}")
    survivor, loser = (hit.node for hit in hits)
    seen = [VersionSeen(id=one.id, version=one.version) for one in (loser, survivor)]
    outcome = hub.preview_merge(MergeInput(loser=loser.id, survivor=survivor.id, seen=seen)).merge
    if not isinstance(outcome, PreviewMergeMergeMerged):
        print(f"  not merged: {outcome.message}")
        return
    for value in outcome.changes.values:
        print(f"  merged, {value.attribute} would change from {value.before} to {value.after}")


def main() -> int:
    """Run the three against the hub whose address is the argument."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/graphql"
    with Hub(url, key=os.environ.get("MDM_KEY")) as hub:
        try:
            client_by_key(hub)
            duplicate(hub)
            merge(hub)
        except HubError as exc:
            print(exc, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
