"""Which column is what: proposed from the columns' names and from what they hold."""

from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbstractMapping

from msgspec.structs import replace

from karat.formats.base import Mapping
from karat.formats.cells import titles_of
from karat.formats.columns import Profile
from karat.model.kind import AnyKind
from karat.model.schema import Field, Schema

TEXT_NAMES = (
    "text", "sentence", "utterance", "content", "body", "message", "review", "reviewtext", "review_text", "comment", "tweet",
    "document", "question", "prompt", "instruction", "query", "description", "headline", "title", "abstract", "input",
)  # fmt: skip
IMAGE_NAMES = (
    "image",
    "img",
    "image_path",
    "image_url",
    "file_name",
    "filename",
    "file",
    "path",
    "photo",
    "picture",
    "url",
)
LABEL_NAMES = (
    "label", "labels", "category", "categories", "class", "classes", "intent", "sentiment", "target", "topic", "tag", "answer",
    "annotation", "annotations", "entities", "spans", "cats", "ner", "toxicity", "spam", "is_spam", "rating", "stars", "class_name",
)  # fmt: skip
KEY_NAMES = (
    "key", "id", "item_id", "uuid", "guid", "_id", "external_id", "item_key", "question_id", "message_tree_id",
    "dialogue_id", "dialog_id", "conversation_id",
)  # fmt: skip
AUTHOR_NAMES = ("author", "annotator", "worker", "worker_id", "annotator_id", "labeler", "completed_by", "rater")
DIALOGUE_NAMES = (
    "messages",
    "conversations",
    "conversation",
    "dialogue",
    "dialog",
    "chat",
    "turns",
    "prompt",
    "history",
)
ANSWER_NAMES = (
    "candidates",
    "responses",
    "answers",
    "outputs",
    "completions",
    "choices",
    "replies",
    "output",
    "generations",
)
TABLE_NAMES = ("table", "rows", "record", "records")
TRACE_NAMES = ("trace", "trajectory", "intermediate_steps", "steps", "actions", "events", "messages", "conversations")
TREE_NAMES = ("tree", "thread", "prompt", "root", "messages")
PAIRS = (
    ("chosen", "rejected"), ("response_a", "response_b"), ("answer_a", "answer_b"), ("completion_a", "completion_b"), ("output_a", "output_b"),
    ("conversation_a", "conversation_b"), ("response_1", "response_2"), ("answer_1", "answer_2"), ("output_1", "output_2"),
    ("response_0", "response_1"), ("completion_1", "completion_2"),
)  # fmt: skip
"""Columns that hold one answer each."""
DOCUMENT_NAMES = ("document", "pages", "pdf", "pdf_path", "file_name", "filename", "file", "path", "url")
NAMES = {
    "document": DOCUMENT_NAMES,
    "text": TEXT_NAMES,
    "image": IMAGE_NAMES,
    "dialogue": DIALOGUE_NAMES,
    "candidates": ANSWER_NAMES,
    "table": TABLE_NAMES,
    "trace": TRACE_NAMES,
    "tree": TREE_NAMES,
}
MATCH = 0.8
"""The share of a column's values that a field's options must name."""


def propose_mapping(
    profiles: AbstractMapping[str, Profile], schema: Schema, kinds: AbstractMapping[str, AnyKind]
) -> Mapping:
    """The columns that fit the schema's streams and fields; the rest becomes metadata."""
    free = dict(profiles)
    fields: dict[str, str] = {}
    for key in schema.fields:
        column = f"field_{key}" if f"field_{key}" in free else key
        if column in free and column not in schema.streams:
            fields[key] = free.pop(column).name
    answers = gathered(free) if any(stream.kind == "candidates" for stream in schema.streams.values()) else ()
    streams = _streams({name: column for name, column in free.items() if name not in answers}, schema)
    together = {
        stream.key: answers
        for stream in schema.streams.values()
        if answers and stream.kind == "candidates" and stream.key not in streams
    }
    for column in (*streams.values(), *(column for columns in together.values() for column in columns)):
        free.pop(column, None)
    for field in schema.fields.values():
        found = None if field.key in fields or field.each is not None else _column_for(field, kinds[field.kind], free)
        if found is not None:
            fields[field.key] = free.pop(found).name
    # Where rows name who answered, several of them may be about one item.
    several = bool(fields) and named(free, AUTHOR_NAMES) is not None
    made = Mapping(
        key=_take(
            free, KEY_NAMES, lambda column: (column.unique or several) and column.type in ("text", "integer", "image")
        ),
        streams=streams,
        gathered=together,
        fields=fields,
        split_group=_take(free, ("split_group",)),
        tags=_take(free, ("tags",)),
        author=_take(free, AUTHOR_NAMES, lambda column: column.values is not None) if fields else None,
    )
    # A table that no column holds is made of the columns that are left: a row of the file is its row.
    tables = [s.key for s in schema.streams.values() if s.kind == "table" and s.key not in streams]
    return replace(made, gathered={**together, tables[0]: tuple(free)}) if tables and free else made


def named(columns: Iterable[str], names: Iterable[str]) -> str | None:
    """The first column that has one of the names, whatever its case, spaces or dashes."""
    plain = {
        column.strip().casefold().replace(" ", "_").replace("-", "_"): column for column in reversed(list(columns))
    }
    return next((plain[name] for name in names if name in plain), None)


def longest(columns: Iterable[Profile]) -> Profile | None:
    """The text column with the longest cells."""
    texts = [column for column in columns if column.type == "text"]
    return max(texts, key=lambda column: column.mean_length, default=None)


def _streams(free: AbstractMapping[str, Profile], schema: Schema) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, stream in schema.streams.items():
        rest = {name: column for name, column in free.items() if name not in found.values()}
        column = key if key in rest else named(rest, (key, *NAMES.get(stream.kind, ())))
        if column is None:
            column = _likely_stream(rest, stream.kind, schema)
        if column is not None:
            found[key] = column
    return found


def gathered(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns that hold one answer each to the same prompt, more than two where their names count on; () where none do.

    >>> gathered(["prompt", "response_a", "response_b", "response_c", "response_e"])
    ('response_a', 'response_b', 'response_c')
    """
    names = list(columns)
    for pair in PAIRS:
        found = [named(names, [name]) for name in pair]
        first, second = found
        if first is None or second is None:
            continue
        more = [first, second]
        stem, last = second[:-1], second[-1]
        while last.isalnum() and pair != ("chosen", "rejected") and (following := stem + chr(ord(last) + 1)) in names:
            more.append(following)
            last = following[-1]
        return tuple(more)
    return ()


def _likely_stream(rest: AbstractMapping[str, Profile], kind: str, schema: Schema) -> str | None:
    if kind in ("image", "dialogue"):
        wanted = "image" if kind == "image" else "turns"
        return next((name for name, column in rest.items() if column.type == wanted), None)
    if kind == "tree":
        found = (name for wanted in ("tree", "turns") for name, column in rest.items() if column.type == wanted)
        return next(found, None)
    if kind == "trace":
        return next((name for name, column in rest.items() if column.type in ("turns", "object")), None)
    if kind in ("candidates", "document", "table"):
        return None
    unanswering = [c for c in rest.values() if max((_overlap(c, f) for f in schema.fields.values()), default=0) < MATCH]
    best = longest(unanswering)
    return best.name if best else None


def _column_for(field: Field, kind: AnyKind, free: AbstractMapping[str, Profile]) -> str | None:
    if kind.role == "where":
        fitting = [c for c in free.values() if c.type == "spans" and c.labels]
        share = {c.name: _share(c.labels, titles_of(field)) for c in fitting}
    else:
        share = {c.name: _overlap(c, field) for c in free.values() if _may_answer(c, field)}
    best = max(share, key=lambda name: share[name], default=None)
    return best if best is not None and share[best] >= MATCH else None


def _may_answer(column: Profile, field: Field) -> bool:
    """Whether a column's values can be answers: keys are none, nor are values that never come twice, unless its name says so."""
    if named([column.name], KEY_NAMES):
        return False
    return (
        not column.unique or named([column.name], (*LABEL_NAMES, field.title.casefold().replace(" ", "_"))) is not None
    )


def _overlap(column: Profile, field: Field) -> float:
    options = getattr(field.options, "options", None)
    if not options or not column.values or column.type == "spans":
        return 0.0
    return _share(column.values, titles_of(field))


def _share(values: AbstractMapping[str, int], names: AbstractMapping[str, str]) -> float:
    total = sum(values.values())
    return (
        sum(n for value, n in values.items() if value in names or value.strip().casefold() in names) / total
        if total
        else 0.0
    )


def _take(
    free: dict[str, Profile], names: Iterable[str], fits: Callable[[Profile], bool] = lambda _column: True
) -> str | None:
    column = named(free, names)
    if column is None or not fits(free[column]):
        return None
    return free.pop(column).name
