"""Rubrics: the derived score, what may change beneath answers, ties, and agreement on each criterion."""

import pytest

from karat.kinds import KINDS
from karat.kinds.rubric import RUBRIC, Rubric, score
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import read_schema
from karat.quality import agreement_of
from karat.quality.consensus import consensus_of

CRITERIA = {"correct": {"title": "Correct", "weight": 3}, "clear": {}}
SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"answers": {"kind": "candidates"}},
        "fields": {"quality": {"kind": "rubric", "each": "answer", "criteria": CRITERIA, "rationale": "allowed"}},
    },
    KINDS,
)
FIELD = SCHEMA.fields["quality"]


def said(who, **answers):
    """`a=(5, 1)` scores the answer a: correct and clear."""
    return Response(
        author=Author(type="person", name=who, id=who),
        annotations=tuple(
            Annotation(
                id=f"quality/{part}",
                field="quality",
                kind="rubric",
                on=On("answers", part),
                value=Rubric({"correct": correct, "clear": clear}, {"overall": f"{who} says"}),
            )
            for part, (correct, clear) in answers.items()
        ),
        covers={"quality": None},
    )


@pytest.mark.parametrize(("correct", "clear", "expected"), [(1, 1, 0), (5, 5, 1), (5, 1, 0.75), (1, 5, 0.25)])
def test_the_score_is_the_weighted_mean_as_a_share_of_the_scale(correct, clear, expected):
    assert score(Rubric({"correct": correct, "clear": clear}), FIELD) == pytest.approx(expected)


def test_weights_and_words_may_change_beneath_answers_and_what_is_scored_may_not():
    looser = RUBRIC.looser

    assert looser["criteria"]({"a": 1, "b": 2}, {"b": 3, "a": 4})
    assert not looser["criteria"]({"a": 1, "b": 2}, {"a": 1})
    assert not looser["criteria"]({"a": 1}, {"a": 1, "b": 2})
    assert [looser["rationale"](*change) for change in (("required", "allowed"), ("allowed", "none"))] == [True, False]


def test_other_reasons_for_the_same_scores_are_no_tie():
    [found] = consensus_of([said("a", x=(4, 2)), said("b", x=(4, 2))], SCHEMA)

    assert (found.tie, found.score) == (False, 1.0)
    assert found.annotations[0].value.scores == {"correct": 4, "clear": 2}


def test_reports_have_a_row_for_each_criterion_of_every_answer():
    items = [(f"i{n}", [said("a", x=(5, 1), y=(1, 1)), said("b", x=(5, 5), y=(1, 5))]) for n in range(3)]

    report = agreement_of(items, SCHEMA)

    assert [(f.field, f.title) for f in report.fields] == [
        ("quality", "Quality"),
        ("quality.correct", "Correct"),
        ("quality.clear", "Clear"),
    ]
    assert [f.percent.value for f in report.fields] == pytest.approx([0.75, 1.0, 0.0])
    assert [f.n_pairs for f in report.fields] == [6, 6, 6]
