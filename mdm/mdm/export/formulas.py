"""Keeps spreadsheets from running what a record says: OWASP, CSV injection.

https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re
import unicodedata

STARTS = frozenset("=+-@\t\r\n|%")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def harmless(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet could take it for a formula.

    "=1+1" becomes "'=1+1"; a full-width sign or one behind spaces counts, too. Numbers such as -5 stay.
    """
    start = unicodedata.normalize("NFKC", text.lstrip(" \u00a0\u200b\ufeff")[:1])
    if start in STARTS and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text
