"""Rotated rectangles, ellipses, points and lines of Label Studio become shapes in pixels, and go back as they came."""

import msgspec
import pytest

from karat.formats import FORMATS
from karat.formats.base import LossCounter, ReadContext, Record, WriteContext
from karat.formats.label_studio import LABEL_STUDIO
from karat.formats.preview import propose_schema
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.testing.formats import schema as schema_from

TURNED = {
    "type": "rectanglelabels",
    "value": {"x": 20, "y": 20, "width": 30, "height": 10, "rotation": 90, "rectanglelabels": ["car"]},
}
LEVEL = {
    "type": "rectanglelabels",
    "value": {"x": 20, "y": 20, "width": 30, "height": 10, "rotation": 0, "rectanglelabels": ["car"]},
}
ROUND = {
    "type": "ellipselabels",
    "value": {"x": 50, "y": 40, "radiusX": 10, "radiusY": 10, "rotation": 30, "ellipselabels": ["car"]},
}
SPOT = {"type": "keypointlabels", "value": {"x": 25, "y": 50, "width": 0.5, "keypointlabels": ["car"]}}
VERTICES = [
    {"id": "a", "x": 10, "y": 20, "prevPointId": None, "isBezier": False},
    {"id": "b", "x": 30, "y": 60, "prevPointId": "a", "isBezier": False},
]
PATH = {"type": "vectorlabels", "value": {"vertices": VERTICES, "closed": False, "vectorlabels": ["car"]}}
OPEN = {"type": "polygonlabels", "value": {"points": [[10, 20], [30, 60]], "closed": False, "polygonlabels": ["car"]}}
VALUES = {
    "rotated_box": (TURNED, {"cx": 35.0, "cy": 50.0, "width": 60.0, "height": 10.0, "angle": 90.0}),
    "ellipse": (ROUND, {"cx": 100.0, "cy": 40.0, "rx": 20.0, "ry": 10.0, "angle": 30.0}),
    "point": (SPOT, {"x": 50.0, "y": 50.0}),
    "polyline": (PATH, {"points": [[20.0, 20.0], [60.0, 60.0]]}),
}


def schema(kind):
    fields = {"things": {"kind": kind, "on": "image", "labels": {"car": {}}}}
    return {"karat_schema": 1, "streams": {"image": {"kind": "image"}}, "fields": fields}


def tasks(*results):
    region = {
        "from_name": "things",
        "to_name": "image",
        "original_width": 200,
        "original_height": 100,
        "image_rotation": 0,
    }
    answers = [{**region, "id": f"r{number}", **result} for number, result in enumerate(results, 1)]
    return [{"id": 1, "data": {"image": "a.jpg"}, "annotations": [{"id": 7, "result": answers}]}]


def read(given, kind, folder):
    folder.mkdir(exist_ok=True)
    (folder / "in.json").write_bytes(msgspec.json.encode(given))
    context = ReadContext(schema=schema_from(schema(kind)))
    found = list(FORMATS["label_studio"].read(FolderSource(folder), context))
    assert all(isinstance(record, Record) for record in found)
    return found, {loss.what: loss.count for loss in context.losses.losses() if loss.what != "pictures"}


def values(found):
    return [a.value for record in found for r in record.responses for a in r.annotations]


def write(records, kind, folder):
    context = WriteContext(schema=schema_from(schema(kind)), which="author", losses=LossCounter())
    FORMATS["label_studio"].write(FolderSink(folder), records, context)
    return msgspec.json.decode((folder / "tasks.json").read_bytes())[0]["annotations"][0]["result"], (
        folder / "label_config.xml"
    ).read_text("utf-8")


def without_memory(record):
    """The same record as if it had been drawn in Karat on a picture of 200 x 100."""
    response, stream = record.responses[0], record.item.streams["image"]
    bare = tuple(msgspec.structs.replace(a, extra={}) for a in response.annotations)
    sized = msgspec.structs.replace(stream, facts=msgspec.structs.replace(stream.facts, width=200, height=100))
    item = msgspec.structs.replace(record.item, streams={"image": sized})
    return msgspec.structs.replace(record, item=item, responses=(msgspec.structs.replace(response, annotations=bare),))


@pytest.mark.parametrize("kind", VALUES)
def test_a_result_becomes_its_kind_in_pixels_and_comes_back_as_it_was(kind, tmp_path):
    result, value = VALUES[kind]

    found, losses = read(tasks(result), kind, tmp_path / "in")
    made, config = write(found, kind, tmp_path / "out")

    assert (len(values(found)), losses) == (1, {})
    assert values(found)[0] == {
        key: pytest.approx(part) if isinstance(part, float) else part for key, part in value.items()
    }
    assert made == tasks(result)[0]["annotations"][0]["result"]
    assert result["type"] in config.lower()


@pytest.mark.parametrize("kind", VALUES)
def test_what_is_drawn_here_is_written_as_label_studio_draws_it(kind, tmp_path):
    result, value = VALUES[kind]
    found, _ = read(tasks(result), kind, tmp_path / "in")

    made, _ = write([without_memory(record) for record in found], kind, tmp_path / "out")
    again, _ = read([{**tasks()[0], "annotations": [{"id": 8, "result": made}]}], kind, tmp_path / "back")

    assert [r["type"] for r in made] == [result["type"]]
    assert values(again)[0] == {
        key: pytest.approx(part) if isinstance(part, float) else part for key, part in value.items()
    }


def test_a_level_rectangle_is_a_box_where_boxes_are_asked_and_a_turned_one_is_counted(tmp_path):
    found, losses = read(tasks(LEVEL, TURNED), "box", tmp_path / "in")

    assert values(found) == [{"left": 40.0, "top": 20.0, "right": 100.0, "bottom": 30.0}]
    assert losses == {"rotated boxes": 1}


def test_a_level_rectangle_is_a_rotated_box_of_no_angle_where_these_are_asked(tmp_path):
    found, losses = read(tasks(LEVEL), "rotated_box", tmp_path / "in")

    assert (values(found), losses) == ([{"cx": 70.0, "cy": 25.0, "width": 60.0, "height": 10.0, "angle": 0.0}], {})


def test_an_outline_that_is_not_closed_is_a_line(tmp_path):
    found, losses = read(tasks(OPEN), "polyline", tmp_path / "in")

    assert (values(found), losses) == ([VALUES["polyline"][1]], {})


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"closed": True}, "outlines that are closed"),
        ({"vertices": [VERTICES[0], {**VERTICES[1], "isBezier": True}]}, "curved lines"),
        ({"vertices": [*VERTICES, {"id": "c", "x": 50, "y": 60, "prevPointId": "a"}]}, "lines that branch"),
    ],
)
def test_lines_that_karat_cannot_hold_stay_and_come_back(change, what, tmp_path):
    given = tasks({**PATH, "value": {**PATH["value"], **change}})

    found, losses = read(given, "polyline", tmp_path / "in")
    made, _ = write(found, "polyline", tmp_path / "out")

    assert (values(found), losses) == ([], {what: 1})
    assert made == given[0]["annotations"][0]["result"]


def vertices(*chain):
    """Vertices of (id, the one before)."""
    return [
        {"id": name, "x": 10 * number, "y": 10, "prevPointId": previous}
        for number, (name, previous) in enumerate(chain)
    ]


def test_vertices_are_put_in_the_order_of_their_chain_and_come_back_as_they_were(tmp_path):
    given = tasks({**PATH, "value": {**PATH["value"], "vertices": vertices(("b", "a"), ("c", "b"), ("a", None))}})

    found, losses = read(given, "polyline", tmp_path / "in")
    made, _ = write(found, "polyline", tmp_path / "out")

    assert (values(found), losses) == ([{"points": [[40.0, 10.0], [0.0, 10.0], [20.0, 10.0]]}], {})
    assert made == given[0]["annotations"][0]["result"]


@pytest.mark.parametrize(
    ("chain", "what"),
    [
        ([("a", None), ("b", "a"), ("c", None), ("d", "c")], "lines in several paths"),
        ([("a", None), ("b", "a"), ("c", "d"), ("d", "c")], "lines in several paths"),
        ([("a", None), ("b", "a"), ("c", "a")], "lines that branch"),
        ([("a", None), ("a", "a"), ("b", "c")], "lines whose order is not clear"),
    ],
)
def test_lines_that_are_not_one_path_are_called_what_they_are(chain, what, tmp_path):
    found, losses = read(
        tasks({**PATH, "value": {**PATH["value"], "vertices": vertices(*chain)}}), "polyline", tmp_path
    )

    assert (values(found), losses) == ([], {what: 1})


def test_a_path_that_returns_to_its_start_is_an_outline(tmp_path):
    chain = vertices(("a", "c"), ("b", "a"), ("c", "b"))
    chain[1]["y"] = 50

    found, losses = read(
        tasks({**PATH, "value": {**PATH["value"], "vertices": chain, "closed": True}}), "polygon", tmp_path
    )

    assert (values(found), losses) == ([{"outer": [[[0.0, 10.0], [20.0, 50.0], [40.0, 10.0]]]}], {})


def test_a_last_corner_that_repeats_the_first_is_left_out(tmp_path):
    closed = {"points": [[10, 10], [30, 10], [30, 30], [10, 10]], "closed": True, "polygonlabels": ["car"]}

    found, losses = read(tasks({"type": "polygonlabels", "value": closed}), "polygon", tmp_path)

    assert (values(found), losses) == ([{"outer": [[[20.0, 10.0], [60.0, 10.0], [60.0, 30.0]]]}], {})


def test_an_outline_that_crosses_itself_is_mended_counted_and_comes_back_as_it_was(tmp_path):
    given = tasks(
        {
            "type": "polygonlabels",
            "value": {"points": [[10, 10], [30, 30], [30, 10], [10, 30]], "closed": True, "polygonlabels": ["car"]},
        }
    )

    found, losses = read(given, "polygon", tmp_path / "in")
    made, _ = write(found, "polygon", tmp_path / "out")

    [value] = values(found)
    assert (len(value["outer"]), losses) == (2, {"polygons that cross themselves": 1})
    assert made == given[0]["annotations"][0]["result"]


def test_a_shape_on_a_turned_image_stays_as_it_is(tmp_path):
    found, losses = read(tasks({**SPOT, "image_rotation": 90}), "point", tmp_path / "in")

    assert (values(found), losses) == ([], {"points on turned images": 1})


@pytest.mark.parametrize(
    ("results", "kind"),
    [
        ([LEVEL], "box"),
        ([LEVEL, TURNED], "rotated_box"),
        ([ROUND], "ellipse"),
        ([SPOT], "point"),
        ([PATH], "polyline"),
        ([OPEN], "polyline"),
    ],
)
def test_the_kind_that_holds_the_results_is_proposed(results, kind, tmp_path):
    (tmp_path / "in.json").write_bytes(msgspec.json.encode(tasks(*results)))

    found = propose_schema(FolderSource(tmp_path))

    assert [field["kind"] for field in found.schema["fields"].values()] == [kind]


def test_a_file_whose_first_text_is_long_is_known_by_what_stands_before_it():
    head = b'[\n{"meta":{"karat_key":"a"},"annotations":[],"predictions":[],"data":{"text":"' + b"a" * 70_000

    assert LABEL_STUDIO.reads("tasks.json", head)
    assert not LABEL_STUDIO.reads("tasks.json", head.replace(b"annotations", b"sentences"))
