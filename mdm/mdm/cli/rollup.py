"""`mdm rollup`: what lies under a golden record, and what that adds up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import AsOf, At, Config, Json, opened
from mdm.cli.output import say, say_json

if TYPE_CHECKING:
    from mdm.query.hierarchies import Node


def rollup_command(
    golden: Annotated[str, typer.Argument(help="A golden id of a client, cost center or other tree.")],
    of: Annotated[
        str, typer.Option("--of", help="What refers to the tree, such as projects, workers or engagements.")
    ] = "projects",
    at: At = None,
    as_of: AsOf = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """A golden record with everything under it, what refers to it, and what took over from it."""
    from mdm.errors import QueryError
    from mdm.history.when import when_of
    from mdm.query.hierarchies import ancestors, roll_up, successors

    when = when_of(at, as_of)
    with opened(config) as hub, hub.read() as session:
        found = roll_up(hub, session, golden, of, when)
        above = ancestors(hub, session, golden, when)[1:]
        try:
            after = successors(hub, session, golden, when)
        except QueryError:
            after = ()
    document = {
        "nodes": [_node(node) for node in found.nodes],
        "ancestors": [_node(node) for node in above],
        "successors": [_node(node) for node in after],
        "records": [{"golden_id": row.golden_id, "entity_type": row.entity_type} for row in found.records],
        "totals": [
            {"attribute": name, "currency": currency, "sum": total}
            for (name, currency), total in found.totals.items()
        ],
    }
    if as_json:
        say_json(document)
        return
    for node in found.nodes:
        say(f"{'  ' * node.depth}{node.row.golden_id}  {_label(node)}")
    say(f"{of}: {len(found.records)}")
    for (name, currency), total in found.totals.items():
        say(f"  {name} {total:,.2f} {currency}".rstrip())
    if above:
        say(f"under: {' > '.join(_label(node) for node in above)}")
    if after:
        say(f"successors: {', '.join(f'{node.row.golden_id} ({_label(node)})' for node in after)}")


def _node(node: Node) -> dict[str, object]:
    return {"golden_id": node.row.golden_id, "label": _label(node), "depth": node.depth}


def _label(node: Node) -> str:
    values = node.row.values
    return " ".join(str(values[name]) for name in ("code", "name") if values.get(name)) or node.row.golden_id
