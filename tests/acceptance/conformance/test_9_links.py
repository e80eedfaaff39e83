"""Links as the hub made them, queried and paged."""

from __future__ import annotations

import json
from typing import Any

from deployment import Firm

QUARRY = {
    "name": "Quarry Lane Stationers Ltd",
    "website": "quarrylane.co.uk",
    "city": "Leeds",
    "country": "GB",
}

KESTREL = {"name": "Kestrel Foods GmbH", "city": "Bonn"}


def links(firm: Firm, *options: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = firm.mdm("links", "--json", *options).json
    return found


def test_row_103_links_are_filtered_and_paged_with_their_history_newest_first(firm: Firm) -> None:
    """Pages follow each other without doubles, also when links came meanwhile."""
    firm.load("crm", "client", {"id": "1", **QUARRY}, {"id": "2", **KESTREL})
    firm.load("erp", "client", {"id": "9", **QUARRY})
    firm.load("erp", "client", {"id": "9", "deleted": "true"})
    golden_id = firm.crosswalk("client")["crm:1"]

    (first,) = links(firm, "--first", 1)
    firm.load("crm", "client", {"id": "3", "name": "Zephyr Lighting AB", "city": "Lund"})
    rest = links(firm, "--after", first["number"])
    assert [(x["source"], x["source_key"]) for x in (first, *rest)] == [
        ("erp", "9"),
        ("crm", "2"),
        ("crm", "1"),
    ]
    ended = links(firm, "--golden", golden_id, "--ended")
    assert [(x["source"], x["created"], x["until"] is None) for x in ended] == [("erp", False, False)]
    standing = links(firm, "--golden", golden_id, "--standing")
    assert [(x["source"], x["created"], x["until"]) for x in standing] == [("crm", True, None)]
    firm.sound()


def test_row_104_links_made_under_an_older_model_are_still_found(firm: Firm) -> None:
    """The model's version explains a link; it is never a condition unless one asks for it."""
    firm.load("crm", "client", {"id": "1", **QUARRY})
    (old,) = links(firm)
    firm.mdm("train", "--entity", "client", "--out", "next.json")
    model = json.loads((firm.folder / "next.json").read_text(encoding="utf-8"))
    model |= {"version": "stricter", "match_threshold": model["match_threshold"] + 1.0}
    (firm.folder / "next.json").write_text(json.dumps(model), encoding="utf-8")
    firm.mdm("plan", "--model", "next.json", "--out", "plan.json")
    firm.mdm("apply", "plan.json")
    firm.load("erp", "client", {"id": "9", **KESTREL})

    found = links(firm)
    assert [x["source_key"] for x in found] == ["9", "1"]
    assert found[1] == old
    assert [x["source_key"] for x in links(firm, "--model", old["model"])] == ["1"]
