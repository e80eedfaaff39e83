"""The files of others that ship with the hub: unmodified, recorded, and all there."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "mdm/mdm/app/static/vendor"
RECORD = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")


def test_every_vendored_file_is_byte_for_byte_the_recorded_one() -> None:
    recorded = dict(re.findall(r"^\| `([^`]+/[^`]+)` \| `([0-9a-f]{64})` \|$", RECORD, re.MULTILINE))
    shipped = {
        file.relative_to(VENDOR).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.rglob("*")
        if file.is_file()
    }

    assert shipped == recorded


def test_every_vendored_release_is_recorded_with_version_and_licence() -> None:
    rows = re.findall(r"^\| `([\w.-]+)` \| (\S+) \| ([\d.]+) \| (\S+) \|", RECORD, re.MULTILINE)

    assert {folder for folder, *_ in rows} == {folder.name for folder in VENDOR.iterdir()}
    assert [folder for folder, _, version, _ in rows if not folder.endswith(f"-{version}")] == []


def test_the_pages_of_the_hub_name_no_other_host() -> None:
    pages = [*(ROOT / "mdm/mdm").rglob("*.html"), *(ROOT / "graphql/mdm_graphql").rglob("*.html")]
    loads = re.compile(r"""(?:src|href|hx-get|hx-post)=["'](?:https?:)?//""")

    assert [page.name for page in pages if loads.search(page.read_text(encoding="utf-8"))] == []
