"""Is anybody, or any part of the data, treated differently? Labels, errors and agreement by slice and by annotator group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karat.quality.agreement.parts import slices_of
from karat.quality.agreement.votes import krippendorff_alpha
from karat.quality.bias.mixed import MOST_ITEMS, MixedDifference, mixed_difference, turned
from karat.quality.bias.rates import false_discoveries
from karat.quality.estimate import Estimate, estimate, exact_interval
from karat.quality.tallies import Bootstrap, tallied
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]
Names = Mapping[object, object] | Sequence[object] | NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class GroupRate:
    """A rate of votes in one slice or group, and how it differs from all others."""

    name: object
    rate: Estimate
    difference: MixedDifference
    adjusted: float
    """`difference.p` after control of false discoveries among all that were asked together; nan where undefined."""


def error_rates(
    votes: Votes,
    known: Mapping[object, object],
    *,
    slices: Names | None = None,
    groups: Names | None = None,
    level: float = 0.95,
    most_items: int = MOST_ITEMS,
) -> list[GroupRate]:
    """How often votes differ from the label that is known, by slice of the items or by group of the annotators.

    `slices` align with `votes.items` or map an item; `groups` align with `votes.annotators` or map an annotator; give one of
    the two. `known` is gold, or a consensus. Smallest p first. As `vote_rates`.
    """
    codes = votes.gold_codes(known)
    once = votes.rows(codes[votes.item_codes] >= 0).once()
    return vote_rates(
        once,
        codes[once.item_codes] != once.label_codes,
        slices=slices,
        groups=groups,
        level=level,
        most_items=most_items,
    )


def label_shares(
    votes: Votes,
    label: object,
    *,
    slices: Names | None = None,
    groups: Names | None = None,
    level: float = 0.95,
    most_items: int = MOST_ITEMS,
) -> list[GroupRate]:
    """How often votes give a label, by slice of the items or by group of the annotators. As `error_rates`."""
    labels = votes.labels.tolist()
    if label not in labels:
        raise ValueError(f"{label!r} is no label of these votes; there are {labels[:5]}")
    once = votes.once()
    return vote_rates(
        once, once.label_codes == labels.index(label), slices=slices, groups=groups, level=level, most_items=most_items
    )


def vote_rates(
    votes: Votes,
    hits: NDArray[np.bool_],
    *,
    slices: Names | None = None,
    groups: Names | None = None,
    level: float = 0.95,
    most_items: int = MOST_ITEMS,
) -> list[GroupRate]:
    """The share of hits (votes,) in each slice or group, tested against all others together.

    The interval of a rate counts votes of one annotator, and of one item, as far as they are alike (two-way clusters:
    Cameron, Gelbach and Miller, Journal of Business and Economic Statistics 29 (2011)), as an exact interval of so many
    independent votes as tell the same (Korn and Graubard 1998). The test lets annotators and items differ by themselves
    (`mixed_difference`; of more than `most_items` items so many are drawn for it), and is adjusted over slices or groups by Benjamini and Hochberg.
    """
    names = _of_votes(votes, slices, groups)
    known = list(dict.fromkeys(name for name in names if name is not None))
    there = np.array([name is not None for name in names], bool)
    place = np.array([known.index(name) if name is not None else -1 for name in names], np.int64)
    who, what = votes.annotator_codes, votes.item_codes
    found: list[tuple[object, Estimate, MixedDifference]] = []
    for code, name in enumerate(known):
        own = place == code
        rate = clustered_rate(hits[own], who[own], what[own], level=level)
        if len(known) == 2 and code == 1:
            found.append((name, rate, turned(found[0][2])))
            continue
        apart = mixed_difference(hits[there], own[there], who[there], what[there], level=level, most_items=most_items)
        found.append((name, rate, apart))
    adjusted = false_discoveries([apart.p for _, _, apart in found]).tolist()
    rates = [GroupRate(*one, q) for one, q in zip(found, adjusted, strict=True)]
    return sorted(rates, key=lambda rate: (np.isnan(rate.difference.p), rate.difference.p))


def agreement_by_group(votes: Votes, groups: Names, *, bootstrap: Bootstrap | None = None) -> dict[object, Estimate]:
    """Krippendorff's alpha among the annotators of each group, in the order in which groups come."""
    names = named(votes.annotators.tolist(), groups, "annotators")
    found: dict[object, Estimate] = {}
    for name in dict.fromkeys(name for name in names if name is not None):
        own = np.array([other == name for other in names], bool)
        found[name] = krippendorff_alpha(votes.rows(own[votes.annotator_codes]), bootstrap=bootstrap)
    return found


def clustered_rate(hits: NDArray[np.bool_], who: Ints, what: Ints, *, level: float = 0.95) -> Estimate:
    """A share of votes whose interval knows that votes of one annotator, and of one item, are alike."""
    n, method = len(hits), "exact interval of as many independent votes, clusters of annotators and items"
    if not n:
        return Estimate(None, None, None, 0, "votes", method, level, "no votes")
    share = float(hits.mean())
    apart = hits - share
    both = np.unique(who.astype(np.int64) * (int(what.max()) + 1) + what, return_inverse=True)[1]
    variance = _of_clusters(apart, who) + _of_clusters(apart, what) - _of_clusters(apart, both)
    plain = share * (1 - share) / n
    effective = n * min(1.0, plain / max(variance, plain)) if plain > 0 else float(n)
    low, high = exact_interval(share * effective, effective, level=level)
    return estimate(share, float(low), float(high), n=n, of="votes", method=method, level=level)


def named(keys: Sequence[object], names: Names, what: str) -> list[object]:
    """The name of each, None where it has none."""
    if isinstance(names, Mapping):
        return [names.get(key) for key in keys]
    listed = names.tolist() if isinstance(names, np.ndarray) else list(names)
    if len(listed) != len(keys):
        raise ValueError(f"groups= has {len(listed)} entries for {len(keys)} {what}; give one for each of votes.{what}")
    return listed


def _of_votes(votes: Votes, slices: Names | None, groups: Names | None) -> list[object]:
    if (slices is None) == (groups is None):
        raise ValueError("give slices= of the items or groups= of the annotators, one of the two")
    if slices is not None:
        cut = slices_of(votes, slices)
        return [cut[code] for code in votes.item_codes.tolist()]
    of_annotator = named(votes.annotators.tolist(), groups if groups is not None else {}, "annotators")
    return [of_annotator[code] for code in votes.annotator_codes.tolist()]


def _of_clusters(apart: Floats, cluster: Ints) -> float:
    """The variance of a mean whose parts are independent between clusters."""
    codes = np.unique(cluster, return_inverse=True)[1]
    clusters = int(codes.max()) + 1
    grown = clusters / (clusters - 1) if clusters > 1 else 1.0
    return grown * float((tallied(codes, apart, clusters) ** 2).sum()) / len(apart) ** 2
