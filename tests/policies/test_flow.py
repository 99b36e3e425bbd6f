"""Replaying what happened to an item gives where it stands."""

from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.model.policy import Edge, Enough, Policy, Stage, default_policy
from karat.model.ways import Sight
from karat.policies import QUEUES, Waiting
from karat.policies.flow import (
    Added,
    Claimed,
    Contested,
    Dropped,
    Freed,
    ItemState,
    Recounted,
    Requeued,
    Resolved,
    Seen,
    Skipped,
    Submitted,
    Unskipped,
    Withdrawn,
    advance,
    is_offered,
    wanted_of,
)

TWO = default_policy(overlap=2)
START = ItemState(stage="label")
TWO_STAGES = Policy(
    stages={
        "label": Stage(do="label", overlap=2, next=(Edge(to="expert"),)),
        "expert": Stage(do="label", overlap=1, next=(Edge(to="accept"),)),
        "accept": Stage(do="resolve", by="consensus", method="majority"),
    }
)


def replay(*events, policy=TWO, start=START):
    """The last state and its effects."""
    return reduce(lambda before, event: advance(before[0], event, policy), events, (start, frozenset()))


def test_an_item_is_labeled_once_as_many_have_answered_as_the_stage_asks():
    state, effects = replay(Claimed(), Claimed(), Submitted(), Submitted())

    assert (state.stage, state.state, state.answers, state.claims) == ("accept", "labeled", 2, 0)
    assert effects == {"resolve"}


def test_the_last_free_place_takes_the_item_out_of_the_queue():
    assert replay(Claimed())[1] == {"take"}
    assert replay(Claimed(), Claimed())[1] == {"withhold"}


@pytest.mark.parametrize("event", [Freed(), Skipped()])
def test_a_place_that_comes_free_offers_the_item_again(event):
    assert replay(Claimed(), Claimed(), event)[1] == {"offer"}


def test_a_skip_may_come_back_to_the_same_person_after_everything_else():
    assert replay(Claimed(), Skipped(requeue="me"))[1] == {"later"}


def test_a_skip_may_set_the_item_aside_until_somebody_asks_for_it():
    state, effects = replay(Claimed(), Skipped(requeue="none"))

    assert state.aside
    assert effects == {"withhold"}
    assert replay(Requeued(), start=state)[1] == {"offer"}


def test_undoing_a_skip_brings_the_item_back_to_its_author():
    state, _ = replay(Claimed(), Skipped(requeue="none"), Unskipped())

    assert (state.aside, state.claims) == (False, 1)


def test_a_late_answer_takes_a_free_place():
    state, _ = replay(Claimed(), Freed(), Submitted(held=False))

    assert (state.answers, state.surplus) == (1, 0)


def test_a_late_answer_without_a_place_is_surplus():
    state, effects = replay(Claimed(), Claimed(), Submitted(held=False))

    assert (state.answers, state.claims, state.surplus, effects) == (0, 2, 1, frozenset())


def test_a_surplus_answer_takes_the_place_that_comes_free():
    state, effects = replay(Claimed(), Claimed(), Submitted(held=False), Freed())

    assert (state.answers, state.claims, state.surplus) == (1, 1, 0)
    assert effects == {"promote"}


def test_an_undone_answer_keeps_its_place_as_a_claim():
    state, effects = replay(Claimed(), Claimed(), Submitted(), Submitted(), Withdrawn())

    assert (state.state, state.answers, state.claims, effects) == ("open", 1, 1, frozenset())


def test_an_excluded_answer_reopens_its_item():
    state, effects = replay(Claimed(), Claimed(), Submitted(), Submitted(), Dropped())

    assert (state.stage, state.state, state.answers) == ("label", "open", 1)
    assert effects == {"offer"}


def test_a_result_of_the_consensus_falls_with_an_answer_it_was_made_of():
    _, effects = replay(Claimed(), Claimed(), Submitted(), Submitted(), Resolved(), Dropped())

    assert "unresolve" in effects


def test_a_result_that_a_person_chose_stands():
    state, effects = replay(Claimed(), Claimed(), Submitted(), Submitted(), Resolved(decided=True), Dropped())

    assert (state.state, effects) == ("done", frozenset())


def test_a_result_of_the_consensus_falls_with_a_tie():
    state, effects = replay(Claimed(), Claimed(), Submitted(), Submitted(), Resolved(), Contested())

    assert (state.stage, state.state, effects) == ("accept", "labeled", {"unresolve"})


def test_a_tie_does_not_undo_what_a_person_chose():
    state, effects = replay(Claimed(), Claimed(), Submitted(), Submitted(), Resolved(decided=True), Contested())

    assert (state.state, effects) == ("done", frozenset())


def test_asking_again_wants_one_more_than_there_are():
    state, effects = replay(Claimed(), Claimed(), Submitted(), Submitted(), Resolved(), Requeued())

    assert (wanted_of(state, TWO), state.state) == (3, "open")
    assert effects == {"offer", "unresolve"}


def test_more_answers_are_wanted_where_the_policy_now_asks_for_more():
    labeled, _ = replay(Claimed(), Claimed(), Submitted(), Submitted())
    state, effects = replay(Recounted(), start=labeled, policy=default_policy(overlap=3))

    assert (state.state, effects) == ("open", {"offer"})


def test_fewer_answers_close_an_item_that_has_them():
    state, effects = replay(Claimed(), Submitted(), Recounted(), policy=TWO)
    closed, closing = replay(Recounted(), start=state, policy=default_policy())

    assert effects == {"offer"}
    assert (closed.state, closing) == ("labeled", {"withhold", "resolve"})


def test_imported_answers_count():
    state, effects = replay(Added(), Added())

    assert (state.state, effects) == ("labeled", {"resolve", "withhold"})


def test_an_item_goes_on_to_a_second_stage_of_labeling():
    state, effects = replay(Claimed(), Claimed(), Submitted(), Submitted(), policy=TWO_STAGES)
    done, last = replay(Claimed(), Submitted(), start=state, policy=TWO_STAGES)

    assert (state.stage, state.state, effects) == ("expert", "open", {"offer"})
    assert (done.stage, done.state, last) == ("accept", "labeled", {"resolve"})


def possible(state):
    """The events that can happen to an item in this state."""
    found = [Requeued(), Recounted(), Contested(), Submitted(held=False), Resolved(decided=True)]
    found += [Claimed()] * is_offered(state, TWO)
    found += [Freed(), Submitted(), Skipped(), Skipped(requeue="me"), Skipped(requeue="none")] * bool(state.claims)
    found += [Withdrawn(), Dropped()] * bool(state.answers)
    found += [Withdrawn(counted=False), Dropped(counted=False)] * bool(state.surplus)
    return found + [Resolved()] * (state.state != "open") + [Unskipped()] * state.aside


@settings(deadline=None, derandomize=True)
@given(st.data())
def test_whatever_happens_no_count_is_negative_and_no_place_is_given_twice(data):
    state = START
    for _ in range(data.draw(st.integers(1, 40))):
        event = data.draw(st.sampled_from(possible(state)))
        before, (state, effects) = state, advance(state, event, TWO)

        assert min(state.answers, state.claims, state.surplus) >= 0
        assert not isinstance(event, Claimed) or state.answers + state.claims <= wanted_of(state, TWO)
        assert state.state != "labeled" or state.answers >= wanted_of(state, TWO)
        assert not (is_offered(state, TWO) and not is_offered(before, TWO)) or effects & {"offer", "later"}
        assert not (is_offered(before, TWO) and not is_offered(state, TWO)) or "withhold" in effects


@pytest.mark.parametrize("name", QUEUES)
@settings(deadline=None, derandomize=True)
@given(st.lists(st.builds(Waiting, st.integers(1, 10**9), st.integers(0, 100))))
def test_a_queue_gives_every_item_a_priority_that_never_falls(name, items):
    priorities = QUEUES[name].prioritise(items)
    later = QUEUES[name].prioritise([Waiting(item.item, item.taken + 1) for item in items])

    assert len(priorities) == len(items)
    assert all(0 <= before <= after < 2**62 for before, after in zip(priorities, later, strict=True))
    assert QUEUES[name].follows_slots or priorities == later


def test_queues_are_sorted_by_name():
    assert list(QUEUES) == sorted(QUEUES)


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.floats(0, 1)), min_size=2))
@settings(deadline=None, derandomize=True)
def test_a_queue_by_risk_puts_new_items_first_and_of_two_with_as_many_answers_the_riskier(given_items):
    waiting = [Waiting(n, taken, risk) for n, (taken, risk) in enumerate(given_items, start=1)]
    for name, queue in QUEUES.items():
        priorities = queue.prioritise(waiting)
        assert all(0 <= priority < 2**62 for priority in priorities)
        assert queue.follows_risk or priorities == queue.prioritise([Waiting(w.item, w.taken) for w in waiting]), name
    by_risk = QUEUES["most_doubtful"].prioritise(waiting)
    for one, before in zip(waiting, by_risk, strict=True):
        for other, after in zip(waiting, by_risk, strict=True):
            if other.risk is not None and (one.risk is None or (one.taken == other.taken and one.risk > other.risk)):
                assert before <= after


def test_a_spent_budget_lets_items_go_with_what_they_have_unless_somebody_holds_them():
    accept = Stage(do="resolve", by="consensus")
    label = Stage(do="label", until=Enough(sure=0.95, most=5, budget=10), next=(Edge(to="accept"),))
    policy = Policy(stages={"label": label, "accept": accept})
    waiting = ItemState(stage="label", answers=1, wanted=2)
    spent = Sight(draw=0.0, risk=0.4, is_spent=True)

    gone, effects = advance(waiting, Seen(), policy, spent)
    held, _ = advance(ItemState(stage="label", answers=1, wanted=2, claims=1), Seen(), policy, spent)
    asked, _ = advance(ItemState(stage="label", answers=1, state="labeled"), Seen(), policy, Sight(draw=0.0, risk=0.4))

    assert (gone.stage, gone.wanted, "withhold" in effects, "resolve" in effects) == ("accept", None, True, True)
    assert (held.stage, held.wanted) == ("label", 2)
    assert (asked.state, asked.wanted) == ("open", 2)
