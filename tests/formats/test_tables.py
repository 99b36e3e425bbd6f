"""Rows of a file as items: each a table of one row, with its questions beside it."""

import pytest
from msgspec import json

from karat.formats import FORMATS
from karat.formats.base import Mapping, ReadContext
from karat.formats.preview import preview, propose_schema, schema_of
from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.model.tables import table_of
from karat.testing.reading import MemorySource

ROWS = [
    {
        "id": f"c{n}",
        "name": f"Customer {n}",
        "city": ("Oslo", "Rome")[n % 2],
        "orders": n,
        "paid": n > 2,
        "label": ("good", "bad")[n % 2],
    }
    for n in range(6)
]


def source_of(file):
    csv = "\n".join([",".join(ROWS[0]), *(",".join(str(cell) for cell in row.values()) for row in ROWS)])
    jsonl = b"".join(json.encode(row) + b"\n" for row in ROWS)
    return MemorySource({file: csv.encode() if file.endswith("csv") else jsonl})


def test_a_file_of_short_plain_values_is_proposed_as_records_with_the_answers_beside():
    proposed = propose_schema(source_of("a.csv"))

    assert {key: s["kind"] for key, s in proposed.schema["streams"].items()} == {"record": "table"}
    assert list(proposed.schema["fields"]["label"]["options"]) == ["good", "bad"]
    assert proposed.mapping.gathered == {"record": ("name", "city", "orders", "paid")}
    assert (proposed.mapping.key, proposed.mapping.fields) == ("id", {"label": "label"})


@pytest.mark.parametrize(("file", "orders"), [("a.jsonl", 3), ("a.csv", "3")])
def test_each_row_is_an_item_that_holds_its_cells_as_the_file_has_them(file, orders):
    source = source_of(file)
    schema, mapping = schema_of(FORMATS[file[2:]], source), propose_schema(source).mapping

    found = list(FORMATS[file[2:]].read(source, ReadContext(schema=schema, mapping=mapping)))

    assert [record.item.key for record in found] == [row["id"] for row in ROWS]
    table = table_of(found[3].item.streams["record"].ref.inline)
    assert table.columns == ("name", "city", "orders", "paid")
    assert table.rows[0][2] == orders
    assert found[3].responses[0].annotations[0].value == "bad"
    assert found[3].item.metadata == {}


def test_texts_and_files_of_one_short_column_stay_what_they_were():
    texts = MemorySource({"a.csv": b"text,city,size,kind\nA short one,Oslo,1,x\nAnother,Rome,2,y\n"})
    few = MemorySource({"a.csv": b"said,label\nyes please,good\nno thanks,bad\n"})

    assert [list(propose_schema(source).schema["streams"]) for source in (texts, few)] == [["text"], ["said"]]


def test_a_schema_with_a_table_takes_the_columns_that_are_left_or_one_that_holds_it():
    schema, _ = read_schema(
        {
            "karat_schema": 1,
            "streams": {"order": {"kind": "table"}},
            "fields": {"label": {"kind": "choice", "options": {"good": {}, "bad": {}}}},
        },
        KINDS,
    )
    whole = MemorySource(
        {"a.jsonl": json.encode({"id": "a", "order": [{"what": "tea", "n": 2}, {"what": "cup", "n": 1}]}) + b"\n"}
    )

    left = preview(source_of("a.csv"), schema=schema)
    held = list(
        FORMATS["jsonl"].read(whole, ReadContext(schema=schema, mapping=Mapping(key="id", streams={"order": "order"})))
    )

    assert left.mapping.gathered == {"order": ("name", "city", "orders", "paid")}
    assert len(table_of(held[0].item.streams["order"].ref.inline).rows) == 2
