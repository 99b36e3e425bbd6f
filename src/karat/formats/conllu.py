"""CoNLL-U: a word a line with its part of speech and what it depends on, sentences between blank lines.

A sentence is an item, its text the one of `# text`. Words that have a UPOS are spans with it as label; dependencies are relations from
the head to the word, so that a root is a word without one. Everything else of the lines (lemma, XPOS, features, enhanced
dependencies, tokens of several words, empty nodes, comments) stands in `item.extra["conllu"]` and is written back.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from itertools import islice

from karat.formats.base import Format, Proposal, ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.base import Mapping as ColumnMapping
from karat.formats.cells import BadCell, label_named
from karat.formats.conllu_lines import COLUMNS, EMPTY, WORD, Laid, Word, fault, lay_out
from karat.formats.conllu_writing import lacks, losses, relation_field, word_field, write
from karat.formats.lines import BrokenLine, text_lines
from karat.formats.propose import options_of, proposal, schema_for
from karat.formats.repeats import Repeats
from karat.model.item import Item, Ref, Stream, content_key
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, Author, Covers, On, Response
from karat.model.schema import Field, Schema

SUFFIXES = (".conllu", ".conllup")
SENT_ID = re.compile(r"#\s*sent_id\s*=\s*(\S+)")
NEWDOC = re.compile(r"#\s*newdoc(?:\s+id\s*=\s*(\S+))?\s*")
MOST_ROWS = 50_000
"""Lines of one sentence; a file without blank lines is no CoNLL-U."""
SPLIT = "words of tokens whose letters they do not make up"
NODES = "empty nodes"
UNTAGGED = "dependencies of words without a part of speech"
RETOLD = "texts that are not what the tokens spell"
KEPT = "kept with the item, and written back"


@dataclass
class Sentence:
    """The lines of one sentence so far."""

    line: int = 0
    rows: list[tuple[str, ...]] = default(default_factory=list)
    numbers: list[int] = default(default_factory=list)
    comments: list[str] = default(default_factory=list)
    problem: Problem | None = None


def reads(name: str, head: bytes) -> bool:
    """By the ending, or by ten columns of which the first counts."""
    if name.lower().endswith(SUFFIXES):
        return True
    lines = head.decode("utf-8", "replace").split("\n")[:200]
    rows = [line.split("\t") for line in (lines[:-1] or lines) if line.strip() and not line.startswith("#")]
    return bool(rows) and all(len(row) == COLUMNS and row[0][:1].isdigit() for row in rows)


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each sentence as a record; one with a line at fault is a reject."""
    schema = schema_for(context, lambda: propose(source, context.kinds))
    yield from islice(_records(source, schema, context), context.skip, None)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """Spans for words and relations for dependencies, with the labels of the files."""
    tags: dict[str, None] = {}
    names: dict[str, None] = {}
    for name in _names(source):
        for sentence in _sentences(source, name):
            for row in sentence.rows:
                if len(row) == COLUMNS and WORD.fullmatch(row[0]):
                    if row[3] != "_":
                        tags[row[3]] = None
                    if row[6] not in ("0", "_"):
                        names[row[7]] = None
    if not tags:
        return None
    words = {"kind": "span", "snap": "token", "labels": options_of(tags)}
    links = {"kind": "relation", "most_to": 1, "labels": options_of(names)}
    fields = {"words": words, **({"dependencies": links} if names else {})}
    return proposal({"text": {"kind": "text"}}, fields, kinds, ColumnMapping())


def _records(source: Source, schema: Schema, context: ReadContext) -> Iterator[Record | Reject]:
    field, links = word_field(schema), relation_field(schema)
    names = _names(source)
    if not names:
        yield from nothing_to_read(source, CONLLU.title)
        return
    if field is None:
        do = "Add `words: {kind: span, labels: …}` to the fields of the schema."
        yield from (reject(name, [Problem("", "no field of spans", "a field for the words", do)]) for name in names)
        return
    if links is None:
        context.losses.add("dependencies", becomes=KEPT, remedy="Add a field of relations to the schema.")
    author, repeats = Author(type="import", name=context.default_author), Repeats()
    for name in names:
        group: str | None = None
        documents = 0
        for sentence in _sentences(source, name):
            for comment in sentence.comments:
                if found := NEWDOC.fullmatch(comment):
                    documents += 1
                    group = found[1] or f"{name}#{documents}"
            yield _record(sentence, name, field, links, author, repeats, group, context)


def _record(
    sentence: Sentence,
    name: str,
    field: Field,
    links: Field | None,
    author: Author,
    repeats: Repeats,
    group: str | None,
    context: ReadContext,
) -> Record | Reject:
    if sentence.problem is not None:
        return _rejected(sentence, name, sentence.problem)
    if wrong := fault(sentence.rows):
        index, got, expected = wrong
        line = sentence.numbers[index] if sentence.numbers else sentence.line
        return _rejected(sentence, name, Problem("", shown(got), expected, "Mend the line.", line))
    laid = lay_out(sentence.rows, sentence.comments)
    stream = field.on or ""
    streams = {stream: Stream("text", Ref(inline=laid.text), Facts(length=len(laid.text)))}
    key = next((found[1] for comment in sentence.comments if (found := SENT_ID.match(comment))), None)
    if key is None:
        key = content_key(streams, {})
        nth = repeats.nth_hash(int(key[:16], 16))
        key = key if nth == 1 else f"{key}#{nth}"
    try:
        annotations = tuple(_annotations(laid, field, links, stream))
    except BadCell as error:
        return _rejected(sentence, name, error.problem, key)
    losses = context.losses
    losses.add(SPLIT, sum(word.whole for word in laid.words), becomes="spans over the whole token")
    losses.add(NODES, sum(1 for row in sentence.rows if EMPTY.fullmatch(row[0])), becomes=KEPT)
    losses.add(
        RETOLD, not laid.as_given and any("text" in c for c in sentence.comments), becomes="the tokens' own text"
    )
    untagged = sum(1 for word in laid.words if word.head and not _depends(word, laid))
    losses.add(UNTAGGED, untagged, becomes=KEPT)
    covers: Covers = {one.key: None for one in (field, links) if one}
    response = Response(author=author, annotations=annotations, covers=covers, cause="import")
    extra: dict[str, object] = {
        "conllu": {"lines": ["\t".join(row) for row in sentence.rows], "comments": sentence.comments}
    }
    item = Item(key=key, streams=streams, split_group=group, extra=extra)
    return Record(item, (response,), sentence.line, name, len(sentence.rows))


def _annotations(laid: Laid, field: Field, links: Field | None, stream: str) -> Iterator[Annotation]:
    for number, word in enumerate(laid.words, 1):
        if word.is_tagged:
            label = label_named(word.cells[3], field)
            value = [list(word.place)]
            yield Annotation(id=str(number), field=field.key, kind="span", on=On(stream), label=label, value=value)
    for number, word in enumerate(laid.words, 1):
        if links is not None and _depends(word, laid):
            ends = {"from": str(word.head), "to": str(number)}
            label = label_named(word.cells[7], links)
            yield Annotation(id=f"d{number}", field=links.key, kind="relation", label=label, value=ends)


def _depends(word: Word, laid: Laid) -> bool:
    """Whether there is a relation for a word's dependency: both of its ends have a span."""
    return bool(word.head) and word.is_tagged and laid.words[(word.head or 1) - 1].is_tagged


def _rejected(sentence: Sentence, name: str, problem: Problem, key: str | None = None) -> Reject:
    raw = "".join(f"{line}\n" for line in (*sentence.comments, *("\t".join(row) for row in sentence.rows)))
    return reject(name, [problem], line=sentence.line, key=key, raw=raw, rows=max(1, len(sentence.rows)))


def _names(source: Source) -> list[str]:
    return [name for name in source.names() if name.lower().endswith(SUFFIXES)]


def _sentences(source: Source, name: str) -> Iterator[Sentence]:
    held = Sentence()
    with source.open(name) as file:
        for number, line in enumerate(text_lines(file, "utf-8-sig"), 1):
            if isinstance(line, BrokenLine):
                held.line = held.line or number
                problem = line.problem
                held.problem = Problem(problem.path, problem.got, problem.expected, problem.do, number)
            elif line.strip():
                _take(held, line.rstrip("\r\n"), number)
            elif held.rows or held.problem:
                yield held
                held = Sentence()
    if held.rows or held.problem:
        yield held


def _take(held: Sentence, line: str, number: int) -> None:
    held.line = held.line or number
    if "\x00" in line:
        do = "Take the character out."
        held.problem = Problem("", shown(line), "text without U+0000", do, number)
    elif line.startswith("#"):
        held.comments.append(line)
    elif len(held.rows) >= MOST_ROWS:
        got, expected = f"more than {MOST_ROWS} lines", "sentences with blank lines between them"
        held.problem = held.problem or Problem("", got, expected, "Split the file.", number)
    else:
        held.rows.append(tuple(line.split("\t")))
        held.numbers.append(number)


CONLLU = Format(
    name="conllu",
    title="CoNLL-U",
    about="words and dependencies",
    extensions=(".conllu",),
    media_type="text/plain",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    lacks=lacks,
    propose=propose,
)
