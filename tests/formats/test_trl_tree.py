"""Files to train on from conversations that branch: what ratings of replies become."""

import pytest
from msgspec import json

from karat.formats import FORMATS, detect
from karat.formats.base import Record, WriteContext
from karat.formats.sinks import FolderSink
from karat.kinds import KINDS
from karat.model import tree
from karat.model.item import Item, Ref, Stream
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import read_schema
from karat.testing.reading import MemorySource

SAID = {"a": "Blue.", "b": "Green.", "c": "Red."}


def schema(streams, fields):
    found, problems = read_schema({"karat_schema": 1, "streams": streams, "fields": fields}, KINDS)
    assert found is not None, problems
    return found


def told(reply):
    return {"role": "assistant", "content": reply}


def answered(*values, on):
    annotations = tuple(
        Annotation(id=f"{n}", field=field, kind="any", value=value, on=On(on, part))
        for n, (field, value, part) in enumerate(values)
    )
    return Response(author=Author(type="person", name="Ann"), annotations=annotations, covers={"stars": None})


@pytest.fixture
def written(tmp_path):
    def write(name, streams, fields, of_item, *responses):
        context = WriteContext(schema=schema(streams, fields), which="all")
        FORMATS[name].write(FolderSink(tmp_path / name), [Record(of_item, responses)], context)
        [file] = (tmp_path / name).iterdir()
        lost = {loss.what: loss.count for loss in context.losses.losses()}
        return [json.decode(line) for line in file.read_bytes().splitlines()], lost

    return write


TREE = {"talk": {"kind": "tree"}}
REPLIES = {"stars": {"kind": "rating", "on": "talk", "each": "message", "of": ["assistant"]}}
SAID_IN_TREE = [
    {"id": "q", "role": "user", "content": "Sky?"},
    *({"id": key, "parent_id": "q", "role": "assistant", "content": SAID[key]} for key in "abc"),
    {"id": "r", "parent_id": "b", "role": "user", "content": "Sure?"},
    {"id": "d", "parent_id": "r", "role": "assistant", "content": "No."},
    {"id": "e", "parent_id": "r", "role": "assistant", "content": "Yes.", "extra": {"rank": 1}},
    {"id": "f", "parent_id": "r", "role": "user", "content": "Hello?"},
]


def branching():
    return Item(key="1", streams={"talk": Stream("tree", Ref(inline=tree.read(SAID_IN_TREE)))})


def test_of_replies_to_one_message_the_better_is_chosen_with_the_path_above_as_prompt(written):
    stars = answered(("stars", 4, "a"), ("stars", 2, "b"), ("stars", 1, "d"), ("stars", 5, "e"), on="talk")

    rows, lost = written("trl_preference", TREE, REPLIES, branching(), stars)

    sky = [{"role": "user", "content": "Sky?"}]
    assert rows == [
        {"prompt": sky, "chosen": [told("Blue.")], "rejected": [told("Green.")]},
        {
            "prompt": [*sky, told("Green."), {"role": "user", "content": "Sure?"}],
            "chosen": [told("Yes.")],
            "rejected": [told("No.")],
        },
    ]
    assert lost["times and other facts of turns"] == 1
    assert [row["margin"] for row in written("trl_reward", TREE, REPLIES, branching(), stars)[0]] == [0.5, 1.0]


def test_good_replies_in_a_tree_are_learned_as_well(written):
    stars = answered(("stars", 4, "a"), ("stars", 2, "b"), ("stars", 3, "c"), ("stars", 2, "d"), on="talk")

    rows, lost = written("trl_unpaired", TREE, REPLIES, branching(), stars)
    learned, _ = written("trl_chat", TREE, REPLIES, branching(), stars)

    assert [(row["completion"][0]["content"], row["label"]) for row in rows] == [
        ("Blue.", True),
        ("Green.", False),
        ("No.", False),
    ]
    assert lost["answers in the middle of their scale"] == 1
    assert learned == [{"messages": [{"role": "user", "content": "Sky?"}, told("Blue.")]}]


EDITS = {"better": {"kind": "text", "on": "talk", "each": "message", "edits": True, "multiline": True}}


def test_rewritten_messages_of_a_tree_are_learned_and_stand_in_the_paths_below_them(written):
    said = answered(("better", "Mostly blue.", "b"), ("better", "Are you sure?", "r"), ("stars", 5, "e"), on="talk")

    rows, lost = written("trl_chat", TREE, EDITS | REPLIES, branching(), said)

    path = [{"role": "user", "content": "Sky?"}, told("Mostly blue.")]
    assert rows == [
        {"messages": path},
        {"messages": [*path, {"role": "user", "content": "Are you sure?"}, told("Yes.")]},
    ]
    assert lost["edited turns that are no answers"] == 1
    completions, _ = written("trl_completion", TREE, EDITS, branching(), said)
    assert completions == [{"prompt": path[:1], "completion": [told("Mostly blue.")]}]


def test_rows_of_pairs_have_no_place_in_a_tree():
    row = {"prompt": "Sky?", "chosen": "Blue.", "rejected": "Green."}
    pairs = MemorySource({"train.jsonl": json.encode(row) + b"\n"})

    assert detect(pairs, schema(TREE, REPLIES)).name == "jsonl"
