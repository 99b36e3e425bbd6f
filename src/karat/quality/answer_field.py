"""Agreement on answers: fields that each author answers once an item, and attributes of matched annotations."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from karat.model.kind import AnyKind
from karat.model.schema import Field
from karat.quality.alpha import Distances, Metric, Nominal, beside, metric_of, ratio, summed
from karat.quality.ballots import Ballots, Ints, Pairable, pairable
from karat.quality.differences import answer_distance
from karat.quality.measure import ENOUGH, Measure, bootstrap, measure, surely_above
from karat.quality.report import Compared, Confusion, FieldAgreement, LabelAgreement, by_author, by_pair, grouped

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How intervals are made."""

    resamples: int
    seed: int


def field_agreement(
    name: str, field: Field, kind: AnyKind, ballots: Ballots, *, authors: list[str], items: list[str], settings: Settings
) -> FieldAgreement | None:
    """The report on one field's answers; None where no item was answered by two."""
    data = pairable(ballots)
    if not len(data.pair_item):
        return None
    seen, data = _items_in_a_row(data)
    scale = kind.scale(field)
    apart = Distances(ballots.values, partial(_distance, field=field, kind=kind), seed=settings.seed)
    metric = apart if scale is None else metric_of(scale, _on_scale(ballots.values, kind))
    distance = apart.of_pairs(data.pair_a, data.pair_b)
    labels = sorted({term for value in ballots.values if value is not None for term in kind.terms(value)})
    percent, alpha, per_label = _measured(data, distance, metric, _terms(ballots.values, kind, labels), len(seen), settings)
    compared = Compared(item=seen[data.pair_item], author_a=data.author_a, author_b=data.author_b, distance=distance)
    item_index, item_distance, item_pairs = grouped(compared.item, distance)
    return FieldAgreement(
        field=name,
        title=field.title,
        kind=kind.name,
        scale=scale or "distance",
        percent=percent,
        alpha=alpha,
        n_items=len(seen),
        n_pairs=len(distance),
        per_label=tuple(LabelAgreement(label, *both) for label, both in zip(labels, per_label, strict=True)),
        authors=by_author(compared, authors),
        pairs=by_pair(compared, authors),
        confusions=_confusions(data, ballots.values) if scale == "nominal" else (),
        item_index=item_index,
        item_distance=item_distance,
        item_pairs=item_pairs,
        item_keys=items,
    )


def _distance(a: object, b: object, *, field: Field, kind: AnyKind) -> float:
    return answer_distance(a, b, field, kind)


def _on_scale(values: list[object], kind: AnyKind) -> list[object]:
    number = kind.number
    return values if number is None else [number(v) for v in values]


def _items_in_a_row(data: Pairable) -> tuple[Ints, Pairable]:
    """The items that have pairs, and the same data with items numbered among these."""
    seen = np.unique(data.pair_item)
    return seen, Pairable(
        item=np.searchsorted(seen, data.item).astype(np.int32),
        unit=data.unit,
        code=data.code,
        size=data.size,
        pair_item=np.searchsorted(seen, data.pair_item).astype(np.int32),
        pair_a=data.pair_a,
        pair_b=data.pair_b,
        author_a=data.author_a,
        author_b=data.author_b,
        pair_weight=data.pair_weight,
    )


def _terms(values: list[object], kind: AnyKind, labels: list[str]) -> list[list[int]]:
    """By code, the numbers of the options that the value chose."""
    number = {label: n for n, label in enumerate(labels)}
    return [[] if value is None else [number[t] for t in kind.terms(value)] for value in values]


def _measured(
    data: Pairable, distance: Floats, metric: Metric, terms: list[list[int]], items: int, settings: Settings
) -> tuple[Measure, Measure, list[tuple[Measure, Measure]]]:
    """Percent, alpha and both per label, all from one set of resamples."""
    metric_rows = metric.rows(data, items)
    given, together, label_items = _label_rows(data, terms, items)
    k, m = given.shape[1], metric_rows.shape[1]
    rows = beside(
        summed(data.pair_item, data.pair_weight * distance, items),
        summed(data.item, np.ones(len(data.item)), items),
        metric_rows,
        given,
        together,
    )

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
        (_of(found[2 + i], int(label_items[i])), _of(found[2 + k + i], int(label_items[i]))) for i in range(k)
    ]
    return found[0], found[1], per_label


def _label_rows(data: Pairable, terms: list[list[int]], items: int) -> tuple[csr_array, csr_array, Ints]:
    """Per item how often each option was given, and how often by both of a pair; and the items that each was given to."""
    options = 1 + max((n for chosen in terms for n in chosen), default=-1)
    lengths = np.array([len(chosen) for chosen in terms], np.int64)
    flat = np.array([n for chosen in terms for n in chosen], np.int64)
    starts = np.cumsum(lengths) - lengths
    times = lengths[data.code]
    answer = np.repeat(np.arange(len(data.code)), times)
    offset = np.arange(len(answer)) - np.repeat(np.cumsum(times) - times, times)
    option = flat[starts[data.code[answer]] + offset] if len(answer) else np.empty(0, np.int64)
    key, first, given = np.unique(data.unit[answer].astype(np.int64) * max(options, 1) + option, return_index=True, return_counts=True)
    item, option = data.item[answer[first]], key % max(options, 1)
    together = given * (given - 1) / (data.size[answer[first]] - 1)
    shape = (items, options)
    per_item = np.unique(item.astype(np.int64) * max(options, 1) + option) % max(options, 1)
    return (
        csr_array(coo_array((given.astype(np.float64), (item, option)), shape=shape)),
        csr_array(coo_array((together, (item, option)), shape=shape)),
        np.bincount(per_item, minlength=options),
    )


def _of(found: Measure, items: int) -> Measure:
    """The measure with the number of items that it really rests on."""
    return Measure(found.value, found.low, found.high, items, items >= ENOUGH)


def _confusions(data: Pairable, values: list[object]) -> tuple[Confusion, ...]:
    """Every two different options that were given to one item, the most frequent first."""
    low, high = np.minimum(data.pair_a, data.pair_b), np.maximum(data.pair_a, data.pair_b)
    different, counts = np.unique((low.astype(np.int64) * len(values) + high)[low != high], return_counts=True)
    found = [_confusion(values[key // len(values)], values[key % len(values)], n) for key, n in zip(different.tolist(), counts.tolist(), strict=True)]
    return tuple(sorted(found, key=lambda c: (-c.n, str(c.a), str(c.b))))


def _confusion(a: object, b: object, n: int) -> Confusion:
    first, second = sorted((None if v is None else str(v) for v in (a, b)), key=lambda label: (label is None, label or ""))
    return Confusion(first, second, n)
