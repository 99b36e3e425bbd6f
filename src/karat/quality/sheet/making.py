"""Makes the sheet: every part that applies, one after the other."""

from collections.abc import Mapping

import numpy as np

from karat.quality.annotators.sequential import SequentialTest
from karat.quality.sheet.agreeing import agreement_figures, label_rows, pair_matrix, slice_rows
from karat.quality.sheet.fairness import Population, coverage_rows, difference_rows
from karat.quality.sheet.findings import findings
from karat.quality.sheet.over_time import chart_rows, hour_rows, session_rows
from karat.quality.sheet.people import annotator_rows
from karat.quality.sheet.table import Cuts, Floats, table_of
from karat.quality.sheet.truth import confusion, consensus_figures, reliability
from karat.quality.sheet.values import Progress, Sheet
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes

STEPS = 6


def quality_sheet(
    votes: Votes,
    *,
    gold: Mapping[object, object] | None = None,
    slices: Cuts | None = None,
    groups: Cuts | None = None,
    seconds: Floats | None = None,
    population: Population | None = None,
    title: str = "Quality sheet",
    test: SequentialTest | None = None,
    bootstrap: Bootstrap | None = None,
    progress: Progress | None = None,
) -> Sheet:
    """Everything that the votes, and what is given beside them, can say.

    `slices` names ways to cut the items, each aligned with `votes.items` or a mapping from item; `groups` ways to cut the
    annotators, likewise; `seconds` (votes,) is how long each vote took, nan where unknown, and taken from the votes' times
    where these are dates. `population` names for a cut all parts of it with their share or count. `test` passes or fails annotators on gold. `progress(what, done, of)` is told each step. Gold is
    kept out of the consensus that is measured against it. Speed, time and slices are held against gold where 200 votes are
    on it, else against the consensus, to which each annotator's own vote belongs: rates of errors are then too low.
    """
    told = progress or (lambda what, done, of: None)
    told("consensus", 0, STEPS)
    table = table_of(votes, gold, slices, groups, seconds, bootstrap)
    told("agreement", 1, STEPS)
    figures = agreement_figures(table) + consensus_figures(table)
    labels, by_slice, pairs = label_rows(table), slice_rows(table), pair_matrix(table)
    told("annotators", 2, STEPS)
    people, time_figures = annotator_rows(table, test or SequentialTest(good=0.9, bad=0.75))
    told("charts", 3, STEPS)
    charts, hours = chart_rows(table), hour_rows(table)
    session, fatigue_figures = session_rows(table)
    told("slices", 4, STEPS)
    differences, spread = difference_rows(table), coverage_rows(table, population or {})
    told("gold", 5, STEPS)
    figures += time_figures + fatigue_figures
    two = np.bincount(votes.item_codes, minlength=len(votes.items)) > 1
    found = Sheet(
        title=title,
        votes=len(votes),
        items=len(votes.items),
        annotators=len(votes.annotators),
        labels=len(votes.labels),
        items_with_two=int(two.sum()),
        against=table.against,
        findings=findings(figures, labels, people, charts, differences, hours),
        figures=figures,
        by_label=labels,
        by_annotator=people,
        by_slice=by_slice,
        differences=differences,
        coverage=spread,
        pairs=pairs,
        reliability=reliability(table),
        confusion=confusion(table),
        charts=charts,
        hours=hours,
        session=session,
    )
    told("done", STEPS, STEPS)
    return found
