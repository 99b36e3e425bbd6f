"""Who gets worse is seen, when, and at what hour."""

import numpy as np
import pytest

from karat.quality.drift_votes import accuracy_by_hour, charts_by_annotator
from karat.quality.votes import Votes


def votes_of(right, *, times=None, person="a"):
    """Votes of one person, right or wrong, on items whose label is x; a vote on another item names y."""
    n = len(right)
    columns = {
        "item": [*range(n), n],
        "who": [person] * n + ["other"],
        "label": [*("x" if r else "y" for r in right), "y"],
    }
    extra = {} if times is None else {"at": [*times, 0]}
    return Votes.from_table(columns | extra, item="item", annotator="who", label="label", time="at" if extra else None)


def known(n):
    return dict.fromkeys(range(n), "x")


@pytest.mark.parametrize("chart", ["ewma", "cusum"])
def test_somebody_who_gets_worse_raises_an_alarm_soon(chart):
    chance = np.random.default_rng(1)
    right = np.concatenate([chance.random(400) < 0.9, chance.random(200) < 0.65])

    found = charts_by_annotator(votes_of(right), known(600), chart=chart)["a"]
    first = int(np.argmax(found.chart.alarms))
    assert 20 <= first <= 24
    assert found.chart.level[first] < 0
    assert found.usual == pytest.approx(0.9, abs=0.06)


def test_steady_people_raise_alarms_about_as_rarely_as_stated():
    chance = np.random.default_rng(2)
    worlds = [votes_of(chance.random(600) < 0.85) for _ in range(100)]
    charts = [charts_by_annotator(v, known(600), baseline=15, run_length=370.0)["a"].chart for v in worlds]

    # 30 batches each: 8 in 100 raise one, and some more as 15 batches do not say exactly what is usual.
    assert np.mean([c.alarms.any() for c in charts]) < 0.2


def test_the_order_is_that_of_times():
    right = [True] * 200 + [False] * 200
    backward = charts_by_annotator(votes_of(right, times=range(400, 0, -1)), known(400))["a"]

    assert backward.right.tolist() == [0] * 10 + [20] * 10


def test_who_has_too_few_batches_has_no_chart():
    assert charts_by_annotator(votes_of([True] * 100), known(100)) == {}


def test_an_hour_at_which_people_err_stands_out():
    chance = np.random.default_rng(3)
    hour = chance.choice([9, 10, 14, 22], 2000)
    right = chance.random(2000) < np.where(hour == 22, 0.7, 0.9)
    found = {h.hour: h for h in accuracy_by_hour(votes_of(right, times=hour * 3600 + 86_400 * 20_000), known(2000))}

    assert sorted(found) == [9, 10, 14, 22]
    assert found[22].adjusted < 1e-6
    assert found[22].right.low < 0.7 < found[22].right.high


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda v: charts_by_annotator(v, known(3), batch=0), "batch=0"),
        (lambda v: charts_by_annotator(v, known(3), chart="shewhart"), "chart='shewhart'"),
        (lambda v: accuracy_by_hour(v, known(3)), "no times"),
    ],
)
def test_what_cannot_be_charted_is_told(call, says):
    with pytest.raises(ValueError, match=says):
        call(votes_of([True, True, False]))
