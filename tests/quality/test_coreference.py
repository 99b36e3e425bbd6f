"""B-cubed by hand: mixed, split and lone clusters, mentions that one author has alone, spans that do not quite agree."""

import math

import pytest
from msgspec.structs import replace

from karat.kinds import KINDS
from karat.model.response import Annotation, Author, Response
from karat.model.schema import read_schema
from karat.quality import agreement_of, b_cubed, cluster_agreement

SCHEMA, PROBLEMS = read_schema(
    {
        "karat_schema": 1,
        "streams": {"text": {"kind": "text"}},
        "fields": {
            "mentions": {"kind": "span", "on": "text", "clusters": True, "labels": {"name": {}, "pronoun": {}}},
            "topic": {"kind": "choice", "options": {"a": {}, "b": {}}},
        },
    },
    KINDS,
)
# The example of Bagga and Baldwin (1998), figure 1: the key has 1-5, 6-7 and 8-12.
KEY = {n: "ABC"[(n > 5) + (n > 7)] for n in range(1, 13)}


def said(who, *spans):
    annotations = tuple(
        Annotation(id=str(at), field="mentions", kind="span", label=label, value=((start, end),), group=group)
        for at, (start, end, label, group) in enumerate(spans)
    )
    return Response(author=Author(type="person", name=who, id=who), annotations=annotations)


@pytest.mark.parametrize(
    ("response", "precision", "recall"),
    [
        # Their first response joins {6, 7} to {8, …, 12}: (5 + 2·2/7 + 5·5/7) / 12.
        ({n: "x" if n <= 5 else "y" for n in KEY}, (5 + 4 / 7 + 25 / 7) / 12, 1.0),
        # Their second joins the two of five: (5·5/10 + 5·5/10 + 2) / 12.
        ({n: "y" if n in (6, 7) else "x" for n in KEY}, (2.5 + 2.5 + 2) / 12, 1.0),
        (KEY, 1.0, 1.0),
        # All alone: each cluster of n gives n · 1/n.
        ({n: n for n in KEY}, 1.0, 3 / 12),
        # All in one: (25 + 4 + 25) / 12 / 12.
        (dict.fromkeys(KEY, "x"), 54 / 144, 1.0),
    ],
)
def test_the_cases_of_the_paper_and_the_ends(response, precision, recall):
    found = b_cubed(response, KEY)
    back = b_cubed(KEY, response)

    assert (found.precision, found.recall) == pytest.approx((precision, recall))
    assert found.f1 == pytest.approx(2 * precision * recall / (precision + recall))
    assert (back.precision, back.recall, back.f1) == pytest.approx((recall, precision, found.f1))


def test_what_only_one_has_is_counted_and_changes_no_cluster():
    found = b_cubed({1: "x", 2: "x", 9: "x"}, {1: "a", 2: "a", 7: "a", 8: "b"})

    assert (found.precision, found.recall, found.f1) == (1.0, 1.0, 1.0)
    assert (found.mentions, found.only_a, found.only_b) == (2, 1, 2)
    assert math.isnan(b_cubed({}, {1: "a"}).f1)


def test_mentions_of_two_responses_are_paired_by_their_words():
    ada = said("Ada", (0, 7, "name", "p"), (20, 23, "pronoun", "p"), (40, 44, "name", None), (60, 64, "name", "q"))
    ben = said("Ben", (40, 44, "name", "f"), (0, 6, "name", "f"), (20, 23, "name", "g"), (80, 84, "name", "g"))

    found = cluster_agreement(ada, ben, SCHEMA, "mentions")
    strict = cluster_agreement(ada, ben, SCHEMA, "mentions", labeled=True)

    # Three pairs. Ada: {1, 2}, {3}; Ben: {1, 3}, {2}. Each has 1/2, 1/2 and 1.
    assert PROBLEMS == []
    assert (found.precision, found.recall, found.mentions) == pytest.approx((2 / 3, 2 / 3, 3))
    assert (found.only_a, found.only_b) == (1, 1)
    # The pronoun that Ben calls a name is no pair; then 1 and 3 are together for Ben only.
    assert (strict.precision, strict.recall, strict.mentions) == pytest.approx((1.0, 0.5, 2))


def test_the_report_has_the_mean_over_pairs_of_authors_with_its_interval():
    ada = said("Ada", (0, 7, "name", "p"), (20, 23, "pronoun", "p"), (40, 44, "name", None), (60, 64, "name", "q"))
    ben = said("Ben", (40, 44, "name", "f"), (0, 6, "name", "f"), (20, 23, "name", "g"), (80, 84, "name", "g"))
    alike = [replace(ada, author=Author(type="person", name=name, id=name)) for name in ("Ada", "Ben")]
    items = [(f"i{n}", [ada, ben] if n % 2 else alike) for n in range(30)]

    found = agreement_of([*items, ("none", [said("Ada", (0, 3, "name", None)), said("Ben")])], SCHEMA)["mentions"]

    assert (found.clusters.n, found.clusters.enough) == (30, True)
    assert found.clusters.value == pytest.approx(5 / 6)
    assert 2 / 3 < found.clusters.low < 5 / 6 < found.clusters.high < 1


def test_a_field_without_places_is_refused():
    with pytest.raises(ValueError, match="'topic' is no field of mentions of this schema: name one of mentions"):
        cluster_agreement(said("Ada"), said("Ben"), SCHEMA, "topic")
