"""Draws a lineage graph, as SVG or as PNG, from one layout."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape

from mdm.lineage.graph import Graph, NodeKind
from mdm.lineage.layout import HEIGHT, WIDTH, Arrow, Box, Page, lay_out

COLOURS: dict[NodeKind, tuple[str, str]] = {
    NodeKind.source: ("#e8edf3", "#5b6b7d"),
    NodeKind.record: ("#e6f0fb", "#2f6fb0"),
    NodeKind.version: ("#f1f6fc", "#6d9bc8"),
    NodeKind.golden: ("#fdf3d7", "#b58105"),
    NodeKind.decision: ("#ece6f7", "#7450b8"),
    NodeKind.delivery: ("#e3f4e8", "#2e8b57"),
}
"""Fill and line of each kind of node."""

LEFT_OUT = "More records are related than are drawn."

INK, MUTED = "#1b2733", "#5b6b7d"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
LETTERS = 26
"""Letters of a label that fit into a box."""


_SVG_LEFT_OUT = f'<text x="12" y="14" font-size="10" fill="{MUTED}">{LEFT_OUT}</text>'


def to_svg(graph: Graph) -> str:
    """The graph as an SVG document that needs nothing else."""
    page = lay_out(graph)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page.width} {page.height}" '
            f'width="{page.width}" height="{page.height}" role="img" font-family="{FONT}">'
        ),
        f"<title>Lineage of {escape(str(graph.graph['start']))}</title>",
        (
            '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto"><path d="M0 0L8 4L0 8z" fill="{MUTED}"/></marker></defs>'
        ),
        f'<rect width="{page.width}" height="{page.height}" fill="#ffffff"/>',
        *(_svg_arrow(arrow) for arrow in page.arrows),
        *(_svg_box(box) for box in page.boxes),
        *([] if graph.graph["complete"] else [_SVG_LEFT_OUT]),
        "</svg>",
    ]
    return "\n".join(parts)


def _svg_arrow(arrow: Arrow) -> str:
    (x1, y1), (x2, y2) = _ends(arrow)
    middle = (x1 + x2) / 2
    dash = ' stroke-dasharray="4 3"' if arrow.kind in {"belongs", "redirect"} else ""
    title = f"<title>{escape(arrow.label)}</title>" if arrow.label else ""
    path = (
        f'<path d="M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}" fill="none" stroke="{MUTED}" '
        f'stroke-opacity=".7"{dash} marker-end="url(#head)">{title}</path>'
    )
    if not arrow.label:
        return path
    return (
        f'{path}<text x="{middle}" y="{(y1 + y2) / 2 - 4}" font-size="9" text-anchor="middle" '
        f'fill="{MUTED}">{escape(_cut(arrow.label, 22))}</text>'
    )


def _svg_box(box: Box) -> str:
    fill, line = COLOURS[box.kind]
    thick = 3 if box.is_start else 1.2
    return (
        f"<g><title>{escape(f'{box.label} ({box.detail})')}</title>"
        f'<rect x="{box.x}" y="{box.y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{fill}" '
        f'stroke="{line}" stroke-width="{thick}"/>'
        f'<text x="{box.x + 10}" y="{box.y + 19}" font-size="12.5" font-weight="600" fill="{INK}">'
        f"{escape(_cut(box.label, LETTERS))}</text>"
        f'<text x="{box.x + 10}" y="{box.y + 35}" font-size="10" fill="{MUTED}">'
        f"{escape(_cut(box.detail, 34))}</text></g>"
    )


def _ends(arrow: Arrow) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow leaves its tail and meets its head; within a column it leaves on the right side."""
    tail, head = arrow.tail, arrow.head
    start = (tail.x + WIDTH, tail.y + HEIGHT / 2) if head.x >= tail.x else (tail.x, tail.y + HEIGHT / 2)
    end = (head.x, head.y + HEIGHT / 2) if head.x > tail.x else (head.x + WIDTH, head.y + HEIGHT / 2)
    return start, end


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"


def to_png(graph: Graph, *, scale: int = 2) -> bytes:
    """The graph as a PNG picture, `scale` pixels to one of the SVG."""
    from PIL import Image, ImageDraw

    page = lay_out(graph)
    image = Image.new("RGB", (page.width * scale, page.height * scale), "#ffffff")
    _paint(ImageDraw.Draw(image), page, scale, "" if graph.graph["complete"] else LEFT_OUT)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _paint(draw: object, page: Page, scale: int, said: str) -> None:
    from PIL import ImageDraw, ImageFont

    assert isinstance(draw, ImageDraw.ImageDraw)
    large, small = ImageFont.load_default(12 * scale), ImageFont.load_default(9 * scale)
    draw.text((12 * scale, 4 * scale), said, fill=MUTED, font=small)
    for arrow in page.arrows:
        start, end = _ends(arrow)
        points = [(x * scale, y * scale) for x, y in _curve(start, end)]
        draw.line(points, fill="#8d99a6", width=scale)
        (x, y), side = points[-1], -1 if end[0] > start[0] else 1
        draw.polygon(
            [(x, y), (x + side * 7 * scale, y - 3 * scale), (x + side * 7 * scale, y + 3 * scale)], fill=MUTED
        )
        if arrow.label:
            middle = ((start[0] + end[0]) / 2 * scale, ((start[1] + end[1]) / 2 - 5) * scale)
            draw.text(middle, _cut(arrow.label, 22), fill=MUTED, font=small, anchor="mm")
    for box in page.boxes:
        fill, line = COLOURS[box.kind]
        corners = [box.x * scale, box.y * scale, (box.x + WIDTH) * scale, (box.y + HEIGHT) * scale]
        draw.rounded_rectangle(
            corners, 6 * scale, fill=fill, outline=line, width=(3 if box.is_start else 1) * scale
        )
        draw.text(((box.x + 10) * scale, (box.y + 7) * scale), _cut(box.label, LETTERS), fill=INK, font=large)
        draw.text(((box.x + 10) * scale, (box.y + 26) * scale), _cut(box.detail, 34), fill=MUTED, font=small)


def _curve(
    start: tuple[float, float], end: tuple[float, float], steps: int = 24
) -> list[tuple[float, float]]:
    """Points on the curve that the SVG draws."""
    middle = (start[0] + end[0]) / 2
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        points.append((a * start[0] + (b + c) * middle + d * end[0], (a + b) * start[1] + (c + d) * end[1]))
    return points
