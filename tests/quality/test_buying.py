"""What one more vote gains, and replays that buy recorded votes."""

import numpy as np
import pytest

from karat.quality import DawidSkene, MajorityVote, Votes, replay
from karat.quality.buying import offers


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

    found = replay(votes, gold, target=1.1, model=MajorityVote)

    assert not found.reached
    assert found.labels_per_item == 7


def test_the_same_seed_buys_the_same():
    votes, gold = recorded()

    first, second = (replay(votes, gold, seed=3, model=DawidSkene).votes.tolist() for _ in range(2))

    assert first == second


def test_only_items_with_gold_are_bought():
    votes, gold = recorded()
    some = {item: label for item, label in gold.items() if item < 20}

    found = replay(votes, some, target=1.1, model=MajorityVote)

    assert votes.item_codes[found.votes].max() == 19
    assert found.labels_per_item == 7


def test_no_gold_is_an_error():
    votes, _ = recorded()

    with pytest.raises(ValueError, match="no item of the votes has gold"):
        replay(votes, {})
