"""The page about these tests."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import table  # beside this file

PAGE = Path(__file__).parents[3] / "docs" / "conformance.md"


def test_the_page_is_what_the_tests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == table.page(table.rows())


def test_every_row_has_one_test_with_a_sentence() -> None:
    found = table.rows()

    assert [n for n, count in Counter(row.number for row in found).items() if count > 1] == []
    assert [row.number for row in found if not row.sentence] == []
