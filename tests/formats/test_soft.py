"""How sure a consensus is goes along with it: in columns of tables, in JSON lines, and the skill of authors beside them."""

import csv
import io

import msgspec
import pyarrow.parquet as pq
import pytest

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record, SkillLine, WriteContext
from karat.formats.sinks import FolderSink
from karat.kinds import KINDS
from karat.model.item import Item, Ref, Stream
from karat.model.response import Annotation, Author, Response
from karat.model.schema import read_schema
from karat.testing.reading import MemorySource

SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"text": {"kind": "text"}},
        "fields": {"topic": {"kind": "choice", "options": {"x": {}, "y": {}}}},
    },
    KINDS,
)
ODDS = {"x": 0.9, "y": 0.1}
SAID = {"topic": {"score": 0.9, "tie": False, "n": 3, "method": "default", "probabilities": ODDS}}
MERGED = Response(
    author=Author(type="consensus", name="consensus", version="default"),
    annotations=(Annotation(id="topic", field="topic", kind="choice", value="x", confidence=0.9, probabilities=ODDS),),
    covers={"topic": None},
    cause="merge",
    extra={"consensus": SAID},
)
RECORD = Record(Item(key="k", streams={"text": Stream(kind="text", ref=Ref(inline="hello"))}), (MERGED,))
SKILLS = [
    SkillLine(
        author=Author(type="person", name="Ada", id="a1"),
        field="topic",
        value=0.8,
        low=0.7,
        high=0.9,
        n=40,
        method="default",
        at="2026",
    )
]


@pytest.fixture
def written(tmp_path):
    def write(format_, *, which="consensus"):
        context = WriteContext(schema=SCHEMA, which=which, skills=SKILLS)
        FORMATS[format_].write(FolderSink(tmp_path), [RECORD], context)
        return {path.name: path.read_bytes() for path in tmp_path.iterdir()}, context.losses

    return write


def read_back(format_, files):
    context = ReadContext(schema=SCHEMA)
    return list(FORMATS[format_].read(MemorySource(files), context)), context.losses


def test_json_lines_bring_everything_back_and_skill_is_a_file_beside_them(written):
    files, _ = written("jsonl")
    found, _ = read_back("jsonl", files)

    assert [record.responses for record in found] == [(MERGED,)]
    [line] = msgspec.json.decode(files["skill.json"])["skill"]
    assert (line["author"]["name"], line["field"], line["value"], line["low"], line["high"], line["n"]) == (
        "Ada",
        "topic",
        0.8,
        0.7,
        0.9,
        40,
    )


def test_parquet_has_columns_of_their_own_types_and_a_table_of_skill(written):
    files, losses = written("parquet")
    table = pq.read_table(io.BytesIO(files["items.parquet"]))
    [row] = table.to_pylist()
    [skill] = pq.read_table(io.BytesIO(files["skill.parquet"])).to_pylist()

    assert (row["topic"], row["topic.confidence"], row["topic.tie"], row["topic.votes"]) == ("x", 0.9, False, 3)
    assert dict(row["topic.probabilities"]) == ODDS
    assert (skill["author"], skill["name"], skill["field"], skill["skill"], skill["n"]) == (
        "a1",
        "Ada",
        "topic",
        0.8,
        40,
    )
    assert not {"confidence", "probabilities"} & {loss.what for loss in losses.losses()}


def test_parquet_is_read_back_without_what_is_no_part_of_items(written):
    found, losses = read_back("parquet", written("parquet")[0])

    assert [(record.item.key, record.item.metadata, record.responses[0].annotations[0].value) for record in found] == [
        ("k", {}, "x")
    ]
    assert losses.count("columns of how sure a consensus was") == 4


def test_csv_has_what_fits_in_a_cell(written):
    files, losses = written("csv")
    [row] = csv.DictReader(io.StringIO(files["items.csv"].decode()))

    assert (row["topic"], row["topic.confidence"], row["topic.tie"], row["topic.votes"]) == ("x", "0.9", "false", "3")
    assert losses.count("probabilities") == 1
    assert "skill.json" not in files


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_tables_of_all_answers_have_no_such_columns(format_, written):
    files, _ = written(format_, which="all")
    data = files[f"items.{format_}"]
    names = (
        pq.read_schema(io.BytesIO(data)).names if format_ == "parquet" else next(csv.reader(io.StringIO(data.decode())))
    )

    assert names == ["key", "text", "topic", "author", "split_group", "tags"]
