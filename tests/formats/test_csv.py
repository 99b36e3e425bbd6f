"""CSV as the world writes it."""

import pytest

from karat.formats import FORMATS
from karat.formats.base import Mapping, ReadContext, Record, Reject, WriteContext
from karat.formats.preview import preview, propose_schema, schema_of
from karat.formats.sinks import FolderSink
from karat.model.item import Item, Ref, Stream
from karat.model.problem import Refused
from karat.model.response import Annotation, Author, Response
from karat.testing.formats import schema as a_schema
from karat.testing.reading import MemorySource

CSV = FORMATS["csv"]
DOCUMENT = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"label": {"kind": "choice", "options": {"good": {"title": "Good one"}, "bad": {}}}},
}


def read(
    content: bytes | str, *, name: str = "a.csv", mapping: Mapping | None = None, document=DOCUMENT
) -> tuple[list, ReadContext]:
    data = content.encode() if isinstance(content, str) else content
    context = ReadContext(schema=a_schema(document), mapping=mapping)
    return list(CSV.read(MemorySource({name: data}), context)), context


def told(found: list) -> list[tuple[str, object]]:
    return [
        (r.item.streams["text"].ref.inline, [a.value for q in r.responses for a in q.annotations])
        for r in found
        if isinstance(r, Record)
    ]


@pytest.mark.parametrize(
    "content",
    [
        "text,label\nfine,good\n",
        "text;label\nfine;good\n",
        "text\tlabel\nfine\tgood\n",
        "label|text\ngood|fine\n",
        "\ufefftext,label\r\nfine,good",
        '"text","label"\n"fine","good"\n',
        "text,label\rfine,good\r",
        "text,label\nfine,Good one\n",
        "text,label\nfine, GOOD \n",
        "text,label\nfine,good\n".encode("utf-16"),
        "text,label\nfine,good\n".encode("utf-16-le"),
    ],
    ids=repr,
)
def test_each_way_to_write_it_is_read_as_the_same(content):
    found, _ = read(content)

    assert told(found) == [("fine", ["good"])]


def test_a_file_without_a_header_is_seen_as_such_and_said_to_be():
    found, context = read('good\tFine "quoted" thing\nbad\tNo\ngood\tYes\n', name="a.tsv")

    assert told(found) == [('Fine "quoted" thing', ["good"]), ("No", ["bad"]), ("Yes", ["good"])]
    assert context.notes == ["a.tsv: read as utf-8, delimiter tab, without a header"]


def test_an_old_encoding_is_read_and_said_to_be():
    found, context = read("text,label\nna\u00efve \u201cx\u201d,good\n".encode("cp1252"))

    assert told(found) == [("na\u00efve \u201cx\u201d", ["good"])]
    assert "cp1252" in context.notes[0]


def test_a_bad_row_never_stops_the_good_ones():
    rows = ["a,good", "b,good,c", 'c "x,good', "d,ugly", ",good", "e\x00,good", '"f"x,good', "g,bad"]
    found, _ = read("text,label\n" + "\n".join(rows) + "\n")

    rejects = {r.line: r.problems[0].expected for r in found if isinstance(r, Reject)}
    assert told(found) == [("a", ["good"]), ('c "x', ["good"]), ("g", ["bad"])]
    assert sorted(rejects) == [3, 5, 6, 7, 8]
    assert "2 cells" in rejects[3]
    assert "good" in rejects[5]


def test_a_quote_that_never_closes_costs_its_own_row_only():
    found, _ = read('text,label\na,good\n"open,good\nb,bad\n"two\nlines",good\n')

    assert told(found) == [("a", ["good"]), ("b", ["bad"]), ("two\nlines", ["good"])]
    assert [r.line for r in found if isinstance(r, Reject)] == [3]


def test_a_byte_of_another_encoding_costs_its_row_only():
    found, _ = read(b"text,label\n" + b"a,good\n" * 200_000 + b"caf\xe9,good\nb,bad\n")

    assert [r.problems[0].got for r in found if isinstance(r, Reject)] == ["byte 0xe9 at 3"]
    assert len(found) == 200_002


def test_equal_rows_without_a_key_are_numbered():
    found, _ = read("text,label\nx,good\nx,bad\ny,bad\n")

    keys = [r.item.key for r in found]
    assert keys[1] == f"{keys[0]}#2"
    assert "#" not in keys[2]


def test_rows_of_one_key_with_an_author_are_answers_to_one_item():
    found, _ = read("key,text,label,author\n1,x,good,Ann\n1,x,bad,model:bert@2\n2,y,bad,Ann\n")

    assert [[(q.author.type, q.author.name, q.author.version) for q in r.responses] for r in found] == [
        [("person", "Ann", None), ("model", "bert", "2")],
        [("person", "Ann", None)],
    ]
    assert [r.rows for r in found] == [2, 1]


def test_what_is_said_of_the_file_wins_over_what_it_looks_like():
    mapping = Mapping(
        streams={"text": "column_1"}, fields={"label": "column_2"}, header=False, delimiter=";", encoding="latin-1"
    )

    found, _ = read("text;good\n\xe9;bad\n".encode("latin-1"), mapping=mapping)

    assert told(found) == [("text", ["good"]), ("é", ["bad"])]


def test_an_encoding_that_does_not_exist_is_refused():
    with pytest.raises(Refused, match="klingon"):
        read("text,label\n", mapping=Mapping(streams={"text": "text"}, encoding="klingon"))


def test_numbers_among_the_metadata_are_known_by_how_they_are_written():
    found, _ = read("text,label,n,zip,f,ok\nx,good,12,007,1.5,true\n")

    assert found[0].item.metadata == {"n": 12, "zip": "007", "f": 1.5, "ok": True}


def test_a_cell_never_runs_as_a_formula(tmp_path):
    texts = ["=1+1", "+1", "-1", "@x", "\tx", "plain"]
    author = Author(type="import", name="import")
    response = Response(
        author=author,
        annotations=(Annotation(id="label", field="label", kind="choice", value="good"),),
        covers={"label": None},
    )
    records = [
        Record(Item(key=str(n), streams={"text": Stream("text", Ref(inline=text))}), (response,))
        for n, text in enumerate(texts)
    ]
    context = WriteContext(schema=a_schema(DOCUMENT))

    CSV.write(FolderSink(tmp_path), records, context)

    rows = (tmp_path / "items.csv").read_text().splitlines()[1:]
    assert [row.split(",")[1] for row in rows] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "plain"]
    assert context.losses.count("cells that begin with = + - @") == 5


def test_metadata_that_turn_up_late_get_their_column(tmp_path):
    streams = {"text": Stream("text", Ref(inline="x"))}
    records = [Record(Item(key="1", streams=streams)), Record(Item(key="2", streams=streams, metadata={"late": "a,b"}))]

    CSV.write(FolderSink(tmp_path), records, WriteContext(schema=a_schema(DOCUMENT)))

    lines = (tmp_path / "items.csv").read_text().splitlines()
    assert [line.split(",", 6)[-1] for line in lines] == ["late", "", '"a,b"']


def test_a_preview_maps_columns_by_what_they_hold():
    content = b"ID,Review Text,verdict,lang\n1,a long text of words,good,en\n2,another text,bad,de\n3,third one here,ugly,de\n"
    found = preview(MemorySource({"a.csv": content}), a_schema(DOCUMENT))

    assert found.mapping.streams == {"text": "Review Text"}
    assert found.mapping.key == "ID"
    assert [column.type for column in found.columns] == ["integer", "text", "text", "text"]
    assert len(found.rows) + len(found.rejects) == 3


@pytest.mark.parametrize(
    "content",
    [
        "id,text\ngood,first words\nbad,other words\n",
        "uuid,text\ngood,first words\ngood,other words\n",
        "batch,text\ngood,first words\nbad,other words\n",
    ],
)
def test_a_key_or_values_that_never_come_twice_are_no_answers(content):
    found = preview(MemorySource({"a.csv": content.encode()}), a_schema(DOCUMENT))

    assert found.mapping.fields == {}
    assert found.fields_matched == ()


def test_answers_that_never_come_twice_are_known_by_the_name_of_their_column():
    content = b"text,Category\nfirst words,good\nother words,bad\n"

    assert preview(MemorySource({"a.csv": content}), a_schema(DOCUMENT)).mapping.fields == {"label": "Category"}


def test_a_proposal_is_a_schema_that_reads_the_file_whole():
    source = MemorySource(
        {"a.csv": b"text,category\n" + b"".join(b"some words %d,c%d\n" % (n, n % 7) for n in range(100))}
    )

    found = propose_schema(source)

    assert list(found.schema["fields"]["category"]["options"]) == [f"c{n}" for n in range(7)]
    assert "karat_schema: 1" in found.yaml
    results = list(CSV.read(source, ReadContext(schema=schema_of(CSV, source), mapping=found.mapping)))
    assert len(results) == sum(isinstance(r, Record) and len(r.responses) == 1 for r in results) == 100
