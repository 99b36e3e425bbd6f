"""Agreement on regions: fields in which each author marks any number of things, paired before they are compared."""

from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.agreement.alpha import beside, summed
from karat.quality.agreement.answer_field import Settings
from karat.quality.agreement.ballots import CHUNK, Ballots, Ints
from karat.quality.agreement.cluster_pairs import ClusterPairs
from karat.quality.agreement.distances import chance_limit, chance_limits, share_below
from karat.quality.agreement.line_marks import LINES, LineMarks
from karat.quality.agreement.matched_labels import MatchedLabels
from karat.quality.agreement.report import (
    UNDEFINED,
    Compared,
    Confusion,
    FieldAgreement,
    LabelAgreement,
    Tally,
    in_chunks,
    reversed_measure,
)
from karat.quality.differences import field_distance
from karat.quality.measure import Blocks, Measure, bootstrap, measure, surely_above
from karat.quality.pairing import Matching, confusions, match
from karat.quality.responses import Said, attribute_answers, common_labels, within

Floats = NDArray[np.float64]

KEPT = 400
"""Responses kept, drawn evenly from all, to say how far apart two authors are by chance."""
DRAWN = 4000
"""Pairs of these that are compared; the standard error of expected distance is below 0.008."""


class InstanceField:
    """Gathers one field, item by item: 20 bytes for each pair of authors, 32 for each label that such a pair has."""

    def __init__(self, field: Field, kind: AnyKind, *, settings: Settings) -> None:
        self.field = field
        self.kind = kind
        self.settings = settings
        self.labels = list(field.labels)
        self.attributes: dict[str, tuple[Field, Ballots]] = {}
        self.confused: Counter[tuple[str | None, str | None]] = Counter()
        self._number = {label: n for n, label in enumerate(self.labels)}
        self._item, self._a, self._b = array("i"), array("i"), array("i")
        self._distance = array("d")
        self._matched = MatchedLabels(self.labels)
        self._line = LineMarks(self.labels) if kind.name in LINES else None
        self._clusters = ClusterPairs(field, kind) if getattr(field.options, "clusters", False) else None
        self._label, self._label_item, self._label_distance = array("i"), array("i"), array("d")
        self._kept: list[tuple[int, Said]] = []
        self._seen = 0
        self._generator = np.random.default_rng(settings.seed)

    def add(self, item: int, said: Sequence[Said], numbers: Sequence[int], *, length: float | None = None) -> None:
        """What the authors with these numbers marked on one item, which is so long, where it lies on a line."""
        if self._line is not None and length is not None:
            self._line.length(item, length)
            for number, one in zip(numbers, said, strict=True):
                self._line.add(item, number, one)
        for (a, left), (b, right) in combinations(zip(numbers, said, strict=True), 2):
            self._compare(item, (a, left), (b, right))
        chosen = int(self._generator.integers(len(said)))
        self._keep(item, said[chosen])

    def report(self, authors: list[str], items: list[str]) -> FieldAgreement | None:
        """The report on the field; None where no item was answered by two."""
        if not self._item:
            return None
        compared = Compared(
            item=np.frombuffer(self._item, np.int32),
            author_a=np.frombuffer(self._a, np.int32),
            author_b=np.frombuffer(self._b, np.int32),
            distance=np.frombuffer(self._distance, np.float64),
        )
        percent, alpha, label_alpha, close, *per_label = self._measures(compared)
        tally = Tally()
        for part in in_chunks(compared, CHUNK):
            tally.add(part)
        item_index, item_distance, item_pairs = tally.items()
        confused = sorted(self.confused.items(), key=lambda entry: (-entry[1], str(entry[0])))
        return FieldAgreement(
            field=self.field.key,
            title=self.field.title,
            kind=self.kind.name,
            scale="distance",
            percent=percent,
            alpha=alpha,
            n_items=len(item_index),
            n_pairs=len(compared.item),
            per_label=tuple(
                LabelAgreement(label, m, UNDEFINED) for label, m in zip(self.labels, per_label, strict=True)
            ),
            authors=tally.authors(authors),
            pairs=tally.pairs(authors),
            confusions=tuple(Confusion(a, b, n) for (a, b), n in confused),
            item_index=item_index,
            item_distance=item_distance,
            item_pairs=item_pairs,
            item_keys=items,
            role=self.kind.role,
            distance=reversed_measure(percent),
            label_alpha=label_alpha,
            sigma=close,
            clusters=UNDEFINED if self._clusters is None else self._clusters.measure(**vars(self.settings)),
            unitising=UNDEFINED if self._line is None else self._line.measure(**vars(self.settings)),
        )

    def _compare(self, item: int, first: tuple[int, Said], second: tuple[int, Said]) -> None:
        (a, left), (b, right) = first, second
        labels = common_labels((left, right))
        if labels is not None and not labels:
            return
        x, y = within(left.annotations, labels), within(right.annotations, labels)
        found = match(x, y, self.field, self.kind)
        if self._clusters is not None:
            self._clusters.add(item, x, y)
        self._item.append(item)
        self._a.append(a)
        self._b.append(b)
        self._distance.append(found.distance)
        sums: dict[str | None, list[float]] = {}
        for i, j, d in found.pairs:
            _count(sums, x[i].label, d)
            if x[i].attributes or y[j].attributes or self.field.attributes_of(x[i].label):
                self._compare_attributes(item, (a, x[i]), (b, y[j]))
        for alone in (*(x[i].label for i in found.only_a), *(y[j].label for j in found.only_b)):
            _count(sums, alone, 1.0)
        for label, (total, n) in sums.items():
            if label is not None:
                self._label.append(self._number[label])
                self._label_item.append(item)
                self._label_distance.append(total / n)
        if found.only_a and found.only_b and self.labels:
            self._count_confusions(item, confusions(x, y, self.field, self.kind))
        else:
            self._count_confusions(item, _named(found, x, y))

    def _count_confusions(self, item: int, found: Counter[tuple[str | None, str | None]]) -> None:
        if len(self.labels) > 1:
            self._matched.add(item, found)
        for (a, b), n in found.items():
            if a != b:
                first, second = sorted((a, b), key=lambda label: (label is None, label or ""))
                self.confused[first, second] += n

    def _compare_attributes(self, item: int, first: tuple[int, Annotation], second: tuple[int, Annotation]) -> None:
        answers_a, answers_b = attribute_answers(first[1], self.field), attribute_answers(second[1], self.field)
        for name in answers_a.keys() & answers_b.keys():
            own = name not in self.field.attributes
            path = f"{self.field.key}.{first[1].label}.{name}" if own else f"{self.field.key}.{name}"
            if path not in self.attributes:
                self.attributes[path] = (self.field.attributes_of(first[1].label)[name], Ballots())
            self.attributes[path][1].add(item, [(first[0], answers_a[name]), (second[0], answers_b[name])])

    def _keep(self, item: int, said: Said) -> None:
        """Reservoir sampling (Vitter 1985): each response seen so far is kept with the same chance."""
        self._seen += 1
        if len(self._kept) < KEPT:
            self._kept.append((item, said))
            return
        place = int(self._generator.integers(self._seen))
        if place < KEPT:
            self._kept[place] = (item, said)

    def _measures(self, compared: Compared) -> list[Measure]:
        """Percent, alpha, alpha of matched labels, sigma, and percent of each label."""
        seen, row = np.unique(compared.item, return_inverse=True)
        generator = np.random.default_rng(self.settings.seed)  # not the gathering one, so that a report can be repeated
        far = self._chance_distances(generator)
        limit = chance_limit(far, compared.distance) if len(far) else 0.0
        k, m = len(self.labels), self._matched.width
        rows = beside(
            summed(row, compared.distance, len(seen)),
            summed(row, np.ones(len(row)), len(seen)),
            summed(row, (compared.distance < limit).astype(np.float64), len(seen)),
            self._matched.rows(seen),
            *self._label_rows(seen),
        )
        chance = Chance(far, compared.distance, generator, samples=self.settings.resamples)

        def statistics(sums: Floats) -> Floats:
            apart, given = sums[:, 0] / sums[:, 1], sums[:, 3 + m + k :]
            per_label = np.divide(sums[:, 3 + m : 3 + m + k], given, out=np.full_like(given, np.nan), where=given > 0)
            alpha, sigma = chance.alpha_and_sigma(apart, sums[:, 2] / sums[:, 1])
            return np.column_stack([1 - apart, alpha, self._matched.alpha(sums[:, 3 : 3 + m]), sigma, 1 - per_label])

        sums = np.asarray(rows.sum(axis=0)).reshape(1, -1)
        values = statistics(sums)[0]
        blocks = Blocks(len(seen), seed=self.settings.seed)
        blocks.add(0, rows)
        low, high = bootstrap(blocks.done(), statistics, seed=self.settings.seed, resamples=self.settings.resamples)
        low[3], high[3] = max(low[3], 0.0), min(high[3], 1.0)
        if sums[0, 0] == 0:
            low[0] = surely_above(len(seen))
            low[1] = 1 - (1 - low[0]) / chance.mean if chance.mean > 0 else np.nan
        labeled = np.bincount(np.frombuffer(self._label, np.int32), minlength=k).tolist()
        n = [len(seen), len(seen), self._matched.items(), len(seen), *labeled]
        return [
            measure(float(v), float(lo), float(hi), n=int(c)) for v, lo, hi, c in zip(values, low, high, n, strict=True)
        ]

    def _label_rows(self, seen: Ints) -> tuple[csr_array, csr_array]:
        """Per item and label the sum of distances, and how many pairs of authors have the label at all."""
        label = np.frombuffer(self._label, np.int32)
        row = np.searchsorted(seen, np.frombuffer(self._label_item, np.int32))
        shape = (len(seen), len(self.labels))
        apart = coo_array((np.frombuffer(self._label_distance, np.float64), (row, label)), shape=shape)
        return csr_array(apart), csr_array(coo_array((np.ones(len(row)), (row, label)), shape=shape))

    def _chance_distances(self, generator: np.random.Generator) -> Floats:
        """How far apart two authors are on different items, pair by pair."""
        n = len(self._kept)
        pairs = list(combinations(range(n), 2))
        if len(pairs) > DRAWN:
            pairs = [pairs[p] for p in generator.choice(len(pairs), DRAWN, replace=False).tolist()]
        apart = (field_distance(self._kept[i][1], self._kept[j][1], self.field, self.kind) for i, j in pairs)
        return np.array([d for d in apart if d is not None], np.float64)


class Chance:
    """What distances between answers to different items say of those between answers to one, with the doubt about them."""

    def __init__(self, far: Floats, near: Floats, generator: np.random.Generator, *, samples: int) -> None:
        self.generator = generator
        self.mean = float(far.mean()) if len(far) else 0.0
        self.error = float(far.std() / np.sqrt(len(far))) if len(far) else 0.0
        self.shifts = _shifts(far, near, generator, samples) if len(far) else np.zeros(1)

    def alpha_and_sigma(self, apart: Floats, close: Floats) -> tuple[Floats, Floats]:
        """Both from the mean distance and the share of close distances, shape (times,); one row is the value itself."""
        if self.mean == 0:
            return np.full(len(apart), np.nan), np.full(len(apart), np.nan)
        if len(apart) == 1:
            return 1 - apart / self.mean, close
        by_chance = self.mean + self.error * self.generator.standard_normal(len(apart))
        return 1 - apart / by_chance, close + self.generator.choice(self.shifts, len(apart))


def _shifts(far: Floats, near: Floats, generator: np.random.Generator, samples: int) -> Floats:
    """How sigma moves with other draws of what chance gives."""
    weights = generator.multinomial(len(far), np.full(len(far), 1 / len(far)), size=min(samples, 200))
    limits = chance_limits(far, weights.astype(np.float64))
    return share_below(near, limits) - share_below(near, chance_limit(far))


def _count(sums: dict[str | None, list[float]], label: str | None, distance: float) -> None:
    entry = sums.setdefault(label, [0.0, 0.0])
    entry[0] += distance
    entry[1] += 1


def _named(found: Matching, a: Sequence[Annotation], b: Sequence[Annotation]) -> Counter[tuple[str | None, str | None]]:
    """The labels of what was matched, and of what only one marked."""
    both: Counter[tuple[str | None, str | None]] = Counter((a[i].label, b[j].label) for i, j, _ in found.pairs)
    both.update((a[i].label, None) for i in found.only_a)
    both.update((None, b[j].label) for j in found.only_b)
    return both
