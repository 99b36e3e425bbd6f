"""COCO's panoptic pictures in as masks and out as pictures again."""

import msgspec
import numpy as np
from PIL import Image

from karat.formats import FORMATS
from karat.formats.base import LossCounter, ReadContext, Record, WriteContext
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.testing.formats import schema as schema_from

SKY, SHIP = 70_001, 300
"""Numbers of segments; red + 256 green + 65536 blue."""
NUMBERS = np.array([[SKY, SKY, SKY, 0], [SKY, SHIP, SHIP, 0], [0, SHIP, 0, 0]])
SEGMENTS = [
    {"id": SKY, "category_id": 2, "area": 4, "bbox": [0, 0, 3, 2], "iscrowd": 0},
    {"id": SHIP, "category_id": 1, "area": 3, "bbox": [1, 1, 2, 2], "iscrowd": 0},
]
GIVEN = {
    "images": [{"id": 7, "file_name": "a.jpg", "width": 4, "height": 3}],
    "categories": [{"id": 1, "name": "ship"}, {"id": 2, "name": "sky"}],
    "annotations": [{"image_id": 7, "file_name": "a.png", "segments_info": SEGMENTS}],
}
LABELS = {"ship": {}, "sky": {}}
STREAMS = {"image": {"kind": "image"}}


def project(**fields):
    on = {name: {"kind": kind, "on": "image", "labels": LABELS} for name, kind in fields.items()}
    return {"karat_schema": 1, "streams": STREAMS, "fields": on}


def dataset(folder):
    (folder / "panoptic_val").mkdir(parents=True)
    (folder / "panoptic_val.json").write_bytes(msgspec.json.encode(GIVEN))
    colours = np.stack([NUMBERS & 255, NUMBERS >> 8 & 255, NUMBERS >> 16], axis=-1).astype(np.uint8)
    Image.fromarray(colours).save(folder / "panoptic_val" / "a.png")
    return FolderSource(folder)


def read(source, document):
    context = ReadContext(schema=schema_from(document))
    found = [record for record in FORMATS["coco"].read(source, context) if isinstance(record, Record)]
    return found, {loss.what for loss in context.losses.losses()}


def written(records, document, folder):
    context = WriteContext(schema=schema_from(document), losses=LossCounter(), which="consensus")
    FORMATS["coco"].write(FolderSink(folder), records, context)
    pixels = np.asarray(Image.open(folder / "panoptic" / "a.png").convert("RGB"), np.int64)
    return msgspec.json.decode((folder / "panoptic.json").read_bytes()), pixels @ np.array([1, 256, 65536])


def test_segments_are_masks_and_come_out_as_the_picture_that_they_were(tmp_path):
    found, lost = read(dataset(tmp_path / "in"), project(things="mask"))
    said = {a.label: a.value for a in found[0].responses[0].annotations}

    assert {label: value["box"] for label, value in said.items()} == {"ship": [1, 1, 2, 2], "sky": [0, 0, 3, 2]}
    assert "panoptic masks" not in lost

    out, numbers = written(found, project(things="mask"), tmp_path / "out")

    assert out["annotations"][0]["file_name"] == "a.png"
    assert [{k: s[k] for k in SEGMENTS[0]} for s in out["annotations"][0]["segments_info"]] == SEGMENTS
    assert numbers.tolist() == NUMBERS.tolist()


def test_a_mask_that_was_painted_is_a_segment_with_a_number_of_its_own(tmp_path):
    found, _ = read(dataset(tmp_path / "in"), project(things="mask"))
    first, *rest = found[0].responses
    painted = msgspec.structs.replace(
        first.annotations[0], id="new", label="ship", value={"box": [3, 2, 1, 1], "counts": "01"}, extra={}
    )
    more = msgspec.structs.replace(first, annotations=(*first.annotations, painted))
    out, numbers = written(
        [msgspec.structs.replace(found[0], responses=(more, *rest))], project(things="mask"), tmp_path / "out"
    )

    assert [s["id"] for s in out["annotations"][0]["segments_info"]] == [SKY, SHIP, SKY + 1]
    assert numbers[2, 3] == SKY + 1


def test_without_masks_in_the_project_segments_are_boxes_and_that_is_told(tmp_path):
    found, lost = read(dataset(tmp_path / "in"), project(things="box"))

    assert [a.kind for a in found[0].responses[0].annotations] == ["box", "box"]
    assert "panoptic masks" in lost


def test_a_file_with_its_pictures_is_proposed_with_masks(tmp_path):
    proposal = FORMATS["coco"].propose(dataset(tmp_path), ReadContext().kinds)

    assert proposal.schema["fields"]["objects"]["kind"] == "mask"
