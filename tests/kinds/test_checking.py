"""Annotations are read in two steps, and every mistake is told at its full path."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.kinds import KINDS
from karat.kinds.box import Box
from karat.kinds.checking import check_annotations, check_covers, check_response, encode_annotations, parse_annotations
from karat.kinds.terms import answers_of, terms_of
from karat.model.kind import Facts
from karat.model.response import Annotation, On
from karat.model.schema import read_schema
from karat.testing.responses import answer, response
from karat.testing.values import arbitrary_json

SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {
            "photo": {"kind": "image"},
            "second": {"kind": "image", "optional": True},
            "text": {"kind": "text"},
        },
        "fields": {
            "objects": {
                "kind": "box",
                "on": "photo",
                "attributes": {"sure": {"kind": "choice", "options": {"yes": {}, "no": {}}}},
                "labels": {
                    "person": {},
                    "car": {
                        "attributes": {
                            "occluded": {"kind": "choice", "options": {"yes": {}, "no": {}}, "default": "no"},
                            "plate": {"kind": "text", "when": {"occluded": "no"}, "max_length": 8, "required": True},
                            "parts": {"kind": "choice", "multiple": True, "options": {"door": {}, "roof": {}}},
                        }
                    },
                },
            },
            "other": {"kind": "box", "on": "second", "labels": {"thing": {}}},
            "entities": {"kind": "span", "labels": {"name": {}}},
            "weather": {"kind": "choice", "options": {"sun": {}, "rain": {}}, "required": True},
            "depth": {"kind": "text", "when": {"weather": "rain"}, "required": True},
            "secret": {"kind": "text", "searchable": False},
        },
    },
    KINDS,
)
FACTS = {"photo": Facts(width=100, height=80), "text": Facts(length=20)}
SIDES = {"left": 1, "top": 2, "right": 30, "bottom": 40}
PERSON = {"id": "1", "field": "objects", "kind": "box", "label": "person", "value": SIDES}
CAR = {**PERSON, "label": "car", "attributes": {"plate": "B 1"}}
SUN = {"id": "weather", "field": "weather", "kind": "choice", "value": "sun"}
RAIN = {**SUN, "value": "rain"}


def parse(*annotations, complete=False, facts=FACTS):
    return parse_annotations(json.dumps(annotations).encode(), SCHEMA, facts=facts, complete=complete)


def paths(*annotations, **more):
    return [p.path for p in parse(*annotations, **more)[1]]


def test_good_annotations_come_back_with_values_of_their_kinds():
    found, problems = parse(PERSON, SUN, complete=True)

    assert problems == []
    assert found == (
        Annotation(id="1", field="objects", kind="box", label="person", value=Box(1, 2, 30, 40)),
        Annotation(id="weather", field="weather", kind="choice", value="sun"),
    )


def test_everything_around_the_value_is_kept():
    full = {
        **PERSON, "version": 1, "on": {"stream": "photo"}, "confidence": 0.5, "probabilities": {"person": 0.7, "car": 0.3},
        "from": {"response": "r", "annotation": "a"}, "group": "g", "z": 3, "extra": {"tool": {"made": ["by", 1]}},
    }  # fmt: skip

    found, problems = parse(full)

    assert problems == []
    assert json.loads(encode_annotations(found)) == [{k: v for k, v in full.items() if k != "version"}]


def test_what_was_read_is_read_again_from_what_is_written():
    found, _ = parse(CAR, SUN, complete=True)

    assert parse_annotations(encode_annotations(found), SCHEMA, facts=FACTS, complete=True) == (found, [])


def test_entries_may_be_given_one_by_one_or_as_part_of_a_body():
    raw = [msgspec.Raw(json.dumps(a).encode()) for a in (PERSON, SUN)]

    assert parse_annotations(raw, SCHEMA, complete=False) == parse(PERSON, SUN)
    assert parse_annotations(msgspec.Raw(json.dumps([PERSON, SUN]).encode()), SCHEMA, complete=False) == parse(
        PERSON, SUN
    )


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"field": "objets"}, "annotations[0].field"),
        ({"kind": "span"}, "annotations[0].kind"),
        ({"version": 2}, "annotations[0].version"),
        ({"version": 0}, "annotations[0].version"),
        ({"label": "dog"}, "annotations[0].label"),
        ({"label": None}, "annotations[0].label"),
        ({"id": ""}, "annotations[0].id"),
        ({"id": "a\n"}, "annotations[0].id"),
        ({"id": "a" * 201}, "annotations[0].id"),
        ({"id": 5}, "annotations[0].id"),
        ({"on": {"stream": "text"}}, "annotations[0].on.stream"),
        ({"on": {"stream": "second"}}, "annotations[0].on.stream"),
        ({"confidence": 1.5}, "annotations[0].confidence"),
        ({"probabilities": {"dog": 1}}, "annotations[0].probabilities.dog"),
        ({"probabilities": {"car": -1}}, "annotations[0].probabilities.car"),
        ({"probabilities": {"car": "much"}}, "annotations[0].probabilities.car"),
        ({"attributes": {"colour": "red"}}, "annotations[0].attributes.colour"),
        ({"attributes": {"sure": "perhaps"}}, "annotations[0].attributes.sure"),
        ({"attributes": {"sure": 3}}, "annotations[0].attributes.sure"),
        ({"attributes": [1]}, "annotations[0].attributes"),
        ({"value": {**SIDES, "left": "1"}}, "annotations[0].value.left"),
        ({"value": {**SIDES, "right": 300}}, "annotations[0].value.right"),
        ({"value": 3}, "annotations[0].value"),
        ({"surprise": 3}, "annotations[0].surprise"),
    ],
)
def test_each_mistake_is_told_at_its_path(change, path):
    found, [problem] = parse({**PERSON, **change})

    assert problem.path == path
    assert problem.got
    assert problem.expected
    assert problem.do
    assert found == ()


def test_all_mistakes_are_told_and_the_sound_annotations_are_kept():
    found, problems = parse({**PERSON, "value": 1}, SUN, {**PERSON, "id": "2", "label": "dog"}, {"id": 3})

    assert [p.path for p in problems] == ["annotations[0].value", "annotations[2].label", "annotations[3].id"]
    assert [a.id for a in found] == ["weather"]


def test_ids_are_unique_in_a_response():
    assert paths(PERSON, PERSON) == ["annotations[1].id"]


def test_the_answer_of_a_field_has_the_id_of_the_field():
    assert paths({**SUN, "id": "x"}) == ["annotations[0].id"]


def test_an_answer_has_no_label():
    assert paths({**SUN, "label": "sun"}) == ["annotations[0].label"]


def test_nothing_lies_on_a_stream_that_the_item_came_without():
    thing = {**PERSON, "field": "other", "label": "thing"}

    assert paths(thing) == ["annotations[0].on"]
    assert paths(thing, facts={**FACTS, "second": Facts(width=100, height=80)}) == []


def test_the_facts_are_those_of_the_stream_that_it_lies_on():
    assert paths({**PERSON, "field": "entities", "kind": "span", "label": "name", "value": [[0, 21]]}) == [
        "annotations[0].value[0][1]"
    ]


def test_required_fields_are_asked_for_on_submit_only():
    assert paths(PERSON) == []
    assert [p.expected for p in parse(PERSON, complete=True)[1]] == ["an annotation of the field `weather`"]


def test_a_field_with_a_condition_is_required_where_it_holds_and_refused_elsewhere():
    depth = {"id": "depth", "field": "depth", "kind": "text", "value": "2 cm"}

    assert paths(RAIN, depth, complete=True) == []
    assert [p.expected for p in parse(RAIN, complete=True)[1]] == ["an annotation of the field `depth`"]
    assert paths(SUN, depth, complete=True) == ["annotations[1].field"]
    assert paths(RAIN, {**depth, "value": ""}, complete=True) == ["annotations"]


def test_defaults_are_filled_in_on_submit_only():
    assert parse(CAR)[0][0].attributes == {"plate": "B 1"}
    assert parse(CAR, SUN, complete=True)[0][0].attributes == {"occluded": "no", "plate": "B 1"}


def test_an_attribute_with_a_condition_follows_the_default_of_the_other():
    assert paths({**CAR, "attributes": {}}, SUN, complete=True) == ["annotations[0].attributes.plate"]
    assert paths({**CAR, "attributes": {"occluded": "yes"}}, SUN, complete=True) == []
    assert paths({**CAR, "attributes": {"occluded": "yes", "plate": "B 1"}}, SUN, complete=True) == [
        "annotations[0].attributes.plate"
    ]


def test_attributes_are_checked_by_their_own_kinds():
    assert paths({**CAR, "attributes": {"plate": "far too long"}}) == ["annotations[0].attributes.plate"]
    assert paths({**CAR, "attributes": {"parts": ["door", 3]}}) == ["annotations[0].attributes.parts[1]"]
    assert paths({**CAR, "attributes": {"parts": ["roof", "door"]}}) == ["annotations[0].attributes.parts"]
    assert parse({**CAR, "attributes": {"parts": ["door"]}})[0][0].attributes == {"parts": ("door",)}


@pytest.mark.parametrize(
    ("annotation", "path"),
    [
        ({**SUN, "value": "\0"}, "annotations[0].value"),
        ({**SUN, "value": "\ud800"}, "annotations[0].value"),
        ({**PERSON, "id": "a\0"}, "annotations[0].id"),
        ({**PERSON, "extra": {"a": [{"b": "\0"}]}}, "annotations[0].extra.a[0].b"),
        ({**PERSON, "extra": {"\udfff": 1}}, "annotations[0].extra"),
    ],
)
def test_characters_that_cannot_be_stored_are_told_at_their_path(annotation, path):
    assert paths(annotation) == [path]
    assert parse_annotations([msgspec.Raw(json.dumps(annotation).encode())], SCHEMA, complete=False)[1][0].path == path


def test_a_backslash_before_u0000_is_only_a_text():
    assert paths({**PERSON, "extra": {"a": "\\u0000"}}) == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"null", b"[", b'"', b"[1", b"nonsense", b"\xff\xfe", b'[{"id": "\xff"}]', b"[" * 100_000,
        b'[{"id":"1","field":"weather","kind":"choice","value":' + b"[" * 50_000 + b"]" * 50_000 + b"}]",
        b'[{"id":"1","field":"objects","kind":"box","value":{"left":1e999,"top":0,"right":1,"bottom":1},"label":"person"}]',
    ],
)  # fmt: skip
def test_what_is_no_list_of_annotations_is_a_problem_and_no_crash(body):
    found, problems = parse_annotations(body, SCHEMA, complete=True)

    assert found == ()
    assert problems
    assert all(p.path.startswith("annotations") and p.do for p in problems)


def test_numbers_that_are_not_finite_are_told():
    given = Annotation(id="1", field="objects", kind="box", label="person", value=Box(float("nan"), 0, float("inf"), 1))

    assert [p.path for p in check_annotations([given], SCHEMA, complete=False)[1]] == [
        "annotations[0].value.left",
        "annotations[0].value.right",
    ]


def test_annotations_made_in_python_are_checked_as_those_from_the_wire():
    plain = Annotation(id="1", field="objects", kind="box", label="person", value=dict(SIDES))

    assert check_annotations([plain], SCHEMA, facts=FACTS, complete=False) == parse(PERSON)
    assert check_annotations(parse(PERSON)[0], SCHEMA, complete=False) == parse(PERSON)
    wrong = msgspec.structs.replace(plain, value={**SIDES, "top": None})
    assert [p.path for p in check_annotations([wrong], SCHEMA, complete=False)[1]] == ["annotations[0].value.top"]


def test_a_response_is_read_with_what_it_covers():
    given = response("ada", answer("weather", "sun"), covers={"weather": None, "mood": None})

    read, problems = check_response(given, SCHEMA)

    assert read.annotations == given.annotations
    assert [p.path for p in problems] == ["covers.mood"]


@pytest.mark.parametrize(
    ("covers", "path"),
    [
        ({"objects": ["car", "dog"]}, "covers.objects[1]"),
        ({"weather": ["sun"]}, "covers.weather"),
        ({"nope": None}, "covers.nope"),
    ],
)
def test_only_fields_and_labels_of_the_schema_can_be_covered(covers, path):
    assert [p.path for p in check_covers(covers, SCHEMA)] == [path]


def test_covering_all_some_or_no_labels_is_fine():
    assert check_covers({"objects": ["car"], "entities": None, "other": [], "weather": None}, SCHEMA) == []


def test_a_value_of_an_older_version_is_brought_up_to_date():
    from dataclasses import replace

    newer = replace(KINDS["choice"], version=3, upgrade={1: lambda v: [v], 2: lambda v: v[0].lower()})
    kinds = {**KINDS, "choice": newer}

    found, problems = parse_annotations(
        json.dumps([{**SUN, "value": "SUN"}]).encode(), SCHEMA, complete=False, kinds=kinds
    )

    assert problems == []
    assert [(a.value, a.version) for a in found] == [("sun", 3)]


def test_the_index_counts_labels_and_chosen_options_and_no_attributes():
    found, _ = parse(CAR, {**CAR, "id": "2"}, {**PERSON, "id": "3"}, SUN)

    assert terms_of(found, SCHEMA) == [("objects", "car", 2), ("objects", "person", 1), ("weather", "sun", 1)]


def test_the_index_keeps_texts_cut_short_and_none_that_may_not_be_searched():
    texts = [answer("depth", "x" * 300, kind="text"), answer("secret", "hush", kind="text"), answer("weather", "sun")]

    assert answers_of(texts, SCHEMA) == [("depth", None, "x" * 200)]
    assert answers_of([answer("depth", "", kind="text")], SCHEMA) == []


def test_annotations_on_an_answer_may_name_the_stream_they_are_about():
    assert parse({**SUN, "on": {"stream": "text"}})[0][0].on == On("text")


near = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["1", "weather", ""]) | arbitrary_json,
        "field": st.sampled_from(["objects", "weather", "entities"]) | arbitrary_json,
        "kind": st.sampled_from(["box", "choice", "span"]) | arbitrary_json,
        "label": st.sampled_from(["car", "name", None]) | arbitrary_json,
        "value": st.sampled_from([SIDES, "sun", [[1, 2]]]) | arbitrary_json,
        "attributes": st.sampled_from([{}, {"occluded": "yes"}]) | arbitrary_json,
        "on": arbitrary_json,
        "version": st.integers(-1, 3) | arbitrary_json,
        "probabilities": arbitrary_json,
        "extra": arbitrary_json,
    },
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(annotations=st.lists(near | arbitrary_json, max_size=4), complete=st.booleans())
def test_whatever_comes_over_the_wire_is_read_or_told(annotations, complete):
    body = json.dumps(annotations, allow_nan=True).encode()

    found, problems = parse_annotations(body, SCHEMA, facts=FACTS, complete=complete)

    assert all(p.path.startswith("annotations") and p.expected and p.do for p in problems)
    assert problems or len(found) == len(annotations)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(at=st.integers(0, 200), length=st.integers(0, 6), put=st.binary(max_size=5))
def test_a_damaged_body_is_read_or_told(at, length, put):
    body = json.dumps([CAR, SUN]).encode()

    found, problems = parse_annotations(body[:at] + put + body[at + length :], SCHEMA, complete=False)

    assert problems or isinstance(found, tuple)
