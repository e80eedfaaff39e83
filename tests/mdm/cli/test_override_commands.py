"""`mdm override` and `mdm ban` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Mdm = Callable[..., Any]


@pytest.fixture
def golden(mdm: Mdm, folder: Path) -> str:
    (folder / "c.csv").write_text("id,name,phone\n1,Harbour Pine plc,+44 20 7946 0101\n")
    mdm("load", "--source", "crm", "--entity", "client", "c.csv")
    return str(json.loads(mdm("export", "--entity", "client", "--format", "jsonl").out)["golden_id"])


def test_an_override_is_set_said_again_and_removed(mdm: Mdm, golden: str) -> None:
    words = ("override", f"{golden}.phone", "+44 20 7946 0102", "--until", "2099-01-01", "--json")
    first, second = json.loads(mdm(*words).out), json.loads(mdm(*words).out)
    removed = mdm("override", f"{golden}.phone", "--remove")

    assert (first["changed"], second["changed"], second["override_id"]) == (True, False, first["override_id"])
    assert first["override_id"] in removed.out
    assert "No override stood" in mdm("override", f"{golden}.phone", "--remove").out


def test_a_ban_is_set_said_again_and_lifted(mdm: Mdm, golden: str) -> None:
    words = ("ban", f"{golden}.phone", "+44 20 7946 0101")

    assert "is banned" in mdm(*words).out
    assert "is already banned" in mdm(*words).out
    assert "No source record" not in mdm("explain", f"{golden}.name").out
    assert "is allowed" in mdm(*words, "--remove").out


WRONG = {
    "neither a value nor --remove": (("{}.phone",), "give a value, or --remove"),
    "both": (("{}.phone", "x", "--remove"), "give a value, or --remove"),
    "no dot": (("client-1", "x"), "GOLDEN.attribute"),
    "an unknown lifetime": (("{}.phone", "x", "--until", "soon"), "none of forever, basis, next-write"),
    "a past date": (("{}.phone", "+44 20 7946 0102", "--until", "2001-01-01"), "has passed"),
    "a value that is none": (("{}.phone", "x"), "is no valid phone number"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_is_told_in_a_sentence(mdm: Mdm, golden: str, case: str) -> None:
    arguments, sentence = WRONG[case]

    outcome = mdm("override", *(argument.format(golden) for argument in arguments))

    assert outcome.code == 2
    assert sentence in outcome.sentence
