"""Publication runs: one row per due time, done by whoever holds its lease."""
