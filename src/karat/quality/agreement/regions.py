"""Agreement on what has a place: regions and spans of several annotators, as a table of `Responses`.

By chance two people mark wholly different things, so there are no bands here as there are for labels. What can be read:
how far apart two annotators are on an item, what they call the things that both found, and how rarely chance gives
distances so small.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from karat.quality.agreement.comparisons import Comparisons, blocks_of, weights_of
from karat.quality.agreement.distances import Distances, distance_alpha, distances_of, ks, sigma
from karat.quality.agreement.line_marks import LINES
from karat.quality.agreement.matched_labels import MatchedLabels
from karat.quality.agreement.unitising import unitising_alpha
from karat.quality.agreement.votes import ENOUGH_ITEMS
from karat.quality.differences import field_distance
from karat.quality.estimate import Estimate, estimate
from karat.quality.pairing import confusions, match
from karat.quality.responses import Said, common_labels, within
from karat.quality.spans import spans_of_responses
from karat.quality.structured import Responses
from karat.quality.tallies import Bootstrap


@dataclass(frozen=True, slots=True)
class ResponseAgreement:
    """How far annotators agree on one field; what does not apply is None."""

    distance: Estimate
    """The mean distance of two annotators on an item: 0 is the same, what only one marked counts 1."""
    label_alpha: Estimate | None
    """Krippendorff's nominal alpha of the labels of what both marked, matched without regard to labels."""
    sigma: Estimate
    ks: Estimate
    distance_alpha: Estimate
    unitising_alpha: Estimate | None
    """Of spans and intervals."""
    distances: Distances
    """`distances.observed` has the mean distance by item, annotator, pair and slice."""


def response_agreement(
    responses: Responses, *, lengths: Mapping[object, float] | None = None, bootstrap: Bootstrap | None = None
) -> ResponseAgreement:
    """Agreement on regions, spans, texts: any kind with a distance.

    `lengths` are those of the items, which unitising alpha needs. Intervals draw items anew; only that of the mean distance
    can draw annotators too.
    """
    items = replace(bootstrap or Bootstrap(), over="items")
    distances = response_distances(responses)
    lines = responses.kind.name in LINES
    return ResponseAgreement(
        distances.observed.estimate(bootstrap=bootstrap),
        matched_label_alpha(responses, bootstrap=items) if len(responses.labels) > 1 else None,
        sigma(distances, bootstrap=items),
        ks(distances, bootstrap=items),
        distance_alpha(distances, bootstrap=items),
        unitising_alpha(spans_of_responses(responses, lengths), bootstrap=items) if lines else None,
        distances,
    )


def response_distances(responses: Responses) -> Distances:
    """How far apart annotators are on an item, and answers to different items: the distance of the field as a whole."""
    names = responses.items.tolist()
    said = [(names[item], s) for item, given, _ in responses.by_item() for s in given]
    items, answers = [item for item, _ in said], [s for _, s in said]

    def distance(a: object, b: object) -> float | None:
        return (
            field_distance(a, b, responses.field, responses.kind)
            if isinstance(a, Said) and isinstance(b, Said)
            else None
        )

    return distances_of(items, [s.author for s in answers], answers, distance)


def distance_by_label(responses: Responses, *, bootstrap: Bootstrap | None = None) -> dict[str, Estimate]:
    """For each label how far apart annotators are on what either of two gave that label: (matched + unmatched) as 0 to 1.

    Items on which neither of the two has the label do not count.
    """
    people = {str(name): code for code, name in enumerate(responses.annotators.tolist())}
    pairs: dict[str | None, list[tuple[int, int, int]]] = {label: [] for label in responses.labels}
    apart: dict[str | None, list[float]] = {label: [] for label in responses.labels}
    for item, given, _ in responses.by_item():
        for left, right in combinations(given, 2):
            for label, distances in _by_label(left, right, responses).items():
                pairs[label].append((item, people[left.author], people[right.author]))
                apart[label].append(sum(distances) / len(distances))
    found = {}
    for label in responses.labels:
        codes = np.array(pairs[label], np.int64).reshape(-1, 3)
        columns = codes[:, 0], codes[:, 1], codes[:, 2], np.array(apart[label]), np.ones(len(codes))
        table = Comparisons(responses.items, responses.annotators, *columns)
        found[label] = table.estimate(bootstrap=bootstrap)
    return found


def _by_label(left: Said, right: Said, responses: Responses) -> dict[str | None, list[float]]:
    """By label the distances of what both marked, and 1 for each that only one did."""
    labels = common_labels((left, right))
    x, y = within(left.annotations, labels), within(right.annotations, labels)
    found = match(x, y, responses.field, responses.kind)
    by_label: dict[str | None, list[float]] = {}
    for i, _, d in found.pairs:
        by_label.setdefault(x[i].label, []).append(d)
    for alone in (*(x[i] for i in found.only_a), *(y[j] for j in found.only_b)):
        by_label.setdefault(alone.label, []).append(1.0)
    return {label: distances for label, distances in by_label.items() if label is not None}


def matched_label_alpha(responses: Responses, *, bootstrap: Bootstrap | None = None) -> Estimate:
    """Krippendorff's nominal alpha of what two annotators call the things that both marked; 1 is best, 0 is chance.

    Things are matched without regard to their labels. What only one marked says nothing about names and is left out.
    """
    how = bootstrap or Bootstrap()
    gathered = MatchedLabels(list(responses.labels))
    seen = set()
    for item, given, _ in responses.by_item():
        for left, right in combinations(given, 2):
            labels = common_labels((left, right))
            x, y = within(left.annotations, labels), within(right.annotations, labels)
            both = confusions(x, y, responses.field, responses.kind)
            gathered.add(item, both)
            seen |= {item for a, b in both if a is not None and b is not None}
    n = len(seen)
    if not n:
        return Estimate(None, None, None, 0, "items", how.method, how.level, "no two annotators marked the same thing")
    rows = gathered.rows(np.array(sorted(seen)))
    generator = np.random.default_rng(how.seed)
    count, block = blocks_of(n, np.arange(n), generator)
    value = float(gathered.alpha(np.asarray(rows.sum(axis=0), np.float64).reshape(1, -1))[0])
    drawn = [gathered.alpha(np.asarray((rows.T @ w[:, block].T).T)) for w in weights_of(count, how.samples, generator)]
    tail = 100 * (1 - how.level) / 2
    if not np.isfinite(value):
        why = "every matched thing has the same label, so nothing was there to be told apart"
        return Estimate(None, None, None, n, "items", how.method, how.level, why)
    low, high = np.nanpercentile(np.concatenate(drawn), [tail, 100 - tail])
    few = f"only {n} items; below {ENOUGH_ITEMS} the interval is too narrow" if n < ENOUGH_ITEMS else None
    ends = min(float(low), value), max(float(high), value)
    return estimate(value, *ends, n=n, of="items", method=how.method, level=how.level, warning=few)
