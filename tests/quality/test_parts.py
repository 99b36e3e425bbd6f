"""Fields that are answered for each part of a stream: units are (item, part), and an item's numbers are made of them."""

import pytest

from karat.kinds import KINDS
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import read_schema
from karat.quality import agreement_of
from karat.quality.consensus import ProjectLearner, Watch, consensus_of, settlers_of
from karat.quality.differences import differences, disagreement
from karat.quality.structured import Responses

SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"chat": {"kind": "dialogue"}},
        "fields": {
            "ok": {"kind": "choice", "options": {"yes": {}, "no": {}}, "each": "turn"},
            "bad": {"kind": "rating", "each": "turn", "when": {"ok": "no"}},
        },
    },
    KINDS,
)


def said(who, *, covers=("ok", "bad"), bad=None, **ok):
    """`t1="yes"` answers the turn 1."""
    given = [("ok", "choice", part[1:], value) for part, value in ok.items()]
    given += [("bad", "rating", part, value) for part, value in (bad or {}).items()]
    return Response(
        author=Author(type="person", name=who, id=who),
        annotations=tuple(
            Annotation(id=f"{field}/{part}", field=field, kind=kind, on=On("chat", part), value=value)
            for field, kind, part, value in given
        ),
        covers=dict.fromkeys(covers),
    )


def test_each_part_is_settled_by_itself_and_the_item_has_their_mean():
    people = [said("a", t1="yes", t3="no"), said("b", t1="yes", t3="no"), said("c", t1="yes", t3="yes")]

    [found] = [one for one in consensus_of(people, SCHEMA) if one.field == "ok"]

    assert [(a.id, a.on.part, a.value, round(a.confidence, 3)) for a in found.annotations] == [
        ("ok/1", "1", "yes", 1.0),
        ("ok/3", "3", "no", 0.667),
    ]
    assert (round(found.score, 3), found.tie, found.n) == (0.833, False, 3)


def test_who_was_not_asked_about_a_part_is_missing_there_and_a_tie_on_one_part_is_a_tie():
    people = [said("a", t1="no", t3="yes", bad={"1": 5}), said("b", t1="yes", t3="yes")]

    found = {one.field: one for one in consensus_of(people, SCHEMA)}

    assert (found["ok"].tie, found["ok"].n) == (True, 2)
    assert [(a.id, a.value) for a in found["bad"].annotations] == [("bad/1", 5)]
    assert found["bad"].n == 1


def test_who_covered_a_field_left_open_what_others_answered_and_who_did_not_is_missing():
    open_, missing = said("b", t1="yes"), said("c", covers=(), t1="yes")

    assert disagreement([said("a", t1="yes", t3="no"), open_], SCHEMA) == pytest.approx(0.5)
    assert disagreement([said("a", t1="yes", t3="no"), missing], SCHEMA) == pytest.approx(0.0)


def test_two_answers_differ_by_the_mean_over_parts():
    [found] = differences(said("a", t1="yes", t3="no"), said("b", t1="yes", t3="yes"), SCHEMA)

    assert (found.field, found.distance) == ("ok", 0.5)
    assert [(pair.a, pair.distance) for pair in found.pairs] == [("ok/1", 0.0), ("ok/3", 1.0)]


def test_agreement_counts_every_part_and_draws_items_whole():
    items = [
        (f"i{n}", [said("a", t1="yes", t3="no"), said("b", t1="yes", t3="no" if n % 2 else "yes")]) for n in range(40)
    ]

    report = agreement_of(items, SCHEMA)["ok"]

    # Krippendorff's alpha by hand: 160 answers, 100 "yes" and 60 "no"; 20 of 80 pairs differ.
    assert report.percent.value == pytest.approx(0.75)
    assert report.alpha.value == pytest.approx(1 - 0.25 / (2 * 100 * 60 / (160 * 159)))
    assert (report.n_items, report.n_pairs) == (40, 80)
    assert report.most_disagreed(limit=1)[0].distance == 0.5


def test_models_of_a_project_learn_from_parts_and_settle_them():
    items = [[said(who, t0="yes", t1="no", t2="yes") for who in "abc"] for _ in range(40)]
    learner = ProjectLearner(SCHEMA, method="default")
    for responses in items:
        learner.add(responses)
    known = learner.learn()

    settlers = settlers_of(SCHEMA, known.values())
    merged = consensus_of(items[0], SCHEMA, method="default", settlers=settlers)
    watch = Watch(SCHEMA, known)
    watch.add(items[0], merged)

    assert known["ok"].votes == 40 * 3 * 3
    assert [(a.id, a.value) for a in merged[0].annotations] == [("ok/0", "yes"), ("ok/1", "no"), ("ok/2", "yes")]
    assert merged[0].learned
    assert (watch.seen.known, watch.seen.agreed) == (9, 9)


def test_every_part_is_an_item_of_its_own_in_a_table():
    table = Responses.from_responses([("i", [said("a", t1="yes", t3="no"), said("b", t1="no")])], SCHEMA, "ok")

    assert table.items.tolist() == ["i/1", "i/3"]
    assert list(table.values.raw) == ["yes", "no", "no"]
    assert len(table.look_items) == 4
