"""Rows a CPU second and peak memory of reading and writing each format: python bench/formats.py [rows] [format …].

Each figure comes from a process of its own, so that peak memory is that of one direction of one format. Texts have 90
characters, one choice and two metadata keys; pictures are by reference with ten boxes each, a tenth as many as rows.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record, WriteContext
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.kinds import KINDS
from karat.model.item import Item, Ref, Stream
from karat.model.kind import Facts
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import Schema, read_schema

TEXTS = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {
        "label": {"kind": "choice", "options": {f"c{n}": {} for n in range(20)}},
        "entities": {"kind": "span", "labels": {"thing": {}}},
    },
}
PICTURES = {
    "karat_schema": 1,
    "streams": {"image": {"kind": "image"}},
    "fields": {"objects": {"kind": "box", "labels": {f"c{n}": {} for n in range(20)}}},
}
PEOPLE = (Author(type="person", name="Ann"), Author(type="person", name="Bo"))


def schema_of(name: str) -> Schema:
    schema, problems = read_schema(PICTURES if name == "coco" else TEXTS, KINDS)
    if schema is None:
        raise ValueError(problems)
    return schema


def texts(rows: int) -> Iterator[Record]:
    span = (Annotation(id="1", field="entities", kind="span", on=On("text"), label="thing", value=[[0, 4]]),)
    for n in range(rows):
        text = f"text number {n} " + "lorem ipsum dolor sit amet " * 3
        streams = {"text": Stream("text", Ref(inline=text), Facts(length=len(text)))}
        answer = Annotation(id="label", field="label", kind="choice", value=f"c{n % 20}")
        covers = {"label": None, "entities": None}
        response = Response(author=PEOPLE[n % 2], annotations=(answer, *span), covers=covers, active_ms=900)
        yield Record(Item(key=str(n), streams=streams, metadata={"n": n, "lang": "en"}), (response,))


def pictures(rows: int) -> Iterator[Record]:
    for n in range(rows):
        streams = {"image": Stream("image", Ref(uri=f"images/{n}.jpg"), Facts(width=640, height=480), f"{n}.jpg")}
        boxes = tuple(
            Annotation(
                id=str(b),
                field="objects",
                kind="box",
                on=On("image"),
                label=f"c{b}",
                value={"left": b, "top": b, "right": b + 50.5, "bottom": 99.25},
            )
            for b in range(10)
        )
        yield Record(
            Item(key=f"{n}.jpg", streams=streams),
            (Response(author=PEOPLE[0], annotations=boxes, covers={"objects": None}),),
        )


def measure(name: str, direction: str, rows: int, folder: Path) -> dict[str, object]:
    schema, format = schema_of(name), FORMATS[name]
    count = rows // 10 if name == "coco" else rows
    started, worked = time.perf_counter(), time.process_time()
    if direction == "write" and format.write is not None:
        format.write(
            FolderSink(folder),
            pictures(count) if name == "coco" else texts(count),
            WriteContext(schema=schema, which="author"),
        )
    elif format.read is not None:
        count = sum(
            1 for result in format.read(FolderSource(folder), ReadContext(schema=schema)) if isinstance(result, Record)
        )
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    return {
        "format": name,
        "direction": direction,
        "items": count,
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu, 2),
        "per_cpu_s": round(count / cpu),
        "peak_mib": round(peak),
        "mb": round(size),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("formats", nargs="*", default=["jsonl", "csv", "parquet", "conll", "label_studio", "coco"])
    parser.add_argument("--one", nargs=2, metavar=("DIRECTION", "FOLDER"))
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.formats[0], given.one[0], given.rows, Path(given.one[1]))))
        return
    print(
        f"{'format':14}{'direction':10}{'items':>10}{'seconds':>9}{'CPU s':>8}{'items/CPU s':>13}{'peak MiB':>10}{'MB':>7}"
    )
    for name in given.formats:
        with tempfile.TemporaryDirectory() as folder:
            for direction in ("write", "read"):
                command = [sys.executable, __file__, str(given.rows), name, "--one", direction, folder]
                found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                print(
                    f"{found['format']:14}{found['direction']:10}{found['items']:>10}{found['seconds']:>9}{found['cpu_s']:>8}{found['per_cpu_s']:>13}{found['peak_mib']:>10}{found['mb']:>7}"
                )


if __name__ == "__main__":
    main()
