"""Answers on candidates become comparisons, rankings, agreement and a measure of what the place on the screen did."""

import pytest

from karat.kinds import KINDS
from karat.model import candidates
from karat.model.item import Item, Ref, Stream
from karat.model.response import Annotation, Author, Response
from karat.model.schema import read_schema
from karat.quality.compared import ballots_of, concordance, kendall_w_of, pairs_of, position_bias, rankings_of
from karat.quality.consensus import BradleyTerry, PlackettLuce

SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"a": {"kind": "candidates"}},
        "fields": {"r": {"kind": "ranking", "complete": False, "none_good": True}, "n": {"kind": "text"}},
    },
    KINDS,
)
MODELS = ("large", "middle", "small")


def item(number, models=MODELS):
    text = candidates.read([{"key": model[0], "content": f"{model} {number}", "source": model} for model in models])
    return Item(key=f"i{number}", streams={"a": Stream("candidates", Ref(inline=text))})


def says(who, order, shown=None, **more):
    value = {"order": [list(place) for place in order], **more}
    extra = {"shown": {"a": list(shown)}} if shown else {}
    return Response(
        author=Author(type="person", name=who),
        annotations=(Annotation(id="r", field="r", kind="ranking", value=value),),
        covers={"r": None},
        extra=extra,
    )


def ballots(*items):
    return list(ballots_of(((item(n), responses) for n, responses in enumerate(items)), SCHEMA, "r"))


def test_orders_become_comparisons_of_sources_with_ties():
    pairs = pairs_of(ballots([says("Ann", ["l", "ms"])]))

    told = {
        (pairs.objects[b], pairs.objects[w], bool(t))
        for b, w, t in zip(pairs.better, pairs.worse, pairs.tied, strict=True)
    }
    assert told == {("large", "middle", False), ("large", "small", False), ("middle", "small", True)}


def test_the_scores_of_both_models_put_the_better_first():
    given = ballots(*[[says("Ann", "lms"), says("Ben", "lsm" if n % 3 else "mls")] for n in range(12)])

    pairwise, ranked = (
        BradleyTerry(skilled="nobody").fit(pairs_of(given)),
        PlackettLuce(skilled="nobody").fit(rankings_of(given)),
    )

    for model, names in ((pairwise, pairs_of(given).objects), (ranked, rankings_of(given).objects)):
        assert names[model.scores_.argmax()] == "large"


def test_kendalls_w_is_that_of_siegel_and_castellan():
    # Their example of 1988, section 9.4: three who rank six applicants, W = 0.162.
    ranks = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]

    assert kendall_w_of(ranks) == pytest.approx(0.162, abs=5e-4)


def test_concordance_is_one_where_all_say_the_same_and_unknown_where_none_compares():
    same, alone = [says("Ann", "lms"), says("Ben", "lms")], [says("Ann", "lms")]

    assert concordance(ballots(same, same)).value == 1.0
    assert concordance(ballots(alone)).warning


def test_who_takes_the_first_whatever_it_is_shows_position_bias():
    lazy = ballots(
        *[[says("Ann", order, order), says("Ben", "lms", order)] for order in ("lms", "sml", "msl", "slm") * 6]
    )

    every = position_bias(b for b in lazy if b.author.endswith("Ann"))
    fair = position_bias(b for b in lazy if b.author.endswith("Ben"))

    assert (every.first.value, every.is_biased) == (1.0, True)
    assert (fair.first.value, fair.is_biased) == (0.25, False)
    assert every.expected == pytest.approx(1 / 3)


def test_ties_none_good_and_unknown_orders_do_not_count_for_position_bias():
    given = ballots([says("Ann", ["lm", "s"], "lms"), says("Ben", [], "lms", none_good=True), says("Cem", "lms")])

    assert position_bias(given).first.n == 0
    assert not position_bias(given).is_biased


def test_another_field_is_refused_by_name():
    with pytest.raises(ValueError, match="'n' is no field of kind ranking: name one of r"):
        list(ballots_of([], SCHEMA, "n"))
