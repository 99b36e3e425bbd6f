"""Consensus on recorded crowds: the default is not far below the better of the vote and Dawid-Skene on any of them."""

import csv
from dataclasses import replace

import numpy as np
import pyarrow.csv
import pytest

from karat.quality import Consensus, DawidSkene, MajorityVote, Votes
from karat.quality.consensus.model import level_of

SETS = ["bluebird", "dog", "labelme", "rte", "weather_amt", "weather_cf", "zencrowd_in", "zencrowd_us"]


def recorded(folder):
    table = pyarrow.csv.read_csv(folder / "labels.csv")
    with (folder / "gold.csv").open() as file:
        gold = {int(row["task"]): int(row["label"]) for row in csv.DictReader(file)}
    return Votes.from_table(table, item="task", annotator="worker", label="label"), gold


def accuracy(model, votes, gold):
    """Ties at the expectation of a toss."""
    codes = votes.gold_codes(gold)
    level = level_of(model.fit(votes).posterior_)[codes >= 0]
    return (level[np.arange(len(level)), codes[codes >= 0]] / level.sum(axis=1)).mean()


@pytest.mark.parametrize("name", SETS)
def test_the_default_is_at_most_half_a_point_or_one_item_below_the_better_of_vote_and_dawid_skene(data, name):
    votes, gold = recorded(data / "crowd" / name)

    better = max(accuracy(MajorityVote(), votes, gold), accuracy(DawidSkene(), votes, gold))

    assert accuracy(Consensus(), votes, gold) >= better - max(0.005, 1 / len(gold)) - 1e-9


def test_two_sorts_of_items_find_what_a_correlated_crowd_hid(data):
    votes, gold = recorded(data / "crowd" / "zencrowd_us")
    model = Consensus()

    right = accuracy(model, votes, gold)

    assert model.hypothesis_.sorts == 2
    assert right > 0.91  # Li, Rubinstein and Cohn (2019) report 91.2 for a model of correlated annotators


def test_a_label_that_nobody_voted_does_not_move_the_default(data):
    votes, _ = recorded(data / "crowd" / "zencrowd_us")
    extra = replace(votes, labels=np.append(votes.labels, votes.labels.max() + 1))

    assert Consensus().fit(extra).posterior_[:, :-1] == pytest.approx(Consensus().fit(votes).posterior_, abs=1e-9)
