"""Is any part of the data, or anybody, treated differently, and is a part missing?"""

from collections import Counter

from karat.quality.agreement_parts import slices_of
from karat.quality.bias import false_discoveries
from karat.quality.bias_votes import GroupRate, error_rates, label_shares
from karat.quality.estimate import finite
from karat.quality.sheet.table import Table
from karat.quality.sheet.values import CoverageRow, DifferenceRow

LABELS = 5
"""Labels whose shares are compared: those given most often."""
PARTS = 12
"""Parts of a cut at most; of more, nothing is compared."""
DRAWN = 4_000
"""Items at most on which differences are tested, drawn at random; rates are of all."""


def difference_rows(table: Table) -> tuple[DifferenceRow, ...]:
    """Error rates and shares of labels in each slice and group, against all others; the surest differences first."""
    rows: list[DifferenceRow] = []
    votes = table.votes
    order = sorted(zip(votes.labels.tolist(), _given(table), strict=True), key=lambda one: -one[1])
    for kind, cuts in (("slices", table.slices), ("groups", table.groups)):
        for by, cut in cuts.items():
            names = slices_of(votes, cut) if kind == "slices" else list(_group_names(table, by))
            if not 2 <= len({name for name in names if name is not None}) <= PARTS:
                continue
            called = by if kind == "slices" else f"annotators by {by}"
            slices, groups = (cut, None) if kind == "slices" else (None, cut)
            if table.known:
                errors = error_rates(votes, table.known, slices=slices, groups=groups, most_items=DRAWN)
                rows += _rows(called, f"differs from {table.against}", errors)
            for label, _ in order[: LABELS if len(order) > 2 else 1]:
                shares = label_shares(votes, label, slices=slices, groups=groups, most_items=DRAWN)
                rows += _rows(called, f"label {label}", shares)
    adjusted = false_discoveries([float("nan") if row.p is None else row.p for row in rows]).tolist()
    found = [
        DifferenceRow(row.by, row.name, row.what, row.rate, row.odds_ratio, finite(p))
        for row, p in zip(rows, adjusted, strict=True)
    ]
    return tuple(sorted(found, key=lambda row: (row.p is None, row.p)))


def coverage_rows(table: Table) -> tuple[CoverageRow, ...]:
    """How evenly the items spread over the parts of each cut."""
    rows = []
    for by, cut in table.slices.items():
        names = slices_of(table.votes, cut)
        counts = Counter(str(name) for name in names if name is not None).most_common()
        if counts:
            (largest, most), (smallest, least) = counts[0], counts[-1]
            without = sum(name is None for name in names)
            rows.append(CoverageRow(by, len(counts), smallest, least, largest, most, most / least, without))
    return tuple(rows)


def _rows(by: str, what: str, rates: list[GroupRate]) -> list[DifferenceRow]:
    return [
        DifferenceRow(by, str(r.name), what, r.rate, r.difference.odds_ratio, finite(r.difference.p)) for r in rates
    ]


def _given(table: Table) -> list[int]:
    import numpy as np

    return [int(n) for n in np.bincount(table.votes.label_codes, minlength=len(table.votes.labels))]


def _group_names(table: Table, by: str) -> list[object]:
    from karat.quality.bias_votes import named

    return named(table.votes.annotators.tolist(), table.groups[by], "annotators")
