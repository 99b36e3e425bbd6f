"""Votes as they arrive: close to the full fit before it, equal to it after."""

import copy
import pickle

import numpy as np
import pytest

from karat.quality import Consensus, DawidSkene, MajorityVote, OneCoin, Votes
from karat.quality.consensus.collapsed import Collapsed

COLUMNS = {"item": "i", "annotator": "a", "label": "l"}
MODELS = [MajorityVote, OneCoin, DawidSkene, Consensus, Collapsed]


def crowd(items=300, each=5, annotators=20, labels=3, seed=0):
    """Rows of a made crowd, in random order."""
    random = np.random.default_rng(seed)
    truth, skill = random.integers(0, labels, items), random.beta(8, 2, annotators)
    item = np.repeat(np.arange(items), each)
    who = np.concatenate([random.choice(annotators, each, replace=False) for _ in range(items)])
    said = np.where(random.random(len(item)) < skill[who], truth[item], random.integers(0, labels, len(item)))
    order = random.permutation(len(item))
    return [(f"i{item[row]:03}", f"a{who[row]:02}", "xyz"[said[row]]) for row in order.tolist()]


def votes_of(rows, **more):
    return Votes.from_table(dict(zip("ial", zip(*rows, strict=True), strict=True)), **COLUMNS, **more)


def streamed(model, rows, first):
    model.fit(votes_of(rows[:first]))
    for row in rows[first:]:
        model.add_vote(*row)
    return model


def same_labels(model, other):
    return float((model.labels_ == other.labels_).mean())


@pytest.mark.parametrize("model", MODELS)
def test_votes_one_by_one_and_a_refit_are_the_fit_of_all(model):
    rows = crowd()
    full = model().fit(votes_of(rows))

    found = streamed(model(), rows, 200).refit()

    assert found.votes_.items.tolist() == full.votes_.items.tolist()
    assert found.posterior_ == pytest.approx(full.posterior_, abs=1e-9)
    assert found.skill_.value == pytest.approx(full.skill_.value, abs=1e-9)
    assert found.confusion_ == pytest.approx(full.confusion_, abs=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_without_a_refit_95_of_100_labels_are_those_of_the_full_fit(model):
    rows = crowd()
    full = model().fit(votes_of(rows))

    found = streamed(model(), rows, len(rows) // 2)

    assert same_labels(found, full) >= 0.95
    assert np.abs(found.skill_.value - full.skill_.value).mean() < 0.05
    assert found.confusion_.sum(axis=2) == pytest.approx(1)


def test_refits_when_they_are_due_come_to_99_of_100_labels():
    rows = crowd()
    model, refits = DawidSkene().fit(votes_of(rows[:50])), 0

    for row in rows[50:]:
        model.add_vote(*row)
        if model.refit_due_:
            model.refit()
            refits += 1

    assert same_labels(model, DawidSkene().fit(votes_of(rows))) >= 0.99
    assert refits == pytest.approx(np.log(1500 / 50) / np.log(1.2), abs=2)


def test_a_vote_moves_its_item_and_what_is_known_of_its_annotators():
    rows = crowd()
    model = DawidSkene().fit(votes_of(rows[:1000]))
    item = rows[0][0]
    before, others = model.posterior_of(item), model.posterior_of(rows[1][0])

    model.add_vote(item, "newcomer", "x").add_vote(item, "another", "x")

    assert model.posterior_of(item)[0] > before[0]
    assert model.posterior_of(rows[1][0]).tolist() == others.tolist()
    assert model.votes_.annotators.tolist()[-2:] == ["another", "newcomer"]
    assert model.skill_.n[-2:].tolist() == [1, 1]


@pytest.mark.parametrize("model", MODELS)
def test_the_posterior_of_one_item_is_that_of_the_table(model):
    rows = crowd(items=60)

    found = streamed(model(), rows, 150)

    for place, item in enumerate(found.votes_.items.tolist()):
        assert found.posterior_of(item) == pytest.approx(found.posterior_[place], abs=1e-9)
    assert found.label_of("i007") == found.labels_[7]


def test_a_vote_of_the_same_annotator_on_the_same_item_takes_the_place_of_the_earlier():
    rows = crowd(items=40)
    model = MajorityVote().fit(votes_of(rows))
    item, annotator, _ = rows[3]

    model.add_vote(item, annotator, "x").add_vote(item, annotator, "y").add_vote(item, annotator, "z")

    assert model.posterior_of(item).tolist() == model.posterior_[model.votes_.items.tolist().index(item)].tolist()
    assert model.refit().posterior_ == pytest.approx(
        MajorityVote().fit(votes_of([*rows, (item, annotator, "z")])).posterior_
    )


def test_tables_are_taken_in_the_order_of_their_times():
    model = MajorityVote().fit(votes_of([("1", "Ada", "x"), ("1", "Ben", "y")]))
    table = {"i": ["1", "1"], "a": ["Ada", "Ada"], "l": ["x", "y"], "t": [2.0, 1.0]}

    model.partial_fit(Votes.from_table(table, **COLUMNS, time="t"))

    assert model.posterior_.tolist() == [[0.5, 0.5]]


def test_a_label_never_seen_before_is_a_full_fit():
    rows = crowd(items=60)
    without = [row for row in rows if row[2] != "z"]
    rest = [row for row in rows if row[2] == "z"]

    model = DawidSkene().fit(votes_of(without)).partial_fit(votes_of(rest))

    assert model.votes_.labels.tolist() == ["x", "y", "z"]
    assert model.posterior_ == pytest.approx(DawidSkene().fit(votes_of(without + rest)).posterior_, abs=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_may_begin_with_a_single_vote(model):
    rows = crowd(items=20, annotators=6)

    found = model().partial_fit(votes_of(rows[:1]))
    for row in rows[1:]:
        found.add_vote(*row)

    assert found.refit().posterior_ == pytest.approx(model().fit(votes_of(rows)).posterior_, abs=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_gold_that_arrives_is_certain(model):
    rows = crowd(items=40)
    found = model().fit(votes_of(rows[:150]), gold={"not yet": "y", rows[1][0]: "x"})

    found.partial_fit(votes_of([("not yet", "a01", "x")]), gold={rows[0][0]: "z"})

    assert found.posterior_of(rows[0][0]).tolist() == [0, 0, 1]
    assert found.posterior_of("not yet").tolist() == [0, 1, 0]
    assert found.posterior_[-1].tolist() == [0, 1, 0]


def test_what_came_during_a_full_fit_elsewhere_is_brought_up_to_it():
    rows = crowd()
    model = streamed(DawidSkene(), rows[:1000], 200)
    earlier = model.votes_, dict(model.gold_)
    for row in rows[1000:]:
        model.add_vote(*row)

    fresh = pickle.loads(pickle.dumps(DawidSkene().fit(*earlier)))  # as from another process
    model.adopt(fresh)

    assert len(model.votes_) == len(rows)
    assert same_labels(model, DawidSkene().fit(votes_of(rows))) >= 0.97
    assert model.refit().posterior_ == pytest.approx(DawidSkene().fit(votes_of(rows)).posterior_, abs=1e-9)


def test_a_copy_goes_its_own_way():
    rows = crowd(items=40)
    model = streamed(MajorityVote(), rows, 100)
    other = copy.deepcopy(model)

    other.add_vote("i001", "newcomer", "x")

    assert len(other.votes_) == len(model.votes_) + 1


@pytest.mark.parametrize(
    ("vote", "said"),
    [
        (("i001", "a01", "x", 0.0), "the weight of a vote is 0.0: give a number from 1e-12 to 1e\\+12"),
        ((7, "a01", "x", 1.0), r"the item 7 \(int\) is new, and those before are as 'i000' \(str\)"),
        (("i001", None, "x", 1.0), "the annotator of a vote is None: fill it in or leave the vote out"),
    ],
)
def test_a_vote_that_cannot_be_is_refused_and_changes_nothing(vote, said):
    model = MajorityVote().fit(votes_of(crowd(items=40)))
    before = model.posterior_.tolist()

    with pytest.raises(ValueError, match=said):
        model.add_vote(*vote[:3], weight=vote[3])

    assert model.posterior_.tolist() == before


def test_gold_that_no_vote_can_have_is_refused():
    model = MajorityVote().fit(votes_of(crowd(items=40)))

    with pytest.raises(ValueError, match="the gold label 'q' of item 'i001' is not among the labels"):
        model.partial_fit(votes_of([("i001", "a01", "x")]), gold={"i001": "q"})


def test_an_item_nobody_voted_on_is_named():
    with pytest.raises(ValueError, match="nobody voted on item 'nowhere'"):
        MajorityVote().fit(votes_of(crowd(items=40))).posterior_of("nowhere")


def test_results_before_any_fit_say_what_is_missing():
    with pytest.raises(AttributeError, match="MajorityVote is not fitted yet: call fit"):
        MajorityVote().posterior_  # noqa: B018


SMALL = [(1, "x", "p"), (1, "y", "q"), (2, "x", "p"), (2, "y", "p")]


@pytest.mark.parametrize(
    "vote",
    [
        (1, 5, "p"),
        (1, None, "p"),
        ("one", "x", "p"),
        (9, "x", 5),
        ([1], "x", "p"),
        (2**70, "x", "p"),
        (1, "\ud800", "p"),
        (1, "x", "p", float("inf")),
        (1, "x", "p", "heavy"),
        (1, "x", "p", 1.0, "noon"),
    ],
)
def test_a_refused_vote_leaves_the_model_as_it_was(vote):
    model, other = DawidSkene().fit(votes_of(SMALL)), DawidSkene().fit(votes_of(SMALL))

    with pytest.raises(ValueError, match=r"item|annotator|label|weight|time"):
        model.add_vote(*vote[:3], **dict(zip(("weight", "time"), vote[3:], strict=False)))

    assert model.add_vote(1, "x", "p").posterior_.tolist() == other.add_vote(1, "x", "p").posterior_.tolist()


def test_refused_gold_is_not_kept():
    model = DawidSkene().fit(votes_of(SMALL))

    with pytest.raises(ValueError, match="the gold label 'zzz' of item 1"):
        model.partial_fit(votes_of(SMALL), gold={1: "zzz"})
    with pytest.raises(ValueError, match="the gold label 'zzz' of item 77"):
        DawidSkene().fit(votes_of(SMALL), gold={1: "p", 77: "zzz"})

    assert model.gold_ == {}
    assert model.votes_.items.tolist() == [1, 2]
    assert len(model.votes_) == len(SMALL)


def test_gold_may_bring_a_label_that_comes_with_the_votes():
    model = MajorityVote().fit(votes_of(SMALL)).partial_fit(votes_of([(3, "x", "new")]), gold={1: "new"})

    assert model.labels_.tolist() == ["new", "p", "new"]


def timed(rows):
    return Votes.from_table(dict(zip("ialt", zip(*rows, strict=True), strict=True)), **COLUMNS, time="t")


def test_an_older_vote_never_takes_the_place_of_a_newer_one():
    first, more = [(1, "x", "p", 100.0), (1, "x", "q", 50.0)], [(1, "x", "q", 70.0), (2, "y", "q", 10.0)]
    model = MajorityVote().fit(timed(first)).add_vote(2, "y", "p")

    model.partial_fit(timed(more))

    assert model.labels_.tolist() == ["p", "p"]  # the vote of y without a time came after all that were known
    assert model.votes_.times.tolist() == [100, 50, 100, 10, 70]
    assert model.refit().labels_.tolist() == ["p", "p"]
    assert model.add_vote(1, "x", "q", time=101).label_of(1) == "q"


def test_names_without_votes_are_taken_in():
    model = MajorityVote().fit(votes_of(SMALL))
    quiet = votes_of([(2, "x", "p"), (8, "z", "?")], abstain=["?"], labels=["p", "q", "r"])

    model.partial_fit(quiet)

    assert model.votes_.items.tolist() == [1, 2, 8]
    assert model.votes_.annotators.tolist() == ["x", "y", "z"]
    assert model.votes_.labels.tolist() == ["p", "q", "r"]
    assert model.partial_fit(votes_of([(2, "x", "p"), (9, "v", "?")], abstain=["?"])).posterior_.shape == (4, 3)


def test_a_shallow_copy_shares_nothing_either():
    model = MajorityVote().fit(votes_of(SMALL)).add_vote(1, "z", "p")

    copy.copy(model).add_vote(1, "w", "q")

    assert len(model.votes_) == len(SMALL) + 1
    assert repr(model) == "MajorityVote()"


@pytest.mark.parametrize("name", ["labels_", "posterior_", "votes_", "ties_", "gold_"])
def test_a_model_that_is_not_fitted_says_so(name):
    for ask in (lambda: getattr(DawidSkene(), name), lambda: DawidSkene().label_of(1), lambda: DawidSkene().refit()):
        with pytest.raises(ValueError, match=r"^DawidSkene is not fitted yet: call fit$"):
            ask()


def test_fit_predict_is_the_labels_of_a_fit():
    assert MajorityVote().fit_predict(votes_of(SMALL), gold={1: "q"}).tolist() == ["q", "p"]
