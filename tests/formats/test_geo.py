"""Where the pixels of a picture lie on the earth goes out with it."""

import msgspec
import pytest

from karat.formats import FORMATS
from karat.formats.base import LossCounter, ReadContext, Record, WriteContext
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.model.kind import Facts, Geo
from karat.testing.formats import schema

SCHEMA = {
    "karat_schema": 1,
    "streams": {"image": {"kind": "image"}},
    "fields": {"ships": {"kind": "box", "on": "image", "labels": {"ship": {}}}},
}
COCO = {
    "images": [{"id": 1, "file_name": "a.tif", "width": 100, "height": 50}],
    "categories": [{"id": 1, "name": "ship"}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "bbox": [1, 2, 3, 4]}],
}
GEO = {"transform": [0.5, 0, 399960, 0, -0.5, 5000040], "crs": "EPSG:32633"}


@pytest.mark.parametrize("name", ["coco", "jsonl"])
def test_transform_and_reference_system_are_exported(name, tmp_path):
    (tmp_path / "in.json").write_bytes(msgspec.json.encode(COCO))
    context = ReadContext(schema=schema(SCHEMA))
    records = [r for r in FORMATS["coco"].read(FolderSource(tmp_path), context) if isinstance(r, Record)]
    item = records[0].item
    facts = Facts(width=100, height=50, geo=Geo(transform=tuple(map(float, GEO["transform"])), crs=GEO["crs"]))
    stream = msgspec.structs.replace(item.streams["image"], facts=facts)
    record = msgspec.structs.replace(records[0], item=msgspec.structs.replace(item, streams={"image": stream}))
    folder = tmp_path / "out"

    FORMATS[name].write(
        FolderSink(folder), [record], WriteContext(schema=schema(SCHEMA), which="author", losses=LossCounter())
    )

    written = b"".join(path.read_bytes() for path in sorted(folder.rglob("*.json*")))
    if name == "coco":
        assert msgspec.json.decode(written)["images"][0]["geo"] == GEO
    else:
        found = [msgspec.json.decode(line) for line in written.splitlines() if b"EPSG" in line]
        assert [line["item"]["streams"]["image"]["facts"]["geo"] for line in found] == [GEO]
