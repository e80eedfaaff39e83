"""The hub: what is known, who said so, who decided."""
