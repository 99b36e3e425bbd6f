"""Tables of conversations and of answers to compare: what they suggest, and how they are read."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec import json

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record, Reject
from karat.formats.preview import preview, propose_schema, schema_of
from karat.kinds import KINDS
from karat.model.candidates import candidates_of
from karat.model.dialogue import turns_of
from karat.model.schema import read_schema
from karat.testing.reading import MemorySource

TALK = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello! How can I help?"}]
PAIRS = [
    {
        "prompt": f"Why is {n} odd?",
        "response_a": f"Because {n} is not even, as one sees.",
        "response_b": f"It leaves one when halved: {n}.",
    }
    for n in (1, 3, 5)
]


def lines(rows):
    return b"".join(json.encode(row) + b"\n" for row in rows)


def records(source, name="jsonl"):
    schema = schema_of(FORMATS[name], source)
    return list(FORMATS[name].read(source, ReadContext(schema=schema, mapping=propose_schema(source).mapping)))


def parquet(rows):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("name", ["messages", "conversations", "dialogue"])
def test_a_column_of_conversations_becomes_a_stream_of_them(name):
    source = MemorySource({"a.jsonl": lines([{"id": n, name: TALK} for n in range(3)])})

    proposed = propose_schema(source)
    [first, *_] = records(source)

    assert proposed.schema["streams"]["conversation"]["kind"] == "dialogue"
    assert proposed.mapping.streams == {"conversation": name}
    assert [turn.role for turn in turns_of(first.item.streams["conversation"].ref.inline)] == ["user", "assistant"]
    assert first.item.streams["conversation"].facts.turns == 2


@pytest.mark.parametrize("file", ["a.jsonl", "a.csv", "a.parquet"])
def test_columns_of_answers_become_candidates_to_be_compared(file):
    header = ",".join(PAIRS[0])
    csv = "\n".join([header, *(",".join(f'"{cell}"' for cell in row.values()) for row in PAIRS)]).encode()
    source = MemorySource({file: {"a.jsonl": lines(PAIRS), "a.csv": csv, "a.parquet": parquet(PAIRS)}[file]})

    proposed = propose_schema(source)
    shown = preview(source)

    assert {key: s["kind"] for key, s in proposed.schema["streams"].items()} == {
        "prompt": "text",
        "answers": "candidates",
    }
    assert (proposed.schema["fields"]["better"]["kind"], proposed.schema["fields"]["better"]["on"]) == (
        "ranking",
        "answers",
    )
    assert proposed.mapping.gathered == {"answers": ("response_a", "response_b")}
    assert not shown.rejects
    assert shown.mapping.gathered == proposed.mapping.gathered
    assert [len(candidates_of(r.item.streams["answers"].ref.inline)) for r in shown.rows] == [2, 2, 2]
    assert "response_a" not in shown.rows[0].item.metadata


def test_a_list_of_answers_becomes_candidates_to_be_ranked():
    source = MemorySource(
        {
            "a.jsonl": lines(
                [
                    {
                        "prompt": "Why?",
                        "responses": [f"Because of {n} and of {m}, which is a long story." for m in range(3)],
                    }
                    for n in range(4)
                ]
            )
        }
    )

    proposed = propose_schema(source)

    assert proposed.mapping.streams == {"prompt": "prompt", "answers": "responses"}
    assert "pairwise" not in proposed.schema["fields"]["better"]


@pytest.mark.parametrize("name", ["trajectory", "steps"])
def test_a_column_of_steps_becomes_a_trace_whose_first_wrong_step_is_asked(name):
    steps = [{"thought": "Look.", "action": "search", "action_input": "x", "observation": "y"}]
    source = MemorySource({"a.jsonl": lines([{"id": n, "task": "Find it", name: steps} for n in range(3)])})

    proposed = propose_schema(source)
    [first, *_] = records(source)

    assert {key: field["kind"] for key, field in proposed.schema["fields"].items()} == {"first_wrong": "step"}
    assert first.item.streams["trace"].facts.each["step"].count == 2
    assert first.item.metadata["task"] == "Find it"


TREE = {
    "message_id": "q", "text": "Hi", "role": "prompter", "replies": [
        {"message_id": "a", "parent_id": "q", "text": "Hello!", "role": "assistant", "rank": 0, "replies": []},
        {"message_id": "b", "parent_id": "q", "text": "What?", "role": "assistant", "rank": 1, "replies": []},
    ],
}  # fmt: skip
FLAT = [
    {"id": "q", "role": "user", "content": "Hi"},
    {"id": "a", "parent_id": "q", "role": "assistant", "content": "Hello!"},
]


@pytest.mark.parametrize(("name", "cell", "keys"), [("prompt", TREE, ("q", "a", "b")), ("messages", FLAT, ("q", "a"))])
def test_a_column_of_messages_with_replies_becomes_a_tree_whose_replies_are_rated(name, cell, keys):
    source = MemorySource(
        {"a.jsonl": lines([{"message_tree_id": f"t{n}", "tree_state": "x", name: cell} for n in range(3)])}
    )

    proposed = propose_schema(source)
    [first, *_] = records(source)

    assert proposed.mapping.streams == {"tree": name}
    assert (proposed.schema["fields"]["quality"]["each"], proposed.schema["fields"]["quality"]["of"]) == (
        "message",
        ["assistant"],
    )
    assert first.item.key == "t0"
    assert first.item.streams["tree"].facts.each["message"].keys == keys


def test_a_dialogue_is_called_by_its_own_id():
    turns = [{"speaker": "USER", "utterance": "A table for two."}, {"speaker": "SYSTEM", "utterance": "At what time?"}]
    source = MemorySource({"a.jsonl": lines([{"dialogue_id": f"7_{n}", "turns": turns} for n in range(3)])})

    assert [record.item.key for record in records(source)] == ["7_0", "7_1", "7_2"]


def test_questions_of_a_benchmark_and_what_a_model_answered_are_conversations():
    asked = [
        {
            "question_id": n,
            "category": "math",
            "turns": [f"What is the area of a circle of {n}?", "And of half of it, rounded?"],
        }
        for n in range(4)
    ]
    said = [
        {"question_id": n, "model_id": "m", "choices": [{"index": 0, "turns": [f"About {n * n * 3}.", "Half."]}]}
        for n in range(4)
    ]

    for rows, column, role in ((asked, "turns", "user"), (said, "choices", "assistant")):
        source = MemorySource({"a.jsonl": lines(rows)})
        [first, *_] = records(source)
        assert propose_schema(source).mapping.streams == {"conversation": column}
        assert [turn.role for turn in turns_of(first.item.streams["conversation"].ref.inline)] == [role, role]
        assert first.item.key == "0"


def test_a_broken_turn_rejects_its_row_with_the_place_and_no_other():
    schema, _ = read_schema(
        {
            "karat_schema": 1,
            "streams": {"talk": {"kind": "dialogue"}},
            "fields": {"ok": {"kind": "choice", "options": {"yes": {}}}},
        },
        KINDS,
    )
    source = MemorySource({"a.jsonl": lines([{"talk": TALK}, {"talk": [{"role": "user"}]}, {"talk": "no JSON"}])})

    good, broken, text = FORMATS["jsonl"].read(source, ReadContext(schema=schema))

    assert isinstance(good, Record)
    assert isinstance(broken, Reject) and broken.line == 2
    assert [p.path for p in broken.problems] == ["talk[0].content"]
    assert isinstance(text, Reject)
