"""The quality sheet as one page of HTML: no script, nothing fetched, each plot beside a table of its numbers."""

from collections.abc import Callable
from html import escape

from karat.quality.sheet.plots import control_plot, reliability_plot
from karat.quality.sheet.style import STYLE
from karat.quality.sheet.tables import ESTIMATE, cells, interval, matrix, name, number, short, table
from karat.quality.sheet.values import AnnotatorRow, Chart, Sheet

PLOTTED = 12
"""Control charts that are drawn; the table has all."""


def sheet_html(sheet: Sheet) -> str:
    """A page that stands alone. All texts of the table are escaped."""
    sections = [(title, key, made) for title, key, make in SECTIONS if (made := make(sheet))]
    links = "".join(f'<li><a href="#{key}">{title}</a></li>' for title, key, _ in sections)
    body = "".join(f'<section><h2 id="{key}">{title}</h2>{made}</section>' for title, key, made in sections)
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(sheet.title)}</title><style>{STYLE}</style>"
    )
    top = f'<h1 dir="auto">{escape(sheet.title)}</h1><p>{_counts(sheet)}</p>{_first(sheet)}<nav aria-label="Parts"><ul>{links}</ul></nav>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body><main>{top}{body}</main></body></html>\n'


def _counts(sheet: Sheet) -> str:
    return (
        f"{sheet.votes:,} votes of {sheet.annotators:,} annotators on {sheet.items:,} items with {sheet.labels:,} labels;"
        f" {sheet.items_with_two:,} items have two votes or more."
    )


def _first(sheet: Sheet) -> str:
    if not sheet.findings:
        return ""
    listed = "".join(f"<li>{escape(sentence)}</li>" for sentence in sheet.findings)
    return f'<section class="first"><h2>What to look at first</h2><ul>{listed}</ul></section>'


def _figures(sheet: Sheet) -> str:
    rows = [
        [
            f'<th scope="row" class="name"><b>{escape(f.name)}</b><br><small>{escape(f.meaning)}</small></th>',
            *cells(f.estimate),
        ]
        for f in sheet.figures
    ]
    about = "<p>Each with the interval that holds the true one in 95 of 100 cases, and n, what it was counted over.</p>"
    return about + table("The numbers", ["", *ESTIMATE], rows)


def _labels(sheet: Sheet) -> str:
    on_gold = any(row.recall is not None for row in sheet.by_label)
    columns = ["label", "votes", "share", "alpha", "95 % interval", "", "n", ""]
    columns += ["precision on gold", "recall on gold", "F1 on gold"] if on_gold else []
    rows = []
    for row in sheet.by_label:
        line = [name(row.label), f"{row.votes:,}", f"{row.share:.1%}", *cells(row.alpha)]
        rows.append(line + ([short(row.precision), short(row.recall), short(row.f1)] if on_gold else []))
    about = "<p>Krippendorff's alpha of each label against all others: a low one is not meant alike by all.</p>"
    return about + table("By label", columns, rows) if rows else ""


def _slices(sheet: Sheet) -> str:
    rows = [[name(row.by), escape(row.slice), *cells(row.alpha)] for row in sheet.by_slice]
    about = "<p>Krippendorff's alpha in each part of the items, and among each group of annotators.</p>"
    return about + table("Agreement by slice", ["cut", "slice", *ESTIMATE], rows) if rows else ""


def _differences(sheet: Sheet) -> str:
    rows = []
    for row in sheet.differences:
        p = "–" if row.p is None else f"{row.p:.2g}"
        warning = f'<span class="beware">{escape(row.odds_ratio.warning or "")}</span>'
        n = f"{row.rate.n:,}"
        rate = "–" if row.rate.value is None else number(row.rate.value)
        rows.append(
            [
                name(f"{row.by}: {row.name}"),
                escape(row.what),
                rate,
                interval(row.rate),
                n,
                short_ratio(row.odds_ratio.value, interval(row.odds_ratio)),
                p,
                warning,
            ]
        )
    about = (
        "<p>The share of votes in each part, and how it differs from all others for the same annotator and item (odds"
        " ratio, 1 is no difference; annotators and items random). p is adjusted so that of those below 0.05 one in"
        " twenty is by chance.</p>"
    )
    columns = ["part", "of", "value", "95 % interval", "n", "odds ratio", "p", ""]
    return about + table("Differences", columns, rows) if rows else ""


def short_ratio(value: float | None, ends: str) -> str:
    """An odds ratio with its interval."""
    return "–" if value is None else f"{number(value)} <small>{ends}</small>"


def _coverage(sheet: Sheet) -> str:
    declared = any(row.distance is not None for row in sheet.coverage)
    columns = ["cut", "parts", "smallest", "largest", "largest over smallest", "items without"]
    columns += ["distance to the population", "stability index", "empty"] if declared else []
    rows = []
    for row in sheet.coverage:
        ends = [f"{escape(row.smallest)} ({row.smallest_n:,})", f"{escape(row.largest)} ({row.largest_n:,})"]
        line = [name(row.by), f"{row.parts:,}", *ends, number(row.imbalance), f"{row.without:,}"]
        stable = "–" if row.stability is None else number(row.stability)
        rows.append(line + ([short(row.distance), stable, escape(", ".join(row.empty)) or "none"] if declared else []))
    about = "<p>How the items spread over the parts."
    if declared:
        about += " Distance: the share of items that would have to lie elsewhere; a stability index above 0.25 is far."
    return f"{about}</p>" + table("Coverage", columns, rows) if rows else ""


def _annotators(sheet: Sheet) -> str:
    gold = any(row.gold is not None for row in sheet.by_annotator)
    timed = any(row.pace is not None for row in sheet.by_annotator)
    columns = ["annotator", "skill", "95 % interval", "", "votes"]
    columns += ["right on gold", "verdict"] if gold else []
    columns += ["seconds", "pace", "longer when right"] if timed else []
    rows = []
    for row in sheet.by_annotator:
        line = [name(row.annotator), *cells(row.skill)[:4]]
        line += [short(row.gold), _verdict(row)] if gold else []
        line += _timed(row) if timed else []
        rows.append(line)
    about = (
        "Skill: how likely a vote is right, by the consensus. "
        + ("Verdict: the sequential test on gold, which says when it is not yet known. " if gold else "")
        + ("Pace: time taken over what others take for the same items. " if timed else "")
    )
    return f"<p>{about}</p>" + table("Annotators", columns, rows) if rows else ""


def _verdict(row: AnnotatorRow) -> str:
    if row.adversary:
        return '<span class="beware">worse than chance</span>'
    said = escape(row.verdict or "–")
    said = f'<span class="beware">{said}</span>' if row.verdict == "fail" else said
    random = row.p_random is not None and row.p_random > 0.05 and row.gold is not None and row.gold.n >= 10
    return f"{said}; may not look at the items (p = {row.p_random:.2g})" if random else said


def _timed(row: AnnotatorRow) -> list[str]:
    seconds = "–" if row.seconds is None else number(row.seconds)
    pace = f'<span class="beware">{short(row.pace)}, speeding</span>' if row.speeding else short(row.pace)
    return [seconds, pace, short(row.longer_when_right)]


def _pairs(sheet: Sheet) -> str:
    if sheet.pairs is None:
        return ""
    about = "<p>Cohen's kappa of those with most votes; the stronger the colour the more, empty where they share nothing to compare.</p>"
    return about + matrix(sheet.pairs, "Cohen's kappa by pair of annotators", counts=False)


def _reliability(sheet: Sheet) -> str:
    if not sheet.reliability:
        return ""
    rows = [[f'<th scope="row" class="name">{one.promised:.3f}</th>', *cells(one.reached)] for one in sheet.reliability]
    about = "<p>Consensus labels by how sure they are, against gold. On the line the promise is kept.</p>"
    drawn = f'<div class="charts"><figure>{reliability_plot(sheet.reliability)}</figure><div>'
    return about + drawn + table("Promised and reached accuracy", ["promised", *ESTIMATE], rows) + "</div></div>"


def _confusion(sheet: Sheet) -> str:
    if sheet.confusion is None:
        return ""
    about = "<p>Items: gold by row, consensus by column; shaded by the share of the row.</p>"
    return about + matrix(sheet.confusion, "Gold by row, consensus by column", counts=True)


def _charts(sheet: Sheet) -> str:
    if not sheet.charts:
        return ""
    drawn = [chart for chart in sheet.charts if chart.alarms or chart.who == "all"][:PLOTTED]
    figures = "".join(
        f"<figure><figcaption>{escape(c.who)}: {c.measure}, {len(c.alarms)} alarms</figcaption>{control_plot(c)}</figure>"
        for c in drawn
    )
    rows = [_chart(chart) for chart in sheet.charts]
    run = sheet.charts[0].run_length
    about = (
        "<p>Each batch against all before it: the weighted mean of how far it is off (EWMA) between its limits. While"
        f" nothing changes, one batch in {run:,.0f} is a false alarm. Charts of all hold one vote of each item; they also show"
        " when other people work. Right is"
        f" what {escape(sheet.against or 'nobody')} says.</p>"
    )
    columns = ["who", "of", "batches", "votes", "first half of batches", "second half", "alarms", "at batch"]
    return f'{about}<div class="charts">{figures}</div>' + table("Control charts", columns, rows)


def _chart(chart: Chart) -> list[str]:
    at = ", ".join(str(place + 1) for place in chart.alarms[:5])
    alarms = f'<span class="beware">{len(chart.alarms)}</span>' if chart.alarms else "0"
    halves = [short(chart.first), short(chart.second)]
    return [name(chart.who), chart.measure, f"{len(chart.n):,}", f"{sum(chart.n):,}", *halves, alarms, at]


def _hours(sheet: Sheet) -> str:
    hours = [
        [
            f'<th scope="row" class="name">{row.hour}:00</th>', *cells(row.right)[:4],
            short_ratio(row.odds_ratio.value, interval(row.odds_ratio)), "–" if row.p is None else f"{row.p:.2g}",
        ]
        for row in sheet.hours
    ]  # fmt: skip
    session = [
        [
            f'<th scope="row" class="name">{row.from_minutes:g}{"+" if row.to_minutes is None else f"–{row.to_minutes:g}"}</th>',
            *cells(row.right)[:4],
        ]
        for row in sheet.session
    ]
    if not hours:
        return ""
    about = (
        f"<p>Votes that are right by {escape(sheet.against or '')}, by hour of the day (UTC); odds beside the other hours of"
        " the same annotators. Below, by minutes into a session, which a pause of half an hour ends.</p>"
    )
    columns = ["hour", "value", "95 % interval", "", "n"]
    return (
        about
        + table("By hour", [*columns, "odds ratio", "p"], hours)
        + table("Into a session", ["minutes", *columns[1:]], session)
    )


Section = tuple[str, str, Callable[[Sheet], str]]
SECTIONS: list[Section] = [
    ("The numbers", "numbers", _figures),
    ("By label", "labels", _labels),
    ("Agreement by slice", "slices", _slices),
    ("Differences", "differences", _differences),
    ("Coverage", "coverage", _coverage),
    ("Annotators", "annotators", _annotators),
    ("Who agrees with whom", "pairs", _pairs),
    ("Is the promise kept?", "reliability", _reliability),
    ("Confusion", "confusion", _confusion),
    ("Over time", "time", _charts),
    ("Hours and sessions", "hours", _hours),
]
"""Title, address and maker of each part of the page; a part that does not apply is an empty text."""
