"""Reconciliation: tables of names from elsewhere get golden ids, as OpenRefine and its like ask for them.

The questions and answers are those of the W3C community group's Reconciliation Service API, version 0.2
(https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).
"""

from mdm.reconciliation.extending import Extension, extend, proposed_properties
from mdm.reconciliation.previewing import Preview, preview_record
from mdm.reconciliation.query import MOST_QUERIES, ReconciliationQuery, read_queries
from mdm.reconciliation.reconciling import Found, Named, reconcile
from mdm.reconciliation.suggesting import suggest_entities, suggest_properties, suggest_types

__all__ = [
    "MOST_QUERIES",
    "Extension",
    "Found",
    "Named",
    "Preview",
    "ReconciliationQuery",
    "extend",
    "preview_record",
    "proposed_properties",
    "read_queries",
    "reconcile",
    "suggest_entities",
    "suggest_properties",
    "suggest_types",
]
