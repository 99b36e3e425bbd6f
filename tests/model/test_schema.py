"""A schema is read whole or refused with every mistake, its line, and what to do."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.model.yaml import read_yaml, with_lines
from karat.testing.values import arbitrary_json

GOOD = """\
karat_schema: 1
streams:
  photo: {kind: image}
  report: {kind: text, optional: true}
fields:
  objects:
    kind: box
    labels:
      person: {title: Person, key: "1", definition: Someone, examples: [{text: a child, good: true}]}
      car:
        attributes:
          occluded: {kind: choice, options: {yes: {}, no: {}}, default: no}
          plate: {kind: text, when: {occluded: no}, max_length: 12}
  entities: {kind: span, on: report, labels: {name: {}}}
  weather: {kind: choice, options: {sun: {}, rain: {}}, required: true}
  depth: {kind: text, when: {weather: rain}}
layout: [photo, [objects, weather]]
"""


def problems_in(text):
    value, lines, found = read_yaml(text)
    return with_lines(found or read_schema(value, KINDS)[1], lines)


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_good_schema_is_read_with_its_defaults():
    schema, problems = read_schema(read_yaml(GOOD)[0], KINDS)

    assert problems == []
    assert list(schema.fields) == ["objects", "entities", "weather", "depth"]
    assert (schema.fields["objects"].on, schema.fields["objects"].many, schema.fields["weather"].many) == (
        "photo",
        True,
        False,
    )
    assert schema.fields["objects"].labels["car"].attributes["occluded"].default == "no"
    assert schema.fields["weather"].title == "Weather"


def test_the_document_of_a_schema_reads_back_to_the_same_document():
    schema, _ = read_schema(read_yaml(GOOD)[0], KINDS)
    document = msgspec.json.decode(msgspec.json.encode(schema.document))

    again, problems = read_schema(document, KINDS)

    assert problems == []
    assert again.document == document
    assert again.fields == schema.fields


def test_yes_and_no_and_dates_stay_text():
    schema, problems = read_schema(
        read_yaml(changed("sun: {}, rain: {}", "yes: {}, 2026-11-22: {}").replace("weather: rain", "weather: yes"))[0],
        KINDS,
    )

    assert problems == []
    assert list(schema.fields["weather"].options.options) == ["yes", "2026-11-22"]


def test_keys_that_yaml_reads_as_numbers_become_text():
    schema, problems = read_schema(
        read_yaml(changed("sun: {}, rain: {}", "1: {}, false: {}").replace("weather: rain", "weather: 1"))[0], KINDS
    )

    assert problems == []
    assert list(schema.fields["weather"].options.options) == ["1", "false"]
    assert schema.fields["depth"].when == {"weather": "1"}


def test_layout_and_on_are_filled_in_where_they_are_clear():
    text = "karat_schema: 1\nstreams: {t: {kind: text}}\nfields: {e: {kind: span, labels: {a: {}}}}\n"

    schema, _ = read_schema(read_yaml(text)[0], KINDS)

    assert (schema.layout, schema.fields["e"].on) == (["t", ["e"]], "t")


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "expected"),
    [
        ("karat_schema: 1", "karat_schema: 2", 1, "karat_schema", "1"),
        (
            "photo: {kind: image}",
            "photo: {kind: picture}",
            3,
            "streams.photo.kind",
            "one of candidates, dialogue, document, image, table, text",
        ),
        (
            "photo: {kind: image}",
            "Photo: {kind: image}",
            3,
            "streams.Photo",
            "a key of a-z, 0-9 and _, starting with a letter",
        ),
        ("kind: box", "kind: boxes", 7, "fields.objects.kind", "one of "),
        ("    kind: box", "    kind: box\n    cut: 7", 8, "fields.objects.cut", "a number from 0 to 1"),
        ("    kind: box", "    kind: box\n    colour: red", 8, "fields.objects.colour", "one of "),
        ("on: report", "on: photo", 14, "fields.entities.on", "one of report"),
        ("labels: {name: {}}", "labels: {}", 14, "fields.entities.labels", "at least one label"),
        ("labels: {name: {}}", "labels: [name]", 14, "fields.entities.labels", "a mapping from key to definition"),
        ("required: true", "required: yes", 15, "fields.weather.required", "true or false"),
        ("options: {sun: {}, rain: {}}", "options: {}", 15, "fields.weather.options", "at least one option"),
        ("{sun: {}, rain: {}}", "{sun: {colour: 1}, rain: {}}", 15, "fields.weather.options.sun.colour", "no such key"),
        (
            "when: {weather: rain}",
            "when: {weather: snow}",
            16,
            "fields.depth.when.weather",
            "an answer that `weather` accepts",
        ),
        (
            "when: {weather: rain}",
            "when: {mood: rain}",
            16,
            "fields.depth.when",
            "a field with one answer, listed before this one",
        ),
        (
            "when: {weather: rain}",
            "when: {objects: car}",
            16,
            "fields.depth.when",
            "a field with one answer, listed before this one",
        ),
        ("when: {weather: rain}", "when: rain", 16, "fields.depth.when", "another answer and its value"),
        (
            "default: no",
            "default: maybe",
            12,
            "fields.objects.labels.car.attributes.occluded.default",
            "one of yes, no",
        ),
        ("default: no", "many: true", 12, "fields.objects.labels.car.attributes.occluded.many", "nothing here"),
        (
            "max_length: 12",
            "max_length: long",
            13,
            "fields.objects.labels.car.attributes.plate.max_length",
            "a whole number or null",
        ),
        (
            "max_length: 12",
            'pattern: "(?=a)"',
            13,
            "fields.objects.labels.car.attributes.plate.pattern",
            "a pattern of RE2's common subset",
        ),
        ('key: "1"', "key: 12", 9, "fields.objects.labels.person.key", "a single key"),
        ("definition: Someone", "color: red", 9, "fields.objects.labels.person.color", "0 to 255"),
        ("good: true", "good: maybe", 9, "fields.objects.labels.person.examples[0].good", "true or false"),
        ("title: Person", "title: 7", 9, "fields.objects.labels.person.title", "text"),
        ("[objects, weather]", "[objects, wether]", 17, "layout", "one of "),
        ("kind: span, ", "kind: span, default: [[0, 1]], ", 14, "fields.entities.default", "no default"),
    ],
)
def test_a_bad_schema_is_refused_with_line_reason_and_remedy(old, new, line, path, expected):
    [problem] = problems_in(changed(old, new))

    assert (problem.line, problem.path) == (line, path)
    assert problem.expected.startswith(expected)
    assert problem.do.endswith(".")
    assert problem.got


def test_every_mistake_is_told_at_once():
    text = (
        changed("kind: image", "kind: film")
        .replace("required: true", "required: 3")
        .replace("labels: {name: {}}", "labels: {}")
    )

    assert {p.path for p in problems_in(text)} >= {
        "streams.photo.kind",
        "fields.weather.required",
        "fields.entities.labels",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2", 1),
        ("a: 1\n b: 2", 2),
        ("a: 1\na: 2", 2),
        ("a: &x [1]\nb: *x", 2),
        ("a: !!python/object:os.system x", 1),
        ("a: 'open", 1),
        ("\tb: 1", 1),
    ],
)
def test_text_that_is_no_plain_yaml_is_refused_with_its_line(text, line):
    [problem] = problems_in(text)

    assert problem.line == line
    assert problem.do


def test_a_text_of_more_than_a_million_characters_is_not_even_parsed():
    assert problems_in("a" * 1_000_001)[0].expected == "at most 1000000"


def test_nested_without_end_is_a_problem():
    deep = {"options": {}}
    for _ in range(5000):
        deep = {"options": {"a": deep}}

    _, found = read_schema({"karat_schema": 1, "streams": {}, "fields": {"f": {"kind": "choice", **deep}}}, KINDS)

    assert [p.got for p in found] == ["values within values"]


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_characters_that_cannot_be_stored_are_refused(character):
    given = {
        "karat_schema": 1,
        "streams": {"t": {"kind": "text"}},
        "fields": {"f": {"kind": "text", "title": f"a{character}"}},
    }

    assert [p.path for p in read_schema(given, KINDS)[1]] == ["fields.f.title"]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(given_value=arbitrary_json)
def test_whatever_is_given_is_read_or_refused_with_a_remedy(given_value):
    schema, found = read_schema(given_value, KINDS)

    assert (schema is None) == bool(found)
    assert all(p.expected and p.do for p in found)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    at=st.integers(0, len(GOOD)),
    length=st.integers(0, 12),
    put=st.text(alphabet="{}[]:,- \n\"'abkz01\0*&!", max_size=6),
)
def test_a_schema_with_a_piece_replaced_is_read_or_refused_at_a_line(at, length, put):
    found = problems_in(GOOD[:at] + put + GOOD[at + length :])

    assert all(p.expected and p.do for p in found)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_schema_with_any_value_replaced_by_anything_is_read_or_refused(data):
    document = read_yaml(GOOD)[0]
    place = document
    while isinstance(place, dict) and place:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            place[key] = data.draw(arbitrary_json)
            break
        place = place[key]

    schema, found = read_schema(document, KINDS)

    assert (schema is None) == bool(found)
    assert all(p.expected and p.do for p in found)


@pytest.mark.parametrize(
    ("field", "path", "expected"),
    [
        ("{kind: text, edits: true}", "fields.better.on", "one of report, chat, replies"),
        ("{kind: text, edits: true, on: photo}", "fields.better.on", "one of report, chat, replies"),
        ("{kind: text, edits: true, on: replies}", "fields.better.each", "message"),
        (
            "{kind: box, labels: {car: {attributes: {plate: {kind: text, edits: true}}}}}",
            "fields.better.labels.car.attributes.plate",
            "an answer made from nothing",
        ),
    ],
)
def test_a_text_that_is_edited_says_from_which_stream(field, path, expected):
    found = problems_in(
        f"karat_schema: 1\nstreams: {{photo: {{kind: image}}, report: {{kind: text}}, chat: {{kind: dialogue}}, replies: {{kind: tree}}}}\nfields: {{better: {field}}}\n"
    )

    assert [(p.path.split(" ")[0], p.expected) for p in found] == [(path, expected)]


@pytest.mark.parametrize("each", ["on: chat, each: turn, of: [assistant]", "on: replies, each: message"])
def test_each_turn_or_message_may_be_edited(each):
    streams = "{chat: {kind: dialogue}, replies: {kind: tree}}"

    assert not problems_in(
        f"karat_schema: 1\nstreams: {streams}\nfields: {{better: {{kind: text, edits: true, {each}}}}}\n"
    )


PANEL = {
    "karat_schema": 1,
    "streams": {"name": {"kind": "text"}},
    "fields": {
        "hex": {"kind": "text"},
        "parts": {"kind": "span", "labels": {"a": {}}},
    },
    "panels": {"picker": {"module": "0" * 64, "streams": ["name"], "fields": ["hex"]}},
    "layout": ["name", ["picker", "hex"]],
}


def test_a_panel_is_read_with_its_defaults_and_read_again_from_the_document():
    schema, problems = read_schema(PANEL, KINDS)

    assert problems == []
    panel = schema.panels["picker"]
    assert (panel.title, panel.streams, panel.fields, panel.place, panel.height) == (
        "Picker",
        ("name",),
        ("hex",),
        "side",
        240,
    )
    assert read_schema(schema.document, KINDS)[0] == schema


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"module": "picker.js"}, "panels.picker.module"),
        ({"streams": ["nothing"]}, "panels.picker.streams[0]"),
        ({"fields": ["parts"]}, "panels.picker.fields[0]"),
        ({"fields": [["hex"]]}, "panels.picker.fields[0]"),
        ({"place": "top"}, "panels.picker.place"),
        ({"height": 5}, "panels.picker.height"),
        ({"network": True}, "panels.picker.network"),
    ],
)
def test_what_is_wrong_with_a_panel_is_told_with_its_path(change, path):
    given = {**PANEL, "panels": {"picker": {**PANEL["panels"]["picker"], **change}}}

    assert [p.path for p in read_schema(given, KINDS)[1]] == [path]


def test_a_panel_may_not_have_the_key_of_a_field():
    given = {**PANEL, "panels": {"hex": PANEL["panels"]["picker"]}, "layout": ["name", ["hex"]]}

    assert [p.path for p in read_schema(given, KINDS)[1]] == ["panels.hex"]


def test_a_stream_may_be_veiled_and_its_document_says_so():
    schema, problems = read_schema(
        read_yaml(changed("report: {kind: text, optional: true}", "report: {kind: text, veil: true}"))[0], KINDS
    )
    again, _ = read_schema(schema.document, KINDS)

    assert problems == []
    assert [stream.veil for stream in again.streams.values()] == [False, True]
    assert "veil" not in schema.document["streams"]["photo"]
