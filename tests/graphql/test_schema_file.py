from __future__ import annotations

from pathlib import Path

import pytest

from mdm.entities import EntityRegistry, load_registry
from mdm.entities.registry import BUILT_IN
from mdm.errors import DeclarationError
from mdm_graphql import build_schema, sdl
from mdm_graphql.__main__ import main

PUBLISHED = Path(__file__).parents[2] / "graphql" / "schema.graphql"

VENDOR = '''"""Vendor: who sells to the firm."""

from typing import Annotated, ClassVar

from mdm.entities import Entity, Ref, inverse
from mdm.entities.client import Client
from mdm.entities.worker import Worker


class Vendor(Entity):
    """Who sells to the firm."""

    {body}
'''


def declared(folder: Path, body: str) -> EntityRegistry:
    (folder / "vendor.py").write_text(VENDOR.replace("{body}", body), encoding="utf-8")
    return load_registry(["vendor.py:Vendor"], folder)


def test_the_published_schema_is_what_the_hub_serves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0

    written = capsys.readouterr().out
    assert written == PUBLISHED.read_text(encoding="utf-8"), (
        "run: python -m mdm_graphql > graphql/schema.graphql"
    )


def test_a_deployments_own_types_are_printed_with_its_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    declared(tmp_path, "name: str")
    settings = tmp_path / "mdm.toml"
    settings.write_text('entities = ["vendor.py:Vendor"]\n', encoding="utf-8")

    assert main(["--config", str(settings)]) == 0

    assert "type Vendor implements GoldenRecord & Node {" in capsys.readouterr().out


def test_every_field_and_argument_of_the_published_schema_is_described() -> None:
    schema = build_schema(EntityRegistry(BUILT_IN))._schema
    bare = [
        f"{name}.{field}"
        for name, kind in schema.type_map.items()
        if not name.startswith("__") and hasattr(kind, "fields")
        for field, what in kind.fields.items()
        if not what.description and not name.endswith(("Filter", "Order"))
    ]

    assert bare == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("name: str\n    lineage: str | None = None", "Vendor.lineage"),
        (
            "name: str\n    client: Annotated[Ref[Client], inverse('sources')]",
            "client.sources, which the API needs",
        ),
        ("name: str\n    plural: ClassVar[str] = 'clients'", "two fields 'clients'"),
        ("name: str\n    plural: ClassVar[str] = 'vendor'", "two fields 'vendor'"),
    ],
)
def test_a_name_that_the_api_uses_itself_is_refused_with_a_reason(
    tmp_path: Path, body: str, complaint: str
) -> None:
    with pytest.raises(DeclarationError, match=complaint):
        build_schema(declared(tmp_path, body))


def test_a_type_named_like_one_of_the_api_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cell.py").write_text(
        VENDOR.replace("class Vendor", "class Cell").replace("{body}", "name: str"), encoding="utf-8"
    )

    with pytest.raises(DeclarationError, match="Cell"):
        build_schema(load_registry(["cell.py:Cell"], tmp_path))


def test_two_references_to_one_type_have_names_of_their_own(tmp_path: Path) -> None:
    registry = declared(
        tmp_path,
        "name: str\n    client: Ref[Client] | None = None\n    reseller: Ref[Client] | None = None\n"
        "    contact: Ref[Worker] | None = None",
    )

    text = sdl(registry)

    client = text[text.index("type Client implements") : text.index("type ClientConnection")]
    worker = text[text.index("type Worker implements") : text.index("type WorkerConnection")]
    assert "  vendors(" in client
    assert "  vendorsByReseller(" in client
    assert "  vendors(" in worker
