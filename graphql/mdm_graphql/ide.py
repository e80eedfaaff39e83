"""GraphiQL without a network: our own page, assets under /static/vendor, example operations in its tabs."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from mdm_graphql.examples import EXAMPLES

PAGE = Path(__file__).with_name("ide.html")
SCRIPT = Path(__file__).with_name("ide.js")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: nothing from elsewhere. GraphiQL's editor writes styles into elements."""


def ide_page(root_path: str, own_path: str) -> str:
    """The page.

    Args:
        root_path: where the application is mounted, empty for the top.
        own_path: the page's own path; the script lies below it.
    """
    examples = json.dumps([example.document for example in EXAMPLES])
    filled = {"{{root}}": root_path, "{{script}}": f"{own_path}/ide.js", "{{examples}}": examples}
    page = PAGE.read_text(encoding="utf-8")
    for place, text in filled.items():
        page = page.replace(place, escape(text, quote=True))
    return page
