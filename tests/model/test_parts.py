"""Fields that are answered once for each part of a stream: what a schema may say, and what answers owe."""

import msgspec
import pytest

from karat.kinds import KINDS
from karat.kinds.checking import check_annotations
from karat.model.contents import CONTENTS, facts_of
from karat.model.item import Ref, Stream
from karat.model.kind import Facts
from karat.model.parts import DIGITS, numbered
from karat.model.response import Annotation, On
from karat.model.schema import read_schema

CHAT = CONTENTS["dialogue"].read([{"role": r, "content": "x"} for r in ("user", "assistant", "user", "assistant")])
ANSWERS = CONTENTS["candidates"].read([{"key": "a", "content": "x"}, {"key": "b", "content": "y"}])
FACTS = {"chat": CONTENTS["dialogue"].facts(CHAT), "answers": CONTENTS["candidates"].facts(ANSWERS)}
FIELDS = {
    "ok": {"kind": "choice", "options": {"yes": {}, "no": {}}, "each": "turn", "of": ["assistant"], "required": True},
    "why": {"kind": "text", "each": "turn", "of": "assistant", "when": {"ok": "no"}, "required": True},
    "good": {"kind": "rating", "each": "answer"},
}


def document(fields):
    return {
        "karat_schema": 1,
        "streams": {"chat": {"kind": "dialogue"}, "answers": {"kind": "candidates"}, "note": {"kind": "text"}},
        "fields": fields,
    }


SCHEMA, _ = read_schema(document(FIELDS), KINDS)


def on(field, part, value, *, ident=None):
    asked = SCHEMA.fields[field]
    return Annotation(id=ident or f"{field}/{part}", field=field, kind=asked.kind, on=On(asked.on, part), value=value)


def problems(*annotations):
    return check_annotations(annotations, SCHEMA, facts=FACTS, complete=True)[1]


def test_a_schema_says_of_which_parts_a_field_is_asked_and_reads_itself_back():
    again, found = read_schema(SCHEMA.document, KINDS)

    assert found == []
    assert again == SCHEMA
    assert [(f.on, f.each, f.of) for f in SCHEMA.fields.values()] == [
        ("chat", "turn", ("assistant",)),
        ("chat", "turn", ("assistant",)),
        ("answers", "answer", ()),
    ]


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ({"kind": "rating", "each": "page"}, "fields.x.each"),
        ({"kind": "rating", "each": ["turn"]}, "fields.x.each"),
        ({"kind": "rating", "each": "turn", "many": True}, "fields.x.each"),
        ({"kind": "ranking", "each": "answer"}, "fields.x.each"),
        ({"kind": "span", "labels": {"a": {}}, "on": "note", "each": "turn"}, "fields.x.each"),
        ({"kind": "rating", "each": "turn", "on": "note"}, "fields.x.on"),
        ({"kind": "rating", "each": "turn", "of": []}, "fields.x.of"),
        ({"kind": "rating", "each": "answer", "of": ["assistant"]}, "fields.x.of"),
        ({"kind": "rating", "of": ["assistant"]}, "fields.x.of"),
        ({"kind": "rating", "each": "turn", "default": 2}, "fields.x.default"),
        ({"kind": "rating", "when": {"ok": "no"}}, "fields.x.when"),
        ({"kind": "rating", "each": "answer", "when": {"ok": "no"}}, "fields.x.when"),
    ],
)
def test_what_cannot_be_asked_of_each_part_is_refused_with_its_place_and_a_remedy(field, path):
    schema, found = read_schema(document({**FIELDS, "x": field}), KINDS)

    assert schema is None
    assert path in [problem.path for problem in found]
    assert all(problem.do for problem in found)


def test_a_required_field_asks_for_every_part_of_its_roles_and_where_its_condition_holds():
    found = problems(on("ok", "1", "no"))

    assert [p.do for p in found] == ["Answer `ok/3`.", "Answer `why/1`, which is asked since `ok` is `no`."]
    assert problems(on("ok", "1", "no"), on("ok", "3", "yes"), on("why", "1", "Wrong.")) == []


def test_an_answer_to_a_part_that_is_not_asked_is_refused():
    whole = (on("ok", "1", "yes"), on("ok", "3", "yes"))

    assert [(p.path, p.expected) for p in problems(*whole, on("ok", "0", "no"))] == [
        ("annotations[2].on.part", "one of 1, 3")
    ]
    assert [p.path for p in problems(*whole, on("why", "1", "No."))] == ["annotations[2].field"]
    assert [p.path for p in problems(*whole, on("good", "c", 3))] == ["annotations[2].on.part"]
    assert [p.path for p in problems(*whole, on("good", "a", 3, ident="mine"))] == ["annotations[2].id"]
    assert [p.path for p in problems(*whole, msgspec.structs.replace(on("good", "a", 3), on=None))] == [
        "annotations[2].on"
    ]


@pytest.mark.parametrize("kind", CONTENTS)
def test_facts_have_the_keys_of_the_parts_that_a_kind_of_stream_names(kind):
    table = CONTENTS["table"].read({"name": "Ada"})
    steps = CONTENTS["trace"].read(["x"])
    tree = CONTENTS["tree"].read(["x", "y"])
    text = {"dialogue": CHAT, "candidates": ANSWERS, "table": table, "trace": steps, "tree": tree}.get(kind, "plain")

    facts = CONTENTS[kind].facts(text)

    assert set(facts.each) == set(CONTENTS[kind].parts)
    assert all(len(parts.all()) > 0 and bool(parts.role) == CONTENTS[kind].has_roles for parts in facts.each.values())


def test_ten_thousand_turns_of_ten_thousand_speakers_stay_small():
    parts = numbered([f"speaker {n}" for n in range(10_000)])

    assert len(msgspec.json.encode(parts)) < 12_000
    assert parts.of(["speaker 7"]) == ("7",)
    assert parts.of([f"speaker {len(DIGITS)}"]) == ()


def test_parts_of_an_item_from_before_are_counted_anew():
    before = Stream("dialogue", Ref(inline=CHAT), Facts(turns=4))

    assert facts_of(before) == FACTS["chat"]
