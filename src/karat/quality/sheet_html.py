"""The quality sheet as one page of HTML: no script, nothing fetched, light and dark by the system."""

from collections.abc import Sequence
from html import escape

from karat.quality.estimate import Estimate
from karat.quality.plots import bar, control, heatmap, reliability
from karat.quality.sheet import Sheet

ROWS = 50
"""Rows of a table at most; the JSON has all."""

STYLE = """
:root{color-scheme:light dark;--page:#fbfaf8;--ink:#22201c;--soft:#6b665c;--line:#e2ded6;--gold:#a8790a;--alarm:#b3261e}
@media(prefers-color-scheme:dark){:root{--page:#191816;--ink:#ece8e0;--soft:#a39d91;--line:#38352f;--gold:#e0b040;--alarm:#f2857d}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1000px;padding:32px 20px;background:var(--page);color:var(--ink);
font:14px/1.5 system-ui,sans-serif}h1{font-size:24px;margin:0 0 4px}h2{font-size:16px;margin:32px 0 8px}
p{margin:4px 0 12px;color:var(--soft);max-width:70ch}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--soft)}th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n{text-align:right;white-space:nowrap}.beware{color:var(--alarm)}.wide{overflow-x:auto}
svg{fill:var(--ink);font:11px system-ui,sans-serif}svg.bar{width:100px;height:12px;vertical-align:middle}
.cell{fill:var(--gold)}.axis{stroke:var(--line);fill:none}.guide{stroke:var(--soft);stroke-dasharray:4 4;fill:none}
.line{stroke:var(--gold);stroke-width:1.5;fill:none}.reach{stroke:var(--gold);stroke-width:2;fill:none}
.dot{fill:var(--gold)}.alarm{fill:var(--alarm)}
@media print{body{max-width:none;padding:0}h2{break-after:avoid}tr,svg{break-inside:avoid}}
"""


def sheet_html(sheet: Sheet) -> str:
    """A page that stands alone. All texts of the table are escaped."""
    parts = [f"<h1>{escape(sheet.title)}</h1>", f"<p>{_counts(sheet)}</p>", *_figures(sheet), *_labels(sheet)]
    if sheet.by_slice:
        rows = [[escape(r.by), escape(r.slice), *_cells(r.alpha)] for r in sheet.by_slice]
        parts += _table(
            "By slice", "Krippendorff's alpha in each part of the items.", ["cut", "slice", *WITH_BAR], rows
        )
    parts += _annotators(sheet)
    if sheet.pairs is not None:
        parts.append("<h2>Who agrees with whom</h2><p>Cohen's kappa of those with most votes; darker is more.</p>")
        parts.append(f'<div class="wide">{heatmap(sheet.pairs, title="Agreement of pairs", counts=False)}</div>')
    if sheet.reliability:
        parts.append("<h2>Is the promise kept?</h2><p>Consensus labels by how sure they are, against gold.</p>")
        parts.append(reliability(sheet.reliability, title="Reliability diagram"))
    if sheet.confusion is not None:
        parts.append("<h2>Confusion</h2><p>Gold by row, consensus by column; shaded by the share of the row.</p>")
        parts.append(f'<div class="wide">{heatmap(sheet.confusion, title="Confusion", counts=True)}</div>')
    if sheet.chart is not None:
        parts.append(
            "<h2>Over time</h2><p>Votes that the consensus shares, in batches of"
            f" {sheet.chart.batch:,}: weighted mean between its limits (EWMA). While nothing changes, one batch in"
            f" {sheet.chart.run_length:,.0f} is a false alarm. {len(sheet.chart.alarms)} alarms.</p>"
        )
        parts.append(f'<div class="wide">{control(sheet.chart, title="Control chart")}</div>')
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(sheet.title)}</title><style>{STYLE}</style>"
    )
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


WITH_BAR = ["value", "95 % interval", "", "n", ""]


def _counts(sheet: Sheet) -> str:
    return (
        f"{sheet.votes:,} votes of {sheet.annotators:,} annotators on {sheet.items:,} items with {sheet.labels:,} labels;"
        f" {sheet.items_with_two:,} items have two votes or more."
    )


def _figures(sheet: Sheet) -> list[str]:
    rows = [
        [f"<b>{escape(f.name)}</b><br><small>{escape(f.meaning)}</small>", *_cells(f.estimate)] for f in sheet.figures
    ]
    about = "Every number with the interval that holds the true one in 95 of 100 cases."
    return _table("The numbers", about, ["", *WITH_BAR], rows)


def _labels(sheet: Sheet) -> list[str]:
    rows = [[escape(r.label), f"{r.votes:,}", f"{r.share:.1%}", *_cells(r.alpha)] for r in sheet.by_label]
    about = "Krippendorff's alpha of each label against all others: a low one is not meant alike by all."
    return _table("By label", about, ["label", "votes", "share", *WITH_BAR], rows)


def _annotators(sheet: Sheet) -> list[str]:
    rows = []
    for row in sheet.by_annotator:
        gold = str(row.gold) if row.gold else "–"
        beware = '<span class="beware">worse than chance</span>' if row.adversary else ""
        if not beware and row.p_random is not None and row.p_random > 0.05:
            beware = f"may not look at the items (p = {row.p_random:.2g})"
        rows.append([escape(row.annotator), *_cells(row.skill)[:4], escape(gold), beware])
    about = "Skill: how likely a vote is right, by the consensus; beside it the share of right answers on gold."
    return _table("Annotators", about, ["annotator", "skill", "95 % interval", "", "votes", "on gold", ""], rows)


def _cells(found: Estimate) -> list[str]:
    beware = f'<span class="beware">{escape(found.warning)}</span>' if found.warning else ""
    if found.value is None:
        return ["–", "", "", f"{found.n:,}", beware]
    if found.low is None or found.high is None:
        return [f"{found.value:.3f}", "", "", f"{found.n:,}", beware]
    drawn = bar(found.low, found.value, found.high)
    return [f"{found.value:.3f}", f"{found.low:.3f} – {found.high:.3f}", drawn, f"{found.n:,}", beware]


def _table(title: str, about: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    head = "".join(f"<th>{name}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[:ROWS])
    more = f"<p>{len(rows) - ROWS:,} more rows are in the JSON.</p>" if len(rows) > ROWS else ""
    return [f'<h2>{title}</h2><p>{about}</p><div class="wide"><table><tr>{head}</tr>{body}</table></div>{more}']
