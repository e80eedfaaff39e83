"""How long work tells where it stands."""

from __future__ import annotations

import io

import pytest

from mdm.cli.output import work
from mdm_matching import Advance


def test_elsewhere_than_on_a_terminal_the_share_and_the_time_left_are_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdm.cli.output.EVERY", 0.0)

    with work() as follower:
        follower("compare")
        follower.advance(Advance("compare", 0.43, 20.4))

    assert capsys.readouterr().err == "compare ...\n43% done: compare, about 20 s left\n"


def test_lines_come_no_more_often_than_every_two_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with work() as follower:
        for done in (0.1, 0.2, 0.3):
            follower.advance(Advance("compare", done, 9.0))

    assert capsys.readouterr().err == ""


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)

    with work() as follower:
        follower("expect 12 pairs")
        follower.advance(Advance("compare", 0.5, 7.0))

    assert "expect 12 pairs" in terminal.getvalue()
    assert "50%" in terminal.getvalue()
    assert "compare, about 7 s left" in terminal.getvalue()
