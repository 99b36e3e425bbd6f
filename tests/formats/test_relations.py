"""Relations come from Label Studio and go back, by the ids that its regions have there."""

import msgspec
import pytest

from karat.formats import FORMATS
from karat.formats.base import LossCounter, ReadContext, WriteContext
from karat.formats.sinks import FolderSink
from karat.kinds import KINDS
from karat.kinds.checking import check_response
from karat.model.schema import read_schema
from karat.testing.reading import MemorySource

TEXT = "Ada Obi works for Acme 😀 in Lagos."


def written(records, folder, schema):
    context = WriteContext(schema=schema, kinds=KINDS, losses=LossCounter())
    FORMATS["label_studio"].write(FolderSink(folder), records, context)


def region(ident, start, end, label):
    return {
        "id": ident,
        "from_name": "ner",
        "to_name": "text",
        "type": "labels",
        "value": {"start": start, "end": end, "labels": [label]},
    }


def task(*relations):
    results = [region("r1", 0, 7, "Person"), region("r2", 18, 22, "Firm"), *relations]
    return {"id": 1, "data": {"text": TEXT}, "annotations": [{"id": 1, "completed_by": 1, "result": results}]}


def relation(**more):
    return {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right", **more}


def read(*tasks, schema=None):
    source = MemorySource({"tasks.json": msgspec.json.encode(tasks)})
    if schema is None:
        schema, problems = read_schema(FORMATS["label_studio"].propose(source, KINDS).schema, KINDS)
        assert problems == []
    context = ReadContext(schema=schema)
    return schema, list(FORMATS["label_studio"].read(source, context)), context


def test_relations_are_proposed_read_checked_and_written_as_they_came(tmp_path):
    given = relation(labels=["works for"])

    schema, [record], context = read(task(given))
    found, problems = check_response(record.responses[0], schema)
    written([record], tmp_path, schema)

    assert (problems, context.losses.losses()) == ([], [])
    assert [(a.label, a.value.source, a.value.target) for a in found.annotations if a.kind == "relation"] == [
        ("works for", "r1", "r2")
    ]
    out = msgspec.json.decode((tmp_path / "tasks.json").read_bytes())
    assert out[0]["annotations"][0]["result"][-1] == given
    assert '<Relation value="works for"/>' in (tmp_path / "label_config.xml").read_text("utf-8")


def test_a_relation_that_points_left_is_turned_and_one_without_label_gets_one():
    _, [record], _ = read(task(relation(direction="left")))

    [made] = [a for a in record.responses[0].annotations if a.kind == "relation"]
    assert (made.label, made.value) == ("related", {"from": "r2", "to": "r1"})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (relation(to_id="r9", labels=["works for"]), "relations to what is no region here"),
        (relation(direction="bi", labels=["works for"]), "relations in both directions"),
        (relation(labels=["sells"]), "relations without a label that the schema has"),
    ],
)
def test_what_no_field_holds_is_counted_kept_and_written_back(given, told, tmp_path):
    schema, _, _ = read(task(relation(labels=["works for"])))

    _, [record], context = read(task(given), schema=schema)
    written([record], tmp_path, schema)

    assert [(loss.what, loss.count) for loss in context.losses.losses()] == [(told, 1)]
    out = msgspec.json.decode((tmp_path / "tasks.json").read_bytes())
    assert given in out[0]["annotations"][0]["result"]


def test_a_relation_made_here_names_the_regions_as_they_are_written(tmp_path):
    schema, [record], _ = read(task(relation(labels=["works for"])))
    fresh = msgspec.structs.replace(
        record.responses[0],
        annotations=tuple(
            msgspec.structs.replace(a, extra={}, id=f"new-{i}")
            if a.kind != "relation"
            else msgspec.structs.replace(a, extra={}, value={"from": "new-1", "to": "new-0"})
            for i, a in enumerate(record.responses[0].annotations)
        ),
    )

    written([msgspec.structs.replace(record, responses=(fresh,))], tmp_path, schema)

    results = msgspec.json.decode((tmp_path / "tasks.json").read_bytes())[0]["annotations"][0]["result"]
    assert results[-1] == {
        "type": "relation",
        "from_id": "new-1",
        "to_id": "new-0",
        "direction": "right",
        "labels": ["works for"],
    }
    assert {"new-0", "new-1"} == {r["id"] for r in results[:-1]}
