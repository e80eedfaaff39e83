from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mdm.hub import Hub

ROOM = Path(__file__).parents[2] / "graphql"
README = (ROOM / "README.md").read_text(encoding="utf-8")


def test_the_query_of_the_readme_runs(firm: Hub, data: Callable[..., Any]) -> None:
    (query,) = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)

    (edge,) = data(query)["clients"]["edges"]

    assert edge["node"]["name"] == "Zwölf Apostel Keller KG"
    assert {cell["attribute"] for cell in edge["node"]["cells"]} == {"name", "country"}


def test_the_map_names_every_module() -> None:
    modules = {path.name for path in (ROOM / "mdm_graphql").glob("*.py")} - {"__init__.py", "__main__.py"}

    assert set(re.findall(r"\(mdm_graphql/(\w+\.py)\)", README)) == modules
