"""A tiny simulated programme: what must hold whatever the figures are."""

import numpy as np
import pytest

from bench.programme.adaptive import GOLD, QUALIFY, Flow
from bench.programme.bound import holds
from bench.programme.figures import accuracy, people
from bench.programme.fixed import fixed
from bench.programme.people import world
from bench.programme.standing import Settings


@pytest.fixture(scope="module")
def ran():
    mine = world(3, items=200, labels=5)
    return mine, Flow(mine, Settings(minutes=300, most=4)).run()


def test_a_programme_is_the_same_for_the_same_seed():
    one, other = (fixed(world(5, items=50, labels=2)) for _ in range(2))

    assert (one.results == other.results).all()
    assert one.minutes == other.minutes


def test_nobody_answers_an_item_twice_and_none_is_asked_of_more_than_allowed(ran):
    mine, flow = ran
    asked = np.array([len(votes) for votes in flow.votes])

    # Gold is asked of everybody; what a removed person said no longer counts.
    assert np.sort(asked)[: mine.items - GOLD].max() <= 4
    assert asked.sum() <= flow.answers
    assert len(flow.results) == mine.items
    assert np.allclose(flow.posterior.sum(axis=1), 1)


def test_the_minutes_are_kept_but_for_what_everybody_had_begun(ran):
    mine, flow = ran

    assert flow.minutes <= 300 + sum(person.seconds for person in mine.people) / 60


def test_whoever_looks_stays_and_whoever_guesses_goes(ran):
    mine, flow = ran
    found = people([(mine, flow)])

    assert found["honest_removed"] == 0
    assert found["removed"]["spammer"] == 1
    assert accuracy(mine, flow)["accuracy"] > 0.8


def test_whoever_errs_too_often_is_sent_to_training(ran):
    mine, flow = ran

    assert {mine.people[n].sort for n, one in enumerate(flow.standings) if one.trained_at is not None} == {"colluder"}


def test_whoever_failed_the_training_gets_no_more_work():
    run = Flow(world(7, items=150, labels=3), Settings(minutes=80))
    run.standings[4].has_failed = True

    flow = run.run()

    assert sum(4 in votes for votes in flow.votes) == QUALIFY
    assert sum(5 in votes for votes in flow.votes) > QUALIFY


def test_what_one_answer_each_leaves_of_the_minutes_pays_reviews_of_the_riskiest():
    mine = world(6, items=300, labels=2)

    flow = Flow(mine, Settings(minutes=250, most=1, reviews=0.45)).run()

    once = [n for n, votes in enumerate(flow.votes) if len(votes) == 1]
    assert len(once) >= 150
    assert 0 < flow.reviews <= 0.45 * 300
    assert flow.minutes <= 250 + sum(person.seconds for person in mine.people) / 60


def test_a_bound_is_broken_by_few_samples_only():
    random = np.random.default_rng(1)
    right = random.random(400) < 0.9

    assert sum(holds(right, random) for _ in range(100)) >= 90
