"""Differences of what was drawn: right on average, and seldom found where there is none."""

import numpy as np
import pytest

from karat.quality.bias import adjusted, drawn_difference, drawn_rate, holm

RUNS = 120


def world(seed, *, people=12, items=240, against=0.0, group=0.0):
    """Answers that are right or wrong: people and items differ, items in doubt get more answers and more reviews.

    `against` makes slice 0 harder by so much log odds, `group` every other person less able.
    """
    rng = np.random.default_rng(seed)
    skill, hard = rng.normal(1.6, 0.6, people), rng.normal(0, 1.2, items)
    of_slice, of_group = rng.integers(0, 4, items), np.arange(people) % 2
    who = rng.permuted(np.tile(np.arange(people), (items, 1)), axis=1)[:, :4]
    odds = skill[who] - hard[:, None] - against * (of_slice == 0)[:, None] - group * of_group[who]
    right = rng.random((items, 4)) < 1 / (1 + np.exp(-odds))
    doubtful = right[:, 0] != right[:, 1]
    chance = np.where(doubtful, 1.0, 0.2)
    reviewed = rng.random(items) < chance
    there = np.column_stack([np.ones((items, 2), bool), np.tile(doubtful[:, None], (1, 2))])
    item, place = np.nonzero(there)
    return {
        "y": right[item, place].astype(float),
        "w": 1 / there.sum(axis=1)[item],
        "who": who[item, place],
        "item": item,
        "slice": of_slice[item],
        "group": of_group[who[item, place]],
        "reviewed": reviewed[item],
        "chance": chance[item],
    }


def compared(w):
    seen = w["reviewed"]
    answers = [drawn_difference(w["y"], w["slice"] == s, w["w"], w["who"], w["item"]) for s in range(3)]
    reviews = [
        drawn_difference(
            1 - w["y"][seen], w["slice"][seen] == s, 1 / w["chance"][seen], w["who"][seen], w["item"][seen]
        )
        for s in range(3)
    ]
    groups = [drawn_difference(w["y"], w["group"] == 1, w["w"], w["who"], w["item"], on_same_items=True)]
    return adjusted([*answers, *reviews, *groups])


def test_without_bias_a_report_has_a_finding_in_at_most_five_of_a_hundred():
    false = sum(np.nanmin([one.adjusted for one in compared(world(seed))]) < 0.05 for seed in range(RUNS))

    # 0.05 and two and a half standard errors of 120 runs.
    assert false / RUNS <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / RUNS)


def test_a_planted_slice_and_a_planted_group_are_found():
    slices = [compared(world(seed, items=600, against=1.4))[0] for seed in range(20)]
    groups = [compared(world(seed, people=24, items=600, group=1.4))[-1] for seed in range(20)]

    assert sum(one.adjusted < 0.05 and (one.difference.value or 0) < 0 for one in slices) >= 16
    assert sum(one.adjusted < 0.05 and (one.difference.value or 0) < 0 for one in groups) >= 16


def test_a_rate_of_what_was_drawn_by_risk_is_that_of_all():
    """Reviews of what is doubtful alone say nothing of the rest; weighted by their draws they do."""
    worlds = [world(seed, items=2000) for seed in range(4)]
    firsts = [w["y"][np.unique(w["item"], return_index=True)[1]].mean() for w in worlds]
    weighed, plain = [], []
    for w in worlds:
        seen = w["reviewed"] & (np.diff(w["item"], prepend=-1) > 0)
        weighed.append(drawn_rate(w["y"][seen], 1 / w["chance"][seen], w["who"][seen], w["item"][seen]).value)
        plain.append(w["y"][seen].mean())

    assert abs(np.mean(weighed) - np.mean(firsts)) < 0.015
    assert np.mean(firsts) - np.mean(plain) > 0.05


def test_people_who_answered_much_are_still_few():
    """Two people a side: whatever they answered, a difference between them is one between four."""
    rng = np.random.default_rng(0)
    who = np.repeat(np.arange(4), 500)
    y = (rng.random(2000) < np.array([0.9, 0.8, 0.7, 0.6])[who]).astype(float)

    found = drawn_difference(y, who < 2, np.ones(2000), who, np.arange(2000))

    assert found.p > 0.05
    assert "independent people" in (found.difference.warning or "")


def test_on_the_same_items_the_harder_items_of_a_group_are_not_held_against_it():
    rng = np.random.default_rng(1)
    hard = np.repeat([0.9, 0.5], 300)
    item = np.repeat(np.arange(600), 2)
    # Group 1 answers all hard items twice as often as the easy ones; on an item both are right as often.
    who = np.where(np.arange(1200) % 2, rng.integers(0, 8, 1200), rng.integers(8, 16, 1200))
    only = np.repeat(np.arange(600, 1200), 2)
    y = (rng.random(2400) < np.concatenate([hard[item], np.full(1200, 0.3)])).astype(float)
    people = np.concatenate([who, rng.integers(8, 16, 1200)])

    plain = drawn_difference(y, people < 8, np.ones(2400), people, np.concatenate([item, only]))
    same = drawn_difference(y, people < 8, np.ones(2400), people, np.concatenate([item, only]), on_same_items=True)

    assert (plain.difference.value or 0) > 0.15
    assert abs(same.difference.value or 1) < 0.08
    assert same.p > 0.05


def test_what_is_too_little_or_too_rare_is_said_and_not_tested():
    ones = np.ones(60)
    few = drawn_difference(ones * 0.5, np.arange(60) < 10, ones, np.arange(60), np.arange(60))
    rare = drawn_difference(np.arange(60) == 0, np.arange(60) < 30, ones, np.arange(60), np.arange(60))

    assert np.isnan(few.p) and "needs 20" in few.difference.warning
    assert np.isnan(rare.p) and "rare" in rare.difference.warning
    assert np.isnan(holm([few.p, 0.01])[0]) and holm([few.p, 0.01])[1] == 0.01


def test_weights_are_of_draws():
    with pytest.raises(ValueError, match="above 0"):
        drawn_rate([1.0], [0.0], [0], [0])
