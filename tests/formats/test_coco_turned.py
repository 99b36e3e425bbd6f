"""Rotated boxes in and out of COCO as outlines of four corners, ellipses out as outlines."""

from math import pi

import msgspec
import pytest

from karat.formats import FORMATS
from karat.formats.base import LossCounter, ReadContext, Record, Reject, WriteContext
from karat.formats.preview import propose_schema
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.testing.formats import schema as schema_from

DIAMOND = {"bbox": [10, 0, 30, 30], "segmentation": [[20, 0, 40, 20, 30, 30, 10, 10]]}
LEVEL = {"bbox": [10, 10, 40, 20]}
KITE = {"bbox": [10, 0, 30, 40], "segmentation": [[20, 0, 40, 20, 30, 40, 10, 10]]}


def schema(*kinds):
    """A field of each kind; `kind/label` is a field with another label."""
    fields = {
        name.replace("/", "_"): {
            "kind": name.partition("/")[0],
            "on": "image",
            "labels": {name.partition("/")[2] or "ship": {}},
        }
        for name in kinds
    }
    return {"karat_schema": 1, "streams": {"image": {"kind": "image"}}, "fields": fields}


def coco(*annotations):
    return {"images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 50}], "categories": [{"id": 1, "name": "ship"}],
            "annotations": [{"id": n, "image_id": 1, "category_id": 1, "iscrowd": 0, **a} for n, a in enumerate(annotations, 1)]}  # fmt: skip


def read(given, kinds, folder):
    folder.mkdir(exist_ok=True)
    (folder / "in.json").write_bytes(msgspec.json.encode(given))
    context = ReadContext(schema=schema_from(schema(*kinds)))
    found = [record for record in FORMATS["coco"].read(FolderSource(folder), context) if isinstance(record, Record)]
    return found, {loss.what: loss.count for loss in context.losses.losses() if loss.what != "pictures"}


def annotations(found):
    return [(a.kind, a.value) for record in found for r in record.responses for a in r.annotations]


def write(records, kinds, folder):
    context = WriteContext(schema=schema_from(schema(*kinds)), which="author", losses=LossCounter())
    FORMATS["coco"].write(FolderSink(folder), records, context)
    return msgspec.json.decode(next(folder.glob("*.json")).read_bytes())["annotations"], {
        loss.what: (loss.count, loss.becomes) for loss in context.losses.losses()
    }


def with_value(record, kind, value):
    """The same record with one annotation of a kind, drawn in Karat."""
    response = record.responses[0]
    drawn = msgspec.structs.replace(response.annotations[0], field=kind, kind=kind, value=value, extra={})
    return msgspec.structs.replace(
        record, responses=(msgspec.structs.replace(response, annotations=(drawn,), covers={kind: None}),)
    )


def test_four_corners_at_right_angles_are_a_rotated_box_and_come_back(tmp_path):
    found, losses = read(coco(DIAMOND, LEVEL), ["rotated_box"], tmp_path / "in")
    made, _ = write(found, ["rotated_box"], tmp_path / "out")

    (_, diamond), (_, level) = annotations(found)
    assert diamond == pytest.approx({"cx": 25, "cy": 15, "width": 800**0.5, "height": 200**0.5, "angle": 45})
    assert level == {"cx": 30, "cy": 20, "width": 40, "height": 20, "angle": 0}
    assert losses == {}
    assert [(a["segmentation"], a["bbox"]) for a in made] == [
        (DIAMOND["segmentation"], DIAMOND["bbox"]),
        ([[10, 10, 50, 10, 50, 30, 10, 30]], LEVEL["bbox"]),
    ]


def test_a_level_box_stays_a_box_where_there_is_a_field_of_boxes(tmp_path):
    found, _ = read(coco(DIAMOND, LEVEL), ["box", "rotated_box"], tmp_path / "in")

    assert [kind for kind, _ in annotations(found)] == ["rotated_box", "box"]


@pytest.mark.parametrize(
    ("kinds", "given", "taken"),
    [
        (["rotated_box/tree", "polygon"], DIAMOND, "polygon"),
        (["rotated_box/tree", "mask"], DIAMOND, "mask"),
        (["rotated_box", "polygon"], DIAMOND, "polygon"),
        (["rotated_box", "polygon/tree"], DIAMOND, "rotated_box"),
        (["rotated_box", "mask"], DIAMOND, "rotated_box"),
        (["polygon/tree", "box"], DIAMOND, "box"),
        (["rotated_box", "box/tree"], LEVEL, "rotated_box"),
        (["box/tree", "box"], LEVEL, "box"),
        (["mask/tree", "box"], {"bbox": [0, 0, 4, 5], "segmentation": {"size": [50, 100], "counts": [0, 5000]}}, "box"),
    ],
)
def test_an_annotation_goes_to_a_field_that_has_its_label(kinds, given, taken, tmp_path):
    found, _ = read(coco(given), kinds, tmp_path)

    assert [(a.field, a.label) for record in found for r in record.responses for a in r.annotations] == [
        (taken, "ship")
    ]


def test_fields_of_one_kind_speak_for_the_categories_that_they_take(tmp_path):
    found, _ = read(coco(LEVEL), ["box/tree", "box", "polygon/tree"], tmp_path)

    [response] = found[0].responses
    assert response.covers == {"box": None, "polygon_tree": []}


def test_a_label_that_no_field_has_is_refused_by_the_one_for_its_shape(tmp_path):
    (tmp_path / "in.json").write_bytes(msgspec.json.encode(coco(DIAMOND)))

    found = list(
        FORMATS["coco"].read(
            FolderSource(tmp_path), ReadContext(schema=schema_from(schema("polygon/tree", "box/tree")))
        )
    )

    assert [(p.path, p.expected, p.do) for r in found if isinstance(r, Reject) for p in r.problems] == [
        ("label", "one of tree", "Add the label to `polygon_tree`, or rename it in the file.")
    ]


def test_an_outline_that_is_nearly_a_rectangle_is_counted_and_kept(tmp_path):
    nearly = {**DIAMOND, "segmentation": [[20, 0.4, 40, 20, 30, 30, 10, 10]]}

    found, losses = read(coco(DIAMOND, nearly), ["rotated_box"], tmp_path / "in")
    made, _ = write(found, ["rotated_box"], tmp_path / "out")

    assert (len(annotations(found)), losses) == (2, {"outlines that are nearly rectangles": 1})
    assert made[1]["segmentation"] == nearly["segmentation"]


def test_an_outline_that_is_no_rectangle_is_counted_and_kept(tmp_path):
    found, losses = read(coco(DIAMOND, KITE), ["rotated_box"], tmp_path / "in")
    made, _ = write(found, ["rotated_box"], tmp_path / "out")

    assert (len(annotations(found)), losses) == (1, {"polygons": 1})
    assert KITE["segmentation"] in [a["segmentation"] for a in made]


def test_a_rotated_box_that_was_changed_is_written_as_its_corners(tmp_path):
    found, _ = read(coco(DIAMOND), ["rotated_box"], tmp_path / "in")
    record = with_value(found[0], "rotated_box", {"cx": 30.0, "cy": 20.0, "width": 20.0, "height": 10.0, "angle": 90.0})

    (made,), _ = write([record], ["rotated_box"], tmp_path / "out")

    assert (made["bbox"], made["area"], made["segmentation"]) == (
        [25, 10, 10, 20],
        200,
        [[35, 10, 35, 30, 25, 30, 25, 10]],
    )


def test_an_ellipse_is_written_as_an_outline_of_its_area_and_counted(tmp_path):
    found, _ = read(coco(LEVEL), ["rotated_box"], tmp_path / "in")
    record = with_value(found[0], "ellipse", {"cx": 30.0, "cy": 20.0, "rx": 20.0, "ry": 10.0, "angle": 0.0})

    (made,), losses = write([record], ["ellipse"], tmp_path / "out")

    assert made["area"] == pytest.approx(200 * pi)
    assert len(made["segmentation"][0]) == 128
    assert made["bbox"] == pytest.approx([10, 10, 40, 20], abs=0.05)
    assert losses["ellipses"] == (1, "an outline of 64 points")


@pytest.mark.parametrize(
    ("given", "kinds"), [([DIAMOND, LEVEL], ["rotated_box"]), ([LEVEL], ["box"]), ([DIAMOND, KITE], ["polygon"])]
)
def test_rotated_boxes_are_proposed_where_all_outlines_are_rectangles(given, kinds, tmp_path):
    (tmp_path / "in.json").write_bytes(msgspec.json.encode(coco(*given)))

    found = propose_schema(FolderSource(tmp_path))

    assert [field["kind"] for field in found.schema["fields"].values()] == kinds
