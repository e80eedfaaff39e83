"""What an operation changes, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mdm.identity import Changes


def change_lines(changes: Changes) -> Iterator[str]:
    """One line per change: ids, records, values, relations, tasks, publications."""
    from mdm.stewardship.wording import text_of

    for change in changes.ids:
        yield f"  {change.what:<12} {change.golden_id}{f' to {change.into}' if change.into else ''}"
    for record in changes.records:
        goes = f"{record.from_golden or 'nowhere'} to {record.to_golden or 'nowhere'}"
        yield f"  record       {record.source}:{record.source_key} from {goes}"
    for value in changes.values:
        was, now = text_of(value.before) or "(none)", text_of(value.after) or "(none)"
        yield f"  value        {value.golden_id}.{value.attribute}: {was} becomes {now}"
    for relation in changes.relations:
        was, now = relation.before or "(none)", relation.after or "(none)"
        yield f"  relation     {relation.golden_id}.{relation.attribute}: {was} becomes {now}"
    for task in changes.tasks_opened:
        yield f"  task opens   {task}"
    for task in changes.tasks_closed:
        yield f"  task closes  {task}"
    for target, golden_id in changes.publications:
        yield f"  publication  {target} is told of {golden_id}"
