"""Parquet as other programs write it."""

import datetime as dt
import io

import pyarrow as pa
import pyarrow.parquet as pq

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record
from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.testing.reading import MemorySource

SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"text": {"kind": "text"}},
        "fields": {"topic": {"kind": "choice", "options": {"x": {}}}},
    },
    KINDS,
)


def reading(**columns):
    return reading_table(pa.table({"text": pa.array(["a", "b", "c"]), **columns}))


def reading_table(table):
    data = io.BytesIO()
    pq.write_table(table, data)
    context = ReadContext(schema=SCHEMA)
    return list(FORMATS["parquet"].read(MemorySource({"a.parquet": data.getvalue()}), context)), context.losses.losses()


def test_times_to_the_nanosecond_are_read_to_the_microsecond_and_counted():
    found, losses = reading(at=pa.array([1_000, None, 1_001], pa.timestamp("ns", "UTC")))

    assert [record.item.metadata.get("at") for record in found] == [
        "1970-01-01T00:00:00.000001+00:00",
        None,
        "1970-01-01T00:00:00.000001+00:00",
    ]
    assert [(loss.what, loss.count) for loss in losses] == [("nanoseconds of times", 1)]


def test_a_time_that_no_calendar_has_costs_its_row_only():
    found, _ = reading(
        at=pa.array([dt.datetime(2020, 1, 1), None, dt.datetime(2020, 1, 1)], pa.timestamp("us"))
        .cast(pa.int64())
        .cast(pa.timestamp("s"))
    )

    assert [isinstance(row, Record) for row in found] == [False, True, False]
    assert [row.line for row in found] == [1, 2, 3]


def test_infinite_numbers_are_counted_and_missing_ones_are_not():
    found, losses = reading(score=pa.array([float("nan"), float("inf"), 1.5]))

    assert [record.item.metadata for record in found] == [{}, {}, {"score": 1.5}]
    assert [(loss.what, loss.count) for loss in losses] == [("infinite numbers", 1)]


def test_two_columns_of_one_name_are_both_there():
    found, _ = reading_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"]))

    assert found[0].item.metadata == {"text_2": "b"}
