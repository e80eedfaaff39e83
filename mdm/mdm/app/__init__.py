"""The roof: one application that serves the API, the console and the scheduler."""

from mdm.app.application import create_app
from mdm.app.serving import check_host, claim_port, serve, serve_by_workers

__all__ = ["check_host", "claim_port", "create_app", "serve", "serve_by_workers"]
