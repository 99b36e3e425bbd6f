"""The quality sheet says what applies, with intervals, and lets nothing of the table into the page as markup."""

import msgspec
import numpy as np
import pytest

from karat.quality.sheet import quality_sheet, sheet_html
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
    assert {(c.who, c.measure) for c in sheet.charts if c.who == "all"} == {
        ("all", "share right"),
        ("all", "mix of labels"),
    }
    assert all(len(c.points) == len(c.levels) == len(c.n) >= 4 for c in sheet.charts)


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

    assert seen[-1] == ("done", 6, 6)
    assert [done for _, done, _ in seen] == list(range(7))


def dated(seed, *, items=400):
    """Votes of six people with dates, seconds, languages and teams; one hurries, one errs more in the night language."""
    chance = np.random.default_rng(seed)
    item = np.repeat(np.arange(items), 3)
    person = np.concatenate([chance.permutation(6)[:3] for _ in range(items)])
    truth = chance.choice(["cat", "dog"], items)
    wrong = chance.random(len(item)) < np.where(item % 2, 0.35, 0.05)
    label = np.where(wrong, np.where(truth[item] == "cat", "dog", "cat"), truth[item])
    seconds = chance.lognormal(2, 0.4, len(item)) * np.where(person == 5, 0.2, 1.0)
    start = 1_790_000_000 + 40_000 * (np.arange(len(item)) // 300)
    votes = table(
        item.tolist(), [f"p{p}" for p in person], label.tolist(), time=(start + np.arange(len(item)) * 5).tolist()
    )
    return votes, dict(enumerate(truth.tolist())), seconds


def test_speed_time_slices_and_groups_are_there_and_what_stands_out_comes_first():
    votes, gold, seconds = dated(5)
    teams = {f"p{i}": "old" if i < 3 else "new" for i in range(6)}
    sheet = quality_sheet(
        votes,
        gold=gold,
        slices={"language": ["en", "fr"] * 200},
        groups={"team": teams},
        seconds=seconds,
        bootstrap=QUICK,
    )
    of = {row.annotator: row for row in sheet.by_annotator}
    errors = {(r.by, r.name): r for r in sheet.differences if r.what == "differs from gold"}
    page = sheet_html(sheet)

    assert sheet.against == "gold"
    assert [name for name, row in of.items() if row.speeding] == ["p5"]
    assert of["p0"].pace.low < of["p0"].pace.value < of["p0"].pace.high
    assert {f.name for f in sheet.figures} >= {"Time and quality", "Fatigue", "Wrong at most"}
    assert errors["language", "fr"].p < 0.001
    assert errors["language", "fr"].odds_ratio.low > 1 > errors["language", "en"].odds_ratio.high
    assert errors["annotators by team", "old"].p > 0.01
    assert [row.slice for row in sheet.by_slice] == ["en", "fr", "old", "new"]
    assert {(c.who, c.measure) for c in sheet.charts} >= {("all", "seconds a vote"), ("p0", "agreement with others")}
    assert all(c.first.low <= c.first.value <= c.first.high for c in sheet.charts)
    assert sheet.hours
    assert sheet.session
    assert sheet.coverage[0].imbalance == 1
    assert any("Faster than half the usual time" in s and "p5" in s for s in sheet.findings)
    assert any("Unlike the others: language" in s for s in sheet.findings)
    for words in ("Differences", "Coverage", "Over time", "Hours and sessions", "speeding", "What to look at first"):
        assert words in page


def test_numbers_that_only_order_the_votes_are_no_hours_and_no_seconds():
    sheet = quality_sheet(crowd(6)[0], bootstrap=QUICK)

    assert sheet.charts
    assert (sheet.hours, sheet.session) == ((), ())
    assert {row.pace for row in sheet.by_annotator} == {None}


def test_plots_are_named_and_stand_beside_tables():
    votes, gold, seconds = dated(7)
    page = sheet_html(quality_sheet(votes, gold=gold, seconds=seconds, bootstrap=QUICK))

    plots = page.count('<svg role="img" aria-label="')
    assert plots >= 4
    assert page.count("<svg") == plots + page.count('<svg class="bar" viewBox="0 0 100 12" aria-hidden="true">')
    assert page.count("<caption>") == page.count("<table")
    assert "prefers-color-scheme:dark" in page
    assert "@media print" in page
    assert "http" not in page.replace("http-equiv", "")
