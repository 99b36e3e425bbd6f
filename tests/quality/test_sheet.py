"""The quality sheet says what applies, with intervals, and lets nothing of the table into the page as markup."""

import msgspec
import numpy as np
import pytest

from karat.quality.sheet import quality_sheet
from karat.quality.sheet_html import sheet_html
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes

QUICK = Bootstrap(samples=50)


def table(items, people, labels, **extra):
    columns = {"item": list(items), "who": list(people), "label": list(labels)}
    return Votes.from_table(columns | extra, item="item", annotator="who", label="label", **{k: k for k in extra})


def crowd(seed, *, items=300, people=8, right=0.8):
    chance = np.random.default_rng(seed)
    item = np.repeat(np.arange(items), 3)
    person = np.concatenate([chance.choice(people, 3, replace=False) for _ in range(items)])
    truth = chance.choice(["cat", "dog", "owl"], items)
    label = np.where(chance.random(len(item)) < right, truth[item], chance.choice(["cat", "dog", "owl"], len(item)))
    votes = table(item.tolist(), [f"p{p}" for p in person], label.tolist(), time=list(range(len(item))))
    return votes, dict(enumerate(truth.tolist()))


def test_all_that_applies_is_there():
    votes, gold = crowd(1)
    sheet = quality_sheet(votes, gold=gold, slices={"half": ["a", "b"] * 150}, bootstrap=QUICK)
    by_name = {figure.name: figure.estimate for figure in sheet.figures}

    assert (sheet.votes, sheet.items, sheet.annotators, sheet.labels, sheet.items_with_two) == (900, 300, 8, 3, 300)
    assert 0.9 < by_name["Accuracy on gold"].value < 1
    assert all(f.estimate.low <= f.estimate.value <= f.estimate.high for f in sheet.figures)
    assert [row.slice for row in sheet.by_slice] == ["a", "b"]
    assert sum(row.votes for row in sheet.by_label) == 900
    assert {row.annotator for row in sheet.by_annotator} == {f"p{i}" for i in range(8)}
    assert sum(sum(row) for row in sheet.confusion.values) == 300
    assert sum(one.reached.n for one in sheet.reliability) == 300
    assert len(sheet.chart.points) == len(sheet.chart.levels) == 36


def test_gold_is_kept_out_of_the_consensus_that_it_measures():
    votes, gold = crowd(2)
    with_gold, without = quality_sheet(votes, gold=gold, bootstrap=QUICK), quality_sheet(votes, bootstrap=QUICK)

    assert [row.skill for row in with_gold.by_annotator] == [row.skill for row in without.by_annotator]
    assert without.confusion is None
    assert without.reliability == ()


def test_the_same_votes_and_seed_make_the_same_sheet():
    votes, gold = crowd(3)

    assert quality_sheet(votes, gold=gold, bootstrap=QUICK) == quality_sheet(votes, gold=gold, bootstrap=QUICK)


@pytest.mark.parametrize(
    "votes",
    [
        table([], [], []),
        table([1, 2, 3], ["a", "a", "b"], ["x", "y", "x"]),
        table([1, 1, 2, 2], list("abab"), ["x"] * 4),
        table([1], ["a"], ["x"]),
    ],
    ids=["no votes", "one vote an item", "one label", "one vote"],
)
def test_little_makes_a_sheet_that_says_so(votes):
    sheet = quality_sheet(votes, bootstrap=QUICK)

    assert sheet.figures[0].estimate.value is None
    assert sheet.figures[0].estimate.warning in sheet_html(sheet)
    assert msgspec.json.decode(msgspec.json.encode(sheet))["votes"] == len(votes)


def test_texts_of_the_table_are_no_markup():
    votes = table([1, 1, 2, 2], ["<b>ann", "bob"] * 2, ["<script>alert(1)</script>", "y", "y", "y"])
    page = sheet_html(quality_sheet(votes, gold={1: "y"}, title="<img src=x>", bootstrap=QUICK))

    assert "<script" not in page
    assert "<img" not in page
    assert "<b>ann" not in page
    assert "&lt;script&gt;" in page


def test_each_step_is_told():
    seen = []
    quality_sheet(crowd(4)[0], bootstrap=QUICK, progress=lambda what, done, of: seen.append((what, done, of)))

    assert seen[-1] == ("done", 4, 4)
    assert [done for _, done, _ in seen] == [0, 1, 2, 3, 4]
