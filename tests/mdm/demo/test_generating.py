from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from mdm.demo import Damage, generate

if TYPE_CHECKING:
    from conftest import Demo


def _digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_seed_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    generate(tmp_path / "first", seed=11)
    generate(tmp_path / "second", seed=11)

    first, second = _digests(tmp_path / "first"), _digests(tmp_path / "second")
    assert first == second
    assert len(first) > 20


def test_another_seed_gives_another_firm(tmp_path: Path) -> None:
    generate(tmp_path / "first", seed=11)
    generate(tmp_path / "second", seed=12)

    first, second = _digests(tmp_path / "first"), _digests(tmp_path / "second")
    assert first["truth.csv"] != second["truth.csv"]
    assert first["bamboohr/employees.json"] != second["bamboohr/employees.json"]


def test_the_firm_has_the_promised_size(demo: Demo) -> None:
    things = demo.summary.things

    assert 380 <= things["client"] <= 430
    assert things["worker"] == 600
    assert things["project"] == 900
    assert 120 <= things["cost_center"] <= 126
    assert things["legal_entity"] == 6
    assert 450 <= things["engagement"] <= 560
    assert things["rate"] > 1000
    assert things["assignment"] > 1000


def test_eight_systems_know_the_firm(demo: Demo) -> None:
    assert demo.summary.systems == (
        "bamboohr", "business_central", "ironclad", "jira", "kantata", "salesforce", "successfactors", "xero",
    )  # fmt: skip


def test_the_manifest_names_every_export_and_nothing_else(demo: Demo) -> None:
    folder = demo.summary.folder
    named = {name for step in demo.manifest for name in step["files"]}
    exports = {path.relative_to(folder).as_posix() for path in folder.glob("*/*.json")}

    assert named == exports


def test_what_others_refer_to_is_loaded_first(demo: Demo) -> None:
    order = list(dict.fromkeys(step["entity"] for step in demo.manifest))

    assert order == [
        "legal_entity", "cost_center", "client", "worker", "engagement", "project", "assignment", "rate",
    ]  # fmt: skip


def test_the_exports_do_not_tell_the_truth(demo: Demo) -> None:
    things = {
        thing for thing in demo.truth.values() if thing.startswith(("client-", "worker-", "engagement-"))
    }
    text = "".join(path.read_text(encoding="utf-8") for path in demo.summary.folder.glob("*/*.json"))

    words = set(json.dumps(text).replace('"', " ").replace("\\", " ").split())
    assert things
    assert not things & words


def test_without_damage_no_value_is_worn_and_nobody_has_to_decide(tmp_path: Path) -> None:
    summary = generate(tmp_path, damage=Damage.none())

    assert summary.damage == {}
    assert summary.doubts == ()
    assert summary.things["cost_center"] == 120
