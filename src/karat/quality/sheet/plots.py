"""Small plots as SVG text, in the colours of the page they stand in; the numbers stand in a table beside each."""

from collections.abc import Sequence
from html import escape

from karat.quality.sheet.values import Bin, Chart

HALF = 5.0
"""Standard deviations that a control chart shows at least of, where its limits are far."""


def reliability_plot(bins: Sequence[Bin]) -> str:
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
    parts.append(f'<text transform="translate(10,{y(0.5)}) rotate(-90)" text-anchor="middle">reached</text>')
    for one in bins:
        at = one.reached
        if at.value is None or at.low is None or at.high is None:
            continue
        parts.append(f'<path class="reach" d="M{x(one.promised):.1f},{y(at.low):.1f} V{y(at.high):.1f}"/>')
        parts.append(f'<circle class="dot" cx="{x(one.promised):.1f}" cy="{y(at.value):.1f}" r="4"/>')
    return _svg(size + edge + 16, size + 48, "Reliability diagram: promised against reached accuracy", parts)


def control_plot(chart: Chart) -> str:
    """The weighted mean of a chart between its limits, alarms marked by colour, size and a ring."""
    width, height, edge = 480, 130, 10
    limit = max(chart.limits, default=1.0)
    reach = max(limit * 1.3, *(abs(level) for level in chart.levels))

    def x(place: int) -> float:
        return edge + (width - 2 * edge) * place / max(len(chart.levels) - 1, 1)

    def y(level: float) -> float:
        return edge + (height - 2 * edge) * (1 - (level / reach + 1) / 2)

    parts = [f'<path class="axis" d="M{edge},{y(0):.1f} H{width - edge}"/>']
    for bound in (limit, -limit):
        parts.append(f'<path class="guide" d="M{edge},{y(bound):.1f} H{width - edge}"/>')
    line = " L".join(f"{x(i):.1f},{y(level):.1f}" for i, level in enumerate(chart.levels))
    parts.append(f'<path class="line" d="M{line}"/>')
    for i, level in enumerate(chart.levels):
        alarm = i in chart.alarms
        kind, radius = ("alarm", 4) if alarm else ("dot", 2)
        parts.append(f'<circle class="{kind}" cx="{x(i):.1f}" cy="{y(level):.1f}" r="{radius}"/>')
        if alarm:
            ring = f'<circle class="reach" style="stroke:var(--alarm);stroke-width:1" cx="{x(i):.1f}" cy="{y(level):.1f}" r="7"/>'
            parts.append(ring)
    about = f"Control chart, {chart.who}, {chart.measure}: {len(chart.n)} batches, {len(chart.alarms)} alarms"
    return _svg(width, height, about, parts)


def bar(low: float, value: float, high: float) -> str:
    """An interval on a line from 0 to 1, for a cell of a table; nothing where it reaches below 0."""
    if low < 0 or high > 1:
        return ""
    a, b, c = (v * 96 + 2 for v in (low, value, high))
    return (
        '<svg class="bar" viewBox="0 0 100 12" aria-hidden="true"><path class="axis" d="M2,6 H98"/>'
        f'<path class="reach" d="M{a:.1f},6 H{c:.1f}"/><circle class="dot" cx="{b:.1f}" cy="6" r="3"/></svg>'
    )


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    shown = escape(title)
    return (
        f'<svg role="img" aria-label="{shown}" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{shown}</title>{''.join(parts)}</svg>"
    )
