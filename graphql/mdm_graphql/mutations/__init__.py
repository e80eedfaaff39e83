"""What changes the hub: decisions about identity, about values, and about tasks."""

from mdm_graphql.mutations.mutation import mutation_type

__all__ = ["mutation_type"]
