"""Consensus of several labels an item: planted worlds, labels that go together, gold, ties, and what is at the edges."""

import msgspec
import numpy as np
import pytest

from karat.kinds import KINDS
from karat.model.response import Annotation, Author, Response
from karat.model.schema import read_schema
from karat.quality import MultiLabel, Votes
from karat.quality.consensus.by_kind import model_of
from karat.quality.consensus.checkboxes import fit
from karat.quality.consensus.fields import consensus_of
from karat.quality.consensus.learning import Knowledge
from karat.quality.consensus.methods import METHODS
from karat.quality.consensus.multilabel import ticks_of
from karat.quality.consensus.projects import ProjectLearner, settlers_of
from karat.quality.responses import Said
from tests.quality.worlds import votes_of


def world(*, together=True, items=300, labels=8, people=25, each=4, seed=0):
    """Items of three types with common labels of their own (or of one), and annotators who miss and invent some."""
    random = np.random.default_rng(seed)
    common = np.where(random.random((3, labels)) < 0.35, 0.8, 0.05) if together else np.full((3, labels), 0.3)
    truth = random.random((items, labels)) < common[random.integers(0, 3, items)]
    hit, false = random.beta(6, 3, people), random.beta(1.5, 12, people)
    rows = []
    for item in range(items):
        for who in random.choice(people, each, replace=False):
            ticked = np.flatnonzero(random.random(labels) < np.where(truth[item], hit[who], false[who]))
            rows += [(item, who, int(label)) for label in ticked] or [(item, who, -1)]
    table = dict(zip("ial", map(np.array, zip(*rows, strict=True)), strict=True))
    return Votes.from_table(table, item="i", annotator="a", label="l", labels=[-1, *range(labels)]), truth, hit, false


def f1(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


def test_labels_are_found_that_the_vote_misses():
    votes, truth, *_ = world(together=False)
    shares = ticks_of(votes, {}, none=-1)[0].shares()

    model = MultiLabel(none=-1).fit(votes)

    assert f1(model.posterior_ > 0.5, truth) > f1(shares >= 0.5, truth) > f1(shares > 0.5, truth)
    assert max(model.evidences_, key=model.evidences_.get) == 1


def test_labels_that_go_together_speak_for_one_another():
    votes, truth, *_ = world()

    model = MultiLabel(none=-1).fit(votes)

    assert max(model.evidences_, key=model.evidences_.get) > 1
    alone = fit(ticks_of(votes, {}, none=-1)[0], 1, seed=0).belief
    assert f1(model.posterior_ > 0.5, truth) > f1(alone > 0.5, truth)


def test_posteriors_are_about_right():
    votes, truth, *_ = world()

    posterior = MultiLabel(none=-1).fit(votes).posterior_
    place = np.minimum((posterior * 10).astype(int), 9)
    gap = np.abs(np.bincount(place.ravel(), (posterior - truth).ravel())).sum() / truth.size

    assert gap < 0.06


def test_who_ticks_what_rightly_is_recovered():
    votes, _, hit, false = world(items=600)

    model = MultiLabel(none=-1).fit(votes)

    assert np.corrcoef(model.hit_.mean(axis=1), hit)[0, 1] > 0.9
    assert np.corrcoef(model.false_.mean(axis=1), false)[0, 1] > 0.9
    assert (model.skill_.low < model.skill_.value).all() and (model.skill_.value < model.skill_.high).all()


def test_gold_is_certain_and_an_unknown_label_in_it_is_named():
    votes = votes_of([(1, "x", "cat"), (1, "y", "dog"), (2, "x", "dog")])

    assert MultiLabel().fit(votes, {1: ["dog"]}).posterior_[0].tolist() == [0.0, 1.0]
    assert MultiLabel().fit(votes, {2: []}).sets_[1] == ()
    with pytest.raises(ValueError, match="the gold of item 1 has the label 'cow'"):
        MultiLabel().fit(votes, {1: ["cow"]})


def test_a_label_ticked_twice_is_one_tick_and_order_does_not_matter():
    rows = [(1, "x", "cat"), (1, "y", "dog"), (2, "x", "dog"), (2, "y", "dog"), (3, "x", "-"), (3, "y", "cat")]

    once = MultiLabel(none="-").fit(votes_of(rows))
    twice = MultiLabel(none="-").fit(votes_of([*rows[::-1], rows[0]]))

    assert twice.posterior_ == pytest.approx(once.posterior_, abs=1e-6)


def test_nobody_and_nothing_ticked_have_results():
    nobody = MultiLabel(none="-").fit(votes_of([]))
    nothing = MultiLabel(none="-").fit(votes_of([(1, "x", "-"), (1, "y", "-")], labels=["-", "cat"]))

    assert nobody.sets_ == [] and nobody.posterior_.shape == (0, 0)
    assert nothing.sets_ == [()] and nothing.posterior_[0, 0] < 0.3


def ticked(*given):
    return [
        Said(who, (Annotation(id="on", field="on", kind="choice", value=tuple(options)),) if options else (), None)
        for who, options in given
    ]


def test_a_field_of_several_options_is_settled_by_what_was_learned():
    schema, _ = read_schema(
        {
            "karat_schema": 1,
            "streams": {"t": {"kind": "text"}},
            "fields": {"on": {"kind": "choice", "multiple": True, "options": {"sun": {}, "rain": {}, "snow": {}}}},
        },
        KINDS,
    )
    field, kind = schema.fields["on"], KINDS["choice"]
    model = model_of(field, kind)
    learner = model.learner(field, kind, METHODS["default"])
    for item in range(60):
        right = [("rain", "sun"), ("snow",), ("sun",), ()][item % 4]
        wild = [("snow",), ("rain",), ("sun", "snow"), ("sun",)][item * 7 % 4]
        learner.add(ticked(("a", right), ("b", right), ("c", right[:1]), ("wild", wild)), None)
    knowledge = learner.learn()
    settle = model.settler(field, kind, knowledge)

    both = settle(ticked(("a", ("rain", "sun")), ("wild", ("snow",))), None)
    assert both.annotations[0].value == ("sun", "rain")
    assert both.score > 0.7 and set(both.probabilities) <= {"sun", "rain", "snow"}
    assert settle(ticked(("a", ()), ("b", ())), None).annotations[0].value == ()
    assert settle(ticked(("a", ("sun",))), ticked(("gold", ("snow",)))[0]).annotations[0].value == ("snow",)
    assert settle(ticked(("a", ("hail",))), None) is None
    skill = {one.author: one.value for one in knowledge.skills}
    assert skill["a"] > skill["c"] > skill["wild"]


def test_a_project_of_texts_ratings_and_options_is_learned_stored_and_settled():
    schema, _ = read_schema(
        {
            "karat_schema": 1,
            "streams": {"t": {"kind": "text"}},
            "fields": {
                "says": {"kind": "text"},
                "good": {"kind": "rating"},
                "on": {"kind": "choice", "multiple": True, "options": {"sun": {}, "rain": {}}},
            },
        },
        KINDS,
    )

    def responses(good, options, says):
        return [
            Response(
                author=Author(type="person", name=who),
                covers=dict.fromkeys(("says", "good", "on")),
                annotations=(
                    Annotation(id="says", field="says", kind="text", value=says if who != "c" else "other words here"),
                    Annotation(id="good", field="good", kind="rating", value=good if who != "c" else 3),
                    Annotation(id="on", field="on", kind="choice", value=options if who != "c" else ()),
                ),
            )
            for who in "abc"
        ]

    learner = ProjectLearner(schema, method="default")
    for item in range(40):
        learner.add(responses(1 + item % 5, ("sun",) if item % 2 else ("sun", "rain"), f"item {item} is fine"))
    stored = [msgspec.json.decode(msgspec.json.encode(one), type=Knowledge) for one in learner.learn().values()]
    merged = consensus_of(
        responses(5, ("sun", "rain"), "all is well"), schema, method="default", settlers=settlers_of(schema, stored)
    )

    assert [one.field for one in merged] == ["says", "good", "on"]
    assert [one.annotations[0].value for one in merged] == ["all is well", 5, ("sun", "rain")]
    assert all(0 < one.score <= 1 for one in merged)
