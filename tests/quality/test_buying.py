"""What one more vote gains, and replays that buy recorded votes."""

import numpy as np
import pytest

from karat.quality import DawidSkene, MajorityVote, Votes, replay
from karat.quality.buying import offers
from karat.quality.buying.promise import promised
from karat.quality.consensus.collapsed import Collapsed


def recorded(items=60, each=7, skill=0.8, seed=0):
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, items)
    item = np.repeat(np.arange(items), each)
    right = random.random(items * each) < skill
    table = {
        "item": item,
        "who": np.tile(np.arange(each), items),
        "label": np.where(right, truth[item], 1 - truth[item]),
    }
    votes = Votes.from_table(table, item="item", annotator="who", label="label")
    return votes, dict(enumerate(truth.tolist()))


def test_a_vote_on_an_open_item_gains_and_one_on_a_settled_item_does_not():
    rows = {"item": [1, 1, 2, 2, 3, 3], "who": ["a", "b", "a", "b", "a", "c"], "label": ["x", "y", "x", "x", "y", "y"]}
    votes = Votes.from_table(rows, item="item", annotator="who", label="label")

    found = offers(MajorityVote().fit(votes))

    assert found.gain[0] > 0.1
    assert found.gain[1] == pytest.approx(0)
    assert found.annotator[0] == 2
    assert found.annotator.tolist()[2] == 1


def test_the_gain_of_a_vote_by_hand():
    votes, _ = recorded(items=4, each=2)
    model = MajorityVote().fit(votes)
    model.posterior_ = np.full((4, 2), 0.5)
    model.confusion_ = np.array([[[0.8, 0.2], [0.2, 0.8]]] * 2)
    model.votes_ = votes.rows(votes.annotator_codes == 0)

    found = offers(model, prices={1: 2.0})

    assert found.gain == pytest.approx([0.3] * 4)
    assert found.gain_per_price == pytest.approx([0.15] * 4)
    assert found.annotator.tolist() == [1] * 4


def test_nobody_is_named_where_all_have_voted():
    votes, _ = recorded(items=3, each=2)

    assert offers(MajorityVote().fit(votes)).annotator.tolist() == [-1, -1, -1]


def test_a_price_that_is_not_above_zero_is_named():
    votes, _ = recorded(items=3, each=2)

    with pytest.raises(ValueError, match="the price of annotator 1 must be a number above 0"):
        offers(MajorityVote().fit(votes), prices={1: 0.0})


def test_a_replay_reaches_the_accuracy_of_the_vote_with_fewer_labels():
    votes, gold = recorded(items=200, skill=0.9)

    found = replay(votes, gold, seed=1, model=MajorityVote)

    assert found.reached
    assert found.accuracy >= found.target
    assert 1 <= found.labels_per_item < 7
    assert len(found.votes) == len(set(found.votes.tolist())) == round(found.labels_per_item * 200)


def test_a_replay_stops_where_the_model_expects_the_accuracy_wanted():
    votes, gold = recorded()

    found = replay(votes, gold, target=0.9, model=DawidSkene)

    assert found.reached
    assert found.promised >= 0.9
    assert found.target == 0.9


def test_a_target_out_of_reach_buys_all_and_says_so():
    votes, gold = recorded(skill=0.6)

    found = replay(votes, gold, target=1.0, model=MajorityVote)

    assert not found.reached
    assert found.labels_per_item == 7


def test_the_same_seed_buys_the_same():
    votes, gold = recorded()

    first, second = (replay(votes, gold, seed=3, model=DawidSkene).votes.tolist() for _ in range(2))

    assert first == second


def test_only_items_with_gold_are_bought():
    votes, gold = recorded()
    some = {item: label for item, label in gold.items() if item < 20}

    found = replay(votes, some, target=1.0, model=MajorityVote)

    assert votes.item_codes[found.votes].max() == 19
    assert found.labels_per_item == 7


def test_no_gold_is_an_error():
    votes, _ = recorded()

    with pytest.raises(ValueError, match="no item of the votes has gold"):
        replay(votes, {})


def test_a_budget_ends_the_buying():
    votes, gold = recorded()

    found = replay(votes, gold, target=1.0, budget=2.5, model=MajorityVote)

    assert not found.reached
    assert found.labels_per_item == 2.5


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"budget": 0.5}, "budget=0.5 labels an item"), ({"pilot": -1}, "pilot=-1: give a number of items")],
)
def test_a_budget_or_pilot_that_cannot_be_is_named(wrong, said):
    votes, gold = recorded()

    with pytest.raises(ValueError, match=said):
        replay(votes, gold, **wrong)


def test_of_repeated_votes_the_last_is_bought():
    table = {"item": [1, 1, 1], "who": ["a", "a", "b"], "label": ["x", "y", "y"]}
    votes = Votes.from_table(table, item="item", annotator="who", label="label")

    found = replay(votes, {1: "y"}, target=1.0)

    assert sorted(found.votes.tolist()) == [1, 2]


def test_without_a_pilot_the_promise_is_what_the_model_expects():
    votes, gold = recorded()

    found = replay(votes, gold, target=0.9, pilot=0)

    assert found.promised == found.expected
    assert found.pilot == 0


def test_a_pilot_mends_a_promise_that_shared_mistakes_make_too_high():
    # A third of the items look like the other label to everybody: no vote shows it.
    votes, gold = recorded(items=600, each=5, skill=0.9)
    gold = {item: 1 - label if item % 3 == 0 else label for item, label in gold.items()}

    found = replay(votes, gold, target=0.99, pilot=200)

    assert found.expected > 0.9
    assert found.accuracy == pytest.approx(2 / 3, abs=0.05)
    assert found.promised == pytest.approx(found.accuracy, abs=0.08)


def test_a_pilot_is_at_most_half_of_the_items_with_gold():
    votes, gold = recorded(items=60)

    assert replay(votes, gold, target=0.8, pilot=400).pilot == 30


def test_the_promise_by_hand():
    # One of two is right where 0.9 was expected: the shift solves 1 - 2 * expit(log 9 + s) = 4 s, s = -0.208.
    sure = np.full(4, 0.9)

    found = promised(sure, np.array([0, 1]), np.array([1.0, 0.0]))

    shift = np.log(found_of(found) / (1 - found_of(found))) - np.log(9)
    assert 1 - 2 * found_of(found) == pytest.approx(4 * shift, abs=1e-6)


def found_of(promise):
    """What is promised of each item outside the pilot, where two of four are in it and one of these is right."""
    return (4 * promise - 1) / 2


def test_a_promise_of_items_that_are_all_in_the_pilot_is_how_they_came_out():
    assert promised(np.full(4, 0.9), np.arange(4), np.array([1, 1, 0, 0.5])) == pytest.approx(0.625)


def sparse(seed, items=200, each=3, annotators=40):
    """Few votes of each of many annotators, half of them no better than a coin."""
    random = np.random.default_rng(seed)
    truth, skill = random.integers(0, 2, items), np.where(np.arange(annotators) % 2, 0.9, 0.5)
    item = np.repeat(np.arange(items), each)
    who = np.concatenate([random.choice(annotators, each, replace=False) for _ in range(items)])
    said = np.where(random.random(len(item)) < skill[who], truth[item], 1 - truth[item])
    return Votes.from_table({"i": item, "a": who, "l": said}, item="i", annotator="a", label="l"), truth


def test_a_model_that_leaves_out_the_vote_at_hand_is_less_sure_and_more_often_right_where_votes_are_few():
    right, sure = {Collapsed: [], DawidSkene: []}, {Collapsed: [], DawidSkene: []}
    for seed in range(5):
        votes, truth = sparse(seed)
        for make in right:
            posterior = make().fit(votes).posterior_
            right[make].append((posterior.argmax(axis=1) == truth).mean())
            sure[make].append(posterior.max(axis=1).mean())

    assert np.mean(right[Collapsed]) > np.mean(right[DawidSkene]) + 0.01
    assert abs(np.mean(sure[Collapsed]) - np.mean(right[Collapsed])) < 0.05
    assert np.mean(sure[DawidSkene]) - np.mean(right[DawidSkene]) > 0.1


def test_a_collapsed_model_bears_gold_one_label_and_no_votes():
    votes, truth = sparse(0)
    nothing = votes.rows(np.zeros(len(votes), dtype=bool))
    one = Votes.from_table({"i": [1, 2], "a": [1, 1], "l": ["x", "x"]}, item="i", annotator="a", label="l")

    assert Collapsed().fit(votes, gold={7: 1 - truth[7]}).posterior_[7, truth[7]] == 0
    assert Collapsed().fit(one).posterior_.tolist() == [[1], [1]]
    assert Collapsed().fit(nothing).posterior_ == pytest.approx(0.5)
