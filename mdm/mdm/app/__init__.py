"""The roof: one application that serves the API, the console and the scheduler."""

from mdm.app.application import create_app
from mdm.app.serving import claim_port, serve

__all__ = ["claim_port", "create_app", "serve"]
