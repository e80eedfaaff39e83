"""What a command takes before it does anything."""

from __future__ import annotations

import subprocess
import sys

from mdm.access import Role
from mdm.cli.keys import RoleWord, SensitivityWord
from mdm.entities import Sensitivity

HEAVY = ("sqlalchemy", "sqlmodel", "pydantic", "numpy", "networkx", "rapidfuzz", "fastapi", "mdm_matching")


def test_the_words_of_options_are_those_of_the_rights() -> None:
    assert list(RoleWord) == list(Role)
    assert list(SensitivityWord) == list(Sensitivity)


def test_help_imports_nothing_that_takes_long() -> None:
    asked = f"import sys, mdm.cli.program; print([name for name in {HEAVY} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout

    assert said == "[]\n"
