"""Link F1: how much of what one author relates another relates too, both ends matched."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from scipy.sparse import csr_array

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import AuthorType, Response
from karat.model.schema import Schema
from karat.quality.measure import RESAMPLES, Floats, Measure, bootstrap, measure
from karat.quality.pairing import match, match_blind
from karat.quality.references import bound_together, is_link
from karat.quality.responses import PEOPLE, common_labels, counted, said_on, within


def link_f1(
    items: Iterable[Sequence[Response]],
    schema: Schema,
    field: str,
    *,
    labeled: bool = True,
    authors: Collection[AuthorType] = PEOPLE,
    resamples: int = RESAMPLES,
    seed: int = 0,
    kinds: Mapping[str, AnyKind] = KINDS,
) -> Measure:
    """The micro-averaged F1 of relations over all pairs of authors, in [0, 1], higher is better.

    Per pair of authors on an item, the annotations that have a place are matched by their kind's distance; a relation is
    right where the other author has one between the matched ends, with the same label unless `labeled` is False. F1 =
    2 hits / (relations of the one + relations of the other), which is the same whichever author is taken for right
    (Hripcsak and Rothschild 2005). Of links that can agree in part, such as orders, a pair is 1 - distance of a hit. The
    interval is percentile bootstrap over items. Raises `ValueError` where the field holds no relations.
    """
    asked = schema.fields.get(field)
    if asked is None or not is_link(asked, kinds):
        known = [key for key, f in schema.fields.items() if is_link(f, kinds)]
        raise ValueError(f"{field!r} is no field of relations of this schema: name one of {', '.join(known) or 'none'}")
    matching = match if labeled else match_blind
    rows: list[tuple[float, float]] = []
    for responses in items:
        by_author = counted(responses, authors=authors)
        hits, given = 0.0, 0
        for (a, left), (b, right) in combinations(by_author.items(), 2):
            pair = bound_together({a: left, b: right}, schema, kinds=kinds)
            said = said_on(asked, pair, schema)
            if len(said) == 2:
                labels = common_labels(said)
                x, y = within(said[0].annotations, labels), within(said[1].annotations, labels)
                hits += sum(1 - d for _, _, d in matching(x, y, asked, kinds[asked.kind]).pairs)
                given += len(x) + len(y)
        if given:
            rows.append((2.0 * hits, float(given)))
    if not rows:
        return measure(float("nan"), float("nan"), float("nan"), n=0)
    sums = csr_array(np.array(rows))
    low, high = bootstrap(sums, _shares, seed=seed, resamples=resamples)
    value = float(_shares(np.asarray(sums.sum(axis=0)).reshape(1, -1))[0, 0])
    return measure(value, float(low[0]), float(high[0]), n=len(rows))


def _shares(sums: Floats) -> Floats:
    return np.asarray((sums[:, 0] / sums[:, 1]).reshape(-1, 1))
