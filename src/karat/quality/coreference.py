"""B-cubed: how much two authors put the same mentions of a text into the same clusters."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import Annotation, Response
from karat.model.schema import Schema
from karat.quality.pairing import Matching, match, match_blind


@dataclass(frozen=True, slots=True)
class BCubed:
    """Precision, recall and F1 in [0, 1], higher is better; NaN without a common mention."""

    precision: float
    recall: float
    f1: float
    mentions: int
    """How many mentions both have, over which the rest is computed."""
    only_a: int
    """Mentions that only the first author has; clusters are compared without them."""
    only_b: int


def b_cubed(response: Mapping[Hashable, Hashable], key: Mapping[Hashable, Hashable]) -> BCubed:
    """Compare two clusterings, each from mention to the name of its cluster; `key` is taken for right.

    Per mention, precision is the share of its cluster in the response that is in its cluster of the key too, and recall
    the share of its cluster in the key that is in that of the response; both are averaged over mentions (Bagga and
    Baldwin 1998). F1 is their harmonic mean. Swapping the two swaps precision and recall. Mentions that only one has
    are left out of both and counted: matching them is a measure of its own (agreement of the field).

    >>> found = b_cubed({1: "a", 2: "a", 3: "a", 4: "b"}, {1: "x", 2: "x", 3: "y", 4: "y"})
    >>> round(found.precision, 4), round(found.recall, 4), round(found.f1, 4)
    (0.6667, 0.75, 0.7059)
    """
    common = [mention for mention in response if mention in key]
    only_a, only_b = len(response) - len(common), len(key) - len(common)
    if not common:
        return BCubed(float("nan"), float("nan"), float("nan"), 0, only_a, only_b)
    own = Counter(response[mention] for mention in common)
    right = Counter(key[mention] for mention in common)
    both = Counter((response[mention], key[mention]) for mention in common)
    # A cell of n mentions holds n mentions, each with n of its cluster in the other's.
    precision = sum(n * n / own[a] for (a, _), n in both.items()) / len(common)
    recall = sum(n * n / right[b] for (_, b), n in both.items()) / len(common)
    return BCubed(precision, recall, 2 * precision * recall / (precision + recall), len(common), only_a, only_b)


def cluster_agreement(
    a: Response,
    b: Response,
    schema: Schema,
    field: str,
    *,
    labeled: bool = False,
    kinds: Mapping[str, AnyKind] = KINDS,
) -> BCubed:
    """B-cubed between the clusters of two responses to one item, with `b` taken for right.

    Mentions are paired by the distance of their kind within the field's cut, whatever they are labeled, or with one
    label where `labeled`. Annotations of one `group` are a cluster, one without a group is a cluster of its own. Raises
    `ValueError` where the schema has no such field, or one that says nothing of where things are.
    """
    asked = schema.fields.get(field)
    if asked is None or kinds[asked.kind].role != "where":
        known = [key for key, f in schema.fields.items() if kinds[f.kind].role == "where"]
        raise ValueError(f"{field!r} is no field of mentions of this schema: name one of {', '.join(known) or 'none'}")
    left = [x for x in a.annotations if x.field == field]
    right = [y for y in b.annotations if y.field == field]
    return clusters_of((match if labeled else match_blind)(left, right, asked, kinds[asked.kind]), left, right)


def clusters_of(found: Matching, left: Sequence[Annotation], right: Sequence[Annotation]) -> BCubed:
    """B-cubed between the clusters of two authors, of whom it is known which mentions of theirs are the same."""
    names: dict[int, Hashable] = {j: ("pair", n) for n, (_, j, _) in enumerate(found.pairs)}
    partners: dict[int, Hashable] = {i: ("pair", n) for n, (i, _, _) in enumerate(found.pairs)}
    return b_cubed(_clusters(left, partners, "a"), _clusters(right, names, "b"))


def _clusters(annotations: Sequence[Annotation], names: Mapping[int, Hashable], side: str) -> dict[Hashable, Hashable]:
    """From a mention, by the name that it has on both sides or its own, to its cluster."""
    return {
        names.get(at, (side, at)): ("alone", at) if annotation.group is None else ("group", annotation.group)
        for at, annotation in enumerate(annotations)
    }
