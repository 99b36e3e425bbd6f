"""Every format keeps the contract, and nothing but the list has to be told of a new one."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karat.formats import FORMATS, PRECISE_FIRST, detect
from karat.formats.base import Format, ReadContext, Record, Reject, WriteContext
from karat.formats.preview import propose_schema
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.kinds import KINDS
from karat.model.item import Item, Ref, Stream
from karat.model.kind import Facts
from karat.model.problem import Refused
from karat.model.response import Annotation, Author, On, Response
from karat.testing import formats as samples
from karat.testing.examples import load_spec, schema_of
from karat.testing.values import values

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "spec" / "formats"
HOLD_ALL = ("jsonl",)
TABLES = ("csv", "parquet", "jsonl")

each_format = pytest.mark.parametrize("format", FORMATS.values(), ids=list(FORMATS))
each_writer = pytest.mark.parametrize("format", samples.writers(FORMATS), ids=lambda format: format.name)
each_rich = pytest.mark.parametrize(
    "format", [f for f in samples.writers(FORMATS) if not f.lacks(samples.schema())], ids=lambda format: format.name
)
each_choosy = pytest.mark.parametrize(
    "format", [f for f in samples.writers(FORMATS) if f.lacks(samples.schema())], ids=lambda format: format.name
)
each_kind = pytest.mark.parametrize("kind", KINDS)
quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def written(format: Format, records: list[Record], folder: Path, schema=None, which="all") -> WriteContext:
    context = WriteContext(
        schema=schema or samples.schema(), which=which, content=lambda _stream: (SPECS / "pixel.png").open("rb")
    )
    format.write(FolderSink(folder), records, context)
    return context


def read_back(format: Format, folder: Path, schema=None) -> list[Record]:
    found = list(format.read(FolderSource(folder), ReadContext(schema=schema or samples.schema())))
    assert [r for r in found if isinstance(r, Reject)] == []
    return [r for r in found if isinstance(r, Record)]


def spec_files(format: Format) -> FolderSource:
    return FolderSource(SPECS / format.name / "in")


def test_formats_are_listed_by_name_and_all_are_looked_for():
    assert list(FORMATS) == sorted(FORMATS)
    assert sorted(PRECISE_FIRST) == sorted(FORMATS)


@each_format
def test_a_format_has_a_heading_in_the_guide(format):
    guide = (ROOT / "docs" / "guide" / "formats.md").read_text()

    assert f"## {format.title}" in guide


@each_format
def test_its_spec_files_are_known_by_their_content(format):
    assert detect(spec_files(format)).name == format.name


@each_format
def test_its_spec_files_are_read_as_the_golden_records(format):
    schema = samples.schema(msgspec.json.decode((SPECS / format.name / "schema.json").read_bytes()))
    context = ReadContext(schema=schema)

    found = [msgspec.to_builtins(result) for result in format.read(spec_files(format), context)]

    assert msgspec.json.encode(found) == msgspec.json.encode(
        msgspec.json.decode((SPECS / format.name / "records.json").read_bytes())
    )
    assert msgspec.json.decode(msgspec.json.encode(context.losses.losses())) == msgspec.json.decode(
        (SPECS / format.name / "losses.json").read_bytes()
    )


@each_format
def test_its_spec_files_propose_the_golden_schema(format):
    proposed = propose_schema(spec_files(format))

    golden = msgspec.json.decode((SPECS / format.name / "schema.json").read_bytes())
    assert msgspec.json.decode(msgspec.json.encode(proposed.schema)) == golden


@each_writer
def test_the_golden_records_are_written_as_the_golden_files(format, tmp_path):
    schema = samples.schema(msgspec.json.decode((SPECS / format.name / "schema.json").read_bytes()))
    records = [r for r in format.read(spec_files(format), ReadContext(schema=schema)) if isinstance(r, Record)]

    written(format, records, tmp_path, schema, "author")

    golden = {
        p.relative_to(SPECS / format.name / "out"): p.read_bytes()
        for p in (SPECS / format.name / "out").rglob("*")
        if p.is_file()
    }
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert {name: data for name, data in made.items() if name.suffix != ".parquet"} == {
        n: d for n, d in golden.items() if n.suffix != ".parquet"
    }
    assert made.keys() == golden.keys()


@each_format
@pytest.mark.parametrize("skip", [1, 2, 5])
def test_skipping_gives_the_rest(format, skip):
    schema = samples.schema(msgspec.json.decode((SPECS / format.name / "schema.json").read_bytes()))
    whole = list(format.read(spec_files(format), ReadContext(schema=schema)))

    assert list(format.read(spec_files(format), ReadContext(schema=schema, skip=skip))) == whole[skip:]


@each_format
def test_a_source_without_such_a_file_is_a_reject_and_not_a_success(format, tmp_path):
    (tmp_path / "notes.bin").write_bytes(b"\x00\x01")

    found = list(format.read(FolderSource(tmp_path), ReadContext(schema=samples.schema())))

    assert [type(result) for result in found] == [Reject]


@each_rich
def test_writing_twice_gives_the_same_bytes(format, tmp_path):
    for run in ("a", "b"):
        written(format, samples.rich(), tmp_path / run)

    files = [
        {p.relative_to(tmp_path / run): p.read_bytes() for p in (tmp_path / run).rglob("*") if p.is_file()}
        for run in ("a", "b")
    ]
    assert files[0] == files[1] != {}


@each_rich
def test_writing_nothing_leaves_files_that_can_be_read(format, tmp_path):
    written(format, [], tmp_path)

    found = (
        [r for r in format.read(FolderSource(tmp_path), ReadContext(schema=samples.schema())) if isinstance(r, Record)]
        if any(tmp_path.iterdir())
        else []
    )
    assert found == []


@each_choosy
def test_what_a_schema_lacks_is_said_and_nothing_is_written(format, tmp_path):
    with pytest.raises(Refused) as refused:
        written(format, samples.rich(), tmp_path)

    assert refused.value.problems == format.lacks(samples.schema())
    assert not any(tmp_path.iterdir())


@each_choosy
def test_its_golden_files_are_read_back_and_what_is_lost_was_named(format, tmp_path):
    schema = samples.schema(msgspec.json.decode((SPECS / format.name / "schema.json").read_bytes()))
    records = [r for r in format.read(spec_files(format), ReadContext(schema=schema)) if isinstance(r, Record)]

    context = written(format, records, tmp_path, schema, "author")

    assert {loss.what for loss in context.losses.losses()} <= {loss.what for loss in format.losses(schema)}
    assert [answer[2:] for answer in samples.answers(read_back(format, tmp_path, schema))] == [
        answer[2:] for answer in samples.answers(records)
    ]


@pytest.mark.parametrize("name", HOLD_ALL)
def test_a_lossless_format_gives_back_everything(name, tmp_path):
    context = written(FORMATS[name], samples.rich(), tmp_path)

    back = read_back(FORMATS[name], tmp_path)
    assert [(r.item, r.responses) for r in back] == [(r.item, r.responses) for r in samples.rich()]
    assert context.losses.losses() == []


@pytest.mark.parametrize("name", TABLES)
@each_kind
def test_a_table_gives_back_the_values_of_every_kind(name, kind, tmp_path):
    schema, records = samples.of_kind(kind, load_spec(ROOT / "spec" / "kinds" / f"{kind}.json"))

    context = written(FORMATS[name], records, tmp_path, schema)

    lost = context.losses.count("cells that begin with = + - @") + context.losses.count("empty text")
    back, given = list(samples.answers(read_back(FORMATS[name], tmp_path, schema))), list(samples.answers(records))
    assert len([answer for answer in given if answer not in back]) == lost


@each_kind
@quick
@given(data=st.data())
def test_json_lines_give_back_any_value(kind, data, tmp_path_factory):
    spec = load_spec(ROOT / "spec" / "kinds" / f"{kind}.json")
    schema = schema_of(KINDS[kind], spec)
    name = data.draw(st.sampled_from(sorted(key for key, field in schema.fields.items() if field.kind == kind)))
    examples = [e.value for e in spec.valid if (e.field or next(iter(spec.fields))) == name and e.facts is None]
    value = msgspec.json.decode(
        msgspec.json.encode(data.draw(values(KINDS[kind], schema.fields[name], spec.facts, examples)))
    )
    key = data.draw(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
    item = Item(key=key, streams={s.key: Stream(s.kind, Ref(inline=key)) for s in schema.streams.values()})
    response = Response(
        author=Author(type="person", name=key), annotations=(Annotation(id="1", field=name, kind=kind, value=value),)
    )
    folder = tmp_path_factory.mktemp("jsonl")

    written(FORMATS["jsonl"], [Record(item, (response,))], folder, schema)

    assert [(r.item, r.responses) for r in read_back(FORMATS["jsonl"], folder, schema)] == [(item, (response,))]


@each_rich
def test_each_part_that_is_lost_is_counted_as_often_as_it_is_lost(format, tmp_path):
    records = samples.rich()
    context = written(format, records, tmp_path)

    before, after = samples.parts(records), samples.parts(read_back(format, tmp_path))
    unwritten = {
        name
        for name in before
        if any(loss.what.startswith("answers to") for loss in context.losses.losses()) and name in samples.ANNOTATION
    }
    lost = {name: before[name] - after[name] for name in before if name not in unwritten}
    counted = {name: context.losses.count(name) for name in lost}
    assert {n: c for n, c in lost.items() if c > 0} == {n: c for n, c in counted.items() if c > 0}


@each_rich
def test_every_answer_comes_back_or_is_counted(format, tmp_path):
    records = samples.rich()
    context = written(format, records, tmp_path)

    back = len(list(samples.answers(read_back(format, tmp_path))))
    counted = sum(
        loss.count
        for loss in context.losses.losses()
        if loss.what.startswith("answers to") or loss.what.startswith("spans that overlap")
    )
    assert back + counted >= len(list(samples.answers(records)))


@each_rich
def test_losses_are_named_before_anything_is_written(format, tmp_path):
    context = written(format, samples.rich(), tmp_path)

    announced = {loss.what for loss in format.losses(samples.schema())}
    assert {loss.what for loss in context.losses.losses()} <= announced


def test_spans_and_boxes_point_at_what_they_pointed_at(tmp_path):
    on_text = samples.rich()[0].responses[0].annotations[0]

    written(FORMATS["conll"], samples.rich(), tmp_path)

    [record] = [
        r for r in read_back(FORMATS["conll"], tmp_path) if r.responses[0].annotations and r.source.startswith("1-")
    ]
    found = record.responses[0].annotations[0]
    (start, end), text = found.value[0], record.item.streams["text"].ref.inline
    assert text[start:end] == samples.TEXT[on_text.value[0][0] : on_text.value[0][1]] == "Ada Löwe"
    assert found.on == On("text")
    assert record.item.streams["text"].facts == Facts(length=len(text))
