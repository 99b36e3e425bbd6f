"""How good and how fast each annotator is, and whether those who take their time are right."""

import numpy as np

from karat.quality.annotators.sequential import SequentialTest
from karat.quality.annotators.skill import FEW, accuracy_on_gold, suspicions
from karat.quality.annotators.speed import Speed, TimeAndQuality, speed, time_and_quality
from karat.quality.estimate import Estimate, estimate, finite
from karat.quality.sheet.table import Table
from karat.quality.sheet.values import AnnotatorRow, Figure


def annotator_rows(table: Table, test: SequentialTest) -> tuple[tuple[AnnotatorRow, ...], tuple[Figure, ...]]:
    """Each annotator, those with most votes first; and what time says of quality in all."""
    votes, skill = table.votes, table.model.skill_
    n = np.bincount(votes.annotator_codes, minlength=len(votes.annotators))
    on_gold = accuracy_on_gold(votes, table.gold) if table.gold else None
    suspected = suspicions(votes, table.gold) if table.gold else None
    pace, related = _timed(table)
    rows = []
    for code, name in enumerate(votes.annotators.tolist()):
        few = "few votes" if n[code] < FEW else None
        ends = float(skill.low[code]), float(skill.high[code])
        method = "Beta posterior of the consensus"
        found = estimate(float(skill.value[code]), *ends, n=int(n[code]), of="votes", method=method, warning=few)
        known = on_gold is not None and on_gold.n[code] > 0
        right = int(on_gold.right[code]) if on_gold is not None else 0
        verdict = (
            test.verdict(right=right, wrong=int(on_gold.n[code]) - right) if on_gold is not None and known else None
        )
        timed = pace is not None and pace.n[code] > 0
        rows.append(
            AnnotatorRow(
                str(name),
                int(n[code]),
                found,
                on_gold.estimate(code) if on_gold is not None and known else None,
                finite(float(suspected.p_random[code])) if suspected is not None else None,
                bool(suspected is not None and suspected.adversary[code]),
                verdict,
                finite(float(pace.median_s[code])) if pace is not None and timed else None,
                pace.estimate(code) if pace is not None and timed else None,
                bool(pace is not None and pace.speeding[code]),
                _longer(related, code) if related is not None else None,
            )
        )
    figures = () if related is None else (_time_figure(related, table.against),)
    return tuple(sorted(rows, key=lambda row: -row.votes)), figures


def _timed(table: Table) -> tuple[Speed | None, TimeAndQuality | None]:
    if table.seconds is None or not np.isfinite(table.seconds).any():
        return None, None
    found = speed(table.votes, table.seconds)
    return found, time_and_quality(table.votes, table.seconds, table.known) if table.known else None


def _longer(related: TimeAndQuality, code: int) -> Estimate | None:
    if not np.isfinite(related.value[code]):
        return None
    n = int(related.right[code] + related.wrong[code])
    ends = float(related.low[code]), float(related.high[code])
    return estimate(float(related.value[code]), *ends, n=n, of="votes", method="Newcombe's method 5")


def _time_figure(related: TimeAndQuality, against: str | None) -> Figure:
    meaning = f"how often a right vote took longer than a wrong one, by {against}; ½ where time says nothing"
    return Figure("Time and quality", related.overall, meaning)
