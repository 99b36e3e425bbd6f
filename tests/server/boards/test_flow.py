"""The project as work: what stands where, what is left, how much of it is wrong."""

import pytest

from karat.quality.forecast import days_left
from karat.quality.sums import Sums
from karat.server.boards.flow import bound_of
from tests.server.review.judging import POLICY


def test_items_stand_at_their_stages_and_what_is_left_is_forecast(work, team, until):
    place = work(items=5, people=1, policy=POLICY)
    (task, *_) = place.claim(place.people[0], 2)
    place.submit(place.people[0], task)
    at = f"/projects/{place.project}/flow"

    found = until(
        lambda: team.manager.get(at).json(),
        lambda body: body["weeks"] != [] and [row["items"]["n"] for row in body["stages"][:2]] == [4, 1],
    )

    stages = {row["stage"]: row for row in found["stages"]}
    assert {state: one["n"] for state, one in stages["label"]["by_state"].items()} == {"open": 4}
    assert {state: one["n"] for state, one in stages["review"]["by_state"].items()} == {"review": 1}
    assert (stages["review"]["waits_for"], stages["review"]["who"]) == ("people", ["reviewer"])
    assert [(one["person"]["name"], one["n"]) for one in stages["label"]["held"]] == [("Annotator", 1)]
    assert (stages["label"]["stayed"]["n"], stages["label"]["is_bottleneck"]) == (1, True)
    left = {one["of"]: one["left"] for one in found["forecast"]}
    assert left == {"answers": 4, "judged": 1}
    assert found["defects"]["bound"] is None
    assert team.annotator.get(at).status_code == 403


def test_a_bound_counts_what_weights_are_worth():
    even = sum((Sums.of(1.0) for _ in range(299)), Sums())
    uneven = even + Sums.of(1.0, weight=100.0)

    assert bound_of(even) == pytest.approx(0.01, abs=1e-4)
    assert bound_of(uneven) > 0.15, "one answer that stands for a hundred makes the others worth little"
    assert bound_of(Sums()) is None


def test_a_forecast_says_nothing_from_a_day_and_more_the_longer_it_looks():
    assert days_left(100, [10, 10]).value is None
    steady, uneven = days_left(100, [10] * 8), days_left(100, [0, 0, 0, 40] * 2)
    assert (steady.low, steady.value, steady.high) == (10, 10, 10)
    assert uneven.low < 10
    assert uneven.high is None, "days on which nothing is done may go on"
    some = days_left(100, [5, 15] * 4)
    assert some.low < 10 < some.high
    assert days_left(0, []).value == 0
