"""The page about these tests."""

from __future__ import annotations

from pathlib import Path

import table  # beside this file

PAGE = Path(__file__).parents[3] / "docs" / "conformance.md"


def test_the_page_is_what_the_tests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == table.page(table.rows())


def test_every_test_says_in_a_sentence_what_it_holds() -> None:
    assert [row.number for row in table.rows() if not row.sentence] == []
