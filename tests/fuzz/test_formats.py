"""Readers of formats against real files that were broken: never a crash, a hang or silent loss.

The seed and the number of cases are fixed; KARAT_FUZZ_CASES asks for more.
"""

import os
import random
from pathlib import Path

import pytest

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record, WriteContext
from karat.formats.preview import schema_of
from karat.formats.sinks import FolderSink
from karat.testing.formats import schema as any_schema
from karat.testing.mutations import mutate
from karat.testing.reading import MemorySource, check

CASES = int(os.environ.get("KARAT_FUZZ_CASES", "12"))
SEED = "first light"
PART = 8000
"""Bytes of a long file that are used."""

STUDIO = "formats/label_studio"
DOCCANO = "formats/doccano/data_import/tests/data"
FILES = {
    "coco": (
        "image/coco_instances/instances.json",
        "formats/coco/datumaro/coco_instances/annotations/instances_val.json",
        "formats/coco/datumaro/coco_captions/annotations/captions_train.json",
        "formats/coco/datumaro/coco_panoptic/annotations/panoptic_val.json",
        "formats/roboflow/datumaro/coco/train/_annotations.coco.json",
    ),
    "conll": (
        "text/wnut17_conll/emerging.dev.conll",
        "text/btc_conll/e.conll",
        "text/ner_swahili_yoruba/swa/dev.txt",
        "formats/spacy/ner_example_data/ner-token-per-line-conll2003.iob",
        f"{DOCCANO}/sequence_labeling/labeling.invalid.conll",
    ),
    "csv": (
        "text/banking77/train.csv",
        "text/sms_spam/sms.tsv",
        "text/youtube_spam/Youtube01-Psy.csv",
        f"{DOCCANO}/example.utf16.csv",
        f"{DOCCANO}/text_classification/example_out_of_order_columns.csv",
    ),
    "jsonl": (
        "formats/prodigy/bio_events.jsonl",
        f"{DOCCANO}/intent/example.jsonl",
        f"{DOCCANO}/sequence_labeling/example.jsonl",
        f"{DOCCANO}/relation_extraction/example.jsonl",
        f"{DOCCANO}/text_classification/example.json",
    ),
    "label_studio": (
        f"{STUDIO}/sdk_converter/test_export_csv/csv_test.json",
        f"{STUDIO}/sdk_converter/test_export_csv/csv_test2.json",
        f"{STUDIO}/sdk_converter/test_export_yolo/data.json",
        f"{STUDIO}/frontend_examples/named_entity/annotations/1.json",
        f"{STUDIO}/frontend_examples/image_bbox/tasks.json",
        f"{STUDIO}/import_samples/random-with-predictions.json",
    ),
}
MADE = (
    ("jsonl", "items.jsonl", "conll", "text/btc_conll/e.conll"),
    ("jsonl", "items.jsonl", "coco", "formats/coco/datumaro/coco_instances/annotations/instances_val.json"),
    ("csv", "items.csv", "conll", "text/btc_conll/e.conll"),
    ("parquet", "items.parquet", "conll", "text/btc_conll/e.conll"),
)
"""Format, its file, and what it is made of: Karat's own files, broken."""
LINES = ("conll", "csv", "jsonl")


def beginning(data: Path, format: str, name: str) -> bytes:
    """A file, or the first whole lines of a long one."""
    content = (data / name).read_bytes()
    return content if format not in LINES or len(content) <= PART else content[:PART].rpartition(b"\n")[0] + b"\n"


def fuzz(format: str, name: str, content: bytes, folder: Path, schema=None) -> None:
    last = name.rsplit("/", 1)[-1]
    schema = schema or schema_of(FORMATS[format], MemorySource({last: content}))
    for case in range(CASES):
        broken, how = mutate(content, random.Random(f"{SEED} {name} {case}"))
        try:
            check(FORMATS[format], last, broken, schema, folder)
        except Exception as error:
            error.add_note(f"case {case} of {name}: {how}, {len(broken)} bytes")
            raise


@pytest.mark.parametrize(("format", "name"), [(format, name) for format, names in FILES.items() for name in names])
def test_a_broken_file_is_read_to_its_end(format, name, data, tmp_path):
    fuzz(format, name, beginning(data, format, name), tmp_path)


@pytest.mark.parametrize(("format", "file", "other", "name"), MADE, ids=lambda value: str(value).rsplit("/", 1)[-1])
def test_a_broken_file_of_our_own_is_read_to_its_end(format, file, other, name, data, tmp_path):
    source = MemorySource({name.rsplit("/", 1)[-1]: beginning(data, other, name)})
    schema = schema_of(FORMATS[other], source)
    records = [r for r in FORMATS[other].read(source, ReadContext(schema=schema)) if isinstance(r, Record)]
    FORMATS[format].write(FolderSink(tmp_path / "made"), records, WriteContext(schema=schema))

    fuzz(format, file, (tmp_path / "made" / file).read_bytes(), tmp_path / "check", schema)


@pytest.mark.parametrize(
    "name", ["empty.csv", "empty.jsonl", "empty.json", "empty.conll", "empty.parquet", "empty.txt"]
)
@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 100, b"[" * 50_000, b'{"a":' * 50_000, b'"' * 5000]
)
@pytest.mark.parametrize("format", FORMATS)
def test_a_file_of_nothing_is_no_crash(format, name, content, tmp_path):
    check(FORMATS[format], name, content, any_schema(), tmp_path)
