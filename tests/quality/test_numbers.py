"""Consensus of numbers and steps: annotators of planted bias, scale and noise, slips, gold, and what is at the edges."""

import numpy as np
import pytest

from karat.kinds import KINDS
from karat.model.response import Annotation
from karat.model.schema import read_schema
from karat.quality import Numbers, Ordinals, Votes
from karat.quality.consensus.by_kind import model_of
from karat.quality.consensus.methods import METHODS
from karat.quality.responses import Said


def votes_of(rows):
    item, who, value = zip(*rows, strict=True) if rows else ([], [], [])
    return Votes.from_table({"i": list(item), "a": list(who), "x": list(value)}, item="i", annotator="a", label="x")


def world(*, bias=0.0, scale=0.0, noise=0.5, slips=0.0, items=200, people=30, each=6, seed=0):
    """Truths around 50, and annotators whose bias, log scale and log noise are drawn with these standard deviations."""
    random = np.random.default_rng(seed)
    truth = random.normal(50, 20, items)
    off, stretch = random.normal(0, bias, people), np.exp(random.normal(0, scale, people))
    scatter = 8 * np.exp(random.normal(0, noise, people))
    item = np.repeat(np.arange(items), each)
    who = np.concatenate([random.choice(people, each, replace=False) for _ in range(items)])
    value = 50 + off[who] + stretch[who] * (truth[item] - 50) + random.normal(0, 1, len(item)) * scatter[who]
    value = np.where(random.random(len(item)) < slips, random.uniform(0, 1000, len(item)), value)
    votes = Votes.from_table({"i": item, "a": who, "x": value}, item="i", annotator="a", label="x")
    return votes, truth, off, np.bincount(item, value) / each


def error(values, truth):
    return np.abs(values - truth).mean()


def test_bias_scale_and_noise_are_taken_out():
    votes, truth, off, mean = world(bias=8, scale=0.2)

    model, held = Numbers(held=0).fit(votes), Numbers().fit(votes)

    assert error(model.values_, truth) < 0.75 * error(mean, truth)
    assert error(model.values_, truth) < error(held.values_, truth) < 0.85 * error(mean, truth)
    assert np.corrcoef(model.raters_.bias, off)[0, 1] > 0.9
    inside = (model.raters_.bias_low - 1 <= off - off.mean()) & (off - off.mean() <= model.raters_.bias_high + 1)
    assert inside.mean() > 0.8


def test_slips_hardly_count_where_the_halves_agree_more_without_them():
    votes, truth, _, mean = world(slips=0.05)

    model = Numbers().fit(votes)

    assert model.rated_.tails == 4
    assert error(model.values_, truth) < 0.2 * error(mean, truth)


def test_noise_without_slips_is_taken_for_normal():
    votes, *_ = world(noise=0.0)

    model = Numbers().fit(votes)

    assert model.rated_.tails == np.inf
    assert set(model.reliability_) == {np.inf, 4.0}


@pytest.mark.parametrize("settings", [{"noise": 0.7}, {"bias": 4}, {"slips": 0.03}])
def test_intervals_hold_about_as_often_as_they_say(settings):
    held = []
    for seed in range(4):
        votes, truth, *_ = world(seed=seed, **settings)
        model = Numbers().fit(votes)
        held.append(((model.low_ <= truth) & (truth <= model.high_)).mean())

    assert 0.9 < np.mean(held) < 0.995


def test_gold_fixes_the_level_that_answers_alone_cannot_tell():
    votes, truth, *_ = world(noise=0.2)
    high = Votes.from_table(
        {"i": votes.item_codes, "a": votes.annotator_codes, "x": votes.labels[votes.label_codes] + 30},
        item="i", annotator="a", label="x",
    )  # fmt: skip

    model = Numbers().fit(high, {item: float(truth[item]) for item in range(50)})

    assert model.held_ == 0
    assert error(model.values_[50:], truth[50:]) < 5
    assert model.values_[:50] == pytest.approx(truth[:50])
    assert (model.high_ - model.low_)[:50].max() == 0
    assert error(Numbers().fit(high).values_, truth) > 25


def test_equal_annotators_of_equal_noise_give_the_mean():
    rows = [(item, who, item * 10 + (who - 1)) for item in range(40) for who in range(3)]

    model = Numbers(held=1).fit(votes_of(rows))

    assert model.values_ == pytest.approx(10.0 * np.arange(40), abs=0.3)


def test_units_and_order_do_not_matter():
    votes, *_ = world(bias=4, items=60)
    value = votes.labels[votes.label_codes]
    order = np.random.default_rng(1).permutation(len(value))
    other = Votes.from_table(
        {"i": votes.item_codes[order], "a": votes.annotator_codes[order], "x": -1000 + 0.01 * value[order]},
        item="i", annotator="a", label="x",
    )  # fmt: skip

    assert Numbers().fit(other).values_ == pytest.approx(-1000 + 0.01 * Numbers().fit(votes).values_, abs=1e-3)


def test_agreement_without_noise_is_kept():
    model = Numbers().fit(votes_of([(item, who, float(item)) for item in range(5) for who in "abc"]))

    assert model.values_ == pytest.approx(np.arange(5.0), abs=0.02)


def test_one_answer_nothing_but_one_value_and_nobody_have_results():
    one = Numbers().fit(votes_of([(1, "a", 7.0)]))
    same = Numbers().fit(votes_of([(i, w, 3) for i in range(3) for w in "ab"]))
    nobody = Numbers().fit(votes_of([]), {})
    silent = Votes.from_table(
        {"i": [1, 2], "a": ["x", "x"], "v": [4.0, None]}, item="i", annotator="a", label="v", abstain=[None]
    )

    assert one.values_.tolist() == pytest.approx([7.0])
    assert same.values_.tolist() == pytest.approx([3.0] * 3)
    assert nobody.values_.shape == (0,)
    assert Numbers().fit(silent).values_ == pytest.approx([4.0, 4.0])


def test_what_is_no_number_is_named():
    with pytest.raises(ValueError, match="the label of vote 0 is 'two': give a finite number"):
        Numbers().fit(votes_of([(1, "a", "two")]))
    with pytest.raises(ValueError, match="held=2"):
        Numbers(held=2).fit(votes_of([(1, "a", 1.0)]))


def steps_world(*, items=300, levels=5, people=20, each=4, seed=0):
    """Steps of annotators who are too kind or too strict, and of some who hardly look."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, levels, items)
    off, scatter = random.normal(0, 0.8, people), random.choice([0.4, 0.6, 2.0], people)
    item = np.repeat(np.arange(items), each)
    who = np.concatenate([random.choice(people, each, replace=False) for _ in range(items)])
    value = np.clip(np.round(truth[item] + off[who] + random.normal(0, 1, len(item)) * scatter[who]), 0, levels - 1)
    table = {"i": item, "a": who, "x": value.astype(int)}
    return Votes.from_table(table, item="i", annotator="a", label="x"), truth


def test_steps_are_nearer_to_the_truth_than_the_median():
    votes, truth = steps_world()
    value = votes.labels[votes.label_codes].astype(float)
    median = np.array([np.median(value[votes.item_codes == item]) for item in range(len(truth))])

    model = Ordinals().fit(votes)

    assert error(model.labels_.astype(float), truth) < 0.9 * error(median, truth)
    assert model.posterior_.sum(axis=1) == pytest.approx(np.ones(len(truth)))
    assert model.posterior_[np.arange(len(truth)), truth].mean() == pytest.approx(
        (model.labels_ == truth).mean(), abs=0.1
    )


def test_a_step_that_is_not_in_the_list_is_named():
    with pytest.raises(ValueError, match="the label 'huge' is not among levels='small', 'large'"):
        Ordinals(levels=["small", "large"]).fit(votes_of([(1, "a", "small"), (1, "b", "huge")]))


def rated(*given):
    return [
        Said(who, () if value is None else (Annotation(id="good", field="good", kind="rating", value=value),), None)
        for who, value in given
    ]


def test_a_field_of_ratings_is_settled_by_how_its_authors_rate():
    schema, _ = read_schema(
        {"karat_schema": 1, "streams": {"t": {"kind": "text"}}, "fields": {"good": {"kind": "rating"}}}, KINDS
    )
    field = schema.fields["good"]
    model = model_of(field, KINDS["rating"])
    learner = model.learner(field, KINDS["rating"], METHODS["default"])
    for item in range(60):
        right = 1 + item % 4
        learner.add(rated(("kind", right + 1), ("fair", right), ("just", right), ("wild", 1 + item * 7 % 5)), None)
    knowledge = learner.learn()
    settle = model.settler(field, KINDS["rating"], knowledge)

    assert settle(rated(("kind", 4), ("fair", 3), ("just", 3), ("wild", 5)), None).annotations[0].value == 3
    assert settle(rated(("kind", 4), ("just", 3)), None).annotations[0].value == 3
    assert settle(rated(("fair", 2)), rated(("gold", 5))[0]).annotations[0].value == 5
    assert settle(rated(("fair", None), ("just", 2)), None).tie
    skill = {one.author: one.value for one in knowledge.skills}
    assert skill["fair"] > skill["wild"] and 0 < knowledge.accuracy.value <= 1


def test_with_one_vote_each_ratings_merge_by_their_median():
    schema, _ = read_schema(
        {"karat_schema": 1, "streams": {"t": {"kind": "text"}}, "fields": {"good": {"kind": "rating"}}}, KINDS
    )
    field = schema.fields["good"]
    learner = model_of(field, KINDS["rating"]).learner(field, KINDS["rating"], METHODS["majority"])
    learner.add(rated(("a", 1), ("b", 2)), None)

    assert learner.learn() is None
