"""Ways out of a stage: by verdict, by what is known, by chance; and no item is ever stranded between them."""

from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.model.policy import read_policy
from karat.model.ways import Bound, Edge, Level, Sight, Way, When, way_out
from karat.model.yaml import read_yaml
from karat.policies import QUEUES
from karat.policies.flow import (
    Claimed,
    Dropped,
    Freed,
    ItemState,
    Recounted,
    Requeued,
    Resolved,
    Reviewed,
    Seen,
    Submitted,
    Withdrawn,
    advance,
    is_offered,
    taken_of,
    wanted_of,
)


def policy(text):
    found, problems = read_policy(read_yaml(text)[0], QUEUES, ["default"])
    assert problems == []
    return found


REVIEWED = policy("""
stages:
  label: {do: label, next: [{share: 0.2, to: review}, {to: accept}]}
  review: {do: review, next: {accepted: accept, fixed: accept, rejected: label}}
  accept: {do: resolve, by: consensus}
""")
TWICE = policy("""
stages:
  label: {do: label, overlap: 2, until: {sure: 0.9, most: 4}, next: [{when: {differ: {below: 0.7}}, to: decide}, {to: review}]}
  review: {do: review, next: {accepted: second, fixed: second, rejected: label}}
  second: {do: review, next: {accepted: accept, fixed: accept, rejected: decide}}
  decide: {do: adjudicate, next: [{to: accept}]}
  accept: {do: resolve, by: consensus}
""")
PLAIN = policy("stages: {label: {do: label, overlap: 3, next: [{to: accept}]}, accept: {do: resolve, by: consensus}}")
START = ItemState(stage="label")
LOW, HIGH = Sight(draw=0.1, risk=0.01), Sight(draw=0.9, risk=0.01)


def replay(*events, policy=REVIEWED, start=START, sight=None):
    return reduce(lambda before, event: advance(before[0], event, policy, sight), events, (start, frozenset()))


def test_a_drawn_item_goes_to_review_by_its_chance_and_another_does_not():
    waiting, _ = replay(Claimed(), Submitted())
    drawn, effects = replay(Seen(), start=waiting, sight=LOW)
    other, _ = replay(Seen(), start=waiting, sight=HIGH)

    assert (waiting.stage, waiting.state) == ("label", "labeled")
    assert (drawn.stage, drawn.state, drawn.chance, effects) == ("review", "review", 0.2, {"offer"})
    assert (other.stage, other.state, other.chance) == ("accept", "labeled", 0.8)


def test_a_rejected_item_comes_back_to_its_author_or_to_all():
    waiting, _ = replay(Claimed(), Submitted())
    drawn, _ = replay(Seen(), Claimed(), start=waiting, sight=LOW)
    back, effects = replay(Reviewed("rejected", dropped=1), start=drawn, sight=LOW)
    held, withheld = replay(Reviewed("rejected", dropped=1, rework=1), start=drawn, sight=LOW)

    assert (back.stage, back.state, back.claims, effects) == ("label", "open", 0, {"offer"})
    assert (held.state, held.claims, withheld) == ("open", 1, frozenset())
    # Of two answers one was rejected and one replaced: the item wants no more, so nobody holds it to do it again.
    two = ItemState(stage="review", state="review", answers=2, claims=1)
    judged, effects = replay(Reviewed("rejected", dropped=1, rework=1), start=two, sight=LOW)
    assert (judged.state, judged.claims, effects) == ("review", 0, {"offer"})


def test_an_answer_taken_back_ends_the_claim_of_its_reviewer():
    waiting, _ = replay(Claimed(), Submitted())
    drawn, _ = replay(Seen(), Claimed(), start=waiting, sight=LOW)
    back, effects = replay(Withdrawn(), start=drawn)

    assert (back.stage, back.state, back.answers, back.claims, effects) == ("label", "open", 0, 1, {"clear"})


def test_more_people_are_asked_until_the_result_is_sure_or_the_most_have_answered():
    state, _ = replay(Claimed(), Claimed(), Submitted(), Submitted(), policy=TWICE)
    unsure = Sight(draw=0.5, risk=0.4, agreement={None: 0.9})
    more, effects = replay(Seen(), start=state, policy=TWICE, sight=unsure)
    most, _ = replay(
        Claimed(), Submitted(), Seen(), Claimed(), Submitted(), Seen(), start=more, policy=TWICE, sight=unsure
    )
    sure, _ = replay(Seen(), start=state, policy=TWICE, sight=HIGH)

    assert (state.state, more.state, more.wanted, effects) == ("labeled", "open", 3, {"offer"})
    assert (most.answers, most.stage) == (4, "review")
    assert sure.stage == "review"


def test_a_rejection_at_the_second_review_may_lead_to_an_expert_though_answers_are_missing():
    state = ItemState(stage="second", state="review", answers=2, claims=1)
    judged, _ = replay(Reviewed("rejected", dropped=1), start=state, policy=TWICE, sight=HIGH)
    held, _ = replay(Claimed(), Recounted(), start=judged, policy=TWICE)
    decided, effects = replay(Resolved(decided=True), start=held, policy=TWICE)

    assert (judged.stage, judged.state) == ("decide", "review")
    assert (held.stage, held.claims) == ("decide", 1)
    assert (decided.stage, decided.state, decided.claims, effects) == (
        "accept",
        "done",
        0,
        {"clear"},
    )


@pytest.mark.parametrize(
    ("when", "sight", "holds"),
    [
        (When(agree=Level(above=0.8)), Sight(draw=0, agreement={None: 0.8}), True),
        (When(agree=Level()), Sight(draw=0), False),
        (When(differ=Level(field="topic", below=0.5)), Sight(draw=0, agreement={None: 0.9, "topic": 0.4}), True),
        (When(differ=Level(field="topic", below=0.5)), Sight(draw=0, agreement={None: 0.4, "topic": 0.5}), False),
        (When(tie=True), Sight(draw=0, is_tie=True), True),
        (When(risk=Bound(above=0.3)), Sight(draw=0, risk=0.2), False),
        (When(skill=Bound(below=0.7)), Sight(draw=0, skill=None), False),
        (When(answers=Bound(below=50)), Sight(draw=0, answers=3), True),
        (When(metadata={"language": ["sw", "yo"]}), Sight(draw=0, metadata={"language": "yo"}), True),
        (When(metadata={"night": True}), Sight(draw=0, metadata={}), False),
    ],
)
def test_a_condition_holds_or_does_not(when, sight, holds):
    assert way_out([Edge("there", when=when), Edge("on")], sight=sight).to == ("there" if holds else "on")


def test_shares_draw_one_after_another():
    edges = [Edge("a", share=0.25), Edge("b", share=0.5), Edge("c")]
    draws = [way_out(edges, sight=Sight(draw=n / 1000)) for n in range(1000)]

    assert [draws.count(Way(*w)) for w in (("a", 0.25), ("b", 0.375), ("c", 0.375))] == [250, 375, 375]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("rejected: label", "rejected: lable", "stages.review.next[2].to"),
        ("fixed: accept, ", "", "stages.review.next"),
        ("share: 0.2", "share: 20", "stages.label.next[0].share"),
        (", {to: accept}]", "]", "stages.label.next[0]"),
        ("do: label,", "do: label, until: {sure: 2},", "stages.label.until.sure"),
        ("do: label,", "do: review,", "start"),
        ("to: review", "to: accept", "stages.review"),
        ("share: 0.2", "when: {verdict: fixed}", "stages.label.next[0].when.verdict"),
        ("do: review,", "do: review, overlap: 2,", "stages.review.overlap"),
    ],
)
def test_a_graph_that_would_strand_items_is_refused(old, new, path):
    good = """
stages:
  label: {do: label, next: [{share: 0.2, to: review}, {to: accept}]}
  review: {do: review, next: {accepted: accept, fixed: accept, rejected: label}}
  accept: {do: resolve, by: consensus}
"""
    found, problems = read_policy(read_yaml(good.replace(old, new, 1))[0], QUEUES, ["default"])

    assert found is None
    assert path in [problem.path for problem in problems]


def possible(state, rules):
    """The events that can happen to an item in this state."""
    found = [Requeued(), Recounted(), Seen(), Submitted(held=False), Resolved(decided=True)]
    found += [Claimed()] * is_offered(state, rules)
    found += [Freed()] * bool(state.claims)
    if state.state == "review":
        found += [Reviewed(verdict, held=bool(state.claims)) for verdict in ("accepted", "fixed")] * 2
        found += [Reviewed("rejected", held=bool(state.claims), dropped=1, rework=rework) for rework in (0, 1)] * bool(
            state.answers
        )
    else:
        found += [Submitted()] * bool(state.claims)
    found += [Withdrawn(), Dropped()] * bool(state.answers)
    return found + [Resolved()] * (state.state in ("labeled", "done") and not state.decided)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.data())
def test_whatever_happens_an_item_waits_for_somebody_or_something(data):
    state, rules, is_held = START, REVIEWED, False
    for _ in range(data.draw(st.integers(1, 40))):
        rules = data.draw(st.sampled_from([rules, rules, rules, REVIEWED, TWICE, PLAIN]))
        is_held = data.draw(st.sampled_from([is_held, is_held, not is_held]))
        event = data.draw(st.sampled_from(possible(state, rules)))
        sight = (
            data.draw(st.sampled_from([LOW, HIGH, Sight(draw=0.5, risk=0.5)]))
            if not isinstance(event, Claimed)
            else None
        )
        before, (state, effects) = state, advance(state, Recounted(), rules, is_held=is_held)
        if event in possible(state, rules):
            before, (state, effects) = state, advance(state, event, rules, sight, is_held=is_held)

        assert min(state.answers, state.claims, state.surplus) >= 0
        assert state.stage in rules.stages
        do = rules.stages[state.stage].do
        assert (state.state == "review") == (do in ("review", "adjudicate"))
        assert state.state != "open" or do == "label"
        waits = is_offered(state, rules) or state.claims or state.state in ("labeled", "done")
        assert waits, state
        assert not is_held or state.state != "done" or before.state == "done", "nothing is accepted while it is held"
        freed, _ = advance(state, Recounted(), rules)
        assert not state.decided or freed.state == "done", "what a person chose stands once it is not"
        assert before.decided == state.decided or state.decided or "unresolve" in effects or before.state != "done"
        if before.stage in rules.stages:
            assert not (is_offered(state, rules) and not is_offered(before, rules)) or effects & {"offer", "later"}
            if not isinstance(event, Recounted):
                assert not (is_offered(before, rules) and not is_offered(state, rules)) or "withhold" in effects
        assert not isinstance(event, Reviewed) or state.state == "open" or not state.claims, "nobody does it again"
        assert not isinstance(event, Claimed) or taken_of(state) <= max(wanted_of(state, rules), taken_of(before) + 1)
