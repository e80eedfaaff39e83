"""`mdm lineage` and `mdm explain`: where a golden record comes from, and why."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.options import AnyEntity, AsOf, At, Config, Json, opened
from mdm.cli.output import note, say, say_json
from mdm.cli.reasons import reason_lines

if TYPE_CHECKING:
    from networkx import MultiDiGraph

    from mdm.resolve.pair_explanation import PairExplanation


class Way(StrEnum):
    """Which way the graph is walked; the words of `mdm.lineage.Direction`, which takes long to import."""

    both = "both"
    """Everything around."""
    upstream = "upstream"
    """Where it came from."""
    downstream = "downstream"
    """What came of it."""


ENDINGS = (".svg", ".png", ".graphml", ".json")


def lineage_command(
    golden: Annotated[str, typer.Argument(help="A golden id.")],
    depth: Annotated[int, typer.Option("--depth", min=0, max=10, help="Steps along relations.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="A .svg, .png, .graphml or .json file.")] = None,
    direction: Annotated[
        Way, typer.Option("--direction", help="both, upstream (it came from) or downstream (came of it).")
    ] = Way.both,
    at: At = None,
    as_of: AsOf = None,
    config: Config = None,
) -> None:
    """Sources, record versions, decisions, relations and deliveries of a golden record."""
    from mdm.history.when import when_of
    from mdm.lineage import Direction, lineage, to_text, walked

    if out is not None and out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"{out} ends in none of {', '.join(ENDINGS)}")
    when = when_of(at, as_of)
    with opened(config) as hub, hub.read() as session:
        graph = walked(lineage(hub, session, golden, when, depth=depth), Direction(direction.value))
    if not graph.graph["complete"]:
        note("More records are related than are drawn; look from one of them to see what is around it.")
    if out is None:
        say(to_text(graph))
        return
    from mdm.export import replacing

    with replacing(out) as part:
        part.write_bytes(_drawn(graph, out.suffix.lower()))
    note(f"Written to {out}.")


def explain_command(
    subject: Annotated[
        str, typer.Argument(help="A source record as source:key, a golden id, or GOLDEN.attribute.")
    ],
    other: Annotated[str | None, typer.Argument(help="Another source record as source:key.")] = None,
    entity: AnyEntity = None,
    at: At = None,
    as_of: AsOf = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Why two records score as they do, how a golden record came about, or why a value is what it is."""
    from mdm.history.when import when_of

    when = when_of(at, as_of)
    if when.as_of is not None and (other is not None or "." not in subject):
        raise typer.BadParameter("how records came together depends on no day; leave out --as-of")
    with opened(config) as hub, hub.read() as session:
        if other is None and "." not in subject and ":" not in subject:
            from mdm.cli.how import tell_how

            tell_how(hub, session, subject, when, as_json=as_json)
            return
        if other is None:
            from mdm.explain import explain_value, value_document, value_lines

            golden_id, dot, attribute = subject.rpartition(".")
            if not dot:
                raise typer.BadParameter(
                    "name two source records (source:key), or a value as GOLDEN.attribute"
                )
            value = explain_value(hub, session, golden_id, attribute, when)
            if as_json:
                say_json(value_document(value))
            for line in () if as_json else value_lines(value):
                say(line)
            return
        from mdm.record_names import named_record
        from mdm.resolve.pair_explanation import explain_pair

        left = named_record(session, subject, entity)
        right = named_record(session, other, entity or left.entity_type)
        pair = explain_pair(hub, session, left.id or 0, right.id or 0, when)
    say_json(_pair_document(pair)) if as_json else _tell_pair(subject, other, pair)


def _drawn(graph: MultiDiGraph[str], ending: str) -> bytes:
    from mdm.lineage import to_png, to_svg
    from mdm.lineage.documents import to_graphml, to_json

    if ending == ".png":
        return to_png(graph)
    if ending == ".graphml":
        return to_graphml(graph)
    return (to_svg(graph) if ending == ".svg" else to_json(graph)).encode()


def _tell_pair(left: str, right: str, pair: PairExplanation) -> None:
    say(f"{left} and {right}: weight {pair.weight:+.1f} bits, probability {pair.probability:.4f}")
    say(f"  {pair.prior:+6.1f}  before any evidence")
    for line in reason_lines(pair.reasons):
        say(line)


def _pair_document(pair: PairExplanation) -> dict[str, object]:
    reasons = [
        {
            "column": r.column,
            "label": r.label,
            "left": r.left_value,
            "right": r.right_value,
            "weight": r.weight,
            "note": r.note,
        }
        for r in pair.reasons
    ]
    return {
        "entity_type": pair.entity_type,
        "weight": pair.weight,
        "probability": pair.probability,
        "prior": pair.prior,
        "reasons": reasons,
    }
