"""How fast the served API is, over HTTP and in process, beside a plain resolver set on the same data."""
