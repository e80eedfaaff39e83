"""The root type of mutations."""

# Strawberry reads the annotations of this module, so they stay as written.
from strawberry.tools import merge_types

from mdm_graphql.mutations.bulk import BulkMutations
from mdm_graphql.mutations.deciding import DecisionMutations
from mdm_graphql.mutations.identities import IdentityMutations
from mdm_graphql.mutations.tasks import TaskMutations
from mdm_graphql.mutations.values import ValueMutations

PARTS = (DecisionMutations, IdentityMutations, ValueMutations, TaskMutations, BulkMutations)


def mutation_type() -> type:
    """Everything that changes the hub."""
    return merge_types("Mutation", PARTS)
