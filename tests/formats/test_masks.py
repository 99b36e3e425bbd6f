"""Masks in and out of COCO and Label Studio, pixel by pixel."""

import msgspec
import numpy as np
import pytest
from PIL import Image

from karat.formats import FORMATS
from karat.formats.base import LossCounter, ReadContext, Record, Reject, WriteContext
from karat.formats.label_studio_masks import packed, unpacked
from karat.formats.preview import propose_schema
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.geometry import masks
from karat.testing.formats import schema as schema_from

LABELS = {"car": {"title": "car"}, "dog": {"title": "dog"}}


def fields(*kinds):
    named = {kind: {"kind": kind, "on": "image", "labels": LABELS} for kind in kinds}
    return {"karat_schema": 1, "streams": {"image": {"kind": "image"}}, "fields": named}


MASKS = fields("mask")
RING = np.zeros((6, 8), bool)
RING[1:4, 2:7] = True
RING[2, 3:5] = False
VALUE = {"box": [2, 1, 5, 3], "counts": masks.of_pixels(RING)[1]}

BRUSH = [0, 0, 0, 96, 57, 27, 254, 27, 0, 183, 255, 108, 2, 63, 248, 192, 35, 255, 195, 224, 0]
"""`mask2rle` of label_studio_sdk 2.0 of a picture of 6 x 4, in which three pixels of row 1 and two of row 2 are on."""


def coco(*annotations):
    return {"images": [{"id": 1, "file_name": "a.jpg", "width": 8, "height": 6}], "categories": [{"id": 1, "name": "car"}, {"id": 2, "name": "dog"}],
            "annotations": [{"id": n, "image_id": 1, "category_id": 1, "iscrowd": 0, **a} for n, a in enumerate(annotations, 1)]}  # fmt: skip


def runs(pixels):
    flat = pixels.ravel(order="F")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat, [2]])))
    return np.diff(np.concatenate([[0], edges])).tolist()


def studio(*results):
    region = {
        "from_name": "mask",
        "to_name": "image",
        "original_width": 6,
        "original_height": 4,
        "image_rotation": 0,
        "type": "brushlabels",
    }
    answers = [
        {**region, "id": f"r{n}", "value": {"format": "rle", "rle": rle, "brushlabels": ["car"]}}
        for n, rle in enumerate(results, 1)
    ]
    return [{"id": 1, "data": {"image": "a.jpg"}, "annotations": [{"id": 7, "result": answers}]}]


def read(name, given, schema, folder):
    folder.mkdir(exist_ok=True)
    (folder / "in.json").write_bytes(msgspec.json.encode(given))
    context = ReadContext(schema=schema_from(schema))
    found = list(FORMATS[name].read(FolderSource(folder), context))
    return found, {loss.what: loss.count for loss in context.losses.losses()}


def annotations(found):
    return [a for record in found if isinstance(record, Record) for r in record.responses for a in r.annotations]


def problems(found):
    return [(p.path, p.expected) for reject in found if isinstance(reject, Reject) for p in reject.problems]


def write(name, records, schema, folder):
    context = WriteContext(schema=schema_from(schema), which="author", losses=LossCounter())
    FORMATS[name].write(FolderSink(folder), records, context)
    return msgspec.json.decode(next(folder.glob("*.json")).read_bytes()), context.losses.losses()


def plainly(record):
    """The same record as it would be had it been made in Karat."""
    made = [msgspec.structs.replace(a, extra={}) for a in record.responses[0].annotations]
    return msgspec.structs.replace(
        record, responses=(msgspec.structs.replace(record.responses[0], annotations=tuple(made)),)
    )


@pytest.mark.parametrize("counts", [runs(RING), masks.encode(np.array(runs(RING)))], ids=["plain", "compressed"])
def test_run_lengths_of_coco_are_masks(tmp_path, counts):
    given = {"bbox": [2, 1, 5, 3], "segmentation": {"size": [6, 8], "counts": counts}}

    found, losses = read("coco", coco(given), MASKS, tmp_path / "in")
    made, _ = write("coco", found, MASKS, tmp_path / "out")

    assert [a.value for a in annotations(found)] == [VALUE]
    assert losses == {"pictures": 1}
    assert made["annotations"][0]["segmentation"] == given["segmentation"]


def test_a_mask_of_karat_is_written_as_compressed_run_lengths_of_the_whole_picture(tmp_path):
    found, _ = read("coco", coco({"segmentation": {"size": [6, 8], "counts": runs(RING)}}), MASKS, tmp_path / "in")

    made, _ = write("coco", [plainly(found[0])], MASKS, tmp_path / "out")

    assert {k: made["annotations"][0][k] for k in ("bbox", "area", "segmentation", "iscrowd")} == {
        "bbox": [2, 1, 5, 3], "area": 13, "iscrowd": 0, "segmentation": {"size": [6, 8], "counts": masks.encode(np.array(runs(RING)))},
    }  # fmt: skip


def test_polygons_stay_polygons_where_there_is_a_field_of_them_and_are_masks_elsewhere(tmp_path):
    outline = {"segmentation": [[1, 1, 5, 1, 5, 4, 1, 4], [4, 3, 7, 3, 7, 5, 4, 5]]}

    kept, _ = read("coco", coco(outline), fields("mask", "polygon"), tmp_path / "kept")
    found, losses = read("coco", coco(outline), MASKS, tmp_path / "in")
    made, _ = write("coco", found, MASKS, tmp_path / "out")

    expected = np.zeros((6, 8), bool)
    expected[1:4, 1:5] = expected[3:5, 4:7] = True
    assert [a.kind for a in annotations(kept)] == ["polygon"]
    assert [(tuple(a.value["box"]), a.value["counts"]) for a in annotations(found)] == [masks.of_pixels(expected)]
    assert losses["polygons"] == 1
    assert made["annotations"][0]["segmentation"] == outline["segmentation"]


@pytest.mark.parametrize(
    ("segmentation", "problem"),
    [
        ({"size": [6, 8], "counts": [1, 2]}, ("segmentation.counts", "run lengths of 48 pixels together")),
        ({"size": [6, 8], "counts": "!"}, ("segmentation.counts", "run lengths of 48 pixels together")),
        ({"size": [6, 8], "counts": [48]}, ("segmentation", "at least one pixel")),
        ({"size": [6], "counts": [48]}, ("segmentation.size", "[height, width] in pixels, up to 1048576 a side")),
        (
            {"size": [1, 1 << 30], "counts": [0, 1 << 30]},
            ("segmentation.size", "[height, width] in pixels, up to 1048576 a side"),
        ),
        (
            {"size": [1 << 21, 1], "counts": [0, 1 << 21]},
            ("segmentation.size", "[height, width] in pixels, up to 1048576 a side"),
        ),
        ({"size": [8, 6], "counts": [0, 48]}, ("segmentation.size", "[6,8]")),
        ({"size": [3, 4], "counts": [0, 12]}, ("segmentation.size", "[6,8]")),
    ],
)
def test_run_lengths_that_fit_no_picture_are_rejects_that_say_why(tmp_path, segmentation, problem):
    found, _ = read("coco", coco({"segmentation": segmentation}), MASKS, tmp_path / "in")

    assert problems(found) == [problem]


def test_outlines_on_a_picture_too_wide_to_be_one_are_not_painted_column_by_column(tmp_path):
    given = coco({"segmentation": [[0, 0, 2e9, 0, 2e9, 3, 0, 3]]})
    given["images"][0]["width"] = 2_000_000_000

    found, _ = read("coco", given, MASKS, tmp_path / "in")

    assert problems(found) == [("segmentation", "a picture of up to 1048576 pixels a side")]


def test_whole_numbers_that_are_written_with_a_point_are_whole_numbers(tmp_path):
    given = {"size": [6.0, 8.0], "counts": [float(n) for n in runs(RING)]}

    found, _ = read("coco", coco({"segmentation": given}), MASKS, tmp_path / "in")
    made, _ = write("coco", found, MASKS, tmp_path / "out")

    assert [{**a.value, "box": list(a.value["box"])} for a in annotations(found)] == [VALUE]
    assert made["annotations"][0]["segmentation"] == given


def test_an_outline_that_runs_to_and_fro_over_a_wide_picture_is_refused_before_it_fills_the_memory(tmp_path):
    given = coco({"segmentation": [[0, 0, *[0, 5, 1e6, 5] * 5]]})
    given["images"][0]["width"] = 1_000_000

    found, _ = read("coco", given, MASKS, tmp_path / "in")

    assert problems(found) == [("segmentation", "at most 4194304 in one outline")]


def test_a_file_with_run_lengths_proposes_a_field_of_masks(tmp_path):
    (tmp_path / "in.json").write_bytes(
        msgspec.json.encode(coco({"segmentation": {"size": [6, 8], "counts": runs(RING)}}))
    )

    assert propose_schema(FolderSource(tmp_path)).schema["fields"]["objects"]["kind"] == "mask"


def test_brush_regions_of_label_studio_are_masks_and_come_back_as_they_were(tmp_path):
    found, losses = read("label_studio", studio(BRUSH), MASKS, tmp_path / "in")
    kept, _ = write("label_studio", found, MASKS, tmp_path / "kept")
    anew, _ = write("label_studio", [sized(plainly(found[0]), 6, 4)], MASKS, tmp_path / "anew")

    expected = np.zeros((4, 6), bool)
    expected[1:3, 1:4] = True
    expected[2, 2] = False
    assert [(tuple(a.value["box"]), a.value["counts"]) for a in annotations(found)] == [masks.of_pixels(expected)]
    assert losses == {"pictures": 1}
    assert kept[0]["annotations"][0]["result"][0]["value"]["rle"] == BRUSH
    assert anew[0]["annotations"][0]["result"][0]["value"] == {"format": "rle", "rle": BRUSH, "brushlabels": ["car"]}


def sized(record, width, height):
    stream = record.item.streams["image"]
    facts = msgspec.structs.replace(stream.facts, width=width, height=height)
    item = msgspec.structs.replace(record.item, streams={"image": msgspec.structs.replace(stream, facts=facts)})
    return msgspec.structs.replace(record, item=item)


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (90, 300)])
def test_what_was_packed_is_unpacked(shape):
    pixels = np.random.default_rng(3).random(shape) < 0.5
    pixels[-1, -1] = True
    pixels[0, : shape[1] // 2] = True
    crop = masks.of_pixels(pixels)

    assert unpacked(packed(crop, width=shape[1], height=shape[0]), width=shape[1], height=shape[0]) == crop


def test_a_brush_region_of_a_picture_too_wide_to_be_one_is_refused_before_it_is_unpacked():
    with pytest.raises(ValueError, match="a picture of 1048577 x 1"):
        unpacked(BRUSH, width=(1 << 20) + 1, height=1)


def test_single_words_and_soft_edges_of_the_browser_are_read():
    # One block of eight words as they are: pixels of opacity 127 and 128.
    bits = (
        f"{8:032b}{7:05b}{2:04b}{3:04b}{7:04b}{15:04b}"
        + "000111"
        + "".join(f"{b:08b}" for b in (9, 9, 9, 127, 9, 9, 9, 128))
    )
    bits += "0" * (-len(bits) % 8)
    rle = list(int(bits, 2).to_bytes(len(bits) // 8, "big"))

    assert unpacked(rle, width=2, height=1) == ((1, 0, 1, 1), "01")


@pytest.mark.parametrize(
    ("rle", "why"),
    [
        (BRUSH[:9], "96 bytes, of which"),
        ([0, 0, 1], "a head"),
        ([0, 0, 0, 97, *BRUSH[4:]], "a head"),
        ([300], "bytes from 0 to 255"),
        ("AAAA", "bytes from 0 to 255"),
    ],
)
def test_brush_regions_that_are_cut_off_or_of_another_size_say_so(tmp_path, rle, why):
    found, _ = read("label_studio", studio(rle), MASKS, tmp_path / "in")

    [(path, expected)] = problems(found)
    assert path.endswith("value.rle")
    assert why in expected


def test_a_labelling_configuration_asks_for_masks_with_a_brush(tmp_path):
    write("label_studio", [], MASKS, tmp_path / "out")

    assert '<BrushLabels name="mask" toName="image">' in (tmp_path / "out" / "label_config.xml").read_text()


def pictures(folder, *, masks_in="masks", **named):
    """A folder with a picture and a mask of each name."""
    for name, pixels in named.items():
        for part, image in (
            ("images", Image.new("RGB", (pixels.shape[1], pixels.shape[0]))),
            (masks_in, Image.fromarray(pixels)),
        ):
            (folder / part).mkdir(parents=True, exist_ok=True)
            image.save(folder / part / f"{name}.png")
    return folder


def from_folder(folder, schema):
    context = ReadContext(schema=schema_from(schema))
    return list(FORMATS["mask_folder"].read(FolderSource(folder), context)), context


def said(found):
    return [(a.label, tuple(a.value["box"]), a.value["counts"]) for a in annotations(found)]


SCENE = np.array([[1, 1, 0, 2], [1, 1, 0, 2], [0, 0, 0, 7]], np.uint8)
CAR, DOG = masks.of_pixels(SCENE == 1), masks.of_pixels(SCENE == 2)


def test_numbers_in_pictures_are_masks_of_the_classes_that_a_table_names(tmp_path):
    pictures(tmp_path, masks_in="testannot", a=SCENE)
    (tmp_path / "classes.txt").write_text("ground\ncar\ndog\n")

    found, context = from_folder(tmp_path, MASKS)

    assert said(found) == [("car", *CAR), ("dog", *DOG)]
    assert {loss.what: loss.count for loss in context.losses.losses()} == {"mask values that are no label": 2}
    assert context.notes == []


def test_without_a_table_a_number_is_its_own_class_and_the_import_says_what_it_took_for_nothing(tmp_path):
    pictures(tmp_path, a=SCENE)

    proposed = propose_schema(FolderSource(tmp_path))
    found, context = from_folder(tmp_path, proposed.schema)

    assert list(proposed.schema["fields"]["masks"]["labels"]) == ["1", "2", "7"]
    assert [label for label, *_ in said(found)] == ["1", "2", "7"]
    assert "0 and 255 are nothing" in context.notes[0]


def test_colours_are_classes_where_a_table_names_them_and_rejects_elsewhere(tmp_path):
    colours = np.array([[0, 0, 0], [64, 128, 64], [192, 0, 128]], np.uint8)
    pictures(tmp_path, a=colours[np.minimum(SCENE, 2)])

    without, _ = from_folder(tmp_path, MASKS)
    (tmp_path / "label_colors.txt").write_text("0 0 0 Void\n64 128 64\tcar\n192 0 128 dog\n")
    found, _ = from_folder(tmp_path, MASKS)

    assert [expected for _, expected in problems(without)] == ["a colour of label_colors.txt"]
    assert [label for label, *_ in said(found)] == ["car", "dog"]


@pytest.mark.parametrize("instances", [True, False])
def test_what_was_written_as_pictures_is_read_back_pixel_by_pixel(tmp_path, instances):
    schema = {**MASKS, "fields": {"mask": {**MASKS["fields"]["mask"], "instances": instances}}}
    pictures(tmp_path / "in", a=SCENE)
    (tmp_path / "in" / "classes.txt").write_text("ground\ncar\ndog\n")
    found, _ = from_folder(tmp_path / "in", schema)

    context = WriteContext(
        schema=schema_from(schema), which="author", content=lambda stream: (tmp_path / "in" / stream.ref.uri).open("rb")
    )
    FORMATS["mask_folder"].write(FolderSink(tmp_path / "out"), [sized(found[0], 4, 3)], context)
    again, _ = from_folder(tmp_path / "out", schema)

    numbers = np.asarray(Image.open(tmp_path / "out" / "masks" / "a.png"))
    assert (numbers == np.where(SCENE < 3, SCENE, 0)).all()
    assert said(again) == said(found) == [("car", *CAR), ("dog", *DOG)]


def test_of_masks_over_one_another_the_one_in_front_has_the_pixels_and_it_is_counted(tmp_path):
    found, _ = read(
        "coco",
        coco(
            {"bbox": [0, 0, 4, 4], "segmentation": [[0, 0, 4, 0, 4, 4, 0, 4]]},
            {"category_id": 2, "segmentation": [[2, 0, 6, 0, 6, 4, 2, 4]]},
        ),
        MASKS,
        tmp_path / "in",
    )
    context = WriteContext(schema=schema_from(MASKS), which="author")

    FORMATS["mask_folder"].write(FolderSink(tmp_path / "out"), [sized(plainly(found[0]), 8, 6)], context)

    numbers = np.asarray(Image.open(tmp_path / "out" / "masks" / "a.png"))
    assert numbers[0].tolist() == [1, 1, 2, 2, 2, 2, 0, 0]
    assert {loss.what: loss.count for loss in context.losses.losses()}["masks under other masks"] == 1
    assert (tmp_path / "out" / "masks" / "instances.csv").read_text() == "file,number,label\na.png,1,car\na.png,2,dog\n"


def test_road_scenes_of_camvid_come_back_pixel_by_pixel(data, tmp_path):
    source = data / "image" / "camvid_segmentation"
    schema = propose_schema(FolderSource(source)).schema
    found, _ = from_folder(source, schema)

    FORMATS["mask_folder"].write(
        FolderSink(tmp_path),
        [sized(record, 480, 360) for record in found],
        WriteContext(schema=schema_from(schema), which="author"),
    )

    given = np.asarray(Image.open(source / "testannot" / "0001TP_008550.png"))
    assert len(found) == 12
    assert (np.asarray(Image.open(tmp_path / "masks" / "0001TP_008550.png")) == given).all()
