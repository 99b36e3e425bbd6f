"""Whether somebody tires, from sums of sittings: a long sitting among short ones is no fatigue."""

import numpy as np
import pytest

from karat.quality.drift.sittings import FEW, Sitting, tiring


def sat(random, n, *, fall=0.0):
    hours = random.uniform(0, n / 30, n)
    right = (random.random(n) < np.clip(0.85 + random.normal(0, 0.05) - fall * hours, 0, 1)).astype(float)
    return Sitting(n, hours.sum(), (hours**2).sum(), right.sum(), (hours * right).sum())


def test_who_does_not_tire_is_seldom_said_to_where_one_sitting_is_long():
    random = np.random.default_rng(1)
    lengths = [20] * 11 + [300]
    found = [tiring([sat(random, n) for n in lengths]) for _ in range(300)]

    # 2.5 % on this side; sittings taken as alike, it was above 40 %.
    assert np.mean([one.high < 0 for one in found]) < 0.06


def test_who_tires_is_found_and_with_even_sittings_the_interval_is_students():
    random = np.random.default_rng(2)
    falls = [tiring([sat(random, 60, fall=0.12) for _ in range(24)]) for _ in range(40)]
    even = tiring([Sitting(2, 1.0, 1.0, 1.0, one) for one in (0.3, 0.4, 0.5, 0.6, 0.7) * 2])

    assert np.mean([one.high < 0 for one in falls]) > 0.95
    # Slopes -0.4, -0.2, 0, 0.2 and 0.4, twice each: t of 9 degrees of freedom, 2.262, times their standard error, 0.0943.
    assert (even.value, even.high) == (pytest.approx(0.0), pytest.approx(2.262157 * 0.0942809, rel=1e-5))


def test_few_sittings_say_nothing():
    random = np.random.default_rng(3)

    assert tiring([sat(random, 30) for _ in range(FEW - 1)]).value is None
