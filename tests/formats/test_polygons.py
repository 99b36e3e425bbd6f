"""Polygons in and out of COCO and Label Studio, with what these leave out."""

import json

import msgspec
import pytest

from karat.formats import FORMATS
from karat.formats.base import LossCounter, ReadContext, Record, Reject, WriteContext
from karat.formats.preview import propose_schema
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.testing.formats import schema as schema_from

LABELS = {"car": {"title": "car"}, "dog": {"title": "dog"}}
PLOTS = {
    "karat_schema": 1,
    "streams": {"image": {"kind": "image"}},
    "fields": {"plots": {"kind": "polygon", "on": "image", "labels": LABELS}},
}
BOXES = {
    "karat_schema": 1,
    "streams": {"image": {"kind": "image"}},
    "fields": {"objects": {"kind": "box", "on": "image", "labels": LABELS}},
}
SQUARE = {"outer": [[[10.0, 10.0], [30.0, 10.0], [30.0, 30.0], [10.0, 30.0]]]}
HOLE = {**SQUARE, "holes": [[[15.0, 15.0], [20.0, 15.0], [20.0, 20.0]]]}
PARTS = {"outer": [*SQUARE["outer"], [[40.0, 10.0], [50.0, 10.0], [50.0, 20.0]]]}


def coco(*annotations):
    return {"images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 50}], "categories": [{"id": 1, "name": "car"}, {"id": 2, "name": "dog"}],
            "annotations": [{"id": n, "image_id": 1, "category_id": 1, "iscrowd": 0, **a} for n, a in enumerate(annotations, 1)]}  # fmt: skip


def studio(*results, **data):
    region = {
        "from_name": "plots",
        "to_name": "image",
        "original_width": 100,
        "original_height": 50,
        "image_rotation": 0,
        "type": "polygonlabels",
    }
    answers = [{**region, "id": f"r{n}", **r} for n, r in enumerate(results, 1)]
    return [{"id": 1, "data": {"image": "a.jpg", **data}, "annotations": [{"id": 7, "result": answers}]}]


def outline(*points, **more):
    return {"value": {"points": [list(p) for p in points], "polygonlabels": ["car"], **more}}


def read(name, given, schema, folder):
    folder.mkdir(exist_ok=True)
    (folder / "in.json").write_bytes(msgspec.json.encode(given))
    context = ReadContext(schema=schema_from(schema))
    found = list(FORMATS[name].read(FolderSource(folder), context))
    return found, {loss.what: loss.count for loss in context.losses.losses()}


def annotations(found):
    return [a for record in found if isinstance(record, Record) for r in record.responses for a in r.annotations]


def write(name, records, schema, folder):
    context = WriteContext(schema=schema_from(schema), which="author", losses=LossCounter())
    FORMATS[name].write(FolderSink(folder), records, context)
    file = next(folder.glob("*.json"))
    return msgspec.json.decode(file.read_bytes()), {
        loss.what: (loss.count, loss.becomes) for loss in context.losses.losses()
    }


def changed(record, value):
    """The same record with another value of its first annotation."""
    response = record.responses[0]
    first = msgspec.structs.replace(response.annotations[0], value=value)
    return msgspec.structs.replace(
        record, responses=(msgspec.structs.replace(response, annotations=(first, *response.annotations[1:])),)
    )


def test_a_field_of_boxes_reads_the_boxes_of_polygons_as_ever(tmp_path):
    found, losses = read(
        "coco", coco({"bbox": [10, 10, 20, 20], "segmentation": [[10, 10, 30, 10, 20, 30]]}), BOXES, tmp_path / "in"
    )
    made, _ = write("coco", found, BOXES, tmp_path / "out")

    assert [a.value for a in annotations(found)] == [{"left": 10.0, "top": 10.0, "right": 30.0, "bottom": 30.0}]
    assert losses["polygons"] == 1
    assert made["annotations"][0]["segmentation"] == [[10, 10, 30, 10, 20, 30]]


def test_a_mask_stays_in_a_project_of_polygons_and_comes_back(tmp_path):
    mask = {"bbox": [0, 0, 9, 9], "segmentation": {"size": [50, 100], "counts": [0, 5000]}}

    found, losses = read("coco", coco(mask), PLOTS, tmp_path / "in")
    made, _ = write("coco", found, PLOTS, tmp_path / "out")

    assert (annotations(found), losses["masks (RLE)"]) == ([], 1)
    assert made["annotations"][0]["segmentation"] == mask["segmentation"]


def test_a_polygon_that_was_changed_is_written_anew_and_its_hole_is_told(tmp_path):
    found, _ = read(
        "coco",
        coco({"bbox": [0, 0, 1, 1], "area": 1, "segmentation": [[10, 10, 30, 10, 20, 30]]}),
        PLOTS,
        tmp_path / "in",
    )

    made, losses = write("coco", [changed(found[0], HOLE)], PLOTS, tmp_path / "out")

    assert made["annotations"][0] == {
        "id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "area": 387.5, "iscrowd": 0,
        "segmentation": [[10, 10, 30, 10, 30, 30, 10, 30]],
    }  # fmt: skip
    assert losses["holes of polygons"] == (1, "filled")


def test_a_polygon_out_of_the_picture_is_a_reject_that_says_where(tmp_path):
    found, _ = read("coco", coco({"segmentation": [[10, 10, 300, 10, 20, 30]]}), PLOTS, tmp_path / "in")

    rejects = [r for r in found if isinstance(r, Reject)]
    assert [(p.path, p.expected) for r in rejects for p in r.problems] == [("value.outer[0][1][0]", "0 to 100")]


@pytest.mark.filterwarnings("error")
def test_an_outline_beyond_all_pictures_is_a_reject_and_nothing_is_computed_with_it(tmp_path):
    given = coco({"segmentation": [[0, 0, 1e299, 1e299, 1e299, 0, 0, 1e299]]})
    del given["images"][0]["width"], given["images"][0]["height"]

    found, _ = read("coco", given, PLOTS, tmp_path)

    assert [p.path for r in found if isinstance(r, Reject) for p in r.problems] == ["value.outer[0][1][0]"]


def test_polygons_with_an_odd_count_of_numbers_are_no_polygons(tmp_path):
    found, losses = read("coco", coco({"segmentation": [[10, 10, 30, 10, 20]]}), PLOTS, tmp_path / "in")

    assert (annotations(found), losses["polygons that are no rows of points"]) == ([], 1)


def test_of_a_polygon_with_a_part_that_is_none_the_others_are_read_and_it_is_counted(tmp_path):
    given = coco({"bbox": [10, 10, 20, 20], "segmentation": [[10, 10, 30, 10, 20, 30], [1, 2, 3, 4]]})

    found, losses = read("coco", given, PLOTS, tmp_path / "in")
    made, _ = write("coco", found, PLOTS, tmp_path / "out")

    assert [a.value for a in annotations(found)] == [{"outer": [[[10.0, 10.0], [30.0, 10.0], [20.0, 30.0]]]}]
    assert losses == {"pictures": 1, "parts of polygons that are no rows of points": 1}
    assert made["annotations"][0]["segmentation"] == given["annotations"][0]["segmentation"]


def test_what_is_no_polygon_and_no_mask_is_named_with_what_would_mend_it(tmp_path):
    given = coco(
        {"bbox": [10, 10, 20, 20], "segmentation": [[1, 2, 3, 4]]},
        {"bbox": [10, 10, 20, 20], "segmentation": {"size": [50, 100]}},
    )
    (tmp_path / "in.json").write_bytes(msgspec.json.encode(given))
    context = ReadContext(schema=schema_from(BOXES))

    found = list(FORMATS["coco"].read(FolderSource(tmp_path), context))

    remedies = {loss.what: loss.remedy for loss in context.losses.losses()}
    assert len(annotations(found)) == 2
    assert remedies["polygons that are no rows of points"].startswith("Mend them in the file: x and y")
    assert remedies["masks without size and counts"].startswith("Mend them in the file: a mask has")


@pytest.mark.parametrize(
    "wrong", [{"bbox": [0, 0, 10**400, 2]}, {"segmentation": [[0, 0, 10**400, 0, 5, 5]], "bbox": []}]
)
def test_a_number_beyond_all_measure_ends_its_annotation_only(wrong, tmp_path):
    text = json.dumps(coco({"bbox": [10, 10, 20, 20]}, wrong, {"bbox": [1, 1, 2, 2]}))
    (tmp_path / "in.json").write_text(text)

    found = list(FORMATS["coco"].read(FolderSource(tmp_path), ReadContext(schema=schema_from(BOXES))))

    assert [a.id for a in annotations(found)] == ["1", "3"]
    assert [p.path for r in found if isinstance(r, Reject) for p in r.problems] == ["bbox"]


def test_label_studio_counts_in_percent(tmp_path):
    given = studio(outline((10, 20), (30, 20), (30, 60), closed=True))

    found, losses = read("label_studio", given, PLOTS, tmp_path / "in")
    made, _ = write("label_studio", found, PLOTS, tmp_path / "out")

    assert [a.value for a in annotations(found)] == [{"outer": [[[10.0, 10.0], [30.0, 10.0], [30.0, 30.0]]]}]
    assert losses == {"pictures": 1}
    assert made[0]["annotations"][0]["result"] == given[0]["annotations"][0]["result"]


def test_label_studio_gets_each_part_as_a_region_and_no_hole(tmp_path):
    found, _ = read("label_studio", studio(outline((10, 20), (30, 20), (30, 60))), PLOTS, tmp_path / "in")
    record = changed(found[0], {**PARTS, "holes": HOLE["holes"]})
    stream = record.item.streams["image"]
    sized = msgspec.structs.replace(stream, facts=msgspec.structs.replace(stream.facts, width=100, height=50))
    record = msgspec.structs.replace(record, item=msgspec.structs.replace(record.item, streams={"image": sized}))

    made, losses = write("label_studio", [record], PLOTS, tmp_path / "out")

    regions = made[0]["annotations"][0]["result"]
    assert [(r["type"], r["value"]["points"][0], r["value"]["polygonlabels"]) for r in regions] == [
        ("polygonlabels", [10.0, 20.0], ["car"]),
        ("polygonlabels", [40.0, 20.0], ["car"]),
    ]
    assert {what: losses[what] for what in ("polygons in several parts", "holes of polygons")} == {
        "polygons in several parts": (1, "a region for each part"), "holes of polygons": (1, "filled"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("result", "what"),
    [
        ({**outline((10, 20), (30, 20), (30, 60)), "image_rotation": 90}, "polygons on turned images"),
        (outline((10, 20), (30, 20), (30, 60), closed=False), "polygons that are not closed"),
        ({**outline((10, 20), (30, 20), (30, 60)), "original_width": None}, "polygons without the size of their image"),
        (
            {"type": "brushlabels", "value": {"format": "rle", "rle": [1], "brushlabels": ["car"]}},
            "results of type `brushlabels`",
        ),
    ],
)
def test_what_of_label_studio_no_polygon_holds_stays_and_comes_back(result, what, tmp_path):
    given = studio(result)

    found, losses = read("label_studio", given, PLOTS, tmp_path / "in")
    made, _ = write("label_studio", found, PLOTS, tmp_path / "out")

    assert (annotations(found), losses[what]) == ([], 1)
    assert made[0]["annotations"][0]["result"] == given[0]["annotations"][0]["result"]


def test_outlines_whose_label_stands_apart_are_proposed_as_polygons(tmp_path):
    shape = {"type": "polygon", "from_name": "shape", **outline((10, 20), (30, 20), (30, 60))}
    name = {"type": "labels", "id": "r1", "value": {"points": shape["value"]["points"], "labels": ["car"]}}
    (tmp_path / "in.json").write_bytes(msgspec.json.encode(studio(shape, name)))

    proposed = propose_schema(FolderSource(tmp_path))

    assert {key: field["kind"] for key, field in proposed.schema["fields"].items()} == {"plots": "polygon"}
