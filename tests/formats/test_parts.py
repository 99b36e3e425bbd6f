"""Answers to each part of a stream, written by every format and read again, or counted as lost."""

import pytest

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record, Reject, WriteContext
from karat.formats.preview import preview
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.kinds import KINDS
from karat.model.contents import CONTENTS
from karat.model.item import Item, Ref, Stream
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import read_schema
from karat.testing.reading import MemorySource

SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"chat": {"kind": "dialogue"}},
        "fields": {
            "good": {"kind": "rating", "each": "turn"},
            "tags": {"kind": "choice", "multiple": True, "options": {"rude": {}, "wrong": {}}, "each": "turn"},
            "note": {"kind": "text", "each": "turn"},
        },
    },
    KINDS,
)
CHAT = CONTENTS["dialogue"].read(["Hi", "Hello!"])
SAID = {"good": {"0": 1, "1": 5}, "tags": {"1": ["rude", "wrong"]}, "note": {"0": "= [odd]"}}
RECORD = Record(
    Item(key="7", streams={"chat": Stream("dialogue", Ref(inline=CHAT), CONTENTS["dialogue"].facts(CHAT))}),
    (
        Response(
            author=Author(type="person", name="Ann"),
            annotations=tuple(
                Annotation(
                    id=f"{key}/{part}", field=key, kind=SCHEMA.fields[key].kind, on=On("chat", part), value=value
                )
                for key, given in SAID.items()
                for part, value in given.items()
            ),
            covers=dict.fromkeys(SAID),
        ),
    ),
)


def written(name, folder):
    context = WriteContext(schema=SCHEMA, which="all", content=lambda _stream: None)
    FORMATS[name].write(FolderSink(folder), [RECORD], context)
    return context.losses


@pytest.mark.parametrize("name", ["jsonl", "csv", "parquet"])
def test_answers_to_each_part_are_written_and_read_again(name, tmp_path):
    written(name, tmp_path)
    source = FolderSource(tmp_path)
    mapping = preview(source, SCHEMA, format=name).mapping

    [found] = FORMATS[name].read(source, ReadContext(schema=SCHEMA, mapping=mapping))

    assert not isinstance(found, Reject), found
    assert [(a.id, a.on, a.value) for a in found.responses[0].annotations] == [
        (f"{key}/{part}", On("chat", part), value) for key, given in SAID.items() for part, value in given.items()
    ]


def test_what_has_no_place_for_parts_counts_them_as_lost(tmp_path):
    losses = {loss.what: loss.count for loss in written("label_studio", tmp_path).losses()}

    assert {key: losses[f"answers to `{key}`"] for key in SAID} == {key: len(given) for key, given in SAID.items()}
    assert {f"answers to `{key}`" for key in SAID} <= {loss.what for loss in FORMATS["label_studio"].losses(SCHEMA)}


def test_a_cell_that_does_not_name_parts_is_refused_with_a_remedy():
    source = MemorySource({"a.csv": b'chat,good\n"[""Hi""]",4\n"[""Hi""]","{""0"": 9}"\n'})
    mapping = preview(source, SCHEMA, format="csv").mapping

    first, second = FORMATS["csv"].read(source, ReadContext(schema=SCHEMA, mapping=mapping))

    assert [(p.path, p.expected) for p in first.problems] == [("good", "each turn and its answer")]
    assert [(p.path, p.expected) for p in second.problems] == [("good.0", "1 to 5")]
