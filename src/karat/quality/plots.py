"""Small plots as SVG text, in the colours of the page they stand in."""

from collections.abc import Sequence
from html import escape

from karat.quality.sheet import Bin, Chart, Matrix

CELL = 26


def heatmap(matrix: Matrix, *, title: str, counts: bool) -> str:
    """A matrix as shaded cells; each says its row, column and number."""
    left, top = 110, 90
    width, height = left + CELL * len(matrix.columns) + 4, top + CELL * len(matrix.rows) + 4
    parts = []
    for i, (name, row) in enumerate(zip(matrix.rows, matrix.values, strict=True)):
        most = max((v for v in row if v is not None), default=0.0) if counts else 1.0
        total = sum(v for v in row if v is not None)
        y = top + CELL * i
        parts.append(f'<text x="{left - 6}" y="{y + 17}" text-anchor="end">{_short(name)}</text>')
        for j, value in enumerate(row):
            if value is None:
                continue
            strength = value / max(total if counts else most, 1e-9)
            says = (
                f"{name} · {matrix.columns[j]}: {value:,.0f}"
                if counts
                else f"{name} · {matrix.columns[j]}: {value:.2f}"
            )
            parts.append(
                f'<rect x="{left + CELL * j}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" class="cell"'
                f' style="fill-opacity:{min(max(strength, 0.04), 1):.2f}"><title>{escape(says)}</title></rect>'
            )
    for j, name in enumerate(matrix.columns):
        x = left + CELL * j + 15
        parts.append(f'<text transform="translate({x},{top - 6}) rotate(-50)">{_short(name)}</text>')
    return _svg(width, height, title, parts)


def reliability(bins: Sequence[Bin], *, title: str) -> str:
    """Promised against reached accuracy, with intervals; on the line is calibrated."""
    size, edge = 240, 34

    def x(value: float) -> float:
        return edge + value * size

    def y(value: float) -> float:
        return 8 + (1 - value) * size

    parts = [f'<path class="axis" d="M{x(0)},{y(0)} H{x(1)} M{x(0)},{y(0)} V{y(1)}"/>']
    parts.append(f'<path class="guide" d="M{x(0)},{y(0)} L{x(1)},{y(1)}"/>')
    for tick in (0.0, 0.5, 1.0):
        parts.append(f'<text x="{x(tick)}" y="{y(0) + 16}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{edge - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<text x="{x(0.5)}" y="{y(0) + 32}" text-anchor="middle">promised</text>')
    for one in bins:
        at = one.reached
        if at.value is None or at.low is None or at.high is None:
            continue
        parts.append(f'<path class="reach" d="M{x(one.promised):.1f},{y(at.low):.1f} V{y(at.high):.1f}"/>')
        says = f"promised {one.promised:.2f}, reached {at}"
        parts.append(
            f'<circle class="dot" cx="{x(one.promised):.1f}" cy="{y(at.value):.1f}" r="4"><title>{escape(says)}</title></circle>'
        )
    return _svg(size + edge + 16, size + 48, title, parts)


def control(chart: Chart, *, title: str) -> str:
    """The weighted mean of the chart between its limits, alarms marked."""
    width, height, edge = 560, 160, 8
    reach = max(chart.limit * 1.3, *(abs(level) for level in chart.levels))

    def x(place: int) -> float:
        return edge + (width - 2 * edge) * place / max(len(chart.levels) - 1, 1)

    def y(level: float) -> float:
        return edge + (height - 2 * edge) * (1 - (level / reach + 1) / 2)

    parts = [f'<path class="axis" d="M{edge},{y(0):.1f} H{width - edge}"/>']
    for limit in (chart.limit, -chart.limit):
        parts.append(f'<path class="guide" d="M{edge},{y(limit):.1f} H{width - edge}"/>')
    line = " L".join(f"{x(i):.1f},{y(level):.1f}" for i, level in enumerate(chart.levels))
    parts.append(f'<path class="line" d="M{line}"/>')
    for i, (level, point) in enumerate(zip(chart.levels, chart.points, strict=True)):
        kind = "dot alarm" if i in chart.alarms else "dot"
        says = f"batch {i + 1}: {point:.0%} share the consensus" + (", alarm" if i in chart.alarms else "")
        parts.append(
            f'<circle class="{kind}" cx="{x(i):.1f}" cy="{y(level):.1f}" r="{5 if i in chart.alarms else 3}">'
            f"<title>{escape(says)}</title></circle>"
        )
    return _svg(width, height, title, parts)


def bar(low: float, value: float, high: float) -> str:
    """An interval on a line from 0 to 1, for a cell of a table."""
    a, b, c = (max(0.0, min(1.0, v)) * 96 + 2 for v in (low, value, high))
    return (
        f'<svg class="bar" viewBox="0 0 100 12" aria-hidden="true"><path class="axis" d="M2,6 H98"/>'
        f'<path class="reach" d="M{a:.1f},6 H{c:.1f}"/><circle class="dot" cx="{b:.1f}" cy="6" r="3"/></svg>'
    )


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    shown = escape(title)
    return (
        f'<svg class="plot" role="img" aria-label="{shown}" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}"><title>{shown}</title>{"".join(parts)}</svg>'
    )


def _short(name: str) -> str:
    return escape(name if len(name) <= 14 else name[:6] + "…" + name[-6:])
