"""A ranking: the candidates of a stream from best to worst, with ties; of two of them, which is better."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, cast

import msgspec

from karat.kinds.averages import ALIKE, shares
from karat.kinds.kemeny import Order, median_order, pairs_apart
from karat.model.kind import Facts, Kind
from karat.model.loosening import allowed, no_longer_asked, upwards
from karat.model.problem import Problem, shown
from karat.model.schema import Field

FEW = 12
STRENGTH = 0.25
"""How far apart two answers are that put two candidates in the same order and differ only in how much better one is."""


class Ranking(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`order`: the keys of candidates in places, the best first; those that share a place are tied, in the order of their
    keys. Who is in no place is worse than all who are, and not told from the others left out. `none_good`: none is good
    enough, and the order may be empty. `strength`: how much better the first of two is, 1 the least."""

    order: tuple[tuple[str, ...], ...]
    none_good: bool = False
    strength: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1


class RankingOptions(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What may be said: `pairwise` compares two, asked as one key each; `strengths` steps of better there; `ties`; that
    `none_good`; and, where not `complete`, an order of the best only."""

    pairwise: bool = False
    ties: bool = True
    none_good: bool = False
    complete: bool = True
    strengths: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1


def check(value: Ranking, field: Field, facts: Facts) -> list[Problem]:
    """Places hold candidates of the item, each once, in the order of their keys; ties, gaps and strengths as the field allows."""
    options = _options(field)
    ranked = [key for place in value.order for key in place]
    found = [
        Problem(f"order[{i}]", "[]", "at least one candidate", "Leave the place out.")
        for i, p in enumerate(value.order)
        if not p
    ]
    twice = sorted(key for key, n in Counter(ranked).items() if n > 1)
    found += [Problem("order", shown(key), "each candidate once", "Leave it in one place only.") for key in twice]
    if facts.parts is not None:
        strangers = [key for key in dict.fromkeys(ranked) if key not in facts.parts]
        expected = f"one of {', '.join(facts.parts[:FEW])}"
        found += [Problem("order", shown(key), expected, "Name candidates of this item.") for key in strangers]
    if found:
        return found
    for i, place in enumerate(value.order):
        if list(place) != sorted(place):
            found.append(
                Problem(
                    f"order[{i}]",
                    shown(place),
                    shown(sorted(place)),
                    "Write those that are tied in the order of their keys.",
                )
            )
        if len(place) > 1 and not options.ties:
            found.append(
                Problem(f"order[{i}]", shown(place), "one candidate", "This field has no ties; decide which is better.")
            )
    if value.none_good and not options.none_good:
        found.append(Problem("none_good", "true", "false", "Only a field with `none_good: true` takes it."))
    if not value.order and not value.none_good:
        found.append(Problem("order", "[]", "at least one place", "Say which is best."))
    if value.order and len(ranked) < (missing := _wanted(options, facts)):
        found.append(
            Problem(
                "order",
                f"{len(ranked)} candidates",
                f"all {missing}",
                "Rank every candidate; only a field with `complete: false` takes fewer.",
            )
        )
    if options.pairwise and len(ranked) > 2:
        found.append(
            Problem(
                "order",
                f"{len(ranked)} candidates",
                "two",
                "A pairwise field compares two; leave `pairwise` out for more.",
            )
        )
    if value.strength > options.strengths or (value.strength > 1 and len(value.order) < 2):
        expected = f"1 to {options.strengths}, and 1 where nothing is better"
        found.append(
            Problem("strength", shown(value.strength), expected, "Say how much better in the steps of the field.")
        )
    return found


def distance(a: Ranking, b: Ranking, field: Field) -> float:
    """The share of pairs of candidates on which two rankings differ, a tie against an order counting half.

    This is Kendall's distance with penalty 1/2 for ties, over its greatest value, the number of pairs of candidates that
    either ranks; a metric. Source: Kendall, Biometrika 30 (1938); Fagin, Kumar, Mahdian, Sivakumar and Vee, "Comparing
    partial rankings", SIAM Journal on Discrete Mathematics 20 (2006). Candidates left out are tied below the others. Whoever
    says that none is good is 1 apart from everybody who does not. Equal orders that differ in strength are up to 0.25 apart.
    """
    if a.none_good != b.none_good:
        return 1.0
    apart, pairs = pairs_apart(a.order, b.order)
    if apart or not pairs:
        return apart / pairs if pairs else 0.0
    steps = _options(field).strengths - 1
    return STRENGTH * abs(a.strength - b.strength) / steps if steps else 0.0


def merge(values: Sequence[Ranking], weights: Sequence[float], field: Field) -> Ranking:
    """Kemeny's consensus: the order with the least weighted distance to all, ties among the candidates where the field has them.

    Exact for up to eight candidates, beyond that the order of weighted mean places (Borda). Whether none is good is decided
    first, by weight; the order is that of those who say the same. Where several orders are equally near, the one that is
    nearer to the first value is taken. Source: Kemeny, Daedalus 88 (1959); with ties as in `distance`.
    """
    share = shares(weights)
    bad = sum(s for value, s in zip(values, share, strict=True) if value.none_good)
    none_good = bad > 0.5 + ALIKE or (bad > 0.5 - ALIKE and values[0].none_good)
    said = [(value, s) for value, s in zip(values, share, strict=True) if value.none_good == none_good]
    order = median_order([value.order for value, _ in said], [s for _, s in said], ties=_options(field).ties)
    steps = [(value.strength, s) for value, s in said if value.order == order] if len(order) > 1 else []
    return Ranking(order, none_good, _middle(steps))


def _middle(steps: Sequence[tuple[int, float]]) -> int:
    """The weighted median; where it falls between two steps, the one that the first value is nearer to."""
    if not steps:
        return 1
    total = sum(share for _, share in steps)
    low = next((step for step in (1, 2, 3) if sum(s for given, s in steps if given <= step) >= total / 2 - ALIKE), 1)
    high = next((step for step in (3, 2, 1) if sum(s for given, s in steps if given >= step) >= total / 2 - ALIKE), 1)
    return low if abs(steps[0][0] - low) <= abs(steps[0][0] - high) else high


def _wanted(options: RankingOptions, facts: Facts) -> int:
    """How many candidates there must be in the order."""
    if not options.complete:
        return 0
    return 2 if options.pairwise else len(facts.parts or ())


def _options(field: Field) -> RankingOptions:
    return cast(RankingOptions, field.options)  # read_schema converts a field's options to its kind's type


def check_options(given: msgspec.Struct) -> list[Problem]:
    """Only two can be compared by how much better one is; a pair is always ranked whole."""
    options = cast(RankingOptions, given)  # the kind's own options type, by the contract of Kind
    found: list[Problem] = []
    if options.strengths > 1 and not options.pairwise:
        found.append(
            Problem("strengths", shown(options.strengths), "1", "Set `pairwise: true`: only of two one is much better.")
        )
    if options.pairwise and not options.complete:
        found.append(Problem("complete", "false", "true", "Leave `complete` out: a pair is always ranked whole."))
    return found


def places_of(value: Ranking, keys: Sequence[str]) -> list[float]:
    """The mean rank of each of these candidates, 1 for the best; tied ones share the mean of their ranks.

    >>> places_of(Ranking((("b",), ("a", "c"))), ["a", "b", "c", "d"])
    [2.5, 1.0, 2.5, 4.0]
    """
    rank: dict[str, float] = {}
    rest = tuple(key for key in keys if not any(key in place for place in value.order))
    before = 0
    for place in (*value.order, *([rest] if rest else [])):
        rank |= dict.fromkeys(place, before + (len(place) + 1) / 2)
        before += len(place)
    return [rank[key] for key in keys]


RANKING = Kind(
    name="ranking",
    version=1,
    role="what",
    value=Ranking,
    options=RankingOptions,
    looser={"complete": no_longer_asked, "none_good": allowed, "strengths": upwards, "ties": allowed},
    streams=("candidates",),
    check=check,
    distance=distance,
    merge=merge,
    check_options=check_options,
    names_parts=True,
)

__all__ = ["RANKING", "Order", "Ranking", "RankingOptions", "places_of"]
