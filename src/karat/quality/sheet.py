"""The quality sheet of a table of votes: every figure that applies, each with its interval and what it was counted over."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.quality.agreement import fleiss_kappa, gwet_ac1, krippendorff_alpha, percent_agreement
from karat.quality.agreement_parts import agreement_by_label, agreement_by_pair, agreement_by_slice
from karat.quality.annotators import accuracy_on_gold, suspicions
from karat.quality.consensus import Consensus
from karat.quality.drift import ewma, rates
from karat.quality.estimate import Estimate, estimate, exact_interval, finite
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Slices = Mapping[str, Mapping[object, object] | Sequence[object] | NDArray[np.generic]]
Progress = Callable[[str, int, int], None]

SHOWN = 16
"""Annotators in the matrix: those with most votes."""
LABELS = 50
"""Labels of which agreement is shown: those given most often."""
BINS = 10
BATCHES = 40
"""Points of the chart at most."""
BATCH = 25
"""Votes of a point at least."""


class Figure(msgspec.Struct, frozen=True):
    """A named number and how to read it."""

    name: str
    estimate: Estimate
    meaning: str


class LabelRow(msgspec.Struct, frozen=True):
    """A label: how often it was given, and how well people agree on it."""

    label: str
    votes: int
    share: float
    alpha: Estimate


class AnnotatorRow(msgspec.Struct, frozen=True):
    """An annotator: how much, and how good."""

    annotator: str
    votes: int
    skill: Estimate
    gold: Estimate | None
    p_random: float | None
    """How likely the answers on gold are for somebody who does not look at the item."""
    adversary: bool


class Matrix(msgspec.Struct, frozen=True):
    """Numbers by row and column; None where there is none."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


class Bin(msgspec.Struct, frozen=True):
    """Items whose label was promised to be right about so often, and how often it was."""

    promised: float
    reached: Estimate


class Chart(msgspec.Struct, frozen=True):
    """A control chart: the share of votes that the consensus shares, batch by batch."""

    points: tuple[float, ...]
    usual: float
    levels: tuple[float, ...]
    limit: float
    alarms: tuple[int, ...]
    batch: int
    run_length: float


class SliceRow(msgspec.Struct, frozen=True):
    """Agreement in one slice of the items."""

    by: str
    slice: str
    alpha: Estimate


class Sheet(msgspec.Struct, frozen=True):
    """All of it; what does not apply to the table is empty."""

    title: str
    votes: int
    items: int
    annotators: int
    labels: int
    items_with_two: int
    figures: tuple[Figure, ...]
    by_label: tuple[LabelRow, ...]
    by_annotator: tuple[AnnotatorRow, ...]
    by_slice: tuple[SliceRow, ...]
    pairs: Matrix | None
    """Cohen's kappa of the annotators with most votes."""
    reliability: tuple[Bin, ...]
    confusion: Matrix | None
    """Items by gold (rows) and consensus (columns)."""
    chart: Chart | None


def quality_sheet(
    votes: Votes,
    *,
    gold: Mapping[object, object] | None = None,
    slices: Slices | None = None,
    title: str = "Quality sheet",
    bootstrap: Bootstrap | None = None,
    progress: Progress | None = None,
) -> Sheet:
    """Everything that the votes, and gold and slices where given, can say.

    `slices` names ways to cut the items, each aligned with `votes.items` or a mapping from item. `progress(what, done,
    of)` is told each step. Gold is kept out of the consensus that is measured against it.
    """
    told = progress or (lambda what, done, of: None)
    told("agreement", 0, 4)
    figures = _agreement(votes, bootstrap)
    by_label = _by_label(votes, bootstrap)
    by_slice = tuple(
        SliceRow(by, str(name), alpha)
        for by, cut in (slices or {}).items()
        for name, alpha in agreement_by_slice(
            votes, cut, coefficient=lambda part: krippendorff_alpha(part, bootstrap=bootstrap)
        ).items()
    )
    told("pairs", 1, 4)
    pairs = _pairs(votes)
    told("consensus", 2, 4)
    model = Consensus().fit(votes)
    posterior = model.posterior_
    figures += _consensus(votes, posterior, model.ties_, gold)
    told("annotators", 3, 4)
    rows = _annotators(votes, model, gold)
    two = np.bincount(votes.item_codes, minlength=len(votes.items)) > 1
    found = Sheet(
        title,
        len(votes),
        len(votes.items),
        len(votes.annotators),
        len(votes.labels),
        int(two.sum()),
        figures,
        by_label,
        rows,
        by_slice,
        pairs,
        _reliability(votes, posterior, gold),
        _confusion(votes, posterior, gold),
        _chart(votes, posterior),
    )
    told("done", 4, 4)
    return found


def _agreement(votes: Votes, bootstrap: Bootstrap | None) -> tuple[Figure, ...]:
    bands = "0.8 and more is good, 0.6 to 0.8 wants watching, below 0.6 mend the guideline first"
    return (
        Figure(
            "Krippendorff's alpha", krippendorff_alpha(votes, bootstrap=bootstrap), f"agreement beyond chance; {bands}"
        ),
        Figure("Percent agreement", percent_agreement(votes, bootstrap=bootstrap), "pairs of votes that are equal"),
        Figure("Fleiss' kappa", fleiss_kappa(votes, bootstrap=bootstrap), "agreement beyond the labels' shares"),
        Figure("Gwet's AC1", gwet_ac1(votes, bootstrap=bootstrap), "steady where nearly all is one label"),
    )


def _by_label(votes: Votes, bootstrap: Bootstrap | None) -> tuple[LabelRow, ...]:
    given = np.bincount(votes.label_codes, minlength=len(votes.labels))
    found = agreement_by_label(votes, most=LABELS, bootstrap=bootstrap)
    n_of = dict(zip(votes.labels.tolist(), given.tolist(), strict=True))
    rows = [
        LabelRow(str(label), n_of[label], n_of[label] / max(len(votes), 1), alpha) for label, alpha in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: -row.votes))


def _pairs(votes: Votes) -> Matrix | None:
    most = np.argsort(-np.bincount(votes.annotator_codes, minlength=len(votes.annotators)), kind="stable")[:SHOWN]
    shown = np.zeros(len(votes.annotators), bool)
    shown[most] = True
    table = agreement_by_pair(votes.rows(shown[votes.annotator_codes]))
    if not len(table.n):
        return None
    place = {int(code): i for i, code in enumerate(most)}
    values: list[list[float | None]] = [[None] * len(most) for _ in most]
    for a, b, kappa in zip(table.first.tolist(), table.second.tolist(), table.kappa.tolist(), strict=True):
        values[place[a]][place[b]] = values[place[b]][place[a]] = finite(kappa)
    names = tuple(str(votes.annotators[code]) for code in most)
    return Matrix(names, names, tuple(tuple(row) for row in values))


def _consensus(
    votes: Votes, posterior: Floats, ties: NDArray[np.bool_], gold: Mapping[object, object] | None
) -> tuple[Figure, ...]:
    voted = np.bincount(votes.item_codes, minlength=len(votes.items)) > 0
    n = int(voted.sum())
    if not n or not len(votes.labels):
        return ()
    sure = posterior[voted].max(axis=1)
    spread = 1.96 * float(np.sqrt((sure * (1 - sure)).sum())) / n
    mean = float(sure.mean())
    method = "posterior of the consensus, items independent"
    promised = estimate(mean, max(mean - spread, 0.0), min(mean + spread, 1.0), n=n, of="items", method=method)
    found = [Figure("Promised accuracy", promised, "share of consensus labels that are right, by the model itself")]
    level = ties & voted
    low, high = exact_interval(int(level.sum()), n)
    about = estimate(level.sum() / n, float(low), float(high), n=n, of="items", method="exact interval")
    found.append(Figure("Ties", about, "items on which two labels are equally likely; somebody should look"))
    known = votes.gold_codes(gold)
    of_gold = np.flatnonzero((known >= 0) & voted)
    if len(of_gold):
        right = int((posterior[of_gold].argmax(axis=1) == known[of_gold]).sum())
        low, high = exact_interval(right, len(of_gold))
        reached = estimate(
            right / len(of_gold), float(low), float(high), n=len(of_gold), of="items of gold", method="exact interval"
        )
        found.append(Figure("Accuracy on gold", reached, "share of consensus labels that equal gold"))
    return tuple(found)


def _annotators(votes: Votes, model: Consensus, gold: Mapping[object, object] | None) -> tuple[AnnotatorRow, ...]:
    skill = model.skill_
    n = np.bincount(votes.annotator_codes, minlength=len(votes.annotators))
    on_gold = accuracy_on_gold(votes, gold) if gold else None
    suspected = suspicions(votes, gold) if gold else None
    rows = []
    for code, name in enumerate(votes.annotators.tolist()):
        few = "few votes" if n[code] < 10 else None
        ends = float(skill.low[code]), float(skill.high[code])
        method = "Beta posterior of the consensus"
        found = estimate(float(skill.value[code]), *ends, n=int(n[code]), of="votes", method=method, warning=few)
        gold_row = on_gold.estimate(code) if on_gold is not None and on_gold.n[code] else None
        p = finite(float(suspected.p_random[code])) if suspected is not None else None
        rows.append(
            AnnotatorRow(str(name), int(n[code]), found, gold_row, p, bool(suspected and suspected.adversary[code]))
        )
    return tuple(sorted(rows, key=lambda row: -row.votes))


def _reliability(votes: Votes, posterior: Floats, gold: Mapping[object, object] | None) -> tuple[Bin, ...]:
    known = votes.gold_codes(gold)
    of_gold = np.flatnonzero(known >= 0)
    if not len(of_gold) or not len(votes.labels):
        return ()
    sure = posterior[of_gold].max(axis=1)
    right = posterior[of_gold].argmax(axis=1) == known[of_gold]
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    found = []
    for b in np.unique(place).tolist():
        chosen = place == b
        n, hits = int(chosen.sum()), int(right[chosen].sum())
        low, high = exact_interval(hits, n)
        reached = estimate(hits / n, float(low), float(high), n=n, of="items of gold", method="exact interval")
        found.append(Bin(float(sure[chosen].mean()), reached))
    return tuple(found)


def _confusion(votes: Votes, posterior: Floats, gold: Mapping[object, object] | None) -> Matrix | None:
    known = votes.gold_codes(gold)
    of_gold = np.flatnonzero(known >= 0)
    k = len(votes.labels)
    if not len(of_gold) or k > 30:
        return None
    table = np.bincount(known[of_gold].astype(np.int64) * k + posterior[of_gold].argmax(axis=1), minlength=k * k)
    names = tuple(str(label) for label in votes.labels.tolist())
    return Matrix(names, names, tuple(tuple(map(float, row)) for row in table.reshape(k, k)))


def _chart(votes: Votes, posterior: Floats) -> Chart | None:
    if votes.times is None or len(votes) < 4 * BATCH:
        return None
    order = np.argsort(votes.times, kind="stable")
    shared = (posterior.argmax(axis=1)[votes.item_codes] == votes.label_codes)[order]
    batch = max(BATCH, -(-len(votes) // BATCHES))
    place = np.arange(len(votes)) // batch
    n, hits = np.bincount(place), np.bincount(place, shared)
    usual = float(shared.mean())
    if not 0 < usual < 1:
        return None
    chart = ewma(rates(hits, n, usual=usual))
    alarms = tuple(np.flatnonzero(chart.alarms).tolist())
    points, levels = tuple((hits / n).tolist()), tuple(chart.level.tolist())
    return Chart(points, usual, levels, float(chart.limit[0]), alarms, batch, chart.run_length)
