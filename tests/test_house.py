"""The shape of the house: rooms, imports, names and sizes that a reader may rely on."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"mdm": "mdm", "matching": "mdm_matching", "graphql": "mdm_graphql", "sync": "mdm_sync"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VENDORED = "mdm/mdm/app/static/vendor/"
TOP = {
    *ROOMS,
    "tests",
    "docs",
    "requirements",
    "pyproject.toml",
    "Makefile",
    ".ci",
    ".gitignore",
    ".gitattributes",
}
TOP |= {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "THIRD_PARTY.md"}
# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "registry" + r"\.yarn"])
)
MACHINE_PATHS = re.compile(r"(?<![\w.}/-])/(?:home|Users|root|work)/[\w.]")


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository; skips where the project is not a git checkout."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("git lists no files here: the project was not cloned, but unpacked")
    return tuple(name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file())


def modules(*, tests: bool = False) -> list[str]:
    """Tracked Python files of the rooms, and of the tests if asked."""
    wanted = (*(f"{room}/{package}/" for room, package in ROOMS.items()), *(["tests/"] if tests else []))
    return [name for name in tracked() if name.endswith(".py") and name.startswith(wanted)]


def written() -> list[str]:
    """Modules of the rooms without the migrations, which are long lists that a tool writes."""
    return [name for name in modules() if "/migrations/versions/" not in name]


def parsed(name: str) -> ast.Module:
    """The syntax tree of a tracked file."""
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every tracked text file of our own."""
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if not name.startswith(VENDORED) and b"\0" not in content:
            yield name, content.decode("utf-8")


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    return (
        node for node in ast.walk(parsed(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_graphql_is_graphql_core_although_a_room_has_that_name() -> None:
    import graphql

    assert callable(graphql.build_schema)
    assert ROOT / "graphql" not in Path(str(graphql.__file__)).parents


def test_no_room_is_a_package() -> None:
    assert [room for room in ROOMS if (ROOT / room / "__init__.py").exists()] == []


def test_each_room_holds_exactly_one_package() -> None:
    inits = [name.split("/") for name in tracked() if name.endswith("/__init__.py") and name.count("/") == 2]

    assert {(room, package) for room, package, _ in inits if room in ROOMS} == set(ROOMS.items())


def test_no_folder_of_tests_is_a_package() -> None:
    assert [name for name in tracked() if name.startswith("tests/") and name.endswith("__init__.py")] == []


def test_nothing_unexpected_lies_at_the_top() -> None:
    assert {name.split("/")[0] for name in tracked()} - TOP == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name in modules() if not ast.get_docstring(parsed(name))] == []


def test_a_package_runs_nothing_when_it_is_imported() -> None:
    declarative = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    guilty = [
        name
        for name in modules()
        if name.endswith("/__init__.py")
        and any(not isinstance(node, declarative) for node in parsed(name).body[1:])
    ]

    assert guilty == []


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {name: (ROOT / name).read_text(encoding="utf-8").count("\n") for name in written()}

    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    lengths = {
        f"{name}:{one.name}": (one.end_lineno or one.lineno) - one.lineno + 1
        for name in written()
        for one in functions(name)
    }

    assert {name: length for name, length in lengths.items() if length > 60} == {}


def test_no_function_takes_more_than_eight_arguments() -> None:
    counts = {
        f"{name}:{one.name}": len([a for a in one.args.args if a.arg not in {"self", "cls"}])
        + len(one.args.kwonlyargs)
        for name in modules()
        for one in functions(name)
        # Typer makes an option of each parameter, so a command has as many as its `--help` lists.
        if not (name.startswith("mdm/mdm/cli/") and one.name.endswith("_command"))
    }

    assert {name: count for name, count in counts.items() if count > 8} == {}


def test_every_module_has_a_name_of_its_own_idea() -> None:
    nameless = {"utils", "util", "helpers", "helper", "common", "base", "misc"}

    assert [
        name
        for name in modules(tests=True)
        if nameless & {Path(name).stem.strip("_"), Path(name).parent.name}
    ] == []


@pytest.mark.parametrize("contract", ["engine", "hub", "faces", "app", "cli"])
def test_the_import_contracts_stand(contract: str) -> None:
    held = PROJECT["tool"]["importlinter"]

    assert set(held["root_packages"]) == set(ROOMS.values())
    assert contract in {one["id"] for one in held["contracts"]}


def test_every_imported_library_is_declared() -> None:
    distributions = importlib.metadata.packages_distributions()
    declared = {_plain(name) for name in PROJECT["project"]["dependencies"]}
    for extra in ("postgres", "spark"):
        declared |= {_plain(name) for name in PROJECT["project"]["optional-dependencies"][extra]}
    comes_along = {
        "markupsafe",
        "starlette",
        "pydantic-core",
        "graphql-core",
        "typing-extensions",
        "annotated-types",
        "click",
    }
    unknown = {
        f"{name}: {top}"
        for name in modules()
        for top in _imported(name)
        if top not in sys.stdlib_module_names and top not in ROOMS.values()
        # What is not installed, such as the extra `spark`, goes by its own name.
        if not {_plain(d) for d in distributions.get(top, [top])} & (declared | comes_along)
    }

    assert unknown == set()


def test_the_commands_of_the_readme_exist() -> None:
    shown = re.findall(r"^\s*make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert set(shown) >= {"demo", "test"}
    assert [name for name in shown if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_the_lock_has_a_hash_for_every_package_and_names_no_place() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())

        assert [one for one in entries if not re.match(r"[\w.-]+==\S+.*\\\n\s+--hash=sha256:", one)] == []


def test_the_smaller_locks_are_parts_of_the_larger_one() -> None:
    run, test, dev = (
        set(
            re.findall(r"^[\w.-]+==\S+", (ROOT / f"requirements/{name}.txt").read_text("utf-8"), re.MULTILINE)
        )
        for name in ("run", "test", "dev")
    )

    assert run < test < dev


def test_no_file_names_a_package_registry() -> None:
    assert [name for name, text in texts() if REGISTRIES.search(text)] == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    found = {name: MACHINE_PATHS.findall(text) for name, text in texts() if name != "tests/test_house.py"}

    assert {name: paths for name, paths in found.items() if paths} == {}


def _plain(requirement: str) -> str:
    return re.split(r"[\[<>=;! ]", requirement.strip())[0].lower().replace("_", "-").replace(".", "-")


def _imported(name: str) -> set[str]:
    tops = set()
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            tops |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            tops.add(node.module.split(".")[0])
    return tops
