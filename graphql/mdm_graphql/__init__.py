"""The GraphQL face of the hub."""
