"""Content as files, in a folder for each class."""

import shutil
from collections.abc import Iterable
from pathlib import PurePosixPath

from karat.formats.authors import file_name
from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.losing import REMEDY, Losing, field_loss, static_losses
from karat.formats.repeats import Repeats
from karat.formats.rows import name_of
from karat.model.item import Item, Stream
from karat.model.problem import Problem, Refused
from karat.model.response import Response
from karat.model.schema import Field, Schema

SEVERAL = "answers with several options"
UNANSWERED = "items without an answer"
KEYS = "keys of items"
UNLABELED = "unlabeled"


def write_files(sink: Sink, records: Iterable[Record], context: WriteContext, *, kind: str) -> None:
    """`<class>/<file>` for each item, below a folder for each author where all answers are exported."""
    stream = next((s.key for s in context.schema.streams.values() if s.kind == kind), None)
    if stream is None:
        raise Refused(
            [Problem("format", f"{kind} folder", f"a schema with a stream of kind {kind}", "Choose another format.")]
        )
    field = next((f for f in context.schema.fields.values() if f.kind == "choice" and f.each is None), None)
    losing = Losing(context.losses)
    names = Repeats()
    authors: dict[str, int] = {}
    for record in records:
        content = record.item.streams.get(stream)
        if content is None:
            losing.add(f"items without {kind}")
            continue
        for folder in _folders(record, field, losing, context, authors):
            _write(sink, f"{folder}/{_unique(record.item, content, folder, names)}", content, context)


def folder_losses(schema: Schema) -> list[Loss]:
    """A folder holds one option of one choice."""
    others = [f.key for f in schema.fields.values() if f.kind == "choice" and f.each is None][1:]
    named = [field_loss(key) for key in others] + [SEVERAL, UNANSWERED, KEYS]
    return [*static_losses(schema, (), ("choice",)), *(Loss(name, 0, "left out", REMEDY) for name in named)]


def _folders(
    record: Record, field: Field | None, losing: Losing, context: WriteContext, authors: dict[str, int]
) -> list[str]:
    losing.item(record.item)
    losing.add(KEYS)
    found: list[str] = []
    for response in record.responses:
        losing.response(response)
        option = _option(response, field, losing)
        if option is not None:
            author = name_of(response.author)
            before = f"{file_name(author, authors.setdefault(author, len(authors)))}/" if context.which == "all" else ""
            found.append(before + _safe(option))
    if not found:
        losing.add(UNANSWERED, becomes=f"the folder {UNLABELED}")
    return found or [UNLABELED]


def _option(response: Response, field: Field | None, losing: Losing) -> str | None:
    option: str | None = None
    for annotation in response.annotations:
        if field is None or annotation.field != field.key or response.state != "submitted":
            losing.add(field_loss(annotation.field))
            continue
        losing.annotation(annotation)
        value = annotation.value
        options = [value] if isinstance(value, str) else [*value] if isinstance(value, list | tuple) else []
        losing.add(SEVERAL, int(len(options) > 1), becomes="the first option")
        option = str(options[0]) if options else None
    return option


def _write(sink: Sink, name: str, stream: Stream, context: WriteContext) -> None:
    if stream.ref.inline is None and context.content is None:
        raise Refused(
            [
                Problem(
                    "content",
                    "references only",
                    "the content of the items",
                    "Export JSON lines, which hold references.",
                )
            ]
        )
    with sink.open(name) as file:
        if stream.ref.inline is not None:
            file.write(stream.ref.inline.encode("utf-8"))
        elif context.content is not None:
            with context.content(stream) as content:
                shutil.copyfileobj(content, file, 1 << 18)


def _unique(item: Item, stream: Stream, folder: str, names: Repeats) -> str:
    """The file's own name, with a number where the folder has it already."""
    given = stream.name or PurePosixPath(item.key).name or "item"
    stem, dot, suffix = given.rpartition(".")
    plain = _safe(stem if dot else given)
    ending = f".{_safe(suffix)}" if dot else ".txt" if stream.kind == "text" else ""
    nth = names.nth(f"{folder}/{plain}{ending}".lower())
    return f"{plain}{ending}" if nth == 1 else f"{plain}~{nth}{ending}"


def _safe(part: str) -> str:
    found = "".join(c if c.isalnum() or c in "-_ .,()" else "_" for c in part).strip(" .")[:120]
    return found or "_"
