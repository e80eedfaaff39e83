"""The matching engine: columns of values in; scored pairs, clusters and reasons out."""
