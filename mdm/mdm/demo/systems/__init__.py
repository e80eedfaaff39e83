"""The eight systems: each module writes what one of them answers, in its own shape, into the book."""
