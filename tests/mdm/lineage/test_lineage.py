"""The lineage of a golden record as a graph, as text, as a picture and as documents for other tools."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from PIL import Image

from mdm.decide import RecordKey, decide_records
from mdm.errors import UnknownGoldenIdError
from mdm.explain import explain_values
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.lineage import NodeKind, lineage, to_png, to_svg, to_text
from mdm.lineage.documents import to_graphml, to_json
from mdm.lineage.graph import Graph
from mdm.lineage.layout import SHOWN
from mdm.store.publishing import Receipt
from mdm.testing import NOON, make_golden, record, take_in

HARBOUR = {"name": "Harbour Pine plc", "website": "harbourpine.co.uk", "email": "office@harbourpine.co.uk"}
HOSTILE = """</title><script>alert(1)</script>&amp; "quoted" 'single' ]]> \u0007 ﷽"""


def load(hub: Hub, source: str, entity_type: str, key: str, **values: Any) -> str:
    take_in(hub, source, entity_type, [record(key, **values)])
    with hub.read() as session:
        return golden_id_of(session, entity_type, source, key)


def drawn(hub: Hub, golden_id: str, depth: int = 1) -> Graph:
    with hub.read() as session:
        return lineage(hub, session, golden_id, depth=depth)


def nodes(graph: Graph, kind: NodeKind) -> set[str]:
    """The labels of the nodes of one kind."""
    return {data["label"] for _, data in graph.nodes(data=True) if data["kind"] == kind}


def edges(graph: Graph, kind: str) -> set[tuple[str, str]]:
    """From label to label."""
    label = {node: data["label"] for node, data in graph.nodes(data=True)}
    return {(label[a], label[b]) for a, b, data in graph.edges(data=True) if data["kind"] == kind}


@pytest.fixture
def client(any_hub: Hub) -> str:
    """A client of two sources with a parent, an owner and a project; decided, merged and published."""
    load(any_hub, "crm", "client", "0", name="Harbour Group", website="harbour-group.com")
    load(any_hub, "hcm", "worker", "w", family_name="Weber", given_name="Anna")
    golden_id = load(any_hub, "crm", "client", "1", **HARBOUR, parent="0", owner="hcm:w")
    load(any_hub, "erp", "client", "A", **HARBOUR, currency="GBP")
    load(any_hub, "clm", "client", "x", name="Zephyr")
    load(any_hub, "psa", "project", "p", name="ERP rollout", client="crm:1")
    load(any_hub, "psa", "engagement", "e", title="Frame agreement", client="crm:0")
    with any_hub.write("anna") as uow:
        left, right = RecordKey("client", "crm", "1"), RecordKey("client", "clm", "x")
        decide_records(uow, left, right, "same", reason="one & the same")
        for version, outcome in ((1, "failed"), (1, "delivered"), (2, "delivered")):
            uow.session.add(
                Receipt(
                    target="lake",
                    golden_id=golden_id,
                    entity_type="client",
                    version=version,
                    event_id=f"evt-{version}",
                    attempt=1,
                    outcome=outcome,
                    at=NOON,
                )
            )
            uow.session.flush()
    return golden_id


def test_the_graph_leads_from_the_sources_to_the_golden_record(any_hub: Hub, client: str) -> None:
    graph = drawn(any_hub, client)

    assert graph.graph["start"] == client
    assert nodes(graph, NodeKind.source) == {"crm", "erp", "clm"}
    assert edges(graph, "holds") == {("crm", "1"), ("erp", "A"), ("clm", "x")}
    for record_node in [n for n, data in graph.nodes(data=True) if data["kind"] == NodeKind.record]:
        assert nx.has_path(graph, record_node, client)


def test_a_version_names_the_values_it_supplies(any_hub: Hub, client: str) -> None:
    graph = drawn(any_hub, client)

    supplied = {
        name
        for *_, data in graph.edges(data=True)
        if data["kind"] == "supplies"
        for name in data["attributes"]
    }
    with any_hub.read() as session:
        assert supplied == set(explain_values(any_hub, session, client))


def test_decisions_redirects_and_the_newest_delivery_are_shown(any_hub: Hub, client: str) -> None:
    graph = drawn(any_hub, client)

    assert edges(graph, "decides") == {("said same", "Harbour Pine plc")}
    (redirect,) = edges(graph, "redirect")
    assert redirect[1] == "Harbour Pine plc"
    assert edges(graph, "delivered") == {("Harbour Pine plc", "lake")}
    (delivery,) = [d for _, d in graph.nodes(data=True) if d["kind"] == NodeKind.delivery]
    assert delivery["detail"] == "version 2 delivered 2026-03-01 12:00"


@pytest.mark.parametrize(
    ("depth", "related"),
    [
        (0, set()),
        (1, {"Harbour Group", "Anna Weber", "ERP rollout"}),
        (2, {"Harbour Group", "Anna Weber", "ERP rollout", "Frame agreement"}),
    ],
)
def test_relations_are_followed_both_ways_as_far_as_asked(
    any_hub: Hub, client: str, depth: int, related: set[str]
) -> None:
    graph = drawn(any_hub, client, depth)

    golden = {
        data["label"]
        for node, data in graph.nodes(data=True)
        if data["kind"] == NodeKind.golden and node != client and data["state"] == "active"
    }
    assert golden == related


def test_relations_that_lead_in_a_circle_end(any_hub: Hub) -> None:
    load(any_hub, "crm", "client", "1", name="Harbour Pine plc", parent="2")
    golden_id = load(any_hub, "crm", "client", "2", name="Kestrel Foods", parent="1")

    graph = drawn(any_hub, golden_id, 50)

    assert nodes(graph, NodeKind.golden) == {"Harbour Pine plc", "Kestrel Foods"}


def test_the_lineage_of_a_merged_id_is_that_of_its_survivor(any_hub: Hub, client: str) -> None:
    (merged,) = [
        tail for tail, _, data in drawn(any_hub, client).edges(data=True) if data["kind"] == "redirect"
    ]

    assert drawn(any_hub, merged).graph["start"] == client


def test_a_retired_record_has_a_lineage(any_hub: Hub) -> None:
    golden_id = load(any_hub, "crm", "client", "1", name="Harbour Pine plc")
    take_in(any_hub, "crm", "client", [record("1", NOON.replace(day=2), deleted=True)])

    graph = drawn(any_hub, golden_id)

    assert graph.nodes[golden_id]["state"] == "retired"
    assert "retired" in to_text(graph)
    ET.fromstring(to_svg(graph))


def test_an_id_that_was_never_issued_has_none(any_hub: Hub) -> None:
    with pytest.raises(UnknownGoldenIdError, match="client-0"):
        drawn(any_hub, "client-0")


def test_the_text_tells_all_of_it(any_hub: Hub, client: str) -> None:
    text = to_text(drawn(any_hub, client))

    assert text.startswith(f"Harbour Pine plc  ({client}, client · active · version ")
    for line in (
        "from crm",
        "  record 1",
        "said same (anna, 2026-03-01: one & the same)",
        "client: ERP rollout (project-",
        "parent: Harbour Group (client-",
        "owner: Anna Weber (worker-",
        "lake: version 2 delivered",
    ):
        assert line in text


def test_the_drawing_is_xml_without_anything_from_elsewhere(any_hub: Hub, client: str) -> None:
    root = ET.fromstring(to_svg(drawn(any_hub, client)))

    texts = {e.text for e in root.iter("{http://www.w3.org/2000/svg}text")}
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"Harbour Pine plc", "crm", "said same", "lake"} <= texts
    assert not [e for e in root.iter() if e.tag.endswith(("script", "image", "foreignObject", "use"))]


@pytest.fixture
def hostile(any_hub: Hub) -> Graph:
    golden_id = load(any_hub, "crm", "client", "<b>&", name=HOSTILE)
    return drawn(any_hub, golden_id)


def test_names_cannot_break_out_of_the_drawing(hostile: Graph) -> None:
    root = ET.fromstring(to_svg(hostile))

    titles = [e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}title")]
    assert [title for title in titles if title.startswith("</title><script>")]
    assert not [e for e in root.iter() if "script" in e.tag]


def test_names_cannot_break_out_of_the_documents(hostile: Graph) -> None:
    start = hostile.graph["start"]

    read = nx.read_graphml(BytesIO(to_graphml(hostile)), force_multigraph=True)
    elements = json.loads(to_json(hostile))["elements"]["nodes"]

    assert read.nodes[start]["label"] == hostile.nodes[start]["label"]
    assert hostile.nodes[start]["label"] in {node["data"]["label"] for node in elements}


def test_a_name_cannot_command_the_terminal(any_hub: Hub) -> None:
    golden_id = load(any_hub, "crm", "client", "1", name="Harbour\x1b[2J\nPine")

    text = to_text(drawn(any_hub, golden_id))

    assert text.splitlines()[0].startswith("Harbour\ufffd[2J\ufffdPine  (")


def test_hostile_names_are_painted_too(hostile: Graph) -> None:
    assert to_png(hostile).startswith(b"\x89PNG")


def test_the_picture_is_a_png_of_twice_the_size_of_the_drawing(any_hub: Hub, client: str) -> None:
    graph = drawn(any_hub, client)
    root = ET.fromstring(to_svg(graph))

    picture = to_png(graph)

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    with Image.open(BytesIO(picture)) as image:
        assert image.size == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
        assert len(image.getcolors(maxcolors=2**24) or []) > 10


def test_many_nodes_of_a_column_become_a_count(any_hub: Hub) -> None:
    members = {f"s{number}": record("1", name="Harbour Pine plc") for number in range(SHOWN + 11)}
    golden_id = make_golden(any_hub, "client", "client-1", members)
    graph = drawn(any_hub, golden_id)
    records = len([n for n, d in graph.nodes(data=True) if d["kind"] == NodeKind.record])

    drawing = to_svg(graph)

    assert records == SHOWN + 11
    assert "and 11 more" in drawing


def test_the_documents_hold_the_whole_graph(any_hub: Hub, client: str) -> None:
    graph = drawn(any_hub, client)

    elements = json.loads(to_json(graph))["elements"]
    read = nx.read_graphml(BytesIO(to_graphml(graph)), force_multigraph=True)

    assert {n["data"]["id"] for n in elements["nodes"]} == set(graph.nodes)
    assert len(elements["edges"]) == graph.number_of_edges()
    assert set(read.nodes) == set(graph.nodes)
    assert read.number_of_edges() == graph.number_of_edges()
    assert read.nodes[client]["label"] == "Harbour Pine plc"
