"""Plants defects of rights and limits, one by one, and shows that a test catches each.

    python tests/planted_defects.py [NUMBER ...]

Works on a copy of the rooms and tests in a temporary folder. Prints one line per defect and ends with the
figures as JSON; exit code 1 if one goes unnoticed. Takes several minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("mdm", "matching", "graphql", "sync", "tests")


@dataclass(frozen=True, slots=True)
class Defect:
    """A change of one place in one file, and the tests that should notice it."""

    what: str
    file: str
    old: str
    new: str
    tests: str


VIEW, KEYS, TOKENS = (
    "tests/mdm/access/test_view.py",
    "tests/mdm/access/test_keys.py",
    "tests/mdm/app/test_tokens.py",
)
MATRIX, HOSTILE = "tests/mdm/access/test_matrix.py", "tests/graphql/test_hostile_documents.py"
POLICY, GOVERNANCE = "tests/graphql/test_policy.py", "tests/mdm/app/test_governance.py"
FOREIGN, GOLDEN = "tests/mdm/access/test_foreign_ids.py", "tests/mdm/app/test_golden.py"

DEFECTS = (
    Defect(
        "a column is not masked",
        "mdm/mdm/access/view.py",
        "null().label(c.name) if c.name in masked else c",
        "c",
        VIEW,
    ),
    Defect(
        "a viewer sees personal data",
        "mdm/mdm/access/principal.py",
        "Role.viewer: COMMON,",
        "Role.viewer: frozenset(Sensitivity),",
        VIEW,
    ),
    Defect(
        "a steward sees pay",
        "mdm/mdm/access/principal.py",
        "COMMON | {Sensitivity.personal}",
        "frozenset(Sensitivity)",
        VIEW,
    ),
    Defect(
        "a masked attribute may be filtered by",
        "mdm/mdm/query/conditions.py",
        "    view.require(entity_type, condition.attribute)\n",
        "",
        VIEW,
    ),
    Defect(
        "a masked attribute may be sorted by",
        "mdm/mdm/query/keyset.py",
        "        view.require(entity_type, name)\n",
        "",
        VIEW,
    ),
    Defect(
        "row filters are left out of lists",
        "mdm/mdm/query/conditions.py",
        "[*named, *view.rows(entity_type, table)]",
        "named",
        VIEW,
    ),
    Defect(
        "foreign references are shown",
        "mdm/mdm/access/view.py",
        "        return [self._led(entity_type, column) for column in shown]",
        "        return shown",
        VIEW,
    ),
    Defect(
        "the story of a value forgets masks",
        "mdm/mdm/access/view.py",
        "return {name: value for name, value in by_attribute.items() if name not in masked}",
        "return dict(by_attribute)",
        MATRIX,
    ),
    Defect(
        "reads of classified attributes are not kept",
        "mdm/mdm/hub.py",
        "keep_reads(self, view)",
        "pass",
        VIEW,
    ),
    Defect("a revoked key opens", "mdm/mdm/access/keys.py", "key.revoked_at is None and ", "", KEYS),
    Defect(
        "an expired key opens",
        "mdm/mdm/access/keys.py",
        "(key.expires_at is None or now < key.expires_at)",
        "True",
        KEYS,
    ),
    Defect(
        "a wrong secret opens",
        "mdm/mdm/access/keys.py",
        "if stored is not None and matches else None",
        "if stored is not None else None",
        KEYS,
    ),
    Defect(
        "the store keeps the key itself",
        "mdm/mdm/access/keys.py",
        "hash=_hash(made.secret)",
        "hash=made.secret",
        KEYS,
    ),
    Defect(
        "a use case need not ask",
        "mdm/mdm/unit_of_work.py",
        "if not self._allowed and not self.principal.unrestricted:",
        "if False:",
        KEYS,
    ),
    Defect(
        "another audience is taken",
        "mdm/mdm/app/tokens.py",
        '            aud={"essential": True, "value": audience},\n',
        "",
        TOKENS,
    ),
    Defect(
        "headers of a token may name keys", "mdm/mdm/app/tokens.py", "header.keys() - HEADER or ", "", TOKENS
    ),
    Defect(
        "ID tokens are access tokens",
        "mdm/mdm/app/tokens.py",
        "or ID_TOKEN_CLAIMS & claims.keys()",
        "",
        TOKENS,
    ),
    Defect(
        "nothing costs anything",
        "graphql/mdm_graphql/limits/figures.py",
        "cost: int = 5000",
        "cost: int = 10**12",
        HOSTILE,
    ),
    Defect(
        "introspection stays on",
        "graphql/mdm_graphql/schema.py",
        "extensions if dev else [*extensions, DisableIntrospection]",
        "extensions",
        HOSTILE,
    ),
    Defect(
        "a door reads for nobody",
        "mdm/mdm/console/queue_pages.py",
        "hub.read(principal_of(request))",
        "hub.read()",
        POLICY,
    ),
    Defect(
        "a route asks for nothing",
        "mdm/mdm/app/routes.py",
        '    ("/metrics", Action.observe),\n',
        '    ("/metrics", Action.read),\n',
        KEYS,
    ),
    Defect(
        "a repetition does not wait",
        "mdm/mdm/app/idempotency.py",
        '    if known.state == "done":\n        return JSON',
        "    if True:\n        return JSON",
        GOVERNANCE,
    ),
    Defect("rates are not counted", "mdm/mdm/app/rates.py", "left - 1.0", "left", GOVERNANCE),
    Defect(
        "foreign ids lead somewhere",
        "mdm/mdm/golden_ids.py",
        "if found.golden_id not in view.visible(session, [found.golden_id]):",
        "if False:",
        FOREIGN,
    ),
    Defect(
        "who writes need not have looked",
        "mdm/mdm/app/preconditions.py",
        'if if_match.strip() == "*" or any(',
        "if True or any(",
        GOLDEN,
    ),
    Defect(
        "a tag is the same for whoever asks",
        "mdm/mdm/query/resource.py",
        "{hashlib.sha256(to_json(self)).hexdigest()[:16]}",
        "{self.golden_id}",
        GOLDEN,
    ),
)


def main() -> int:
    """Exit code 0 if every planted defect was caught."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "numbers", nargs="*", type=int, choices=range(1, len(DEFECTS) + 1), metavar="NUMBER",
        help=f"1 to {len(DEFECTS)}; all if none is named",
    )  # fmt: skip
    chosen = [DEFECTS[number - 1] for number in parser.parse_args().numbers] or list(DEFECTS)
    unnoticed = []
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for room in ROOMS:
            shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        for defect in chosen:
            caught = _caught(copy, defect)
            sys.stdout.write(f"{'caught   ' if caught else 'UNNOTICED'}  {defect.what}\n")
            sys.stdout.flush()
            unnoticed += [] if caught else [defect.what]
    figures = {"planted": len(chosen), "caught": len(chosen) - len(unnoticed), "unnoticed": unnoticed}
    sys.stdout.write(json.dumps(figures) + "\n")
    return 1 if unnoticed else 0


def _caught(copy: Path, defect: Defect) -> bool:
    place = copy / defect.file
    whole = place.read_text(encoding="utf-8")
    if defect.old not in whole:
        raise SystemExit(f"{defect.file} no longer holds {defect.old!r}; mend the defect {defect.what!r}.")
    place.write_text(whole.replace(defect.old, defect.new), encoding="utf-8")
    paths = os.pathsep.join(str(copy / room) for room in ROOMS[:-1])
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql"]
    try:
        done = subprocess.run(
            [*command, str(copy / defect.tests)], cwd=copy, env={**os.environ, "PYTHONPATH": paths},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        place.write_text(whole, encoding="utf-8")
    return done.returncode == 1  # pytest's code for tests that failed; 2 and more are mishaps of its own


if __name__ == "__main__":
    sys.exit(main())
