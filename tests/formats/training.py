"""Items and answers that files to train on are made of, for the tests of those files."""

from msgspec import json

from karat.formats import FORMATS
from karat.formats.base import Record, WriteContext
from karat.formats.sinks import FolderSink
from karat.kinds import KINDS
from karat.model import candidates, dialogue
from karat.model.item import Item, Ref, Stream
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import read_schema

ASKED = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Sky?"}]
SAID = {"a": "Blue.", "b": "Green.", "c": "Red."}
RANKED = {"better": {"kind": "ranking", "on": "answers", "none_good": True}}
STRONG = {"better": {"kind": "ranking", "on": "answers", "pairwise": True, "strengths": 3, "none_good": True}}
RATED = {"stars": {"kind": "rating", "on": "answers", "each": "answer"}}
YES_NO = {"yes": {"good": True}, "no": {"good": False}}
COMPARED = {"prompt": {"kind": "dialogue"}, "answers": {"kind": "candidates"}}


def schema(streams, fields):
    found, problems = read_schema({"karat_schema": 1, "streams": streams, "fields": fields}, KINDS)
    assert found is not None, problems
    return found


def told(reply):
    return {"role": "assistant", "content": reply}


def item(streams, *, prompt=ASKED, keys="abc", answers=None, **more):
    made = {}
    for key, spec in streams.items():
        kind = spec["kind"]
        said = answers or [{"key": k, "content": SAID[k], "source": f"model-{k}"} for k in keys]
        text = (
            candidates.read(said) if kind == "candidates" else dialogue.read(prompt) if kind == "dialogue" else prompt
        )
        made[key] = Stream(kind, Ref(inline=text))
    return Item(key="1", streams=made, **more)


def answered(*values, on=None, **more):
    """A response with (field, value) or (field, value, part)."""
    annotations = tuple(
        Annotation(id=f"{n}", field=field, kind="any", value=value, on=On(on, part[0]) if part else None)
        for n, (field, value, *part) in enumerate(values)
    )
    covers = {field: None for field, *_ in values}
    return Response(author=Author(type="person", name="Ann"), annotations=annotations, covers=covers, **more)


def writer(folder_of):
    """Writes responses to an item in a format; the rows and what was lost."""

    def write(name, streams, fields, of_item, *responses):
        context = WriteContext(schema=schema(streams, fields), which="all")
        folder = folder_of / name
        FORMATS[name].write(FolderSink(folder), [Record(of_item, responses)], context)
        [file] = folder.iterdir()
        lost = {loss.what: loss.count for loss in context.losses.losses()}
        return [json.decode(line) for line in file.read_bytes().splitlines()], lost

    return write
