"""The typed clients of graphql/clients: their operations hold, and they run against a real hub."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest
from pydantic import BaseModel

from graphql import build_schema, parse, print_ast, validate
from mdm.access.keys import first_key

sys.path.insert(0, str(Path(__file__).parent))

from live import running  # beside this file
from recipes import firm

GRAPHQL = Path(__file__).parents[2] / "graphql"
PYTHON = GRAPHQL / "clients" / "python"
TYPESCRIPT = GRAPHQL / "clients" / "typescript"
UNREACHABLE = re.compile("ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH")
"""What npm says where it finds a package neither in its cache nor at a registry."""

SAID = """\
Harbour and Pine Limited (active), known as crm A1, erp C10021
  HP-ROOF Roof renewal: from {start}, manager Roth, cost center Strategy
MATCH: Zwoelf Apostel Keller KG, crm A3
  name: same name, legal form missing on one side
CLIENT Quarry Lane Stationery Ltd
CLIENT Quarry Lane Stationers
  merged, industry would change from {nothing} to Retail
"""


@dataclass(frozen=True, slots=True)
class Served:
    """A hub that answers at `url` whoever shows `key`."""

    url: str
    key: str = field(repr=False)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with firm(tmp_path_factory.mktemp("firm")) as hub:
        with hub.write("anna") as uow:
            made = first_key(uow)
        assert made is not None
        with running(hub) as address:
            yield Served(f"{address}/graphql", made.secret)


def ran(command: list[str], folder: Path, key: str = "") -> subprocess.CompletedProcess[str]:
    """What a program said; nothing of it goes through a proxy."""
    environment = os.environ | {"MDM_KEY": key, "NO_PROXY": "127.0.0.1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=100, check=False
    )


def python_operations() -> dict[str, str]:
    """Method and text of each operation that the generated client sends."""
    tree = ast.parse((PYTHON / "hub_client" / "client.py").read_text(encoding="utf-8"))
    return {
        method.name: call.args[0].value
        for method in ast.walk(tree)
        if isinstance(method, ast.FunctionDef)
        for call in ast.walk(method)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "gql"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def typescript_operations() -> dict[str, str]:
    """Name and text of each operation in the TypeScript client."""
    source = (TYPESCRIPT / "src" / "operations.ts").read_text(encoding="utf-8")
    return dict(re.findall(r"export const (\w+) = graphql\(`(.*?)`\)", source, re.DOTALL))


@pytest.mark.parametrize(
    ("operations", "names"),
    [
        (python_operations(), {"client_by_key", "search", "match", "preview_merge"}),
        (typescript_operations(), {"clientByKey", "search", "match", "previewMerge"}),
    ],
    ids=["python", "typescript"],
)
def test_every_operation_of_a_client_is_valid_in_the_published_schema(
    operations: dict[str, str], names: set[str]
) -> None:
    schema = build_schema((GRAPHQL / "schema.graphql").read_text(encoding="utf-8"))

    assert set(operations) == names
    assert [error for text in operations.values() for error in validate(schema, parse(text))] == []


def test_the_generated_client_sends_the_operations_that_it_was_generated_from() -> None:
    written = parse((GRAPHQL / "clients" / "operations.graphql").read_text(encoding="utf-8"))

    def plain(text: str) -> str:
        return re.sub(
            r"\s*__typename\n", "\n", print_ast(parse(text))
        )  # the generator adds it to tell types apart

    assert [plain(text) for text in python_operations().values()] == [
        print_ast(operation) for operation in written.definitions
    ]


def test_the_inputs_and_enums_of_the_generated_client_name_nothing_that_the_schema_lacks() -> None:
    types = build_schema((GRAPHQL / "schema.graphql").read_text(encoding="utf-8")).type_map
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PYTHON))
        inputs = {one for one in _classes("input_types") if issubclass(one, BaseModel)}
        enums = {one for one in _classes("enums") if issubclass(one, Enum)}

    assert len(inputs) > 5
    assert len(enums) > 2
    for model in inputs:
        fields = {one.alias or name for name, one in model.model_fields.items()}
        assert fields - set(types[model.__name__].fields) == set(), model
    for enum in enums:
        assert {one.value for one in enum} - set(types[enum.__name__].values) == set(), enum


def _classes(module: str) -> list[type]:
    loaded = importlib.import_module(f"hub_client.{module}")
    return [
        one for one in vars(loaded).values() if isinstance(one, type) and one.__module__ == loaded.__name__
    ]


def test_the_python_client_shows_the_firm(served: Served) -> None:
    shown = ran([sys.executable, "example.py", served.url], PYTHON, served.key)

    assert shown.stderr == ""
    assert shown.stdout == SAID.format(start="15 January 2026", nothing="None")


def test_the_python_client_says_in_one_line_that_the_key_is_missing(served: Served) -> None:
    shown = ran([sys.executable, "example.py", served.url], PYTHON)

    assert shown.returncode == 1
    assert shown.stdout == ""
    assert "answered 401" in shown.stderr
    assert shown.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript client, type-checked and compiled in a folder of its own."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("the TypeScript client needs Node, which is not installed here")
    version = ran([node, "--version"], TYPESCRIPT).stdout
    if int(version.removeprefix("v").partition(".")[0]) < 20:
        pytest.skip(f"the TypeScript client needs Node 20 or newer; here is {version.strip()}")
    folder = tmp_path_factory.mktemp("graphql")
    shutil.copy(GRAPHQL / "schema.graphql", folder)
    client = folder / "clients" / "typescript"
    own = shutil.ignore_patterns("node_modules", "built", "introspection.d.ts")
    shutil.copytree(TYPESCRIPT, client, ignore=own)
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier"]
    once = ["--prefer-offline", "--fetch-retries=0", "--fetch-timeout=15000"]
    installed = ran([npm, "ci", "--ignore-scripts", *quiet, *once], client)
    if installed.returncode and UNREACHABLE.search(installed.stderr):
        pytest.skip("npm finds the packages of the TypeScript client neither in its cache nor at a registry")
    assert installed.returncode == 0, installed.stderr
    compiled = ran([npm, "run", "build"], client)
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    return client


def test_the_typescript_client_type_checks_and_shows_the_firm(served: Served, built: Path) -> None:
    shown = ran(["node", "built/example.js", served.url], built, served.key)

    assert shown.stderr == ""
    assert shown.stdout == SAID.format(start="2026-01-15", nothing="null")


def test_the_typescript_client_says_in_one_line_that_the_key_is_missing(served: Served, built: Path) -> None:
    shown = ran(["node", "built/example.js", served.url], built)

    assert shown.returncode == 1
    assert shown.stdout == ""
    assert "answered 401" in shown.stderr
    assert shown.stderr.count("\n") == 1


def test_a_field_that_the_typescript_client_did_not_ask_for_does_not_compile(built: Path) -> None:
    example = (built / "src" / "example.ts").read_text(encoding="utf-8")
    (built / "src" / "wrong.ts").write_text(
        example.replace("${client.status}", "${client.website}"), encoding="utf-8"
    )

    compiled = ran(["node", "node_modules/typescript/bin/tsc", "--noEmit"], built)

    assert compiled.returncode != 0
    assert "src/wrong.ts" in compiled.stdout
    assert "'website' does not exist" in compiled.stdout


def test_the_lock_of_the_typescript_client_pins_every_package_and_names_no_place() -> None:
    packages = json.loads((TYPESCRIPT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {name: package for name, package in packages.items() if name}

    assert len(installed) > 5
    assert [name for name, package in installed.items() if "integrity" not in package] == []
    assert [name for name, package in installed.items() if "resolved" in package] == []
