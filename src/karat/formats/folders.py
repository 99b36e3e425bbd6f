"""Folders of pictures and of texts: each file an item, its folder its class where the schema has such options."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import PurePosixPath

from karat.formats.base import (
    Format,
    Proposal,
    ReadContext,
    Record,
    Reject,
    Sink,
    Source,
    WriteContext,
    nothing_to_read,
    reject,
)
from karat.formats.base import Mapping as ColumnMapping
from karat.formats.cells import titles_of
from karat.formats.columns import is_image
from karat.formats.folder_writing import UNLABELED, folder_losses, write_files
from karat.formats.lines import encoding_of
from karat.formats.propose import options_of, proposal, schema_for
from karat.formats.sources import READ_ERRORS, is_aside
from karat.model.item import Item, Ref, Scalar, Stream
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, Refused, shown
from karat.model.response import Annotation, Author, Response
from karat.model.schema import Field, Schema

FOLDER = "folder"
"""The one column of these formats: the folder that a file lies in."""
SPLITS = frozenset({"train", "training", "val", "valid", "validation", "test", "testing", "dev"})
PLAIN_NAMES = frozenset({"images", "image", "img", "data", "texts", "text", "files"})
LARGEST_TEXT = 16 << 20
TEXT_SUFFIXES = (".txt", ".md", ".text")

Loaded = Stream | Problem


def reads_image(name: str, _head: bytes) -> bool:
    """By the ending; what the file truly is shows when it is decoded."""
    return is_image(name)


def reads_text(name: str, head: bytes) -> bool:
    """By the ending, unless there are NUL bytes without a mark of UTF-16."""
    return name.lower().endswith(TEXT_SUFFIXES) and (b"\x00" not in head or encoding_of(head).startswith("utf-16"))


def load_image(_source: Source, name: str) -> Loaded:
    """A picture by its name."""
    return Stream("image", Ref(uri=name), name=name.rsplit("/", 1)[-1])


def load_text(source: Source, name: str) -> Loaded:
    """A whole text in place."""
    size = source.size(name)
    if size is not None and size > LARGEST_TEXT:
        return Problem("", f"{size} bytes", f"at most {LARGEST_TEXT}", "Split the text.")
    try:
        with source.open(name) as file:
            content = file.read(LARGEST_TEXT + 1)
        encoding = encoding_of(content)
        text = content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, *READ_ERRORS) as error:
        return Problem("", shown(str(error)), "a text in UTF-8, UTF-16 or cp1252", "Save the file as UTF-8.")
    if not text.strip() or "\x00" in text or len(content) > LARGEST_TEXT:
        return Problem("", shown(text), "a text without U+0000 that is not empty", "Mend or remove the file.")
    return Stream("text", Ref(inline=text), Facts(length=len(text)), name.rsplit("/", 1)[-1])


def reader(
    kind: str, reads: Callable[[str, bytes], bool], load: Callable[[Source, str], Loaded]
) -> Callable[[Source, ReadContext], Iterator[Record | Reject]]:
    """Reads every file that `reads(name, b"")` takes as an item with one stream of a kind, which `load` makes of it."""

    def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
        """Each file as a record; files that an earlier run has had are not opened."""
        schema = schema_for(context, lambda: _propose(kind, reads, source, context.kinds))
        stream = next((s.key for s in schema.streams.values() if s.kind == kind), None)
        if stream is None:
            raise Refused(
                [
                    Problem(
                        "streams",
                        ", ".join(schema.streams),
                        f"a stream of kind {kind}",
                        "Import another kind of file, or change the schema.",
                    )
                ]
            )
        field = _class_field(schema, context.mapping, [_class_of(name) for name in islice(_names(source, reads), 2000)])
        named = titles_of(field) if field else {}
        author = Author(type="import", name=context.default_author)
        if next(_names(source, reads), None) is None:
            yield from islice(nothing_to_read(source, f"a {kind}"), context.skip, None)
        for name in islice(_names(source, reads), context.skip, None):
            loaded = load(source, name)
            if isinstance(loaded, Problem):
                yield reject(name, [loaded])
                continue
            split = next((part.lower() for part in PurePosixPath(name).parts[:-1] if part.lower() in SPLITS), None)
            metadata: dict[str, Scalar] = {"split": split} if split else {}
            responses: tuple[Response, ...] = ()
            found = _class_of(name)
            if field is not None and found is not None:
                if found not in named:
                    context.losses.add(
                        f"folders that are no option of `{field.key}`",
                        becomes="no answer",
                        remedy="Add the options to the schema.",
                    )
                else:
                    responses = (_answer(field, named[found], author),)
            yield Record(Item(key=name, streams={stream: loaded}, metadata=metadata), responses, None, name)

    return read


def _answer(field: Field, key: str, author: Author) -> Response:
    value: object = [key] if getattr(field.options, "multiple", False) else key
    annotation = Annotation(id=field.key, field=field.key, kind="choice", value=value)
    return Response(author=author, annotations=(annotation,), covers={field.key: None}, cause="import")


def _class_field(schema: Schema, mapping: ColumnMapping | None, classes: list[str | None]) -> Field | None:
    """The choice that folders answer: as mapped, else the one that names every folder."""
    if mapping is not None and mapping.fields:
        return next(
            (schema.fields[key] for key, column in mapping.fields.items() if column == FOLDER and key in schema.fields),
            None,
        )
    found = {name for name in classes if name}
    choices = [field for field in schema.fields.values() if field.kind == "choice" and field.each is None]
    return next((field for field in choices if found and found <= titles_of(field).keys()), None)


def _propose(
    kind: str, reads: Callable[[str, bytes], bool], source: Source, kinds: Mapping[str, AnyKind]
) -> Proposal | None:
    found: dict[str, None] = {}
    any_file = False
    for name in _names(source, reads):
        any_file = True
        if (folder := _class_of(name)) is not None and len(found) < 500:
            found[folder] = None
    if not any_file:
        return None
    options = options_of(found) if len(found) > 1 else {"yes": {}, "no": {}}
    mapping = ColumnMapping(fields={"label": FOLDER} if len(found) > 1 else {})
    return proposal({kind: {"kind": kind}}, {"label": {"kind": "choice", "options": options}}, kinds, mapping)


def _names(source: Source, reads: Callable[[str, bytes], bool]) -> Iterator[str]:
    yield from (name for name in source.names() if reads(name, b"") and not is_aside(name))


def _class_of(name: str) -> str | None:
    folder = PurePosixPath(name).parent.name
    return folder if folder and folder.lower() not in {*SPLITS, *PLAIN_NAMES, UNLABELED} else None


def _writer(kind: str) -> Callable[[Sink, Iterable[Record], WriteContext], None]:
    def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
        """Each item's content in the folder of its class."""
        write_files(sink, records, context, kind=kind)

    return write


def proposing(
    kind: str, reads: Callable[[str, bytes], bool]
) -> Callable[[Source, Mapping[str, AnyKind]], Proposal | None]:
    """Proposes a schema with one stream of a kind, and a choice among the folders."""
    return lambda source, kinds: _propose(kind, reads, source, kinds)


IMAGE_FOLDER = Format(
    name="image_folder",
    title="Folder of images",
    about="pictures in folders by class",
    extensions=(".jpg", ".png", ".webp"),
    media_type="image/*",
    reads=reads_image,
    read=reader("image", reads_image, load_image),
    write=_writer("image"),
    losses=folder_losses,
    takes_mapping=True,
    propose=proposing("image", reads_image),
)

TEXT_FOLDER = Format(
    name="text_folder",
    title="Folder of texts",
    about="texts in folders by class",
    extensions=(".txt", ".md"),
    media_type="text/plain",
    reads=reads_text,
    read=reader("text", reads_text, load_text),
    write=_writer("text"),
    losses=folder_losses,
    takes_mapping=True,
    propose=proposing("text", reads_text),
)
