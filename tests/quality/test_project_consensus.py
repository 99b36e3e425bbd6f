"""Consensus learned over a project: who is how good moves results, soft labels are there, and new answers are watched."""

import msgspec
import numpy as np
import pytest

from karat.model.response import Author
from karat.quality.consensus import METHODS, Knowledge, ProjectLearner, Watch, choices, consensus_of, settlers_of
from karat.testing.responses import NOTE, OBJECTS, TOPIC, answer, response, schema

SCHEMA = schema({"topic": TOPIC, "objects": OBJECTS, "note": NOTE})
GOOD, BAD = ("ada", "ben"), ("cem", "dan", "eve")


def said(who, value):
    return response(who, *([] if value is None else [answer("topic", value)]), covers={"topic": None})


def world(*, items=200, seed=0, good=0.95, bad=0.4):
    """Two who know, and three who mostly guess."""
    random = np.random.default_rng(seed)
    truth = random.choice(["a", "b", "c"], items)
    skills = dict.fromkeys(GOOD, good) | dict.fromkeys(BAD, bad)
    return truth, [
        [said(who, t if random.random() < skill else random.choice(["a", "b", "c"])) for who, skill in skills.items()]
        for t in truth
    ]


def learned(items, *, method="default"):
    learner = ProjectLearner(SCHEMA, method=method)
    for responses in items:
        learner.add(responses)
    return learner.learn()


@pytest.fixture(scope="module")
def knowledge():
    return learned(world()[1])


def settled(known, responses):
    [found] = consensus_of(responses, SCHEMA, method="default", settlers=settlers_of(SCHEMA, known.values()))
    return found


def test_two_who_know_outvote_three_who_guess(knowledge):
    found = settled(knowledge, [said("ada", "a"), said("ben", "a"), *(said(who, "b") for who in BAD)])

    assert (found.annotations[0].value, found.method, found.n, found.tie) == ("a", "default", 5, False)
    assert found.score == found.annotations[0].confidence > 0.6
    assert found.probabilities == found.annotations[0].probabilities
    assert sum(found.probabilities.values()) == pytest.approx(1, abs=0.002)


def test_skills_have_intervals_and_tell_who_is_good(knowledge):
    skills = {s.author: s for s in knowledge["topic"].skills}

    assert set(skills) == {*GOOD, *BAD}
    assert min(skills[who].low for who in GOOD) > max(skills[who].high for who in BAD)
    assert all(0 <= s.low < s.value < s.high <= 1 and s.n == 200 for s in skills.values())


@pytest.mark.parametrize("method", METHODS)
def test_the_accuracy_that_is_promised_is_reached_whatever_the_method(method):
    truth, items = world(seed=7)
    known = learned(items, method=method)
    settlers = settlers_of(SCHEMA, known.values())

    right = np.mean(
        [
            consensus_of(r, SCHEMA, method=method, settlers=settlers)[0].annotations[0].value == t
            for r, t in zip(items, truth, strict=True)
        ]
    )

    promised = known["topic"].accuracy
    assert promised.low - 0.03 <= right <= promised.high + 0.03
    assert (promised.n, promised.of, promised.warning) == (200, "items", None)


def test_the_accuracy_interval_holds_the_accuracy_in_most_worlds():
    held = 0
    for seed in range(20):
        truth, items = world(items=80, seed=100 + seed, good=0.85, bad=0.6)
        known = learned(items)
        settlers = settlers_of(SCHEMA, known.values())
        right = np.mean(
            [
                consensus_of(r, SCHEMA, method="default", settlers=settlers)[0].annotations[0].value == t
                for r, t in zip(items, truth, strict=True)
            ]
        )
        held += known["topic"].accuracy.low <= right <= known["topic"].accuracy.high

    assert held >= 17


def test_knowledge_goes_to_json_and_back(knowledge):
    again = msgspec.json.decode(msgspec.json.encode(knowledge), type=dict[str, Knowledge])
    item = [said("ada", "a"), said("cem", "b")]

    assert settled(again, item) == settled(knowledge, item)


def test_an_option_nobody_had_given_is_merged_by_the_vote():
    known = learned([[said("ada", "a"), said("ben", "b")], [said("ada", "a"), said("ben", "a")]])

    found = settled(known, [said("ada", "c"), said("ben", "c")])

    assert (found.annotations[0].value, found.score, found.method) == ("c", 1.0, "majority")


def test_leaving_it_open_is_an_answer_with_a_probability():
    known = learned(
        [[said(who, None) for who in "xyz"] if n % 2 else [said(who, "a") for who in "xyz"] for n in range(40)]
    )

    found = settled(known, [said(who, None) for who in "xyz"])

    assert (found.annotations, found.tie) == ((), False)
    assert found.score > 0.9
    assert found.probabilities["a"] == pytest.approx(1 - found.score, abs=1e-5)


def test_gold_is_certain_and_teaches():
    gold = msgspec.structs.replace(said("key", "b"), author=Author(type="gold", name="key", id="key"))
    crowd = [said("ada", "a"), said("ben", "a")]
    known = learned([[*crowd, gold]] * 30)

    found = settled(known, [*crowd, gold])

    assert (found.annotations[0].value, found.score) == ("b", 1.0)
    assert all(s.high < 0.3 for s in known["topic"].skills)


def test_the_vote_keeps_its_ties_and_the_model_calls_near_ones_so():
    items = world()[1]
    even = [[said("x", one), said("y", other)] for one in "ab" for other in "ab" for _ in range(10)]
    near = settled(learned(even), [said("x", "a"), said("y", "b")])
    split = [said("ada", "a"), said("ben", "b")]
    majority = learned(items, method="majority")
    [vote] = consensus_of(split, SCHEMA, method="majority", settlers=settlers_of(SCHEMA, majority.values()))

    assert (vote.tie, vote.annotations[0].value, vote.score) == (True, "a", 0.5)
    assert near.tie
    assert vote.probabilities == {"a": 0.5, "b": 0.5}


def test_of_very_many_items_some_are_drawn(monkeypatch):
    truth, items = world(items=150)
    monkeypatch.setattr(choices, "MOST_CELLS", 300)
    known = learned(items)

    assert (known["topic"].items, known["topic"].votes) == (150, 750)
    assert known["topic"].accuracy.n == 100
    assert settled(known, items[0]).annotations[0].value == truth[0]


def test_more_confusions_than_memory_should_hold_are_not_learned(monkeypatch):
    monkeypatch.setattr(choices, "MOST_CONFUSIONS", 44)

    assert learned(world(items=20)[1]) == {}


def test_a_method_that_is_not_listed_is_refused():
    with pytest.raises(ValueError, match="no method 'best' of consensus; name one of default, majority"):
        consensus_of([said("ada", "a")], SCHEMA, method="best")


def watched(knowledge, items):
    watch = Watch(SCHEMA, knowledge)
    for responses in items:
        watch.add(responses, [settled(knowledge, responses)])
    return watch


def test_answers_as_before_are_no_reason_to_learn_anew(knowledge):
    watch = watched(knowledge, world(items=60, seed=3)[1])

    assert watch.why(answers=1060, learned_from=1000) is None
    assert abs(watch.deviation) < 4


def test_a_fifth_more_answers_strangers_and_worse_answers_are_reasons(knowledge):
    strangers = watched(knowledge, [[said(f"new{n % 3}", "a"), said("ada", "a")] for n in range(60)])
    worse = watched(knowledge, world(items=60, seed=3, good=0.35)[1])

    assert watched(knowledge, []).why(answers=1300, learned_from=1000) == "1300 answers, 1000 when it was last learned"
    assert "60 answers of authors who were not there" in strangers.why(answers=1060, learned_from=1000)
    assert "were expected" in worse.why(answers=1060, learned_from=1000)


def test_answers_that_nobody_else_gave_say_nothing_of_their_authors():
    crowd = world()[1]
    alone = [[said("ada", "a")] for _ in range(100)] + [[said("fay", "b")] for _ in range(100)]
    known = learned([*crowd, *alone])["topic"]

    assert learned(alone) == {}
    assert {s.author for s in known.skills} == {*GOOD, *BAD}
    assert all(s.n == 200 for s in known.skills)
    assert (known.items, known.votes, known.accuracy.n) == (400, 1200, 400)
    assert settled({"topic": known}, [said("fay", "b")]).score < settled({"topic": known}, [said("ada", "b")]).score


def test_where_all_that_several_answered_is_known_it_is_learned_all_the_same():
    random = np.random.default_rng(3)
    truth, items = world(items=60, seed=3)
    key = Author(type="gold", name="key", id="key")
    pairs = zip(truth, items, strict=True)
    known = [[*said_of, msgspec.structs.replace(said("key", t), author=key)] for t, said_of in pairs]
    alone = [[said(str(random.choice(GOOD)), str(random.choice(["a", "b", "c"])))] for _ in range(30)]

    found = learned([*known, *alone])["topic"]

    assert found.accuracy.n == 30
    assert 0.5 < found.accuracy.low < found.accuracy.value < found.accuracy.high <= 1
