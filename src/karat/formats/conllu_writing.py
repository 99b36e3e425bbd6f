"""CoNLL-U out: the lines that the sentence came with, with part of speech, head and relation as they were answered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec

from karat.formats.authors import PerAuthor
from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.conllu_lines import COLUMNS, NO_SPACE, WORD, Place, fault, lay_out
from karat.formats.losing import REMEDY, Losing, field_loss, static_losses
from karat.formats.repeats import is_content_key
from karat.formats.tagging import tokenize
from karat.model.item import Item
from karat.model.problem import Problem
from karat.model.response import Annotation, Response
from karat.model.schema import Field, Schema

OVERLAPPING = "spans that overlap an earlier word"
SEVERAL = "spans of several segments"
HEADS = "further heads of a word"
ENDS = "relations of what is no word"
CUT = "words that are cut otherwise than they came"
SPACING = "texts with other white space than single spaces"
UNANSWERED = "items without an answer"
WITHOUT_TEXT = "items without a text"
BECOMES = {CUT: "lines without lemma and features", SPACING: "single spaces between words"}
NOTHING = ("_",) * COLUMNS


def word_field(schema: Schema) -> Field | None:
    """The field that words stand in: the first of spans in a text."""
    fields = (f for f in schema.fields.values() if f.kind == "span" and f.on)
    return next((f for f in fields if schema.streams[f.on or ""].kind == "text"), None)


def relation_field(schema: Schema) -> Field | None:
    """The field that dependencies stand in: the first of relations."""
    return next((f for f in schema.fields.values() if f.kind == "relation"), None)


def lacks(schema: Schema) -> list[Problem]:
    """A field of spans in a text is needed."""
    if word_field(schema) is not None:
        return []
    do = "Choose another format, or add a field of spans for the words."
    return [Problem("fields", ", ".join(schema.fields), "a field of spans in a text", do)]


def losses(schema: Schema) -> list[Loss]:
    """What ten columns leave out."""
    own = {f.key for f in (word_field(schema), relation_field(schema)) if f}
    others = [f for f in schema.fields.values() if f.kind in ("span", "relation") and f.key not in own]
    named = (OVERLAPPING, SEVERAL, HEADS, ENDS, CUT, SPACING, UNANSWERED, WITHOUT_TEXT)
    return [
        *static_losses(schema, (), ("span", "relation")),
        *(Loss(field_loss(f.key), 0, "left out", REMEDY) for f in others),
        *(Loss(name, 0, BECOMES.get(name, "left out"), REMEDY) for name in named),
    ]


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """A sentence for each item; one file an author where there are several."""
    field, links = cast(Field, word_field(context.schema)), relation_field(context.schema)  # `lacks` asks for it
    own = {one.key for one in (field, links) if one}
    losing = Losing(context.losses)
    with PerAuthor(sink, "items.conllu", context.which) as files:
        for record in records:
            losing.item(record.item, own=("conllu",))
            for response in record.responses:
                losing.response(response)
                for annotation in response.annotations:
                    if annotation.field not in own:
                        losing.add(field_loss(annotation.field))
                    elif response.state == "submitted":
                        losing.annotation(annotation)
            answers = [r for r in record.responses if r.state == "submitted" and _speaks(r, field)]
            if not answers:
                losing.add(UNANSWERED)
            for response in answers:
                lines = _sentence(record.item, field, links, response, losing)
                files.of(response.author).write("".join(f"{line}\n" for line in (*lines, "")).encode())


def _speaks(response: Response, field: Field) -> bool:
    return field.key in response.covers or any(a.field == field.key for a in response.annotations)


def _sentence(item: Item, field: Field, links: Field | None, response: Response, losing: Losing) -> list[str]:
    stream = item.streams.get(field.on or "")
    text = stream.ref.inline if stream else None
    if not text or not text.strip():
        losing.add(WITHOUT_TEXT)
        return []
    spans = _spans([a for a in response.annotations if a.field == field.key], losing)
    rows, comments = _kept(item)
    laid = lay_out(rows, comments) if rows else None
    tagged = [(n, word) for n, word in enumerate(laid.words, 1) if word.is_tagged] if laid else []
    if laid and laid.text == text and [word.place for _, word in tagged] == [place for place, _ in spans]:
        words = [list(word.cells) for word in laid.words]
        at = {annotation.id: number for (number, _), (_, annotation) in zip(tagged, spans, strict=True)}
        for (number, _), (_, annotation) in zip(tagged, spans, strict=True):
            words[number - 1][3] = annotation.label or "_"
    else:
        if rows:
            losing.add(CUT, becomes=BECOMES[CUT])
        if text.split() != text.split(" "):
            losing.add(SPACING, becomes=BECOMES[SPACING])
        rows, (words, at) = [], _cut(text, spans, losing)
        comments = [comment for comment in comments if "text" not in comment] + [f"# text = {' '.join(text.split())}"]
        if not any("sent_id" in comment for comment in comments) and not is_content_key(item.key):
            comments = [f"# sent_id = {'_'.join(item.key.split())}", *comments]
    _depend(words, at, [a for a in response.annotations if links and a.field == links.key], losing)
    by_id = {cells[0]: "\t".join(cells) for cells in words}
    lines = [by_id[row[0]] if WORD.fullmatch(row[0]) else "\t".join(row) for row in rows] or list(by_id.values())
    return [*comments, *lines]


def _kept(item: Item) -> tuple[list[tuple[str, ...]], list[str]]:
    """The lines and comments that the sentence came with, if they are still such."""
    kept = item.extra.get("conllu")
    if not isinstance(kept, dict):
        return [], []
    lines, comments = kept.get("lines"), kept.get("comments")
    rows = [tuple(str(line).split("\t")) for line in lines] if isinstance(lines, list) else []
    said = [str(comment) for comment in comments] if isinstance(comments, list) else []
    return ([] if not rows or fault(rows) else rows), said


def _spans(annotations: Sequence[Annotation], losing: Losing) -> list[tuple[Place, Annotation]]:
    """The spans as words in the order of the text; those of one place stay in their order."""
    found: list[tuple[Place, Annotation]] = []
    for annotation in annotations:
        value = cast(Sequence[Sequence[int]], annotation.value)  # the value of a span, parsed or plain
        if len(value) == 1:
            found.append(((value[0][0], value[0][1]), annotation))
        else:
            losing.add(SEVERAL)
    return sorted(found, key=lambda one: one[0])


def _cut(
    text: str, spans: Sequence[tuple[Place, Annotation]], losing: Losing
) -> tuple[list[list[str]], dict[str, int]]:
    """Words where the spans are, and all else cut into words and marks; with the number of each span's word."""
    words: list[list[str]] = []
    at: dict[str, int] = {}
    end = 0
    places: list[Place] = []

    def add(place: Place, label: str) -> None:
        form = " ".join(text[slice(*place)].split())
        if form:
            places.append(place)
            words.append([str(len(words) + 1), form, "_", label, *NOTHING[4:]])

    for place, annotation in spans:
        if place[0] < end or not text[slice(*place)].strip():
            losing.add(OVERLAPPING)
            continue
        for start, stop in tokenize(text[end : place[0]], []):
            add((end + start, end + stop), "_")
        add(place, annotation.label or "_")
        at[annotation.id] = len(words)
        end = place[1]
    for start, stop in tokenize(text[end:], []):
        add((end + start, end + stop), "_")
    for cells, place, after in zip(words, places, places[1:], strict=False):
        if place[1] == after[0]:
            cells[9] = NO_SPACE
    return words, at


def _depend(words: Sequence[list[str]], at: Mapping[str, int], relations: Iterable[Annotation], losing: Losing) -> None:
    """Write the heads into the words' columns: 0 and `root` for those without one where any word has one."""
    heads: dict[int, tuple[int, str]] = {}
    for relation in relations:
        ends = cast(Mapping[str, str], msgspec.to_builtins(relation.value))  # a relation's value has two ids
        head, word = at.get(ends["from"]), at.get(ends["to"])
        if head is None or word is None or head == word:
            losing.add(ENDS)
        elif word in heads:
            losing.add(HEADS)
        else:
            heads[word] = (head, relation.label or "_")
    tagged = set(at.values())
    for number, cells in enumerate(words, 1):
        was_root = cells[6] == "0"
        if number not in tagged:
            continue
        if number in heads:
            cells[6], cells[7] = str(heads[number][0]), heads[number][1]
        elif heads or was_root:
            cells[6], cells[7] = "0", cells[7] if was_root else "root"
        else:
            cells[6], cells[7] = "_", "_"
