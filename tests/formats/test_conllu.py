"""CoNLL-U where spans and relations were changed, and where the text never was CoNLL-U."""

from pathlib import Path

import msgspec

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record, WriteContext
from karat.formats.preview import propose_schema
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.model.response import Annotation
from karat.testing.formats import schema

IN = Path(__file__).parents[2] / "spec" / "formats" / "conllu" / "in"
SCHEMA = schema(propose_schema(FolderSource(IN)).schema)


def sentences():
    found = FORMATS["conllu"].read(FolderSource(IN), ReadContext(schema=SCHEMA))
    return [record for record in found if isinstance(record, Record)]


def saying(record, annotations, **item):
    response = msgspec.structs.replace(record.responses[0], annotations=tuple(annotations))
    return msgspec.structs.replace(record, responses=(response,), item=msgspec.structs.replace(record.item, **item))


def written(record, folder):
    context = WriteContext(schema=SCHEMA, which="author")
    FORMATS["conllu"].write(FolderSink(folder), [record], context)
    lines = (folder / "items.conllu").read_text("utf-8").split("\n")
    return [line.split("\t") for line in lines if line and line[0] != "#"], context.losses


def test_another_head_and_tag_are_written_into_the_lines_as_they_came(tmp_path):
    record = sentences()[0]
    changed = [
        msgspec.structs.replace(a, label="VERB") if a.id == "2" else a
        for a in record.responses[0].annotations
        if a.id != "d7"
    ]
    head = Annotation(id="x", field="dependencies", kind="relation", label="punct", value={"from": "4", "to": "7"})

    rows, _ = written(saying(record, [*changed, head]), tmp_path)

    assert rows[2] == ["2", "do", "do", "VERB", "VBP", "_", "4", "aux", "4:aux", "_"]
    assert rows[-1][6:8] == ["4", "punct"]
    assert [row[0] for row in rows] == ["1", "2-3", "2", "3", "4", "4.1", "5", "6", "7"]


def test_words_that_are_cut_otherwise_leave_the_lines_behind_and_that_is_counted(tmp_path):
    record = sentences()[2]
    no = record.responses[0].annotations[0]
    whole = msgspec.structs.replace(no, value=[[0, 3]])

    rows, losses = written(saying(record, [whole]), tmp_path)

    assert rows == [["1", "No.", "_", "INTJ", "_", "_", "_", "_", "_", "_"]]
    assert losses.count("words that are cut otherwise than they came") == 1


def test_a_text_from_elsewhere_is_cut_around_its_spans(tmp_path):
    record = sentences()[2]
    (no, dot, link) = record.responses[0].annotations

    rows, losses = written(saying(record, [no, no, dot, link], extra={}), tmp_path)

    assert [(row[1], row[6], row[7], row[9]) for row in rows] == [
        ("No", "0", "root", "SpaceAfter=No"),
        (".", "1", "punct", "_"),
    ]
    assert losses.count("spans that overlap an earlier word") == 1
