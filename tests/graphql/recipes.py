"""The recipes of docs/graphql.md: operation, variables and answer of each; `python recipes.py` renews them.

A recipe is a heading, then an operation in a block ```graphql, perhaps its variables in a block ```json
variables, then its answer in a block ```json.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mdm.access import Principal, everything
from mdm.hub import Hub
from mdm.load_plan import LoadRequest
from mdm.loading import load_files
from mdm.testing import hub_at
from mdm_graphql import build_schema
from mdm_graphql.context import Context
from mdm_graphql.reader import Reader

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "graphql.md"
FIRM = ROOT / "docs" / "firm"
ORDER = (
    "erp-legal_entity", "erp-cost_center", "hr-worker", "psa-worker", "crm-client", "erp-client",
    "clm-engagement", "psa-project", "psa-assignment", "psa-rate",
)  # fmt: skip

BLOCK = re.compile(r"```(?P<kind>graphql|json variables|json)\n(?P<text>.*?)```\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recipe as the page has it; `place` is where the answer's text begins and ends."""

    title: str
    operation: str
    variables: dict[str, Any]
    answer: Any
    place: tuple[int, int]


def recipes(text: str) -> list[Recipe]:
    """The recipes of a page, in its order."""
    found: list[Recipe] = []
    operation, variables = "", "{}"
    for block in BLOCK.finditer(text):
        if block["kind"] == "graphql":
            operation, variables = block["text"], "{}"
        elif block["kind"] == "json variables":
            variables = block["text"]
        else:
            title = text.rindex("\n## ", 0, block.start()) + 4
            found.append(
                Recipe(
                    text[title : text.index("\n", title)],
                    operation,
                    json.loads(variables),
                    json.loads(block["text"]),
                    block.span("text"),
                )
            )
    return found


@contextmanager
def firm(folder: Path) -> Iterator[Hub]:
    """A hub that holds the firm of docs/firm."""
    hub = hub_at(f"sqlite:///{(folder / 'firm.db').as_posix()}")
    try:
        for name in ORDER:
            source, _, entity = name.partition("-")
            load_files(hub, LoadRequest(source=source, entity_type=entity, files=(FIRM / f"{name}.csv",)))
        yield hub
    finally:
        hub.close()


class Kitchen:
    """Runs operations against one hub."""

    def __init__(self, hub: Hub, principal: Principal | None = None) -> None:
        self._hub = hub
        self._principal = principal or everything("anna")
        self._schema = build_schema(hub.registry, dev=True)

    def run(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The answer as it goes over the wire."""

        def reader() -> Reader:
            return Reader(self._hub, self._schema.node_types, principal=self._principal)

        async def once() -> Any:
            return await self._schema.execute(operation, variables, Context(self._hub, reader, "anna"))

        result = asyncio.run(once())
        assert result.errors is None, result.errors
        answer: dict[str, Any] = json.loads(json.dumps({"data": result.data}, default=str))
        return answer


def renewed(text: str) -> str:
    """The page with the answers that the hub gives now."""
    with tempfile.TemporaryDirectory() as folder, firm(Path(folder)) as hub:
        kitchen = Kitchen(hub)
        answers = [(one.place, kitchen.run(one.operation, one.variables)) for one in recipes(text)]
    for (start, end), answer in reversed(answers):
        text = text[:start] + pretty(answer) + "\n" + text[end:]
    return text


def pretty(value: Any, indent: str = "", width: int = 110) -> str:
    """JSON that keeps what fits on a line on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= width or not isinstance(value, dict | list):
        return flat
    inner = indent + "  "
    if isinstance(value, list):
        lines = [inner + pretty(one, inner, width) for one in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    lines = [f"{inner}{json.dumps(key)}: {pretty(one, inner, width)}" for key, one in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
