"""CoNLL: a token a line with its tag in the last column, sentences between blank lines.

The text is made of the tokens with single spaces between them. What a sentence has beside tokens and tags, such as further
columns, comments and where a document starts, stands in `item.extra["conll"]` and is written back.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from itertools import islice

from karat.formats.base import Format, Proposal, ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.base import Mapping as ColumnMapping
from karat.formats.cells import BadCell, label_named
from karat.formats.conll_writing import losses, write
from karat.formats.lines import BrokenLine, encoding_of, head_of, text_lines
from karat.formats.propose import options_of, proposal, schema_for
from karat.formats.repeats import Repeats
from karat.formats.tagging import TAG, decode, offsets, scheme_of
from karat.model.item import Item, Ref, Stream, content_key
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import Field, Schema

SUFFIXES = (
    "conll",
    "iob",
    "iob2",
    "iob1",
    "bio",
    "bioes",
    "bilou",
    "ner",
    "txt",
    "tsv",
    "annotated",
    "conll03",
    "train",
    "dev",
    "test",
)
SURE = (".conll", ".iob", ".iob2", ".bio", ".bioes")
"""Endings that leave no doubt: such a file is read even if it is broken, so that it is not passed over."""
DOCSTART = "-DOCSTART-"
ID_COMMENT = re.compile(r"#\s*(?:sent_id|id|key)\s*[=:]?\s*(\S+)")
MOST_TOKENS = 200_000
"""Tokens of one sentence; a file without blank lines is no CoNLL."""
BLANK = " \t\r\n"


@dataclass
class Sentence:
    """The lines of one sentence so far."""

    line: int = 0
    lines: list[str] = default(default_factory=list)
    rows: list[list[str]] = default(default_factory=list)
    comments: list[str] = default(default_factory=list)
    docstart: str | None = None
    problems: list[Problem] = default(default_factory=list)


def reads(name: str, head: bytes) -> bool:
    """By the tags at the end of nearly every line."""
    if name.lower().rsplit(".", 1)[-1] not in SUFFIXES:
        return False
    encoding = encoding_of(head)
    lines = head.decode("utf-8" if encoding == "utf-8-sig" else encoding, "replace").lstrip("\ufeff").split("\n")[:500]
    filled = [line for line in (lines[:-1] or lines) if line.strip() and not line.startswith((DOCSTART, "# "))]
    delimiter = _delimiter(filled)
    tagged = sum(1 for line in filled if _tag(line, delimiter) is not None)
    return tagged > 0 and tagged >= 0.8 * len(filled)


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each sentence as a record; one with a line that has no tag is a reject."""
    schema = schema_for(context, lambda: propose(source, context.kinds))
    yield from islice(_records(source, schema, context), context.skip, None)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """One span field with the labels of the files."""
    labels: dict[str, None] = {}
    for name in _names(source):
        for sentence in _sentences(source, name):
            for row in sentence.rows:
                found = TAG.fullmatch(row[-1])
                if found and found[2]:
                    labels[found[2]] = None
    fields = {"entities": {"kind": "span", "labels": options_of(labels)}} if labels else {}
    return proposal({"text": {"kind": "text"}}, fields, kinds, ColumnMapping()) if fields else None


def span_field(schema: Schema) -> Field | None:
    """The field that tags stand for: the first one of spans."""
    return next((field for field in schema.fields.values() if field.kind == "span"), None)


def _records(source: Source, schema: Schema, context: ReadContext) -> Iterator[Record | Reject]:
    field = span_field(schema)
    stream = (field.on if field else None) or next((s.key for s in schema.streams.values() if s.kind == "text"), None)
    repeats = Repeats()
    if field is None:
        context.losses.add("tags", becomes="left out", remedy="Add a field of spans to the schema.")
    if stream is None:
        problem = Problem(
            "",
            "no stream of text",
            "a stream for the sentences",
            "Add `text: {kind: text}` to the streams of the schema.",
        )
        yield from (reject(name, [problem]) for name in _names(source))
        return
    author = Author(type="import", name=context.default_author)
    names = _names(source)
    if not names:
        yield from nothing_to_read(source, CONLL.title)
    for name in names:
        document = 0
        for sentence in _sentences(source, name):
            document += sentence.docstart is not None
            if sentence.problems:
                yield reject(
                    name, sentence.problems, line=sentence.line, raw="".join(sentence.lines), rows=len(sentence.rows)
                )
                continue
            group = f"{name}#{document}" if document else None
            yield _record(sentence, name, field, stream, author, repeats, group)


def _record(
    sentence: Sentence, name: str, field: Field | None, stream: str, author: Author, repeats: Repeats, group: str | None
) -> Record | Reject:
    tokens, tags = [row[0] for row in sentence.rows], [row[-1] for row in sentence.rows]
    text = " ".join(tokens)
    streams = {stream: Stream("text", Ref(inline=text), Facts(length=len(text)))}
    key = next((found[1] for comment in sentence.comments if (found := ID_COMMENT.match(comment))), None)
    if key is None:
        key = content_key(streams, {})
        nth = repeats.nth_hash(int(key[:16], 16))
        key = key if nth == 1 else f"{key}#{nth}"
    try:
        annotations = _annotations(tokens, tags, field, stream) if field else ()
    except BadCell as error:
        return reject(
            name, [error.problem], line=sentence.line, key=key, raw="".join(sentence.lines), rows=len(sentence.rows)
        )
    response = (
        Response(author=author, annotations=annotations, covers={field.key: None}, cause="import") if field else None
    )
    item = Item(key=key, streams=streams, split_group=group, extra={"conll": _extra(sentence, tokens, tags)})
    return Record(item, (response,) if response else (), sentence.line, name, len(sentence.rows))


def _annotations(tokens: list[str], tags: list[str], field: Field, stream: str) -> tuple[Annotation, ...]:
    places = offsets(tokens)
    found: list[Annotation] = []
    for start, end, label in decode(tags):
        if places[start][0] == places[end - 1][1]:
            raise BadCell(
                Problem("", shown(tags[start]), "a token with the tag", "Remove the tag, or write the token.")
            )
        value = [[places[start][0], places[end - 1][1]]]
        found.append(
            Annotation(
                id=str(len(found) + 1),
                field=field.key,
                kind="span",
                on=On(stream),
                label=label_named(label, field),
                value=value,
            )
        )
    return tuple(found)


def _extra(sentence: Sentence, tokens: list[str], tags: list[str]) -> dict[str, object]:
    """What the text and the spans do not tell, as little as there is."""
    extra: dict[str, object] = {}
    if any(set(token) & {" ", "\t"} for token in tokens):
        extra["tokens"] = tokens
    between = [row[1:-1] for row in sentence.rows]
    if any(between):
        extra["columns"] = between
    scheme = scheme_of(tags)
    if scheme is None:
        extra["tags"] = tags
    elif scheme != "BIO":
        extra["scheme"] = scheme
    if sentence.comments:
        extra["comments"] = sentence.comments
    if sentence.docstart is not None:
        extra["docstart"] = sentence.docstart
    return extra


def _names(source: Source) -> list[str]:
    found: list[str] = []
    for name in source.names():
        if name.lower().rsplit(".", 1)[-1] in SUFFIXES:
            with source.open(name) as file:
                if name.lower().endswith(SURE) or reads(name, head_of(file, 1 << 16)):
                    found.append(name)
    return found


def _sentences(source: Source, name: str) -> Iterator[Sentence]:
    with source.open(name) as file:
        head = head_of(file)
    encoding = encoding_of(head)
    sample = head.decode("utf-8" if encoding == "utf-8-sig" else encoding, "replace").split("\n")[:2000]
    delimiter = _delimiter([line for line in sample if line.strip() and not line.startswith("# ")])
    held = Sentence()
    with source.open(name) as file:
        for number, line in enumerate(text_lines(file, encoding), 1):
            if isinstance(line, BrokenLine):
                held.line = held.line or number
                held.problems.append(_at(number, line.problem))
            elif line.strip(BLANK):
                _take(held, line, number, delimiter)
            elif held.rows or held.problems:
                yield held
                held = Sentence()
    if held.rows or held.problems:
        yield held


def _take(held: Sentence, line: str, number: int, delimiter: str) -> None:
    """Add one line to the sentence."""
    plain = line.rstrip("\r\n")
    holds_nul = "\x00" in plain
    if plain.startswith(DOCSTART) and not holds_nul:
        held.docstart = plain
        return
    found = _tag(plain, delimiter)
    if plain.startswith("#") and found is None and not holds_nul:
        held.comments.append(plain)
        return
    held.line = held.line or number
    if len(held.rows) < MOST_TOKENS:
        held.lines.append(line)
    elif len(held.rows) == MOST_TOKENS:
        held.problems.append(
            Problem(
                "",
                f"more than {MOST_TOKENS} tokens",
                "sentences with blank lines between them",
                "Split the file.",
                number,
            )
        )
    row = [cell.rstrip() if index else cell for index, cell in enumerate(_cells(plain, delimiter))]
    if found is None or holds_nul:
        expected = "text without U+0000" if holds_nul else "a token and a tag such as O, B-PER or I-PER"
        held.problems.append(Problem("", shown(plain), expected, "Write the token, a tab and its tag.", number))
    if len(held.rows) <= MOST_TOKENS:
        held.rows.append(row)


def _at(line: int, problem: Problem) -> Problem:
    return Problem(problem.path, problem.got, problem.expected, problem.do, line)


def _tag(line: str, delimiter: str) -> str | None:
    cells = _cells(line.rstrip("\r\n"), delimiter)
    return cells[-1] if len(cells) > 1 and TAG.fullmatch(cells[-1].rstrip()) else None


def _cells(line: str, delimiter: str) -> list[str]:
    return line.rstrip(" ").split("\t") if delimiter == "\t" else line.strip(" \t").split(" ")


def _delimiter(lines: list[str]) -> str:
    tabs = sum(1 for line in lines if "\t" in line)
    return "\t" if tabs * 2 > len(lines) else " "


CONLL = Format(
    name="conll",
    title="CoNLL",
    about="spans as tokens",
    extensions=(".conll", ".iob", ".bio"),
    media_type="text/plain",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    propose=propose,
)
