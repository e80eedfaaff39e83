"""How records are found: before they are saved, and by what is known of them."""

from __future__ import annotations

from deployment import Firm
from stewards import FULL

WORKERS: tuple[dict[str, str], ...] = (
    {
        "id": "1",
        "worker_number": "HR-40711",
        "given_name": "Catherine",
        "family_name": "Thorsen",
        "birth_date": "1980-02-01",
    },
    {
        "id": "2",
        "worker_number": "HR-40712",
        "given_name": "Katharine",
        "family_name": "Torson",
        "birth_date": "1980-11-30",
    },
    {
        "id": "3",
        "worker_number": "PS-50311",
        "given_name": "Samuel",
        "family_name": "Okafor",
        "birth_date": "1991-05-05",
    },
)
"""Two whose names sound alike, and somebody else."""


def test_row_105_candidates_for_an_unsaved_record_are_ranked_and_nothing_is_written(firm: Firm) -> None:
    """HTTP and GraphQL give the same candidates with weight and grade; the hub stays as it was."""
    name = FULL["name"]
    firm.load("crm", "client", {"id": "1", **FULL}, {"id": "2", "name": "Kestrel Foods GmbH"})
    firm.load("erp", "client", {"id": "A", "name": name, "city": "York", "country": "GB"})
    changes = "/api/v1/changes?after=0"
    before = firm.http("GET", changes).json(), firm.tasks("client"), firm.crosswalk("client")

    asked = {"name": name, "email": FULL["email"], "city": "Bristol", "country": "GB"}
    answer = firm.http("POST", "/api/v1/match", json={"entity_type": "client", "record": asked})
    told = answer.json()["candidates"]
    found = firm.query(
        "query ($record: RecordInput!) { match(record: $record) { id grade weight source { key } } }",
        record={"client": asked},
    )["match"]

    assert [(one["source_key"], one["grade"]) for one in told] == [("1", "match"), ("A", "possible")]
    assert told[0]["weight"] > told[1]["weight"]
    assert [(one["id"], one["grade"].lower()) for one in found] == [
        (one["golden_id"], one["grade"]) for one in told
    ]
    assert [one["weight"] for one in found] == [one["weight"] for one in told]
    assert (firm.http("GET", changes).json(), firm.tasks("client"), firm.crosswalk("client")) == before
    assert before[0]["changes"]
    firm.sound()


LISTED = "query ($filter: WorkerFilter) { workers(filter: $filter) { nodes { id } } }"
SEARCHED = "query ($text: String!) { search(text: $text, types: [WORKER]) { id score } }"


def test_row_113_a_worker_is_found_by_name_sound_date_and_piece_of_an_id(firm: Firm) -> None:
    """Each way works alone, and each narrows what the others find."""
    firm.load("hcm", "worker", *WORKERS)
    keys = {golden_id: key.removeprefix("hcm:") for key, golden_id in firm.crosswalk("worker").items()}

    def listed(**conditions: object) -> list[str]:
        nodes = firm.query(LISTED, filter=conditions)["workers"]["nodes"]
        return sorted(keys[node["id"]] for node in nodes)

    def searched(text: str) -> list[str]:
        return [keys[hit["id"]] for hit in firm.query(SEARCHED, text=text)["search"]]

    golden = {key: golden_id for golden_id, key in keys.items()}
    sounding = {"in": [golden[key] for key in searched("Thorson")]}
    eighties = {"gte": "1980-01-01", "lt": "1981-01-01"}

    assert listed(familyName={"eq": "Thorsen"}) == ["1"]
    assert searched("Catherine Thorsen")[0] == "1"
    assert sorted(searched("Thorson")) == ["1", "2"]
    assert listed(birthDate={"eq": "1980-02-01"}) == ["1"]
    assert listed(birthDate=eighties) == ["1", "2"]
    assert listed(workerNumber={"contains": "4071"}) == ["1", "2"]
    assert listed(workerNumber={"startsWith": "hr-"}) == ["1", "2"]
    assert listed(workerNumber={"contains": "11"}) == ["1", "3"]
    assert listed(familyName={"eq": "Thorsen"}, birthDate={"eq": "1980-11-30"}) == []
    assert listed(birthDate=eighties, workerNumber={"contains": "11"}) == ["1"]
    assert listed(id=sounding, birthDate={"gte": "1980-06-01"}) == ["2"]
    assert listed(id=sounding, workerNumber={"contains": "11"}, birthDate=eighties) == ["1"]
    firm.sound()
