from __future__ import annotations

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fail_points import ROOT, fail_points, modules, reached_in

from mdm import failpoints
from mdm.errors import UsageError
from mdm.failpoints import FailPointError, arm, reach

SENDING = {"stream", "post", "put", "patch", "request"}
"""Methods of an HTTP client by which something leaves the hub."""
APPEARING = {"replace", "rename", "symlink_to", "hardlink_to"}
"""Methods of a path by which a file becomes visible."""
NOT_SENDING = {
    "mdm/mdm/app/issuer_keys.py": "asks for an issuer's public keys and changes nothing",
    "mdm/mdm/demo/deployment.py": "makes the demo's folder anew",
}


@pytest.fixture(autouse=True)
def _disarmed():
    yield
    arm("")


def call_sites() -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    """Each function that commits, sends over the network or makes a file appear: module, function, what."""
    found = []
    for path in modules():
        name = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        for one in ast.walk(tree):
            if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            calls = (node for node in ast.walk(one) if isinstance(node, ast.Call))
            methods = ((call, call.func) for call in calls if isinstance(call.func, ast.Attribute))
            found += [(name, one, method.attr) for call, method in methods if _leaves(call, method)]
    return found


def _leaves(call: ast.Call, method: ast.Attribute) -> bool:
    owner = ast.unparse(method.value)
    if method.attr == "commit":
        return True
    if method.attr in SENDING:
        return "client" in owner
    # A text's replace has two arguments, a dataclass's has none of its own.
    return method.attr in APPEARING and len(call.args) == 1 and owner != "dataclasses"


def test_every_place_that_commits_sends_or_shows_a_file_has_a_fail_point() -> None:
    sites = call_sites()
    without = [
        f"{module}:{function.name} {what}"
        for module, function, what in sites
        if not reached_in(function) and module not in NOT_SENDING
    ]

    assert {what for _, _, what in sites} >= {"commit", "stream", "replace"}
    assert without == []


def test_a_fail_point_says_where_it_stands() -> None:
    named = fail_points()

    assert len(named) >= 30
    assert [point for point in named if point.count(".") != 1] == []


def test_a_point_that_is_not_armed_does_nothing() -> None:
    arm("somewhere.else=raise")

    reach("ingest.after_event")

    with pytest.raises(FailPointError):
        reach("somewhere.else")


def test_a_point_raises_the_second_time_if_it_is_told_so() -> None:
    arm("ingest.after_event@2=raise")
    reach("ingest.after_event")

    with pytest.raises(FailPointError, match=r"ingest\.after_event"):
        reach("ingest.after_event")


def test_a_point_may_wait() -> None:
    arm("here.now=sleep:0.01; there.now=raise")
    begun = time.monotonic()

    reach("here.now")

    assert time.monotonic() - begun >= 0.009


@pytest.mark.parametrize("points", ["ingest.after_event", "a.b=explode", "a.b@x=kill"])
def test_what_cannot_be_read_is_refused(points: str) -> None:
    with pytest.raises(UsageError, match=failpoints.VARIABLE):
        arm(points)


def test_the_environment_kills_a_process_at_a_point() -> None:
    program = "from mdm.failpoints import reach; reach('a.b'); print('alive', flush=True); reach('a.b')"
    environment = {"MDM_FAIL_POINTS": "a.b@2=kill", "PYTHONPATH": str(Path(failpoints.__file__).parents[1])}

    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (-9, "alive\n")
