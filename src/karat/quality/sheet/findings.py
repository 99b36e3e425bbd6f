"""What to look at first: the figures of the sheet that ask for something."""

from collections.abc import Sequence

from karat.quality.sheet.values import AnnotatorRow, Chart, DifferenceRow, Figure, HourRow, LabelRow

SURE = 0.05
NAMED = 5


def findings(
    figures: Sequence[Figure],
    labels: Sequence[LabelRow],
    people: Sequence[AnnotatorRow],
    charts: Sequence[Chart],
    differences: Sequence[DifferenceRow],
    hours: Sequence[HourRow],
) -> tuple[str, ...]:
    """Sentences, the gravest first; none where nothing asks for anything."""
    by_name = {figure.name: figure.estimate for figure in figures}
    found: list[str] = []
    alpha = by_name["Krippendorff's alpha"]
    if alpha.value is not None and alpha.high is not None and alpha.high < 0.6:
        found.append(f"Agreement is low (alpha {alpha}): mend the guideline before more is labeled.")
    worse = [row.annotator for row in people if row.adversary]
    if worse:
        found.append(
            f"Worse than chance on gold: {_some(worse)}. Ask what they understood; their votes may be turned around."
        )
    failed = [row.annotator for row in people if row.verdict == "fail" and not row.adversary]
    if failed:
        found.append(f"Below the accuracy asked for on gold: {_some(failed)}.")
    fast = [row.annotator for row in people if row.speeding]
    if fast:
        found.append(f"Faster than half the usual time for the same items: {_some(fast)}.")
    unclear = [row.label for row in labels if row.alpha.high is not None and row.alpha.high < 0.6 and len(labels) > 2]
    if unclear:
        found.append(f"Labels that people do not mean alike (alpha below 0.6): {_some(unclear)}.")
    alarmed = [f"{chart.who} ({chart.measure})" for chart in charts if chart.alarms]
    if alarmed:
        points = sum(len(chart.n) for chart in charts)
        false = sum(len(chart.n) / chart.run_length for chart in charts)
        found.append(
            f"Changed over time: {_some(alarmed)}. Of the {points:,} points of these charts about {false:.1f} would be a"
            " false alarm if nothing had changed."
        )
    unlike = [f"{row.by} {row.name}: {row.what}" for row in differences if row.p is not None and row.p < SURE]
    if unlike:
        found.append(f"Unlike the others: {_some(unlike)} (of those told, at most one in twenty is by chance).")
    late = [f"{row.hour}:00" for row in hours if row.p is not None and row.p < SURE]
    if late:
        found.append(f"Hours at which the same people do otherwise (UTC): {_some(late)}.")
    fatigue = by_name.get("Fatigue")
    if fatigue is not None and fatigue.high is not None and fatigue.high < 0:
        found.append(f"Quality falls as sessions go on: {fatigue} of right votes an hour.")
    return tuple(found)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
