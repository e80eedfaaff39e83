"""The places that golden records are published to."""
