"""How far people agree: in all, by label, by slice and group, two by two."""

import numpy as np

from karat.quality.acceptance.rates import scores
from karat.quality.agreement.parts import agreement_by_label, agreement_by_pair, agreement_by_slice
from karat.quality.agreement.votes import fleiss_kappa, gwet_ac1, krippendorff_alpha, percent_agreement
from karat.quality.bias.votes import agreement_by_group
from karat.quality.estimate import finite
from karat.quality.sheet.table import Table
from karat.quality.sheet.values import Figure, LabelRow, Matrix, SliceRow

SHOWN = 16
"""Annotators in the matrix: those with most votes."""
LABELS = 50
"""Labels of which agreement is shown: those given most often."""


def agreement_figures(table: Table) -> tuple[Figure, ...]:
    """Agreement of all votes."""
    votes, how = table.votes, table.bootstrap
    bands = "0.8 and more is good, 0.6 to 0.8 wants watching, below 0.6 mend the guideline first"
    return (
        Figure("Krippendorff's alpha", krippendorff_alpha(votes, bootstrap=how), f"agreement beyond chance; {bands}"),
        Figure("Percent agreement", percent_agreement(votes, bootstrap=how), "pairs of votes that are equal"),
        Figure("Fleiss' kappa", fleiss_kappa(votes, bootstrap=how), "agreement beyond the labels' shares"),
        Figure("Gwet's AC1", gwet_ac1(votes, bootstrap=how), "steady where nearly all is one label"),
    )


def label_rows(table: Table) -> tuple[LabelRow, ...]:
    """Each label, the most frequent first."""
    votes = table.votes
    given = np.bincount(votes.label_codes, minlength=len(votes.labels))
    alphas = agreement_by_label(votes, most=LABELS, bootstrap=table.bootstrap)
    known = votes.gold_codes(table.gold)
    chosen = np.flatnonzero((known >= 0) & table.voted)
    said = table.model.posterior_[chosen].argmax(axis=1) if len(chosen) else np.empty(0, np.int64)
    rows = []
    for code, label in enumerate(votes.labels.tolist()):
        if label not in alphas:
            continue
        row = LabelRow(str(label), int(given[code]), float(given[code] / max(len(votes), 1)), alphas[label])
        if len(chosen):
            hit, own = said == code, known[chosen] == code
            counts = {"hits": int((hit & own).sum()), "false_alarms": int((hit & ~own).sum())}
            on_gold = scores(**counts, misses=int((~hit & own).sum()))
            row = LabelRow(row.label, row.votes, row.share, row.alpha, on_gold.precision, on_gold.recall, on_gold.f1)
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: -row.votes))


def slice_rows(table: Table) -> tuple[SliceRow, ...]:
    """Agreement in each slice of the items and among each group of annotators."""
    votes, how = table.votes, table.bootstrap
    rows = []
    for by, cut in table.slices.items():
        found = agreement_by_slice(votes, cut, coefficient=lambda part: krippendorff_alpha(part, bootstrap=how))
        rows += [SliceRow(by, str(name), alpha) for name, alpha in found.items()]
    for by, cut in table.groups.items():
        of_groups = agreement_by_group(votes, cut, bootstrap=how)
        rows += [SliceRow(f"annotators by {by}", str(name), alpha) for name, alpha in of_groups.items()]
    return tuple(rows)


def pair_matrix(table: Table) -> Matrix | None:
    """Cohen's kappa of every two of those with most votes."""
    votes = table.votes
    most = np.argsort(-np.bincount(votes.annotator_codes, minlength=len(votes.annotators)), kind="stable")[:SHOWN]
    shown = np.zeros(len(votes.annotators), bool)
    shown[most] = True
    pairs = agreement_by_pair(votes.rows(shown[votes.annotator_codes]))
    if not len(pairs.n):
        return None
    place = {int(code): i for i, code in enumerate(most)}
    values: list[list[float | None]] = [[None] * len(most) for _ in most]
    n = [[0] * len(most) for _ in most]
    columns = (pairs.first.tolist(), pairs.second.tolist(), pairs.kappa.tolist(), pairs.n.tolist())
    for a, b, kappa, count in zip(*columns, strict=True):
        i, j = place[a], place[b]
        values[i][j] = values[j][i] = finite(kappa)
        n[i][j] = n[j][i] = int(count)
    names = tuple(str(votes.annotators[code]) for code in most)
    return Matrix(names, names, tuple(map(tuple, values)), tuple(map(tuple, n)))
