"""Label Studio's JSON: tasks with annotations and predictions, whatever the labelling configuration.

Annotations become responses of persons, predictions of models. Everything that Karat's kinds do not hold stays in
`extra["label_studio"]` of the item, the response or the annotation, and is written back.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice

import msgspec

from karat.formats import jsonl
from karat.formats.base import Format, Proposal, ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.jsonstream import BrokenJson, Part, parts
from karat.formats.label_studio_config import config_for
from karat.formats.label_studio_plan import Survey, field_for
from karat.formats.label_studio_results import Results
from karat.formats.label_studio_tasks import Tasks
from karat.formats.label_studio_writing import losses, write
from karat.formats.lines import head_of, holds_nul
from karat.formats.propose import schema_for
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown
from karat.model.schema import Schema

HEAD = 1 << 16
SURVEYED = 500
"""Tasks that are looked at before reading, where there is no configuration to say which data key is what."""
TASK_KEYS = frozenset({"annotations", "predictions", "completions"})


def reads(name: str, head: bytes) -> bool:
    """JSON whose first element is a task."""
    if name.lower().rsplit(".", 1)[-1] not in ("json", "jsonl", "ndjson") or jsonl.is_native(head):
        return False
    first = next(parts(BytesIO(head), split=False), None)
    if isinstance(first, Part):
        task = _decoded(first.raw)
        return task is not None and _is_task(task)
    # A task that is longer than what was looked at.
    return (b'"from_name"' in head and b'"result"' in head) or (b'"annotations"' in head and b'"data"' in head)


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each task as a record; a result that is wrong is a reject of its own."""
    yield from islice(_records(source, context), context.skip, None)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """The schema that the configuration and the results ask for."""
    names = _names(source)
    survey = Survey(config_for(source, names[0]) if names else None)
    for name in names:
        for task in _tasks(source, name):
            survey.see(task)
    return survey.propose(kinds) if names else None


def _records(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    schema = schema_for(context, lambda: propose(source, context.kinds))
    tasks = Tasks(source, schema, context)
    names = _names(source)
    if not names:
        yield from nothing_to_read(source, LABEL_STUDIO.title)
    for name in names:
        survey = Survey(config_for(source, name))
        for task in islice(_tasks(source, name), SURVEYED):
            survey.see(task)
        tasks.enter(name, survey, _covered(survey, schema, tasks.results))
        with source.open(name) as file:
            for part in parts(file, split=False):
                if isinstance(part, BrokenJson):
                    yield reject(name, [part.problem], line=part.line, raw=part.raw)
                    continue
                found = _decoded(part.raw)
                if found is None or holds_nul(part.raw):
                    problem = Problem(
                        "",
                        shown(part.raw[:80].decode("utf-8", "replace")),
                        "a task: a JSON object without U+0000",
                        "Mend the JSON at this place.",
                    )
                    yield reject(name, [problem], line=part.line, raw=part.raw)
                    continue
                yield from tasks.read(found, part)


def _covered(survey: Survey, schema: Schema, results: Results) -> dict[str, None]:
    """The fields that every annotator was asked: those of the controls."""
    found: dict[str, None] = {}
    for control in survey.config.controls.values():
        field = None if control.per_region else field_for(schema, control.name, control.type, results.mapping)
        if field is not None:
            found[field.key] = None
    return found


def _tasks(source: Source, name: str) -> Iterator[dict[str, object]]:
    with source.open(name) as file:
        for part in parts(file, split=False):
            found = None if isinstance(part, BrokenJson) else _decoded(part.raw)
            if found is not None:
                yield found


def _names(source: Source) -> list[str]:
    found: list[str] = []
    for name in source.names():
        if name.lower().rsplit(".", 1)[-1] in ("json", "jsonl", "ndjson"):
            with source.open(name) as file:
                if reads(name, head_of(file, HEAD)):
                    found.append(name)
    return found


def _decoded(raw: bytes) -> dict[str, object] | None:
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_task(task: Mapping[str, object]) -> bool:
    answered = any(isinstance(task.get(key), list) for key in TASK_KEYS)
    return isinstance(task.get("data"), dict) or (
        answered and b'"from_name"' in msgspec.json.encode([task.get(key) for key in TASK_KEYS])
    )


LABEL_STUDIO = Format(
    name="label_studio",
    title="Label Studio JSON",
    about="for Label Studio",
    extensions=(".json",),
    media_type="application/json",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    names_media=True,
    propose=propose,
)
