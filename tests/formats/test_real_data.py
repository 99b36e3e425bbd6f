"""Real files go in, and what goes out again is what they said."""

import json
from pathlib import Path

import pytest

from karat.formats import FORMATS, detect
from karat.formats.base import LossCounter, Mapping, ReadContext, Record, Reject, WriteContext
from karat.formats.label_studio_config import read_config
from karat.formats.preview import preview, propose_schema, schema_of
from karat.formats.sinks import FolderSink
from karat.formats.sources import FileSource, FolderSource, open_source


def read(path: Path, format: str, mapping: Mapping | None = None) -> tuple[list[Record], list[Reject], LossCounter]:
    source = open_source(path)
    assert detect(source).name == format
    context = ReadContext(schema=schema_of(FORMATS[format], source), mapping=mapping)
    found = list(FORMATS[format].read(source, context))
    return [r for r in found if isinstance(r, Record)], [r for r in found if isinstance(r, Reject)], context.losses


def annotations(records: list[Record]) -> int:
    return sum(len(response.annotations) for record in records for response in record.responses)


def test_banking77_is_ten_thousand_utterances_of_77_intents(data):
    records, rejects, _ = read(data / "text/banking77/train.csv", "csv")

    intents = json.loads((data / "text/banking77/categories.json").read_text())
    assert (len(records), rejects) == (10_003, [])
    assert {r.responses[0].annotations[0].value for r in records} == set(intents)
    assert len({r.item.key for r in records}) == 10_003


@pytest.mark.parametrize(
    ("name", "records", "rejects"),
    [
        ("text/sms_spam/sms.tsv", 3500, 0),
        ("text/sentiment_sentences/imdb_labelled.txt", 1000, 0),
        ("text/youtube_spam/Youtube01-Psy.csv", 342, 8),
    ],
)
def test_tables_without_a_header_are_texts_and_labels(name, records, rejects, data):
    good, bad, _ = read(data / name, "csv")

    assert (len(good), len(bad)) == (records, rejects)
    assert all(len(r.responses) == 1 for r in good)


@pytest.mark.parametrize(
    ("name", "sentences", "spans"),
    [
        ("text/wnut17_conll/emerging.dev.conll", 1009, 836),
        ("text/wnut17_conll/emerging.test.annotated", 1287, 1079),
        ("text/btc_conll/a.conll", 1000, 521),
        ("text/ner_swahili_yoruba/swa/dev.txt", 300, 674),
        ("text/ner_swahili_yoruba/yor/dev.txt", 305, 360),
    ],
)
def test_conll_goes_round_without_a_change(name, sentences, spans, data, tmp_path):
    records, rejects, _ = read(data / name, "conll")
    schema = schema_of(FORMATS["conll"], open_source(data / name))

    FORMATS["conll"].write(FolderSink(tmp_path), records, WriteContext(schema=schema, which="author"))

    rows = [line.replace(" ", "\t") for line in (data / name).read_text().split("\n") if line.strip()]
    assert (len(records), rejects, annotations(records)) == (sentences, [], spans)
    assert [line for line in (tmp_path / "items.conll").read_text().split("\n") if line] == rows


def test_spans_are_where_their_words_are(data):
    records, _, _ = read(data / "text/wnut17_conll/emerging.dev.conll", "conll")

    record = next(r for r in records if r.responses[0].annotations)
    text = record.item.streams["text"].ref.inline
    assert next((a.label, text[a.value[0][0] : a.value[0][1]]) for a in record.responses[0].annotations) == (
        "location",
        "Redondo Beach Blvd",
    )


@pytest.mark.parametrize(
    ("name", "images", "boxes", "losses"),
    [
        ("image/coco_instances/instances.json", 10, 62, {"polygons that cross themselves": 1}),
        ("image/coco_instances/rle.json", 10, 231, {"polygons that cross themselves": 4}),
        ("image/aerial_coco/coco_utils/terrain1_coco.json", 1, 7, {"polygons": 7, "pictures": 1}),
        ("image/coco_keypoints/test_coco.json", 4, 14 + 12, {}),
        ("formats/roboflow_exports/sharks-tiny-coco/train/_annotations.coco.json", 7, 44, {"pictures": 7}),
    ],
)
def test_coco_comes_back_with_its_ids_and_shapes(name, images, boxes, losses, data, tmp_path):
    records, rejects, lost = read(data / name, "coco")
    schema = schema_of(FORMATS["coco"], open_source(data / name))

    FORMATS["coco"].write(FolderSink(tmp_path), records, WriteContext(schema=schema, which="author"))

    given, made = json.loads((data / name).read_text()), json.loads((tmp_path / "instances.json").read_text())
    assert (len(records), rejects, annotations(records)) == (images, [], boxes)
    assert {loss.what: loss.count for loss in lost.losses()} == losses
    for part in ("images", "annotations", "categories"):
        assert {json.dumps(e, sort_keys=True) for e in numbers(made[part])} == {
            json.dumps(e, sort_keys=True) for e in numbers(given[part])
        }


def numbers(value: object) -> object:
    """The same with every number as a float, since 3 and 3.0 are one in JSON."""
    if isinstance(value, dict):
        return {k: numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [numbers(v) for v in value]
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def test_several_coco_files_about_one_picture_are_one_item(data):
    records, rejects, _ = read(data / "image/coco_instances", "coco")

    assert (len(records), rejects) == (20, [])
    assert all(FolderSource(data / "image/coco_instances").has(r.item.streams["image"].ref.uri) for r in records)
    assert sorted(len(r.responses) for r in records) == [2] * 20


def test_a_crowd_is_an_attribute(data):
    records, _, _ = read(data / "image/coco_instances/rle.json", "coco")

    crowds = [a for r in records for a in r.responses[0].annotations if a.attributes == {"crowd": "yes"}]
    assert len(crowds) == 10


STUDIO = (
    ("frontend_examples/audio_classification", 4, 3),
    ("frontend_examples/image_bbox_large", 4, 200),
    ("frontend_examples/named_entity", 2, 2),
    ("frontend_examples/sentiment_analysis", 104, 5),
    ("frontend_examples/rich_text_plain", 2, 0),
    ("frontend_examples/html_document", 2, 0),
    ("frontend_examples/image_polygons", 2, 0),
    ("sdk_converter/test_export_csv/csv_test.json", 2, 3),
    ("sdk_converter/test_export_yolo", 3, 6),
)


@pytest.mark.parametrize(("name", "tasks", "held"), STUDIO)
def test_label_studio_comes_back_as_it_was(name, tasks, held, data, tmp_path):
    path = data / "formats/label_studio" / name
    format = FORMATS["label_studio"]
    source = open_source(path)
    proposed = propose_schema(source)
    schema = schema_of(format, source)
    records = list(format.read(source, ReadContext(schema=schema, mapping=proposed.mapping)))

    format.write(FolderSink(tmp_path), records, WriteContext(schema=schema))

    contents = {n: content(source, n) for n in source.names() if n.endswith(".json")}
    loaded = [json.loads(text) for n, text in contents.items() if format.reads(n, text[: 1 << 16])]
    given = [task for tasks_of in loaded for task in (tasks_of if isinstance(tasks_of, list) else [tasks_of])]
    made = json.loads((tmp_path / "tasks.json").read_text())
    assert (len(records), annotations(records)) == (tasks, held)
    assert [task["data"] for task in made] == [task["data"] for task in given]
    assert [results(task) for task in made] == [results(task) for task in given]


def content(source, name: str) -> bytes:
    with source.open(name) as file:
        return file.read()


def results(task: dict) -> list[list[str]]:
    answers = [a for group in ("annotations", "predictions") for a in task.get(group) or [] if isinstance(a, dict)]
    return [sorted(json.dumps(r, sort_keys=True) for r in a.get("result", [])) for a in answers]


def test_every_label_studio_configuration_is_read(data):
    configs = sorted((data / "formats/label_studio").rglob("*.xml"))

    read_ones = [read_config(path.read_bytes()) for path in configs]

    assert len(configs) > 30
    assert all(config is not None and config.controls for config in read_ones)


@pytest.mark.parametrize(
    "text",
    [b'<!DOCTYPE a [<!ENTITY x "y">]><View>&x;</View>', b"<View>" + b"<View>" * 300, b"<NotAView/>", b"<View", b""],
)
def test_a_configuration_with_entities_or_of_nonsense_is_refused(text):
    assert read_config(text) is None


def test_a_folder_of_classes_proposes_its_choice(data):
    found = preview(open_source(data / "image/classification_folders"))

    assert found.format == "image_folder"
    assert {a.value for r in found.rows for q in r.responses for a in q.annotations} == {"Corrosion", "no-corrosion"}
    assert {r.item.metadata["split"] for r in found.rows} == {"test", "train", "valid"}


def test_doccano_and_prodigy_files_are_read(data):
    folder = data / "formats/doccano/data_import/tests/data"

    multiple, _, _ = read(folder / "text_classification/example.jsonl", "jsonl")
    wide, _, _ = read(folder / "example.utf16.csv", "csv")
    spans, rejects, _ = read(data / "formats/prodigy/bio_events.jsonl", "jsonl")

    assert [r.responses[0].annotations[0].value for r in multiple] == [["positive"], ["positive", "negative"], []]
    assert [r.item.streams["text"].ref.inline for r in wide] == ["AAA", "BBB", "CCC"]
    assert (len(spans), rejects, annotations(spans) > 200) == (129, [], True)


@pytest.mark.parametrize(
    ("name", "sentences", "words", "dependencies"),
    [
        ("text/ud_pud_english/en_pud-ud-test.conllu", 150, 3352, 3202),
        ("text/ud_pud_arabic/ar_pud-ud-test.conllu", 150, 3417, 3267),
    ],
)
def test_dependencies_go_round_byte_by_byte(name, sentences, words, dependencies, data, tmp_path):
    records, rejects, _ = read(data / name, "conllu")
    schema = schema_of(FORMATS["conllu"], open_source(data / name))

    FORMATS["conllu"].write(FolderSink(tmp_path), records, WriteContext(schema=schema, which="author"))

    kinds = [annotation.kind for record in records for annotation in record.responses[0].annotations]
    assert (len(records), kinds.count("span"), kinds.count("relation")) == (sentences, words, dependencies)
    assert rejects == []
    assert (tmp_path / "items.conllu").read_bytes() == (data / name).read_bytes()


def test_a_file_that_is_no_data_set_is_refused_with_what_is_known(data):
    source = FileSource(data / "text/ud_pud_english/LICENSE.txt")

    with pytest.raises(Exception, match="files that Karat reads"):
        detect(source)


@pytest.mark.parametrize(
    ("name", "pictures", "texts"),
    [("documents/receipts_wildreceipt", 2, 86), ("image/ocr_icdar2015_quads/det_toy_dataset", 6, 47)],
)
def test_text_on_pictures_is_outlines_with_what_they_read(name, pictures, texts, data):
    records, rejects, losses = read(data / name, "mmocr")

    assert (len(records), annotations(records), rejects, losses.losses()) == (pictures, texts, [], [])
    assert all(r.item.key.endswith((".jpeg", ".jpg")) for r in records)
