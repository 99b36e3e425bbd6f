"""What a response says of the answers of an item: which is better than which, which are good, which is the best."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import msgspec

from karat.formats.cells import plain
from karat.formats.trl_plan import Plan, goodness_of
from karat.kinds import rubric
from karat.kinds.ranking import Ranking, RankingOptions
from karat.kinds.rating import RatingOptions
from karat.kinds.rubric import RubricOptions
from karat.model.response import Annotation, Response
from karat.model.schema import Field


class Verdict(NamedTuple):
    """Pairs of a better and a worse answer with a margin in (0, 1], where one was given; whether answers are good; the
    best that are good, several where they are tied; and how many pairs were tied, and how many answers neither good nor
    bad."""

    pairs: tuple[tuple[str, str, float | None], ...] = ()
    is_good: Mapping[str, bool] = {}
    best: tuple[str, ...] = ()
    none_good: bool = False
    ties: int = 0
    middling: int = 0


def verdict_of(response: Response, plan: Plan, keys: Sequence[str]) -> Verdict | None:
    """What a response says of the answers with these keys; None where it says nothing of them."""
    if plan.ranking is None:
        return _of_scores(_scores(response, plan, keys), keys)
    given = next((a for a in response.annotations if a.field == plan.ranking.key), None)
    return None if given is None else _of_ranking(msgspec.convert(plain(given.value), Ranking), plan.ranking, keys)


def _of_ranking(ranking: Ranking, field: Field, keys: Sequence[str]) -> Verdict:
    """Each pair of answers in different places, the best first; only those in the first place are good."""
    places = [[key for key in keys if key in place] for place in ranking.order]
    rest = [key for key in keys if not any(key in place for place in places)]
    places = [place for place in (*places, rest) if place]
    if ranking.none_good:
        return Verdict(is_good=dict.fromkeys(keys, False), none_good=True)
    pairs = [(a, b) for better, worse in combinations(places, 2) for a in better for b in worse]
    margin = _margin(ranking, field)
    is_good = {key: key in places[0] for key in keys} if len(places) > 1 else {}
    ties = sum(len(place) * (len(place) - 1) // 2 for place in places)
    # Where all are tied nothing says that any of them is good.
    best = tuple(places[0]) if is_good else ()
    return Verdict(tuple((a, b, margin) for a, b in pairs), is_good, best, ties=ties)


def _margin(ranking: Ranking, field: Field) -> float | None:
    options = field.options
    steps = options.strengths if isinstance(options, RankingOptions) else 1
    return ranking.strength / steps if steps > 1 else None


def _of_scores(scores: Mapping[str, float], keys: Sequence[str]) -> Verdict | None:
    """Of two answers the one with the higher score is better, by their difference; above the middle of the scale is good."""
    if not scores:
        return None
    ordered = sorted(scores, key=lambda key: (-scores[key], keys.index(key)))
    couples = list(combinations(ordered, 2))
    pairs = tuple((a, b, scores[a] - scores[b]) for a, b in couples if scores[a] > scores[b])
    is_good = {key: scores[key] > 0.5 for key in keys if key in scores and scores[key] != 0.5}
    best = tuple(key for key in ordered if is_good.get(key) and scores[key] == scores[ordered[0]])
    return Verdict(
        pairs, is_good, best, not any(is_good.values()), len(couples) - len(pairs), len(scores) - len(is_good)
    )


def _scores(response: Response, plan: Plan, keys: Sequence[str]) -> dict[str, float]:
    """The mean of all that was said of each answer, in [0, 1]; what is said of no part is said of an only answer."""
    fields = {field.key: field for field in plan.scores}
    given: dict[str, list[float]] = {}
    for annotation in response.annotations:
        key = annotation.on.part if annotation.on is not None and annotation.on.part else ""
        share = share_of(annotation, fields[annotation.field]) if annotation.field in fields else None
        if share is not None and key in keys:
            given.setdefault(key, []).append(share)
    return {key: round(sum(shares) / len(shares), 6) for key, shares in given.items()}


def share_of(annotation: Annotation, field: Field) -> float | None:
    """How good an answer is by one field: the rating's place on its scale, the score of a rubric, 1 for yes and 0 for no."""
    goodness, value = goodness_of(field), annotation.value
    if isinstance(goodness, RubricOptions):
        return rubric.score(msgspec.convert(plain(value), rubric.Rubric), field)
    if isinstance(goodness, RatingOptions):
        return (value - goodness.min) / (goodness.max - goodness.min) if isinstance(value, int) else None
    return goodness.get(str(value)) if goodness else None
