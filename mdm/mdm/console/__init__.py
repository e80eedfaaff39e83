"""The stewards' console: pages that the server writes, with htmx where it saves a page load."""

from mdm.console.rendering import error_page, render
from mdm.console.router import console_router

__all__ = ["console_router", "error_page", "render"]
