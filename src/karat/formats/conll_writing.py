"""CoNLL out: two columns, token and BIO tag, unless the sentence came with more."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, cast

from karat.formats.authors import PerAuthor
from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.losing import REMEDY, Losing, field_loss, static_losses
from karat.formats.repeats import is_content_key
from karat.formats.tagging import Tagged, decode, encode, offsets, tokenize
from karat.model.item import Item
from karat.model.response import Annotation, Response
from karat.model.schema import Field, Schema

OVERLAPPING = "spans that overlap an earlier or longer one"
DISCONTINUOUS = "spans of several segments"
WITHIN = "spans that begin or end within a token"
EMPTY = "spans of white space"
SPACING = "texts with other white space than single spaces"
UNANSWERED = "items without an answer"
KEYS = "keys of items"
WITHOUT_TEXT = "items without a text"
BECOMES = {
    DISCONTINUOUS: "a span for each segment",
    WITHIN: "spans of whole tokens",
    SPACING: "single spaces between tokens",
    KEYS: "a hash of the text when read again",
}
HARD_SPACE = re.compile(r"[\t\n\r]")


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """The spans of the schema's first span field on a text; one file an author where there are several."""
    schema = context.schema
    field = next(iter(_fields(schema)), None)
    losing = Losing(context.losses)
    with PerAuthor(sink, "items.conll", context.which) as files:
        for record in records:
            _losses_of(record, field, losing)
            answers = [r for r in record.responses if field and _speaks(r, field)]
            if not answers or field is None:
                losing.add(UNANSWERED)
            for response in answers:
                _write_sentence(
                    files.of(response.author), record.item, cast(Field, field), response, losing
                )  # answers imply it


def losses(schema: Schema) -> list[Loss]:
    """What a column of tags leaves out."""
    tagged = _fields(schema)
    fields = [f.key for f in schema.fields.values() if f.kind == "span" and f is not next(iter(tagged), None)]
    others = [Loss(field_loss(key), 0, "left out", REMEDY) for key in fields]
    named = (OVERLAPPING, DISCONTINUOUS, WITHIN, EMPTY, SPACING, UNANSWERED, KEYS, WITHOUT_TEXT)
    return [
        *static_losses(schema, (), ("span",)),
        *others,
        *(Loss(n, 0, BECOMES.get(n, "left out"), REMEDY) for n in named),
    ]


def _fields(schema: Schema) -> list[Field]:
    """Spans in texts; those in turns and in answers have no column of tags."""
    return [f for f in schema.fields.values() if f.kind == "span" and schema.streams[f.on or ""].kind == "text"]


def _speaks(response: Response, field: Field) -> bool:
    return response.state == "submitted" and (
        field.key in response.covers or any(a.field == field.key for a in response.annotations)
    )


def _losses_of(record: Record, field: Field | None, losing: Losing) -> None:
    losing.item(record.item, own=("conll",))
    if not is_content_key(record.item.key):
        losing.add(KEYS, becomes=BECOMES[KEYS])
    for response in record.responses:
        losing.response(response)
        for annotation in response.annotations:
            if field is None or annotation.field != field.key:
                losing.add(field_loss(annotation.field))
            elif response.state == "submitted":
                losing.annotation(annotation)


def _write_sentence(file: BinaryIO, item: Item, field: Field, response: Response, losing: Losing) -> None:
    stream = item.streams.get(field.on or "")
    text = stream.ref.inline if stream else None
    if not text or not text.strip():
        losing.add(WITHOUT_TEXT)
        return
    kept = item.extra.get("conll")
    extra = kept if isinstance(kept, dict) else None
    spans = [s for a in response.annotations if a.field == field.key for s in _segments(a, losing)]
    places = _places(text, extra) or tokenize(text, [point for start, end, _ in spans for point in (start, end)])
    tokens = [text[start:end] for start, end in places]
    if " ".join(tokens) != text:
        losing.add(SPACING, becomes=BECOMES[SPACING])
    tagged = _apart(_on_tokens(spans, places, losing), losing)
    tags = _tags(tagged, tokens, extra)
    columns = _columns(extra, len(tokens))
    lines = [
        *_before(extra),
        *("\t".join([token, *between, tag]) for token, between, tag in zip(tokens, columns, tags, strict=True)),
        "",
        "",
    ]
    file.write("\n".join(lines).encode("utf-8"))


def _segments(annotation: Annotation, losing: Losing) -> Iterator[tuple[int, int, str]]:
    value = cast(Sequence[tuple[int, int]], annotation.value)  # the value of a span, parsed or plain
    if len(value) > 1:
        losing.add(DISCONTINUOUS, becomes=BECOMES[DISCONTINUOUS])
    for start, end in value:
        yield start, end, annotation.label or ""


def _places(text: str, extra: dict[str, object] | None) -> list[tuple[int, int]] | None:
    """The tokens that the sentence came with, if they still make up the text."""
    if extra is None:
        return None
    given = extra.get("tokens")
    tokens = [str(token) for token in given] if isinstance(given, list) else text.split(" ")
    if " ".join(tokens) != text or (given is None and HARD_SPACE.search(text)):
        return None
    return offsets(tokens)


def _on_tokens(
    spans: Iterable[tuple[int, int, str]], places: list[tuple[int, int]], losing: Losing
) -> Iterator[Tagged]:
    starts = {start: index for index, (start, end) in enumerate(places) if end > start}
    ends = {end: index + 1 for index, (start, end) in enumerate(places) if end > start}
    for start, end, label in spans:
        first, last = starts.get(start), ends.get(end)
        if first is None or last is None:
            touched = [index for index, (left, right) in enumerate(places) if left < end and right > start]
            if not touched:
                losing.add(EMPTY)
                continue
            first, last = touched[0], touched[-1] + 1
            if start > places[first][0] or end < places[last - 1][1]:
                losing.add(WITHIN, becomes=BECOMES[WITHIN])
        yield first, last, label


def _apart(spans: Iterable[Tagged], losing: Losing) -> list[Tagged]:
    """The spans without those that overlap one before them; of two that begin together the longer stays."""
    kept: list[Tagged] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1], s[2])):
        if kept and span[0] < kept[-1][1]:
            losing.add(OVERLAPPING)
        else:
            kept.append(span)
    return kept


def _tags(spans: list[Tagged], tokens: list[str], extra: dict[str, object] | None) -> list[str]:
    given = extra.get("tags") if extra else None
    if isinstance(given, list) and len(given) == len(tokens) and decode([str(tag) for tag in given]) == spans:
        return [str(tag) for tag in given]
    return encode(spans, len(tokens), str((extra or {}).get("scheme", "BIO")))


def _columns(extra: dict[str, object] | None, length: int) -> list[list[str]]:
    given = extra.get("columns") if extra else None
    if isinstance(given, list) and len(given) == length and all(isinstance(row, list) for row in given):
        return [[str(cell) for cell in row] for row in given]
    return [[] for _ in range(length)]


def _before(extra: dict[str, object] | None) -> list[str]:
    docstart = (extra or {}).get("docstart")
    comments = (extra or {}).get("comments")
    lines = [docstart, ""] if isinstance(docstart, str) else []
    return lines + ([str(comment) for comment in comments] if isinstance(comments, list) else [])
