"""Agreement on answers: fields that each author answers once an item, and attributes of matched annotations."""

from collections import Counter
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from karat.model.kind import AnyKind
from karat.model.schema import Field
from karat.quality.agreement.alpha import Distances, Metric, Nominal, beside, metric_of, ratio, summed
from karat.quality.agreement.ballots import Ballots, Pairable, Paired
from karat.quality.agreement.report import Compared, Confusion, FieldAgreement, LabelAgreement, Tally, reversed_measure
from karat.quality.differences import answer_distance
from karat.quality.measure import ENOUGH, Blocks, Measure, bootstrap, measure, surely_above

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How intervals are made."""

    resamples: int
    seed: int


def field_agreement(
    name: str,
    field: Field,
    kind: AnyKind,
    ballots: Ballots,
    *,
    authors: list[str],
    items: list[str],
    settings: Settings,
) -> FieldAgreement | None:
    """The report on one field's answers; None where no item was answered by two."""
    paired = Paired(ballots)
    if not len(paired.items):
        return None
    scale = kind.scale(field)
    apart = Distances(ballots.values, partial(_distance, field=field, kind=kind), seed=settings.seed)
    metric = apart if scale is None else metric_of(scale, _on_scale(ballots.values, kind))
    labels = sorted({term for value in ballots.values if value is not None for term in kind.terms(value)})
    options = Options(_terms(ballots.values, kind, labels), len(labels))
    tally, confused = Tally(), Counter[tuple[int, int]]()
    blocks = Blocks(len(paired.items), seed=settings.seed)
    for first, data in paired.chunks():
        distance = apart.of_pairs(data.pair_a, data.pair_b)
        blocks.add(first, _rows(data, distance, metric, options))
        at = paired.items[first + data.pair_item]
        tally.add(Compared(item=at, author_a=data.author_a, author_b=data.author_b, distance=distance))
        if scale == "nominal":
            confused += _confusions(data, len(ballots.values))
    drawn = metric.drawn(paired)
    if drawn is not None:
        blocks.add(0, beside(csr_array((len(paired.items), 2)), drawn, csr_array((len(paired.items), 2 * len(labels)))))
    percent, alpha, per_label = _measured(blocks.done(), metric, options, len(paired.items), settings)
    item_index, item_distance, item_pairs = tally.items()
    return FieldAgreement(
        field=name,
        title=field.title,
        kind=kind.name,
        scale=scale or "distance",
        percent=percent,
        alpha=alpha,
        n_items=len(paired.items),
        n_pairs=int(item_pairs.sum()),
        per_label=tuple(LabelAgreement(label, *both) for label, both in zip(labels, per_label, strict=True)),
        authors=tally.authors(authors),
        pairs=tally.pairs(authors),
        confusions=_named(confused, ballots.values),
        item_index=item_index,
        item_distance=item_distance,
        item_pairs=item_pairs,
        item_keys=items,
        role=kind.role,
        distance=reversed_measure(percent),
    )


class Options:
    """Which options each different answer chose, and how many items each option was given to so far."""

    def __init__(self, terms: list[list[int]], count: int) -> None:
        self.count = count
        self.length = np.array([len(chosen) for chosen in terms], np.int64)
        self.start = np.cumsum(self.length) - self.length
        self.flat = np.array([n for chosen in terms for n in chosen], np.int64)
        self.items = np.zeros(count, np.int64)

    def rows(self, data: Pairable) -> tuple[csr_array, csr_array]:
        """Per item how often each option was given, and how often by both of a pair."""
        times = self.length[data.code]
        answer = np.repeat(np.arange(len(data.code)), times)
        offset = np.arange(len(answer)) - np.repeat(np.cumsum(times) - times, times)
        option = self.flat[self.start[data.code[answer]] + offset]
        key, place, given = np.unique(
            data.unit[answer].astype(np.int64) * max(self.count, 1) + option, return_index=True, return_counts=True
        )
        item, option = data.item[answer[place]].astype(np.int64), key % max(self.count, 1)
        together = given * (given - 1) / (data.size[answer[place]] - 1)
        shape = (data.items, self.count)
        self.items += np.bincount(
            np.unique(item * max(self.count, 1) + option) % max(self.count, 1), minlength=self.count
        )
        return (
            csr_array(coo_array((given.astype(np.float64), (item, option)), shape=shape)),
            csr_array(coo_array((together, (item, option)), shape=shape)),
        )


def _distance(a: object, b: object, *, field: Field, kind: AnyKind) -> float:
    return answer_distance(a, b, field, kind)


def _on_scale(values: list[object], kind: AnyKind) -> list[object]:
    number = kind.number
    return values if number is None else [number(v) for v in values]


def _terms(values: list[object], kind: AnyKind, labels: list[str]) -> list[list[int]]:
    """By code, the numbers of the options that the value chose."""
    number = {label: n for n, label in enumerate(labels)}
    return [[] if value is None else [number[t] for t in kind.terms(value)] for value in values]


def _rows(data: Pairable, distance: Floats, metric: Metric, options: Options) -> csr_array:
    """Per item: distance, answers, what the metric needs, and both counts of each option."""
    apart = summed(data.pair_item, data.pair_weight * distance, data.items)
    answers = summed(data.item, np.ones(len(data.item)), data.items)
    return beside(apart, answers, metric.rows(data), *options.rows(data))


def _measured(
    rows: csr_array, metric: Metric, options: Options, items: int, settings: Settings
) -> tuple[Measure, Measure, list[tuple[Measure, Measure]]]:
    """Percent, alpha and both per label, all from one set of resamples."""
    k = options.count
    m = rows.shape[1] - 2 - 2 * k

    def statistics(sums: Floats) -> Floats:
        apart, n, labelled, shared = sums[:, 0], sums[:, 1], sums[:, 2 + m : 2 + m + k], sums[:, 2 + m + k :]
        specific = np.divide(shared, labelled, out=np.full_like(shared, np.nan), where=labelled > 0)
        counts = np.repeat(n[:, None], k, axis=1)
        beyond = ratio(2 * (labelled - shared), counts, 2 * labelled * (counts - labelled))
        return np.column_stack([1 - apart / n, metric.alpha(sums[:, 2 : 2 + m]), specific, beyond])

    sums = np.asarray(rows.sum(axis=0)).reshape(1, -1)
    values = statistics(sums)[0]
    low, high = bootstrap(rows, statistics, seed=settings.seed, resamples=settings.resamples)
    if sums[0, 0] == 0:
        low[0] = surely_above(items)
        if isinstance(metric, Distances | Nominal):
            low[1] = metric.alpha(np.concatenate([[(1 - low[0]) * sums[0, 1]], sums[0, 3 : 2 + m]]).reshape(1, -1))[0]
    found = [measure(float(v), float(lo), float(hi), n=items) for v, lo, hi in zip(values, low, high, strict=True)]
    per_label = [
        (_of(found[2 + i], int(options.items[i])), _of(found[2 + k + i], int(options.items[i]))) for i in range(k)
    ]
    return found[0], found[1], per_label


def _of(found: Measure, items: int) -> Measure:
    """The measure with the number of items that it really rests on."""
    return Measure(found.value, found.low, found.high, items, items >= ENOUGH)


def _confusions(data: Pairable, values: int) -> Counter[tuple[int, int]]:
    """How often each two different answers were given to one item, by code."""
    low, high = np.minimum(data.pair_a, data.pair_b), np.maximum(data.pair_a, data.pair_b)
    different, counts = np.unique((low.astype(np.int64) * values + high)[low != high], return_counts=True)
    return Counter(
        dict(
            zip(
                zip((different // values).tolist(), (different % values).tolist(), strict=True),
                counts.tolist(),
                strict=True,
            )
        )
    )


def _named(confused: Counter[tuple[int, int]], values: list[object]) -> tuple[Confusion, ...]:
    """The same by option, the most frequent first."""
    found = [_confusion(values[a], values[b], n) for (a, b), n in confused.items()]
    return tuple(sorted(found, key=lambda c: (-c.n, str(c.a), str(c.b))))


def _confusion(a: object, b: object, n: int) -> Confusion:
    first, second = sorted(
        (None if v is None else str(v) for v in (a, b)), key=lambda label: (label is None, label or "")
    )
    return Confusion(first, second, n)
