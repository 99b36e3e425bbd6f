"""Relations of several authors are compared and merged by what their ends were matched to."""

import pytest

from karat.kinds import KINDS
from karat.kinds.checking import check_annotations, parse_annotations
from karat.kinds.relation import Relation
from karat.model.response import Annotation, Author, Response
from karat.model.schema import read_schema
from karat.quality import agreement_of, consensus_of, differences, link_f1

SCHEMA, PROBLEMS = read_schema(
    {
        "karat_schema": 1,
        "streams": {"text": {"kind": "text"}, "photo": {"kind": "image", "optional": True}},
        "fields": {
            "relations": {
                "kind": "relation",
                "labels": {"works_for": {}, "knows": {}},
                "ends": {"works_for": {"from": {"entities": ["person"]}, "to": {"entities": ["firm"]}}},
            },
            "entities": {"kind": "span", "on": "text", "labels": {"person": {}, "firm": {}}},
            "boxes": {"kind": "box", "on": "photo", "labels": {"face": {}}},
            "topic": {"kind": "choice", "options": {"a": {}, "b": {}}},
        },
    },
    KINDS,
)


def span(ident, start, end, label="person"):
    return Annotation(id=ident, field="entities", kind="span", label=label, value=((start, end),))


def link(ident, source, target, label="works_for"):
    return Annotation(id=ident, field="relations", kind="relation", label=label, value=Relation(source, target))


def said(who, *annotations):
    covers = {"relations": None, "entities": None}
    return Response(author=Author(type="person", name=who, id=who), annotations=annotations, covers=covers)


ADA = said("Ada", span("1", 0, 3), span("2", 13, 17, "firm"), link("3", "1", "2"))
BEN = said("Ben", span("x", 13, 18, "firm"), span("y", 0, 3), link("z", "y", "x"))
CEM = said("Cem", span("1", 0, 3), span("2", 13, 17, "firm"), span("4", 30, 34), link("5", "1", "4", "knows"))
NOBODY = said("Dan", span("1", 0, 3))


def test_relations_are_the_same_where_their_ends_were_matched():
    apart = {d.field: d for d in differences(ADA, BEN, SCHEMA)}

    assert PROBLEMS == []
    assert apart["relations"].distance == 0
    assert [(p.a, p.b) for p in apart["relations"].pairs] == [("3", "z")]


def test_equal_ids_of_different_things_are_no_match():
    turned = said("Ben", span("2", 0, 3), span("1", 13, 17, "firm"), link("3", "1", "2"))

    [apart] = [d for d in differences(ADA, turned, SCHEMA) if d.field == "relations"]

    assert (apart.distance, apart.only_a, apart.only_b) == (1.0, ("3",), ("3",))


def test_consensus_keeps_a_relation_of_most_between_what_it_kept():
    merged = {one.field: one for one in consensus_of([ADA, BEN, CEM], SCHEMA)}

    [relation] = merged["relations"].annotations
    at = {a.id: a.value for a in merged["entities"].annotations}
    assert relation.label == "works_for"
    assert (at[relation.value.source], at[relation.value.target]) == (((0, 3),), ((13, 17),))
    assert relation.confidence == pytest.approx(2 / 3)
    _, problems = check_annotations([*merged["entities"].annotations, relation], SCHEMA, complete=True)
    assert problems == []


def test_consensus_has_no_relation_to_what_most_did_not_see():
    merged = {
        one.field: one for one in consensus_of([CEM, NOBODY, NOBODY], SCHEMA, weights={"Cem": 1.0}, method="weighted")
    }

    assert merged["relations"].annotations == ()


def test_weight_decides_which_relation_stays():
    heavy = {one.field: one for one in consensus_of([ADA, BEN, CEM], SCHEMA, weights={"Cem": 5.0}, method="weighted")}

    assert [a.label for a in heavy["relations"].annotations] == ["knows"]


def test_link_f1_counts_hits_of_both_ends_and_the_label():
    # Ada and Ben have one relation in common; Cem has another one: 2 * 1 hits of 6 given.
    f1 = link_f1([[ADA, BEN, CEM]], SCHEMA, "relations")

    assert (f1.value, f1.n) == (pytest.approx(1 / 3), 1)


def test_link_f1_may_leave_labels_out():
    other = said("Ben", span("x", 13, 18, "firm"), span("y", 0, 3), link("z", "y", "x", "knows"))

    labeled, unlabeled = (link_f1([[ADA, other]], SCHEMA, "relations", labeled=one) for one in (True, False))

    assert (labeled.value, unlabeled.value) == (0.0, 1.0)


def test_link_f1_refuses_a_field_without_relations():
    with pytest.raises(ValueError, match="'entities' is no field of relations of this schema: name one of relations"):
        link_f1([], SCHEMA, "entities")


def test_agreement_reports_relations_beside_their_ends():
    report = agreement_of([(str(i), [ADA, BEN]) for i in range(3)], SCHEMA)

    assert report["relations"].percent.value == 1.0
    assert report["relations"].role == "link"


def test_a_relation_to_a_broken_or_absent_end_is_left_out_and_told_once():
    given = b"""[
      {"id": "1", "field": "entities", "kind": "span", "label": "person", "value": [[0, 3]]},
      {"id": "2", "field": "entities", "kind": "span", "label": "firm", "value": [[9, 9]]},
      {"id": "t", "field": "topic", "kind": "choice", "value": "a"},
      {"id": "r", "field": "relations", "kind": "relation", "label": "works_for", "value": {"from": "1", "to": "2"}},
      {"id": "s", "field": "relations", "kind": "relation", "label": "knows", "value": {"from": "1", "to": "9"}},
      {"id": "q", "field": "relations", "kind": "relation", "label": "knows", "value": {"from": "1", "to": "topic"}}
    ]""".replace(b'"id": "t"', b'"id": "topic"')

    annotations, problems = parse_annotations(given, SCHEMA, complete=False)

    assert [a.id for a in annotations] == ["1", "topic"]
    assert [p.path for p in problems] == [
        "annotations[1].value[0][1]",
        "annotations[4].value.to",
        "annotations[5].value.to",
    ]
