"""Write the golden files of formats again from their `in/` folders: python -m karat.testing.golden_formats spec/formats."""

import shutil
import sys
from pathlib import Path

import msgspec

from karat.formats import FORMATS
from karat.formats.base import Format, ReadContext, Record, WriteContext
from karat.formats.preview import propose_schema
from karat.formats.sinks import FolderSink
from karat.formats.sources import FolderSource
from karat.kinds import KINDS
from karat.model.schema import read_schema


def write_golden(format: Format, folder: Path) -> None:
    """`schema.json`, `records.json`, `losses.json` and `out/` of one format."""
    source = FolderSource(folder / "in")
    proposed = propose_schema(source)
    schema, problems = read_schema(proposed.schema, KINDS)
    if schema is None or format.read is None:
        raise ValueError(f"{format.name} proposes a schema that is refused: {problems}")
    context = ReadContext(schema=schema)
    found = list(format.read(source, context))
    for name, value in (("schema", proposed.schema), ("records", found), ("losses", context.losses.losses())):
        (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")
    shutil.rmtree(folder / "out", ignore_errors=True)
    if format.write is not None:
        records = [result for result in found if isinstance(result, Record)]
        content = folder.parent / "pixel.png"
        format.write(
            FolderSink(folder / "out"),
            records,
            WriteContext(schema=schema, which="author", content=lambda _: content.open("rb")),
        )


def main(root: Path) -> None:
    """Every format that has a folder."""
    for format in FORMATS.values():
        if (root / format.name / "in").is_dir():
            write_golden(format, root / format.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
