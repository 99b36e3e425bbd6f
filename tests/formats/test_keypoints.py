"""Keypoints in and out of COCO: one annotation there, a region and its keypoints here, one annotation again."""

import msgspec
import pytest

from karat.formats import FORMATS
from karat.formats.base import LossCounter, ReadContext, Record, Reject, WriteContext
from karat.formats.coco_keypoints import pairs_of
from karat.formats.preview import propose_schema
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource, open_source
from karat.model.response import Annotation
from karat.testing.formats import schema as schema_from

COCO = FORMATS["coco"]
NAMES = ["nose", "left_eye", "right_eye"]
BIRD = {"id": 3, "name": "bird", "keypoints": NAMES, "skeleton": [[1, 2], [1, 3], [3, 1], [1, 9]]}
CAR = {"id": 1, "name": "car"}
BOX = {"bbox": [10, 10, 30, 20], "area": 500}
RING = {**BOX, "segmentation": [[10, 10, 40, 12, 25, 30]]}
THERE = {"keypoints": [15, 12, 2, 20, 11, 1, 0, 0, 0], "num_keypoints": 2}
NOT = {"keypoints": [0] * 9, "num_keypoints": 0}


def file_of(*annotations, categories=(CAR, BIRD)):
    image = {"id": 7, "file_name": "a.jpg", "width": 100, "height": 50}
    made = [{"id": n, "image_id": 7, "category_id": 3, "iscrowd": 0, **a} for n, a in enumerate(annotations, 1)]
    return {"images": [image], "categories": list(categories), "annotations": made}


def source_of(given, folder):
    folder.mkdir(exist_ok=True)
    (folder / "in.json").write_bytes(msgspec.json.encode(given))
    return FolderSource(folder)


def schema_with(**fields):
    return schema_from({"karat_schema": 1, "streams": {"image": {"kind": "image"}}, "fields": fields})


def points_field(names=NAMES, labels=("bird",), **more):
    return {"kind": "keypoints", "points": list(names), "labels": {label: {} for label in labels}, **more}


def read(given, folder, schema=None):
    source = source_of(given, folder)
    context = ReadContext(schema=schema or schema_from(propose_schema(source, format="coco").schema))
    found = list(COCO.read(source, context))
    records = [f for f in found if isinstance(f, Record)]
    return (
        records,
        [f for f in found if isinstance(f, Reject)],
        {x.what: x.count for x in context.losses.losses()},
        context.schema,
    )


def annotations(records):
    return [a for record in records for response in record.responses for a in response.annotations]


def write(records, schema, folder):
    context = WriteContext(schema=schema, which="author", losses=LossCounter())
    COCO.write(FolderSink(folder), records, context)
    files = {path.name: msgspec.json.decode(path.read_bytes()) for path in folder.glob("*.json")}
    return files, {x.what: x.count for x in context.losses.losses()}


def with_annotations(record, *change):
    response = record.responses[0]
    return msgspec.structs.replace(record, responses=(msgspec.structs.replace(response, annotations=tuple(change)),))


def test_a_category_with_names_proposes_a_field_with_its_template(tmp_path):
    source = source_of(file_of({**RING, **THERE}), tmp_path)

    proposed = msgspec.json.decode(msgspec.json.encode(propose_schema(source, format="coco").schema))

    field = proposed["fields"]["keypoints"]

    assert field["kind"] == "keypoints" and list(field["labels"]) == ["bird"]
    assert field["points"] == NAMES
    assert field["edges"] == [["nose", "left_eye"], ["nose", "right_eye"]]
    assert field["pairs"] == [["left_eye", "right_eye"]]
    assert proposed["fields"]["objects"]["kind"] == "polygon"


def test_categories_of_one_template_share_a_field_and_others_have_their_own(tmp_path):
    fish = {"id": 4, "name": "fish", "keypoints": ["head", "tail"], "skeleton": []}
    owl = {**BIRD, "id": 5, "name": "owl"}

    fields = propose_schema(
        source_of(file_of({**BOX, **THERE}, categories=[BIRD, fish, owl]), tmp_path), format="coco"
    ).schema["fields"]

    assert {key: list(field["labels"]) for key, field in fields.items() if field["kind"] == "keypoints"} == {
        "keypoints": ["bird", "owl"],
        "keypoints_2": ["fish"],
    }


@pytest.mark.parametrize("region", [BOX, RING], ids=["a box", "a polygon"])
def test_a_thing_with_a_region_and_keypoints_becomes_two_and_one_again(region, tmp_path):
    given = file_of({**region, **THERE}, {**region, **NOT})

    records, rejects, lost, schema = read(given, tmp_path / "in")
    files, lost_out = write(records, schema, tmp_path)

    whole, points, other = annotations(records)
    assert (rejects, lost) == ([], {"pictures": 1})
    assert points.value == [[15, 12, 2], [20, 11, 1], [0, 0, 0]] and whole.group == points.group != other.group
    made = files["instances.json"]
    assert {k: v for k, v in made["annotations"][0].items() if k != "segmentation"} == {
        k: v for k, v in given["annotations"][0].items() if k != "segmentation"
    }
    assert made["annotations"][1]["keypoints"] == [0] * 9
    assert made["categories"][-1] == BIRD
    assert "groups" not in lost_out


def test_a_moved_point_is_written_with_the_region_as_it_was(tmp_path):
    records, _, _, schema = read(file_of({**RING, **THERE}), tmp_path / "in")
    region, points = annotations(records)
    moved = msgspec.structs.replace(points, value=[[16.5, 12, 2], [20, 11, 2], [30, 20, 1]])

    files, _ = write([with_annotations(records[0], region, moved)], schema, tmp_path)

    (made,) = files["instances.json"]["annotations"]
    assert made["keypoints"] == [16.5, 12, 2, 20, 11, 2, 30, 20, 1]
    assert (made["num_keypoints"], made["segmentation"], made["area"]) == (3, RING["segmentation"], 500)


def test_keypoints_that_were_deleted_are_not_written_and_the_region_stays(tmp_path):
    records, _, _, schema = read(file_of({**RING, **THERE}), tmp_path / "in")

    files, _ = write([with_annotations(records[0], annotations(records)[0])], schema, tmp_path)

    (made,) = files["instances.json"]["annotations"]
    assert (made["keypoints"], made["num_keypoints"], made["bbox"]) == ([0] * 9, 0, BOX["bbox"])


def test_keypoints_drawn_without_a_region_have_the_box_around_them(tmp_path):
    records, _, _, schema = read(file_of({**RING, **THERE}), tmp_path / "in")
    drawn = Annotation(
        id="n", field="keypoints", kind="keypoints", label="bird", value=[[10.5, 5, 2], [0, 0, 0], [30.5, 25, 1]]
    )

    files, _ = write([with_annotations(records[0], drawn)], schema, tmp_path)

    (made,) = files["instances.json"]["annotations"]
    assert (made["bbox"], made["area"], made["num_keypoints"], made["category_id"]) == ([10.5, 5, 20, 20], 400, 2, 3)


def test_a_schema_of_keypoints_only_keeps_the_region_and_writes_the_template(tmp_path):
    schema = schema_with(birds=points_field(edges=[["nose", "left_eye"]]))
    given = file_of({**RING, **THERE}, categories=[{"id": 3, "name": "bird"}])

    records, _, lost, _ = read(given, tmp_path / "in", schema)
    files, _ = write(records, schema, tmp_path)

    made = files["instances.json"]
    assert lost == {"pictures": 1, "polygons": 1}
    assert made["annotations"] == given["annotations"]
    assert made["categories"] == [{"id": 3, "name": "bird", "keypoints": NAMES, "skeleton": [[1, 2]]}]


def test_points_find_their_place_by_name_and_what_the_template_lacks_is_told(tmp_path):
    schema = schema_with(birds=points_field(["right_eye", "tail", "nose"]))

    records, rejects, lost, _ = read(file_of({**BOX, **THERE}), tmp_path / "in", schema)

    assert rejects == [] and annotations(records)[0].value == [[0, 0, 0], [0, 0, 0], [15, 12, 2]]
    assert lost["points that the template lacks"] == 1


def test_a_place_of_a_point_that_is_not_there_is_told(tmp_path):
    records, _, lost, _ = read(file_of({**BOX, "keypoints": [15, 12, 2, 20, 11, 0, 0, 0, 0]}), tmp_path)

    assert annotations(records)[1].value == [[15, 12, 2], [0, 0, 0], [0, 0, 0]]
    assert lost["places of points that are not there"] == 1


@pytest.mark.parametrize(
    ("keypoints", "path"),
    [
        ([15, 12, 2], "keypoints"),
        ([115, 12, 2, *[0] * 6], "value[0][0]"),
        ([15, 12, 7, *[0] * 6], "keypoints[2]"),
        (["a", 12, 2, *[0] * 6], "keypoints[0]"),
    ],
)
def test_keypoints_that_are_wrong_are_a_reject_and_their_region_stays(keypoints, path, tmp_path):
    records, rejects, _, _ = read(file_of({**BOX, **THERE}, {**BOX, "keypoints": keypoints}), tmp_path)

    (wrong,) = rejects
    assert [p.path for p in wrong.problems] == [path] and wrong.key == "2"
    assert [a.kind for a in annotations(records)] == ["box", "keypoints", "box"]


def test_a_missing_place_in_the_row_is_a_reject(tmp_path):
    _, rejects, _, _ = read(file_of({**BOX, **THERE}, {**BOX, "keypoints": [None, None, 2, *[None] * 6]}), tmp_path)

    assert len(rejects) == 1


def test_visibility_with_a_point_is_visibility_and_nothing_is_nothing(tmp_path):
    records, rejects, lost, _ = read(
        file_of({**BOX, "keypoints": [15.5, 12, 2.0, None, None, None, 20, 11, 1.0]}), tmp_path
    )

    assert (rejects, lost) == ([], {"pictures": 1})
    assert annotations(records)[1].value == [[15.5, 12, 2], [0, 0, 0], [20, 11, 1]]


@pytest.mark.parametrize("seen", [1.5, True, 3, "2"])
def test_another_visibility_is_refused_with_what_is_expected(seen, tmp_path):
    _, (wrong,), _, _ = read(file_of({**BOX, **THERE}, {**BOX, "keypoints": [15, 12, seen, *[0] * 6]}), tmp_path)

    assert [(p.path, p.expected, p.do) for p in wrong.problems] == [
        ("keypoints[2]", "0 (not there), 1 (occluded) or 2 (visible)", "Give nose its x, y and visibility in the file.")
    ]


def test_points_of_which_none_has_a_name_of_the_template_say_so(tmp_path):
    schema = schema_with(birds=points_field(["beak", "tail"]))

    _, (wrong,), _, _ = read(file_of(THERE), tmp_path, schema)

    [problem] = wrong.problems
    assert (problem.path, problem.got, problem.expected) == (
        "keypoints",
        'points called ["nose","left_eye"]',
        'some of ["beak","tail"]',
    )
    assert "rename the points" in problem.do


def test_sides_are_found_in_names():
    assert pairs_of(["Left hand", "Right hand", "left_left", "tail"]) == [["Left hand", "Right hand"]]
    assert pairs_of(["l_paw", "r_paw"]) == [["l_paw", "r_paw"]]


def test_cocos_own_people_come_back_with_every_number(data, tmp_path):
    path = data / "image/coco_keypoints/test_coco.json"
    given = msgspec.json.decode(path.read_bytes())
    schema = schema_from(propose_schema(open_source(path), format="coco").schema)
    context = ReadContext(schema=schema)

    records = [f for f in COCO.read(open_source(path), context) if isinstance(f, Record)]
    files, _ = write(records, schema, tmp_path)

    assert sum(a.kind == "keypoints" for a in annotations(records)) == 12
    made = {a["id"]: a for a in files["instances.json"]["annotations"]}
    assert {
        i: (a["keypoints"], a["num_keypoints"], a["bbox"], a["area"], a["segmentation"]) for i, a in made.items()
    } == {
        a["id"]: (a["keypoints"], a["num_keypoints"], a["bbox"], a["area"], a["segmentation"])
        for a in given["annotations"]
    }
    assert files["instances.json"]["categories"] == given["categories"]
