"""Plans of the standard: tightened, reduced and double ones, and when to switch between them."""

import numpy as np
import pytest
from scipy.optimize import brentq

from karat.quality.acceptance.double_plans import DoublePlan, iso_double_plan
from karat.quality.acceptance.plans import AQLS, Plan, iso_plan
from karat.quality.acceptance.switching import Inspection


# MIL-STD-105E = ISO 2859-1:1989, table II-B; letters of level II.
@pytest.mark.parametrize(
    ("lot", "aql", "letter", "n", "accept"),
    [
        (1000, 1.0, "J", 80, 1),
        (2000, 1.0, "K", 125, 2),
        (5000, 1.0, "L", 200, 3),
        (20_000, 1.0, "M", 315, 5),
        (100_000, 1.0, "N", 500, 8),
        (400_000, 1.0, "P", 800, 12),
        (600_000, 1.0, "Q", 1250, 18),
        (100, 1.0, "F", 20, 0),
        (200, 1.0, "J", 80, 1),  # G points down to J
        (400, 1.0, "J", 80, 1),  # H points down to J
        (2, 10.0, "D", 2, 1),  # at 10 % no letter accepts on none; the whole lot is smaller than the sample
        (2000, 6.5, "K", 125, 12),
        (5000, 6.5, "L", 200, 18),
        (5000, 10.0, "K", 125, 18),  # L points up to K
    ],
)
def test_tightened_plans_are_those_of_the_standard(lot, aql, letter, n, accept):
    found = iso_plan(lot, aql, inspection="tightened")

    assert (found.letter, found.n, found.accept) == (letter, n, accept)


# MIL-STD-105E = ISO 2859-1:1989, table II-C.
@pytest.mark.parametrize(
    ("lot", "aql", "n", "accept", "reject"),
    [(1000, 1.0, 32, 1, 3), (2000, 1.0, 50, 1, 4), (5000, 1.0, 80, 2, 5), (60, 1.0, 5, 0, 1), (400, 1.0, 20, 0, 2)],
)
def test_reduced_plans_are_those_of_the_standard(lot, aql, n, accept, reject):
    found = iso_plan(lot, aql, inspection="reduced")

    assert (found.n, found.accept, found.reject) == (n, accept, reject)
    assert found.passes(reject - 1)
    assert not found.passes(reject)


# MIL-STD-105E = ISO 2859-1:1989, tables III-A and III-B.
@pytest.mark.parametrize(
    ("lot", "aql", "inspection", "numbers"),
    [
        (1000, 1.0, "normal", (50, 0, 3, 3)),
        (1000, 2.5, "normal", (50, 2, 5, 6)),
        (2000, 2.5, "normal", (80, 3, 7, 8)),
        (5000, 4.0, "normal", (125, 7, 11, 18)),
        (1000, 1.0, "tightened", (50, 0, 2, 1)),
        (5000, 2.5, "tightened", (125, 3, 7, 11)),
    ],
)
def test_double_plans_are_those_of_the_standard(lot, aql, inspection, numbers):
    found = iso_double_plan(lot, aql, inspection=inspection)

    assert (found.n, found.accept, found.reject, found.accept_both) == numbers


# MIL-STD-105E, table X-J-1: the quality, in percent, at which 95, 50 and 10 % of lots pass (n = 80).
@pytest.mark.parametrize(
    ("accept", "passing"), [(1, (0.446, 2.09, 4.78)), (2, (1.03, 3.33, 6.52)), (5, (3.32, 7.06, 11.3))]
)
def test_the_curve_is_that_of_the_standard(accept, passing):
    found = [brentq(lambda p, c=c: float(Plan(80, accept).chance_to_pass(p)) - c, 0, 1) for c in (0.95, 0.5, 0.1)]

    assert [100 * p for p in found] == pytest.approx(passing, rel=0.006)


@pytest.mark.parametrize("inspection", ["normal", "tightened"])
@pytest.mark.parametrize("aql", [0.65, 1.0, 1.5, 2.5, 4.0])
def test_a_double_plan_passes_about_as_often_as_the_single_one_and_looks_at_fewer(inspection, aql):
    single, double = (make(5000, aql, inspection=inspection) for make in (iso_plan, iso_double_plan))
    rates = np.linspace(0.001, 0.15, 60).tolist()

    assert np.abs(single.chance_to_pass(rates) - double.chance_to_pass(rates)).max() < 0.08
    assert double.expected_looks(rates).max() < 1.1 * single.n
    assert double.expected_looks(aql / 200) < single.n


@pytest.mark.parametrize("lot", [None, 200])
def test_the_curve_of_a_double_plan_is_what_drawing_gives(lot):
    plan, chance = DoublePlan(20, 0, 3, 3, lot), np.random.default_rng(1)
    passed = 0
    for _ in range(4000):
        bad = np.arange(200) < 10 if lot else None
        seen = chance.permutation(bad)[:40] if lot else chance.random(40) < 0.05
        said = plan.verdict(int(seen[:20].sum()))
        passed += (plan.verdict(int(seen[:20].sum()), int(seen[20:].sum())) if said == "look again" else said) == "pass"

    assert passed / 4000 == pytest.approx(float(plan.chance_to_pass(0.05)), abs=0.025)


def test_every_plan_of_the_tables_exists_and_is_harder_when_tightened():
    for aql in AQLS:
        for lot in (5, 40, 300, 3000, 30_000, 600_000):
            normal, tightened, reduced = (iso_plan(lot, aql, inspection=i) for i in ("normal", "tightened", "reduced"))
            assert float(tightened.chance_to_pass(3 * aql / 100)) <= float(normal.chance_to_pass(3 * aql / 100)) + 0.06
            assert reduced.n <= normal.n


def after(series, *defects, lot=1000, aql=1.0):
    for found in defects:
        series = series.after(lot, aql, found)
    return series


def test_two_bad_lots_of_five_tighten_and_five_good_ones_loosen():
    assert after(Inspection(), 3, 0, 0, 0, 0, 3).severity == "normal"  # two of six
    tightened = after(Inspection(), 3, 0, 0, 3)

    assert tightened.severity == "tightened"
    assert after(tightened, 0, 1, 0, 0).severity == "tightened"
    assert after(tightened, 0, 1, 0, 0, 1) == Inspection()
    assert after(tightened, 0, 0, 2, 0, 0, 0, 0).severity == "tightened"


def test_five_bad_lots_while_tightened_stop_everything():
    stopped = after(Inspection("tightened"), 2, 2, 0, 2, 2, 2)

    assert stopped.stopped
    with pytest.raises(ValueError, match="inspection is stopped"):
        stopped.after(1000, 1.0, 0)


def test_ten_lots_that_a_harder_limit_would_pass_reduce_inspection():
    # n = 80 accepts 2; at the next lower limit 1.
    assert after(Inspection(), *[1] * 9).score == 27
    assert after(Inspection(), *[1] * 10).severity == "reduced"
    assert after(Inspection(), *[1] * 9, 2).score == 0
    assert after(Inspection(), *[0] * 14, lot=100).score == 28  # accepts on none: 2 for each
    assert Inspection().after(1000, 1.0, 1, may_reduce=False).severity == "normal"


def test_more_defects_than_accepted_end_reduced_inspection():
    assert after(Inspection("reduced"), 1).severity == "reduced"
    assert after(Inspection("reduced"), 2) == Inspection()  # passes, for 3 reject


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: iso_plan(100, 1.0, inspection="strict"), "inspection='strict'"),
        (lambda: iso_double_plan(100, 1.0), "there is no double plan"),
        (lambda: iso_double_plan(1000, 1.0, inspection="reduced"), "inspection='reduced'"),
        (lambda: DoublePlan(5, 0, 2, 1).chance_to_pass(2.0), "rates lie between 0 and 1"),
        (lambda: Inspection().after(1000, 1.0, -1), "defects=-1"),
    ],
)
def test_what_cannot_be_asked_is_told(call, says):
    with pytest.raises(ValueError, match=says):
        call()
