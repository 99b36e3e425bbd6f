"""The file formats that Karat reads and writes, and how it knows them apart."""

from collections import Counter

from karat.formats.base import Format, Mapping, Source
from karat.formats.coco import COCO
from karat.formats.conll import CONLL
from karat.formats.conllu import CONLLU
from karat.formats.createml import CREATEML
from karat.formats.csv import CSV
from karat.formats.cvat import CVAT
from karat.formats.documents import DOCUMENT_FOLDER
from karat.formats.folders import IMAGE_FOLDER, TEXT_FOLDER
from karat.formats.jsonl import JSONL
from karat.formats.label_studio import LABEL_STUDIO
from karat.formats.labelme import LABELME
from karat.formats.lines import head_of
from karat.formats.mask_classes import is_table
from karat.formats.mask_folder import MASK_FOLDER
from karat.formats.mmocr import MMOCR
from karat.formats.parquet import PARQUET
from karat.formats.sources import READ_ERRORS, is_aside
from karat.formats.trl import TRL
from karat.formats.voc import VOC
from karat.formats.yolo import YOLO
from karat.model.problem import Problem, Refused, shown
from karat.model.schema import Schema

FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        COCO,
        CONLL,
        CONLLU,
        CREATEML,
        CSV,
        CVAT,
        DOCUMENT_FOLDER,
        IMAGE_FOLDER,
        JSONL,
        LABEL_STUDIO,
        LABELME,
        MASK_FOLDER,
        MMOCR,
        PARQUET,
        TEXT_FOLDER,
        *TRL,
        VOC,
        YOLO,
    )
}
"""Every format, sorted by name."""

MEDIA = ("mask_folder", "document_folder", "image_folder", "text_folder")
"""Formats of content, the first two with pictures that say more than pictures do; a file with labels beside the content says
most."""
TRAINING = ("trl_preference", "trl_reward", "trl_unpaired", "trl_completion", "trl_stepwise", "trl_chat")
"""Those with more columns first."""
PRECISE_FIRST = (
    "coco",
    "createml",
    "cvat",
    "labelme",
    "voc",
    "yolo",
    "mmocr",
    "label_studio",
    "parquet",
    "conllu",
    "conll",
    "document_folder",
    "csv",
    *TRAINING,
    "jsonl",
    "mask_folder",
    "image_folder",
    "text_folder",
)
"""A file that several formats could read belongs to the first of them."""
HEAD = 1 << 16
MOST_FILES = 2000
"""Files that are looked into; a data set tells what it is within so many."""


def detect(source: Source, schema: Schema | None = None, mapping: Mapping | None = None) -> Format:
    """The format that most of a source's label files are in, else the folder format of its content; `Refused` if none.

    Given the schema that it shall be read by, only a format that such a schema has a place for; given columns for its
    streams, none that knows its columns by itself.
    """
    found: Counter[str] = Counter()
    tables: Counter[str] = Counter()
    seen = 0
    for name in source.names():
        seen += 1
        if seen > MOST_FILES:
            break
        if not is_aside(name) and (format_name := format_of(source, name, schema, mapping)):
            (tables if is_table(name) else found)[format_name] += 1
    # Beside masks, a table of classes says what their numbers mean; alone it is a table as any other.
    found.update(Counter() if MASK_FOLDER.name in found else tables)
    labels = [name for name in PRECISE_FIRST if name in found and name not in MEDIA]
    read = [name for name in (MASK_FOLDER.name, DOCUMENT_FOLDER.name) if name in found]
    best = max(labels or read[:1] or found, key=lambda name: found[name], default=None)
    if best is None:
        got = f"{seen} files" if seen else "no files"
        known = ", ".join(sorted(ending for f in FORMATS.values() for ending in f.extensions))
        raise Refused(
            [Problem("", got, f"files that Karat reads: {known}", "Choose the format by hand, or convert the files.")]
        )
    return FORMATS[best]


def format_of(source: Source, name: str, schema: Schema | None = None, mapping: Mapping | None = None) -> str | None:
    """The format of one file, of those that a schema has a place for."""
    try:
        with source.open(name) as file:
            head = head_of(file, HEAD)
    except READ_ERRORS:
        return None
    is_mapped = mapping is not None and bool(mapping.streams or mapping.gathered)
    known = [f for f in PRECISE_FIRST if f in FORMATS and not (is_mapped and f in TRAINING)]
    fitting = [f for f in known if schema is None or FORMATS[f].fits(schema)]
    return next((f for f in fitting if FORMATS[f].reads(name, head)), None)


def format_named(name: str) -> Format:
    """A format by its name; `Refused` if there is none."""
    if name not in FORMATS:
        raise Refused([Problem("format", shown(name), f"one of {', '.join(FORMATS)}", "Name a format of this list.")])
    return FORMATS[name]
