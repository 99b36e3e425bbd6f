"""JSON lines, JSON in pieces, and Karat's own records."""

from io import BytesIO

import msgspec
import pytest

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record, Reject
from karat.formats.jsonstream import BrokenJson, Part, parts
from karat.formats.preview import schema_of
from karat.formats.repeats import Repeats
from karat.testing.reading import MemorySource

JSONL = FORMATS["jsonl"]


def read(content: bytes, name: str = "a.jsonl") -> list[Record | Reject]:
    source = MemorySource({name: content})
    return list(JSONL.read(source, ReadContext(schema=schema_of(JSONL, source))))


def test_each_line_is_a_record_or_a_reject():
    lines = [
        b'{"text":"a","label":"x"}',
        b"",
        b"{",
        b"[1]",
        b'{"text":"\\ud800","label":"x"}',
        b'{"text":"\\u0000","label":"x"}',
        b'{"text":"b","label":"x"}',
    ]
    found = read(b"\n".join(lines))

    assert [r.line for r in found if isinstance(r, Record)] == [1, 7]
    assert [r.line for r in found if isinstance(r, Reject)] == [3, 4, 5, 6]
    assert all(r.raw for r in found if isinstance(r, Reject))


def test_spans_of_other_tools_become_spans():
    found = read(
        b'{"text":"Ada in Rome","label":[[0,3,"PER"]]}\n{"text":"x","label":[{"start_offset":0,"end_offset":1,"label":"LOC"}]}\n{"text":"y","label":[]}'
    )

    assert [[(a.label, a.value) for a in r.responses[0].annotations] for r in found] == [
        [("PER", [[0, 3]])],
        [("LOC", [[0, 1]])],
        [],
    ]
    assert [r.responses[0].covers for r in found] == [{"label": None}] * 3


def test_a_span_outside_its_text_is_a_reject():
    [good, bad] = read(b'{"text":"abc","label":[[0,3,"A"]]}\n{"text":"abc","label":[[0,4,"A"]]}')

    assert isinstance(good, Record)
    assert bad.problems[0].path == "label[0].value[0][1]"


def test_what_metadata_cannot_hold_stays_in_extra():
    [record] = read(b'{"text":"a b","label":"x","meta":{"page":2},"deep":{"a":[{"b":1}]},"none":null}')

    assert record.item.metadata == {"meta.page": 2}
    assert record.item.extra == {"deep": {"a": [{"b": 1}]}}


def test_a_key_that_karat_does_not_know_is_not_dropped_in_silence():
    native = (
        b'{"item":{"key":"1","streams":{"text":{"kind":"text","ref":{"inline":"a"}}},"colour":"red"},"responses":[]}'
    )
    schema = b'{"karat_schema":1,"streams":{"text":{"kind":"text"}},"fields":{"t":{"kind":"text"}}}'

    [found] = list(JSONL.read(MemorySource({"a.jsonl": native, "schema.json": schema}), ReadContext(schema=None)))

    assert isinstance(found, Reject)
    assert found.problems[0].path == "item.colour"


def test_a_list_in_one_file_is_read_as_its_elements():
    found = read(b'[{"text":"a b","label":"x"},\n {"text":"c d","label":"y"}, 5, {"text": "cut', "a.json")

    assert [type(r) for r in found] == [Record, Record, Reject, Reject]
    assert found[1].line == 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'[1, {"a": "]"}, "x,"]', [("", b"1"), ("", b'{"a": "]"}'), ("", b'"x,"')]),
        (b'{"a": [1, [2]], "b": {"c": []}, "d": []}', [("a", b"1"), ("a", b"[2]"), ("b", b'{"c": []}')]),
        (b"\xef\xbb\xbf[true]", [("", b"true")]),
        (b"", []),
        (b"[]", []),
    ],
)
def test_json_is_cut_into_its_elements(content, expected):
    assert [(part.path, part.raw) for part in parts(BytesIO(content)) if isinstance(part, Part)] == expected


@pytest.mark.parametrize("content", [b'{"a": [1, 2', b'["abc', b"{a: 1}", b"[1]]", b"hello", b'{"a" 1}'])
def test_json_that_breaks_off_says_where(content):
    *_, last = parts(BytesIO(content))

    assert isinstance(last, BrokenJson)
    assert last.line == 1


def test_an_element_longer_than_the_buffer_is_whole():
    long = msgspec.json.encode(["x" * 3_000_000, {"a": list(range(300_000))}])

    assert [len(part.raw) for part in parts(BytesIO(long))] == [
        3_000_002,
        len(msgspec.json.encode({"a": list(range(300_000))})),
    ]


def test_repeats_are_counted_in_a_table_that_grows():
    repeats = Repeats()

    assert {repeats.nth(str(n)) for n in range(20_000)} == {1}
    assert [repeats.nth("7"), repeats.nth("7"), repeats.nth("new")] == [2, 3, 1]
