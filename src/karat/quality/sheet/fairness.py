"""Is any part of the data, or anybody, treated differently, and is a part missing?"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace

from karat.quality.agreement.parts import slices_of
from karat.quality.bias.rates import Coverage, coverage, false_discoveries
from karat.quality.bias.votes import GroupRate, error_rates, label_shares, named
from karat.quality.estimate import Estimate, estimate, finite
from karat.quality.sheet.table import Table
from karat.quality.sheet.values import CoverageRow, DifferenceRow

Population = Mapping[str, Mapping[object, float]]
"""By cut the share or count of each part in the population that the items shall stand for."""
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


def coverage_rows(table: Table, population: Population) -> tuple[CoverageRow, ...]:
    """How evenly the items spread over the parts of each cut, and how far from the declared population."""
    rows = []
    for by, cut in table.slices.items():
        names = slices_of(table.votes, cut)
        known = [name for name in names if name is not None]
        counts = Counter(str(name) for name in known).most_common()
        if not counts:
            continue
        (largest, most), (smallest, least) = counts[0], counts[-1]
        row = CoverageRow(by, len(counts), smallest, least, largest, most, most / least, len(names) - len(known))
        if by in population:
            found = coverage(known, population[by])
            empty = tuple(str(name) for name in found.empty)
            row = replace(row, empty=empty, distance=_distance(found), stability=found.stability)
        rows.append(row)
    return tuple(rows)


def _distance(found: Coverage) -> Estimate:
    """The distance, with the interval of other items drawn from the same parts."""
    n = int(found.n.sum())
    drawn = np.random.default_rng(0).multinomial(n, found.n / n, 1000) / n
    low, high = np.percentile(np.abs(drawn - found.expected).sum(axis=1) / 2, [2.5, 97.5])
    method = "percentile bootstrap over items, 1,000 samples"
    return estimate(
        found.distance,
        min(float(low), found.distance),
        max(float(high), found.distance),
        n=n,
        of="items",
        method=method,
    )


def _rows(by: str, what: str, rates: list[GroupRate]) -> list[DifferenceRow]:
    return [
        DifferenceRow(by, str(r.name), what, r.rate, r.difference.odds_ratio, finite(r.difference.p)) for r in rates
    ]


def _given(table: Table) -> list[int]:
    return [int(n) for n in np.bincount(table.votes.label_codes, minlength=len(table.votes.labels))]


def _group_names(table: Table, by: str) -> list[object]:
    return named(table.votes.annotators.tolist(), table.groups[by], "annotators")
