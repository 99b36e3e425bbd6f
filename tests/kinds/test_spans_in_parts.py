"""Spans lie in the turns of a conversation and in the answers that are compared, counted from the beginning of each."""

import pytest

from karat.kinds import KINDS
from karat.kinds.checking import check_annotations
from karat.model.contents import CONTENTS
from karat.model.item import Ref, Stream
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import read_schema
from karat.quality.consensus import consensus_of
from karat.server.blinding import blinded

CHAT = CONTENTS["dialogue"].read([{"role": "user", "content": "Hé 🙂"}, {"role": "assistant", "content": "Yes."}])
ANSWERS = CONTENTS["candidates"].read([
    {"key": "a", "content": "Sydney."},
    {"key": "b", "turns": [{"role": "assistant", "content": "One"}, {"role": "assistant", "content": "Two"}]},
])  # fmt: skip
FACTS = {"chat": CONTENTS["dialogue"].facts(CHAT), "answers": CONTENTS["candidates"].facts(ANSWERS)}
SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"chat": {"kind": "dialogue"}, "answers": {"kind": "candidates"}},
        "fields": {
            "said": {"kind": "span", "on": "chat", "labels": {"wrong": {"attributes": {"note": {"kind": "text"}}}}},
            "faults": {"kind": "span", "on": "answers", "labels": {"wrong": {}}},
        },
    },
    KINDS,
)


def span(part, start, end, *, field="said", ident="1"):
    stream = SCHEMA.fields[field].on
    where = None if part is None else On(stream, part)
    return Annotation(id=ident, field=field, kind="span", on=where, label="wrong", value=((start, end),))


@pytest.mark.parametrize(
    ("given", "path", "expected"),
    [
        (span("0", 3, 5), "value[0][1]", "0 to 4"),
        (span("2", 0, 1), "on.part", "one of 0, 1"),
        (span(None, 0, 1), "on.part", "one of 0, 1"),
        (span("b", 0, 9, field="faults"), "value[0][1]", "0 to 8"),
        (span("c", 0, 1, field="faults"), "on.part", "one of a, b"),
    ],
)
def test_a_span_names_its_part_and_lies_in_it(given, path, expected):
    [problem] = check_annotations([given], SCHEMA, facts=FACTS, complete=True)[1]

    assert (problem.path.partition("].")[2], problem.expected) == (path, expected)


@pytest.mark.parametrize("given", [span("0", 0, 4), span("1", 3, 4), span("b", 3, 8, field="faults")])
def test_spans_to_the_very_end_of_their_part_are_sound(given):
    assert check_annotations([given], SCHEMA, facts=FACTS, complete=True)[1] == []


def test_lengths_follow_the_answers_into_everybodys_own_order():
    stream = Stream("candidates", Ref(inline=ANSWERS), FACTS["answers"])
    seen = [blinded(stream, item="1", author=str(n)).facts.each["answer"] for n in range(8)]

    assert {parts.keys for parts in seen} == {("a", "b"), ("b", "a")}
    assert {frozenset(zip(parts.keys, parts.lengths, strict=True)) for parts in seen} == {
        frozenset({("a", 7), ("b", 8)})
    }


def test_equal_places_in_two_turns_are_two_things():
    def says(who, *parts):
        spans = tuple(span(part, 0, 2, ident=f"{who}{part}") for part in parts)
        return Response(author=Author(type="person", name=who, id=who), annotations=spans, covers={"said": None})

    people = [says("a", "0", "1"), says("b", "0", "1"), says("c", "1")]
    [found] = [one for one in consensus_of(people, SCHEMA) if one.field == "said"]

    assert sorted((a.on.part, a.value) for a in found.annotations) == [("0", ((0, 2),)), ("1", ((0, 2),))]
