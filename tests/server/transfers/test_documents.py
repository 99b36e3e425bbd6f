"""Documents come in, are looked at page by page, answered, and come back with the text that they had at first."""

import hashlib
import io

import msgspec
import pytest
from PIL import Image

from karat.testing.pdf import pdf_of

from .conftest import Transfers, lines

SCHEMA = {
    "karat_schema": 1,
    "streams": {"document": {"kind": "document"}},
    "fields": {
        "regions": {"kind": "box", "on": "document", "labels": {"table": {}}},
        "words": {"kind": "span", "on": "document", "labels": {"name": {}}},
    },
}
BOX = {"left": 1, "top": 2, "right": 30, "bottom": 20}
PDF = pdf_of([[(20, 60, "Dear Ada,")], [(20, 60, "P.S.")]])


def png():
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(data, "PNG")
    return data.getvalue()


def record(*annotations):
    said = [{"author": {"type": "person", "name": "Ann"}, "annotations": list(annotations)}]
    item = {"key": "a", "streams": {"document": {"kind": "document", "ref": {"uri": "a.pdf"}}}}
    return lines({"item": item, "responses": said})


def box(part, **more):
    on = {"stream": "document", **({"part": part} if part else {})}
    return {"id": f"b{part}", "field": "regions", "kind": "box", "label": "table", "on": on, "value": {**BOX, **more}}


SPAN = {"id": "s", "field": "words", "kind": "span", "label": "name", "value": [[5, 9]]}


@pytest.fixture
def desk(team):
    return Transfers(team, team.project(SCHEMA))


def test_pdf_files_and_page_images_with_words_become_items_with_pages(desk):
    words = b"0,0,30,0,30,10,0,10,TOTAL 9.00\n"
    job = desk.bring({"a.pdf": PDF, "img/1.png": png(), "box/1.csv": words, "broken.pdf": b"%PDF-1.4 nothing"})

    assert (job["result"]["items_added"], job["result"]["rejects"]) == (2, 1), job
    items = desk.team.manager.get(f"/projects/{desk.project}/items").json()["items"]
    facts = {item["key"]: item["streams"]["document"]["facts"] for item in items}
    assert facts["a.pdf"]["pages"] == [[200, 100], [200, 100]] and facts["img/1.png"]["pages"] == [[60, 40]]
    ids = {item["key"]: item["id"] for item in items}
    said = desk.team.manager.get(f"/items/{ids['img/1.png']}/streams/document?of=words").json()
    assert said["text"] == "TOTAL 9.00" and said["pages"][0]["words"][1] == [6, 10, 18.0, 0.0, 30.0, 10.0]
    page = desk.team.manager.get(f"/items/{ids['a.pdf']}/streams/document?page=2&size=thumb")
    assert page.headers["content-type"] == "image/webp" and page.headers["x-content-type-options"] == "nosniff"
    assert desk.team.manager.get(f"/items/{ids['a.pdf']}/streams/document?page=3&size=thumb").status_code == 422


def test_shapes_name_a_page_and_lie_on_it_and_spans_lie_in_the_text(desk):
    wrong = desk.bring({"items.jsonl": record(box("3"), box(""), box("1", right=250)), "a.pdf": PDF})
    right = desk.bring({"items.jsonl": record(box("2"), SPAN), "a.pdf": PDF})

    paths = [p["path"] for p in msgspec.json.decode(desk.files(wrong["id"])["rejects.jsonl"])["problems"]]
    assert [path.split(".", 1)[1] for path in paths] == [
        "annotations[0].on.part",
        "annotations[1].on.part",
        "annotations[2].value.right",
    ]
    assert right["result"]["responses_added"] == 1, right


def test_an_export_brings_back_the_text_that_the_document_had_at_first(desk):
    desk.bring({"items.jsonl": record(box("2"), SPAN), "a.pdf": PDF})
    files = desk.take(format="jsonl", media=True)
    (line,) = map(msgspec.json.decode, files["items.jsonl"].splitlines())
    stream = line["item"]["streams"]["document"]
    older = msgspec.json.decode(files[f"media/{stream['facts']['layer']}"])
    older["text"], older["extractor"] = older["text"].replace("Dear", "DEAR"), "older 1"
    data = msgspec.json.encode(older)
    digest = hashlib.sha256(data).hexdigest()
    stream["facts"]["layer"] = digest
    other = Transfers(desk.team, desk.team.project(SCHEMA))
    job = other.bring({"items.jsonl": lines(line), f"media/{stream['ref']['blob']}": PDF, f"media/{digest}": data})

    assert job["state"] == "done", job["problems"]
    item = desk.team.manager.get(f"/projects/{other.project}/items").json()["items"][0]
    said = desk.team.manager.get(f"/items/{item['id']}/streams/document?of=words").json()
    assert said["text"].startswith("DEAR Ada,") and item["streams"]["document"]["facts"]["extractor"] == "older 1"


def test_coco_leaves_shapes_on_pages_out_and_counts_them(desk):
    desk.bring({"items.jsonl": record(box("2")), "a.pdf": PDF})

    files = desk.take(format="coco")

    lost = {loss["what"]: loss["count"] for loss in msgspec.json.decode(files["losses.json"])}
    assert lost["answers to `regions`"] == 1 and not any(name.endswith("instances.json") for name in files)
