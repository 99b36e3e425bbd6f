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
from karat.quality.alpha import beside, summed
from karat.quality.answer_field import Settings
from karat.quality.ballots import CHUNK, Ballots, Ints
from karat.quality.differences import field_distance
from karat.quality.measure import Blocks, Measure, bootstrap, measure, surely_above
from karat.quality.pairing import Matching, confusions, match
from karat.quality.report import Compared, Confusion, FieldAgreement, LabelAgreement, Tally, in_chunks
from karat.quality.responses import Said, attribute_answers, common_labels, within

Floats = NDArray[np.float64]

KEPT = 400
"""Responses kept, drawn evenly from all, to say how far apart two authors are by chance."""
DRAWN = 4000
"""Pairs of these that are compared; the standard error of expected distance is below 0.008."""
UNDEFINED = Measure(None, None, None, 0, False)


class InstanceField:
    """Gathers one field, item by item: 20 bytes for each pair of authors, 16 for each label that such a pair has."""

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
        self._label, self._label_item, self._label_distance = array("i"), array("i"), array("d")
        self._kept: list[tuple[int, Said]] = []
        self._seen = 0
        self._generator = np.random.default_rng(settings.seed)

    def add(self, item: int, said: Sequence[Said], numbers: Sequence[int]) -> None:
        """What the authors with these numbers marked on one item."""
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
        percent, alpha, per_label = self._measures(compared)
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
            per_label=tuple(per_label),
            authors=tally.authors(authors),
            pairs=tally.pairs(authors),
            confusions=tuple(Confusion(a, b, n) for (a, b), n in confused),
            item_index=item_index,
            item_distance=item_distance,
            item_pairs=item_pairs,
            item_keys=items,
        )

    def _compare(self, item: int, first: tuple[int, Said], second: tuple[int, Said]) -> None:
        (a, left), (b, right) = first, second
        labels = common_labels((left, right))
        if labels is not None and not labels:
            return
        x, y = within(left.annotations, labels), within(right.annotations, labels)
        found = match(x, y, self.field, self.kind)
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
            self._count_confusions(confusions(x, y, self.field, self.kind))
        else:
            self._count_confusions(_misses(found, x, y))

    def _count_confusions(self, found: Counter[tuple[str | None, str | None]]) -> None:
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

    def _measures(self, compared: Compared) -> tuple[Measure, Measure, list[LabelAgreement]]:
        seen, row = np.unique(compared.item, return_inverse=True)
        generator = np.random.default_rng(self.settings.seed)  # not the gathering one, so that a report can be repeated
        expected, error = self._expected_distance(generator)
        k = len(self.labels)
        rows = beside(
            summed(row, compared.distance, len(seen)),
            summed(row, np.ones(len(row)), len(seen)),
            *self._label_rows(seen),
        )

        def statistics(sums: Floats) -> Floats:
            apart = sums[:, 0] / sums[:, 1]
            by_chance = expected + error * generator.standard_normal(len(sums)) if len(sums) > 1 else expected
            alpha = 1 - apart / by_chance if expected > 0 else np.full(len(sums), np.nan)
            given = sums[:, 2 + k :]
            return np.column_stack(
                [
                    1 - apart,
                    alpha,
                    1 - np.divide(sums[:, 2 : 2 + k], given, out=np.full_like(given, np.nan), where=given > 0),
                ]
            )

        sums = np.asarray(rows.sum(axis=0)).reshape(1, -1)
        values = statistics(sums)[0]
        blocks = Blocks(len(seen), seed=self.settings.seed)
        blocks.add(0, rows)
        low, high = bootstrap(blocks.done(), statistics, seed=self.settings.seed, resamples=self.settings.resamples)
        if sums[0, 0] == 0:
            low[0] = surely_above(len(seen))
            low[1] = 1 - (1 - low[0]) / expected if expected > 0 else np.nan
        n = [len(seen), len(seen), *np.bincount(np.frombuffer(self._label, np.int32), minlength=k).tolist()]
        found = [
            measure(float(v), float(lo), float(hi), n=int(c)) for v, lo, hi, c in zip(values, low, high, n, strict=True)
        ]
        return (
            found[0],
            found[1],
            [LabelAgreement(label, m, UNDEFINED) for label, m in zip(self.labels, found[2:], strict=True)],
        )

    def _label_rows(self, seen: Ints) -> tuple[csr_array, csr_array]:
        """Per item and label the sum of distances, and how many pairs of authors have the label at all."""
        label = np.frombuffer(self._label, np.int32)
        row = np.searchsorted(seen, np.frombuffer(self._label_item, np.int32))
        shape = (len(seen), len(self.labels))
        apart = coo_array((np.frombuffer(self._label_distance, np.float64), (row, label)), shape=shape)
        return csr_array(apart), csr_array(coo_array((np.ones(len(row)), (row, label)), shape=shape))

    def _expected_distance(self, generator: np.random.Generator) -> tuple[float, float]:
        """How far apart two authors are on different items, and the standard error of that."""
        n = len(self._kept)
        if n < 2:
            return 0.0, 0.0
        pairs = list(combinations(range(n), 2))
        if len(pairs) > DRAWN:
            pairs = [pairs[p] for p in generator.choice(len(pairs), DRAWN, replace=False).tolist()]
        apart = (field_distance(self._kept[i][1], self._kept[j][1], self.field, self.kind) for i, j in pairs)
        distances = np.array([d for d in apart if d is not None])
        if not len(distances):
            return 0.0, 0.0
        return float(distances.mean()), float(distances.std() / np.sqrt(len(distances)))


def _count(sums: dict[str | None, list[float]], label: str | None, distance: float) -> None:
    entry = sums.setdefault(label, [0.0, 0.0])
    entry[0] += distance
    entry[1] += 1


def _misses(
    found: Matching, a: Sequence[Annotation], b: Sequence[Annotation]
) -> Counter[tuple[str | None, str | None]]:
    return Counter([(a[i].label, None) for i in found.only_a] + [(None, b[j].label) for j in found.only_b])
