"""What the runs come to, as figures with intervals, each held against its aim."""

from collections.abc import Sequence
from statistics import median

import numpy as np

from bench.programme.fixed import Outcome
from bench.programme.people import HONEST, World
from bench.programme.standing import Programme, Standing
from karat.quality.acceptance import defect_rate

COMPARED = 30


def accuracy(world: World, outcome: Outcome) -> dict[str, object]:
    """Of one run: the share of right labels with its interval, and what it cost."""
    errors = int((outcome.results != world.truth).sum())
    rate = defect_rate(errors, world.items)
    return {
        "accuracy": round(1 - rate.value, 4),
        "low": round(1 - rate.high, 4),
        "high": round(1 - rate.low, 4),
        "minutes": round(outcome.minutes),
        "answers": outcome.answers,
        "reviews": outcome.reviews,
    }


def sureness(world: World, flow: Programme, sure: float) -> dict[str, object]:
    """Of the items that stopped because they were so sure, and that nobody reviewed: the share that is right."""
    stopped = np.flatnonzero(flow.stopped)
    wrong = int((flow.results[stopped] != world.truth[stopped]).sum())
    rate = defect_rate(wrong, len(stopped))
    return {
        "stated": sure,
        "items": len(stopped),
        "right": round(1 - rate.value, 4) if len(stopped) else None,
        "low": round(1 - rate.high, 4),
        "met": not len(stopped) or 1 - rate.low >= sure,
    }


def colluders(runs: Sequence[tuple[World, Programme]]) -> dict[str, object]:
    """Over runs: pairs who were found to share answers, and pairs who do not and were called so."""
    found, false, true = 0, 0, 0
    for world, flow in runs:
        sharing = {place for place, person in enumerate(world.people) if person.sort == "colluder"}
        true += len(sharing) * (len(sharing) - 1) // 2
        found += sum(set(pair) <= sharing for pair in flow.sharing)
        false += sum(not set(pair) <= sharing for pair in flow.sharing)
    return {"colluding_pairs": true, "colluding_pairs_found": found, "other_pairs_called_so": false}


def people(runs: Sequence[tuple[World, Programme]]) -> dict[str, object]:
    """Over runs: who was removed, who was sent to training, and after how many compared items spammers got no more work."""
    by_sort: dict[str, list[Standing]] = {}
    for world, flow in runs:
        for person, standing in zip(world.people, flow.standings, strict=True):
            by_sort.setdefault(person.sort, []).append(standing)
    spammers = [one.ended_at if one.ended_at is not None else 10**6 for one in by_sort["spammer"]]
    honest = [one for sort in HONEST for one in by_sort[sort]]
    labels = runs[0][0].labels
    within = sum(at <= COMPARED for at in spammers) / len(spammers)
    removed = sum(one.removed_at is not None for one in honest) / len(honest)
    return {
        "runs": len(runs),
        "spammers": len(spammers),
        "spammers_within_30": round(within, 4),
        "spammers_median": median(spammers),
        "spammers_never_found": sum(at == 10**6 for at in spammers),
        "spammers_met": within >= 0.95 if labels > 2 else median(spammers) <= COMPARED,
        "honest": len(honest),
        "honest_removed": round(removed, 4),
        "honest_removed_met": removed <= 0.01,
        **colluders(runs),
        "removed": {sort: _share([one.removed_at is not None for one in found]) for sort, found in by_sort.items()},
        "to_training": {sort: _share([one.trained_at is not None for one in found]) for sort, found in by_sort.items()},
        "back_from_it": {
            sort: _share([one.trained_at is not None and not one.has_failed for one in found])
            for sort, found in by_sort.items()
        },
    }


def _share(held: Sequence[bool]) -> float:
    return round(sum(held) / len(held), 4)
