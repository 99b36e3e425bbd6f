"""Tables of the page: estimates as cells, matrices as shaded ones. All texts are escaped here."""

from collections.abc import Sequence
from html import escape

from karat.quality.estimate import Estimate
from karat.quality.sheet.plots import bar
from karat.quality.sheet.values import Matrix

ROWS = 50
"""Rows of a table at most; the JSON has all."""
ESTIMATE = ("value", "95 % interval", "", "n", "")
"""Headings over `cells`."""
WORD = 40
"""Letters of a name that are shown in a matrix."""


def cells(found: Estimate | None) -> list[str]:
    """An estimate as five cells: value, interval, its picture, n, what to beware of."""
    if found is None:
        return ["–", "", "", "", ""]
    beware = f'<span class="beware">{escape(found.warning)}</span>' if found.warning else ""
    if found.value is None:
        return ["–", "", "", f"{found.n:,}", beware]
    if found.low is None or found.high is None:
        return [number(found.value), "", "", f"{found.n:,}", beware]
    drawn = bar(found.low, found.value, found.high)
    return [number(found.value), interval(found), drawn, f"{found.n:,}", beware]


def interval(found: Estimate | None) -> str:
    """The interval alone."""
    if found is None or found.low is None or found.high is None:
        return ""
    return f"{number(found.low)} – {number(found.high)}"


def short(found: Estimate | None) -> str:
    """An estimate in one cell: the value, its interval and n."""
    if found is None:
        return "–"
    if found.value is None:
        return f'– <small class="keep">n {found.n:,}</small>'
    ends = f'<span class="keep">{interval(found)},</span> <span class="keep">n {found.n:,}</span>'
    return f"{number(found.value)} <small>{ends}</small>"


def number(value: float) -> str:
    """To three digits behind the point, fewer where it is large."""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}" if abs(value) < 1000 else f"{value:,.0f}"


def name(text: str) -> str:
    """A text of the table, as the head of a row."""
    return f'<th scope="row" class="name">{escape(text) or "<small>empty</small>"}</th>'


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, most: int = ROWS) -> str:
    """A table that scrolls by itself where the page is narrow; cells are HTML, the first of a row its head."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col"{_right(c)}>{c}</th>' for c in columns)
    body = "".join(_row(columns, row) for row in rows[:most])
    more = f"<p>{len(rows) - most:,} more rows are in the JSON.</p>" if len(rows) > most else ""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table><caption>{escape(caption)}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def matrix(found: Matrix, caption: str, *, counts: bool) -> str:
    """Numbers by row and column, shaded by size: counts by their share of the row, others from 0 to 1."""
    head = "".join(f'<th scope="col" title="{escape(c)}">{escape(_cut(c))}</th>' for c in found.columns)
    body = []
    for i, (label, values) in enumerate(zip(found.rows, found.values, strict=True)):
        total = sum(v for v in values if v is not None)
        row = []
        for j, value in enumerate(values):
            if value is None:
                row.append("<td></td>")
                continue
            share = value / max(total, 1e-9) if counts else value
            text = f"{value:,.0f}" if counts else f"{value:.2f}"
            n = f' title="n {found.n[i][j]:,}"' if found.n else ""
            row.append(f'<td style="--s:{min(max(share, 0.0), 1.0):.2f}"{n}>{text}</td>')
        body.append(f'<tr><th scope="row" title="{escape(label)}">{escape(_cut(label))}</th>{"".join(row)}</tr>')
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="matrix"><caption>'
        f"{escape(caption)}</caption><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _row(columns: Sequence[str], row: Sequence[str]) -> str:
    shown = [
        cell if cell.startswith("<th") else f"<td{_right(c)}>{cell}</td>" for c, cell in zip(columns, row, strict=True)
    ]
    return f"<tr>{''.join(shown)}</tr>"


def _right(column: str) -> str:
    return ' class="n"' if column in ("n", "value", "votes", "share", "items", "seconds", "p") else ""


def _cut(text: str) -> str:
    return text if len(text) <= WORD else text[: WORD - 1] + "…"
