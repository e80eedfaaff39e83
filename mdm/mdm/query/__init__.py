"""The read model: golden records by page, id, key, relation and name, with their sources and provenance."""
