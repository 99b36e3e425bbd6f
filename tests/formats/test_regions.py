"""Regions of pictures in other tools' files: what each kind becomes, and comes back as."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record, Reject, WriteContext
from karat.formats.preview import schema_of
from karat.formats.regions import as_kind, outlines
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.geometry import masks, polygons
from karat.model.item import Item, Ref, Stream
from karat.model.kind import Facts
from karat.model.response import Annotation, Author, On, Response
from karat.testing import formats as samples


def regions(format: str, folder: Path, schema=None):
    context = ReadContext(schema=schema or schema_of(FORMATS[format], FolderSource(folder)))
    found = list(FORMATS[format].read(FolderSource(folder), context))
    assert [r for r in found if isinstance(r, Reject)] == []
    return [(a.kind, a.label, a.value) for r in found for q in r.responses for a in q.annotations]


def round_trip(format: str, folder: Path, out: Path):
    """What is read of a folder, and what is read of it written again; with the losses of writing."""
    source = FolderSource(folder)
    schema = schema_of(FORMATS[format], source)
    records = [r for r in FORMATS[format].read(source, ReadContext(schema=schema)) if isinstance(r, Record)]
    context = WriteContext(schema=schema, which="author", content=lambda stream: source.open(stream.ref.uri))
    FORMATS[format].write(FolderSink(out), records, context)
    return regions(format, folder, schema), regions(format, out, schema), context.losses.losses()


def yolo_set(folder: Path, rows: str, more: str = "") -> Path:
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    Image.new("L", (200, 100)).save(folder / "images" / "a.png")
    (folder / "labels" / "a.txt").write_text(rows)
    (folder / "data.yaml").write_text(f"path: .\ntrain: images\nval: images\nnames: [cat, dog]\n{more}")
    return folder


def test_rows_of_four_corners_are_rotated_boxes_and_go_back(tmp_path):
    folder = yolo_set(tmp_path / "in", "1 0.1 0 0.2 0.2 0.15 0.3 0.05 0.1\n")

    read, back, lost = round_trip("yolo", folder, tmp_path / "out")

    [(kind, label, box)] = read
    assert (kind, label, box["angle"]) == ("rotated_box", "dog", 45.0)
    assert back[0][2] == pytest.approx(box)
    assert lost == []
    assert (tmp_path / "out" / "labels" / "all" / "a.txt").read_text() == "1 0.1 0 0.2 0.2 0.15 0.3 0.05 0.1\n"


def test_a_pose_is_a_box_and_keypoints_of_one_group_and_one_row_again(tmp_path):
    row = "0 0.5 0.5 0.4 0.6 0.4 0.3 2 0 0 0 0.6 0.7 1\n"
    folder = yolo_set(tmp_path / "in", row, "kpt_shape: [3, 3]\nkpt_names: {0: [nose, left_foot, right_foot]}\n")

    read, back, _ = round_trip("yolo", folder, tmp_path / "out")

    assert read == [
        ("box", "cat", samples.box(60, 20, 140, 80)),
        ("keypoints", "cat", [[80, 30, 2], [0, 0, 0], [120, 70, 1]]),
    ]
    assert (tmp_path / "out" / "pose" / "labels" / "all" / "a.txt").read_text() == row
    assert [value for kind, _, value in back if kind == "keypoints"] == [read[1][2]]


def test_a_picture_stored_sideways_has_the_size_in_which_it_is_seen(tmp_path):
    folder = yolo_set(tmp_path, "0 0.5 0.5 1 0.5\n")
    exif = Image.Exif()
    exif[0x0112] = 6
    (folder / "images" / "a.png").unlink()
    Image.new("L", (200, 100)).save(folder / "images" / "a.jpg", exif=exif)

    assert regions("yolo", folder) == [("box", "cat", samples.box(0, 50, 100, 150))]


def test_masks_are_outlines_along_their_pixels_with_parts_and_holes():
    rng = np.random.default_rng(7)
    on = rng.random((12, 15)) < 0.6
    crop = masks.of_pixels(on, left=3, top=4)
    assert crop is not None
    value = {"box": list(crop[0]), "counts": crop[1]}

    polygon = as_kind("mask", value, "polygon")

    area = sum(map(polygons.ring_area, polygon["outer"]))
    assert area >= masks.area(crop)
    solid = {"outer": [[[2, 3], [9, 3], [9, 8], [2, 8]]]}
    block = as_kind("polygon", solid, "mask", (20, 20))
    [ring] = outlines("mask", block)
    assert sorted(ring) == sorted(solid["outer"][0])


def test_a_ring_that_turns_back_on_itself_keeps_its_area():
    spike = [(0, 0), (4, 0), (4, 4), (8, 4), (4, 4), (0, 4), (0, 2), (-3, 2), (0, 2)]
    bow = [*spike, (0, 0), (10, 0), (12, 2), (12, 0), (10, 2)]

    assert sum(map(polygons.ring_area, polygons.mended(([spike], []))[0])) == 16
    assert polygons.mended(([bow], []))[0] != []


def test_what_has_no_field_of_its_own_goes_to_the_nearest_and_is_counted(tmp_path):
    (tmp_path / "a.xml").write_text(
        "<annotations><version>1.1</version><image id='0' name='a.png' width='99' height='99'>"
        "<cuboid label='car' xtl1='20' ytl1='30' xbl1='20' ybl1='60' xtr1='50' ytr1='30' xbr1='50' ybr1='60'"
        " xtl2='60' ytl2='25' xbl2='60' ybl2='50' xtr2='30' ytr2='25' xbr2='30' ybr2='50'/>"
        "<polyline label='car' points='1,1;2,2'/></image></annotations>"
    )
    context = ReadContext(schema=samples.schema())

    [record] = FORMATS["cvat"].read(FolderSource(tmp_path), context)

    [car] = record.responses[0].annotations
    assert (car.kind, car.value) == ("box", samples.box(20, 25, 60, 60))
    assert {(loss.what, loss.becomes) for loss in context.losses.losses()} >= {
        ("cuboids", "the box around them"),
        ("lines", "left out"),
    }


@pytest.mark.parametrize("text", ["<!DOCTYPE a [<!ENTITY b 'c'>]>", "<a>" * 200, "<image name='x'"])
def test_an_xml_file_that_is_not_plain_is_a_reject(text, tmp_path):
    (tmp_path / "a.xml").write_text(
        f"{text if 'DOCTYPE' in text else ''}<annotations><version>1.1</version>{text if 'DOCTYPE' not in text else ''}"
    )

    [found] = FORMATS["cvat"].read(FolderSource(tmp_path), ReadContext(schema=samples.schema()))

    assert isinstance(found, Reject)


def test_a_picture_that_is_twice_in_a_coco_file_has_an_answer_for_each(tmp_path):
    ann, bo = (
        Response(author=Author(type="person", name=name), annotations=(box_of(left),), covers={"objects": None})
        for name, left in (("Ann", 0), ("Bo", 5))
    )
    item = Item(key="a.jpg", streams={"image": Stream("image", Ref(uri="a.jpg"), Facts(width=100, height=50), "a.jpg")})
    context = WriteContext(schema=samples.schema(), which="author")
    FORMATS["coco"].write(FolderSink(tmp_path), [Record(item, (ann, bo))], context)
    reading = ReadContext(schema=samples.schema())

    [record] = FORMATS["coco"].read(FolderSource(tmp_path), reading)

    assert [(r.author.name, [a.value["left"] for a in r.annotations]) for r in record.responses] == [
        ("import", [0]),
        ("import #2", [5]),
    ]
    assert reading.losses.count("pictures that are in a file twice or more") == 1


def test_a_cuboid_is_an_outline_in_coco_with_its_corners_beside_it(tmp_path):
    labels = {"car": {}}
    schema = samples.schema(
        {
            "karat_schema": 1,
            "streams": {"image": {"kind": "image"}},
            "fields": {"things": {"kind": "cuboid", "labels": labels}},
        }
    )
    value = {"front": [[20, 30], [50, 30], [50, 60], [20, 60]], "back": [[30, 25], [60, 25], [60, 50], [30, 50]]}
    shape = Annotation(id="1", field="things", kind="cuboid", on=On("image"), label="car", value=value)
    item = Item(key="a.jpg", streams={"image": Stream("image", Ref(uri="a.jpg"), Facts(width=99, height=99), "a.jpg")})
    answer = Response(author=Author(type="person", name="Ann"), annotations=(shape,), covers={"things": None})
    context = WriteContext(schema=schema, which="author")

    FORMATS["coco"].write(FolderSink(tmp_path), [Record(item, (answer,))], context)

    [thing] = msgspec.json.decode((tmp_path / "instances.json").read_bytes())["annotations"]
    assert (thing["bbox"], thing["cuboid"]) == ([20, 25, 40, 35], value)
    assert len(thing["segmentation"][0]) == 12
    assert [(loss.what, loss.count) for loss in context.losses.losses() if loss.what == "cuboids"] == [("cuboids", 1)]
    assert {loss.what for loss in context.losses.losses()} <= {loss.what for loss in FORMATS["coco"].losses(schema)}


def box_of(left: float) -> Annotation:
    """A dog of ten pixels."""
    value = samples.box(left, 0, left + 10, 10)
    return Annotation(id="1", field="objects", kind="box", on=On("image"), label="dog", value=value)


@pytest.mark.parametrize(("named", "picture"), [("1be", "1be.jpg"), ("0af.jpg", "0AF.jpg"), ("other.png", "A.jpg")])
def test_a_voc_file_names_its_picture_with_or_without_ending_and_in_any_case(named, picture, tmp_path):
    (tmp_path / "a.xml").write_text(f"<annotation><filename>{named}</filename></annotation>")
    Image.new("L", (4, 4)).save(tmp_path / picture)

    [record] = FORMATS["voc"].read(FolderSource(tmp_path), ReadContext(schema=samples.schema()))

    assert record.item.key == picture
