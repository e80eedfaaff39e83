"""The command line: `mdm` and its commands."""

from mdm.cli.program import main

__all__ = ["main"]
