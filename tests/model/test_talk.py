"""Conversations and answers to compare, in the ways that files have them, and every mistake with its place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.model import candidates, dialogue
from karat.model.contents import CONTENTS
from karat.model.dialogue import Unreadable

WAYS = [
    [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}],
    [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello!"}],
    [{"speaker": "USER", "utterance": "Hi"}, {"speaker": "SYSTEM", "utterance": "Hello!"}],
    {"messages": [{"role": "prompter", "text": "Hi"}, {"role": "assistant", "text": "Hello!"}]},
    {"id": 7, "conversations": [{"from": "user", "value": "Hi"}, {"from": "bot", "value": "Hello!"}]},
    [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, {"role": "assistant", "content": "Hello!"}],
]


@pytest.mark.parametrize("given", WAYS)
def test_each_way_to_write_a_conversation_is_the_same_text(given):
    text = '[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]'

    assert {dialogue.read(given), dialogue.read(json.dumps(given)), dialogue.read(text)} == {text}


def test_names_times_and_tool_calls_are_kept_and_so_is_the_rest():
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    given = [
        {"role": "user", "content": "Hi", "name": "Ann", "timestamp": "2026-01-01T00:00:00Z", "lang": "en"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "function", "content": "done", "tool_call_id": "c1"},
    ]

    first, second, third = dialogue.turns_of(dialogue.read(given))

    assert (first.name, first.at, first.extra) == ("Ann", "2026-01-01T00:00:00Z", {"lang": "en"})
    assert (second.content, second.tool_calls) == ("", (call,))
    assert (third.role, third.tool_call_id) == ("tool", "c1")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("no JSON", ""),
        ({"a": 1}, ""),
        ([], ""),
        ([{"role": "user", "content": "x"}, 7], "[1]"),
        ([{"content": "x"}], "[0].role"),
        ([{"role": "user"}], "[0].content"),
        ([{"role": "user", "content": [{"type": "image_url"}]}], "[0].content[0]"),
        ([{"role": "r" * 101, "content": "x"}], "[0].role"),
        ([{"role": "user", "content": "a\x00b"}], "[0].content"),
        ([{"role": "user", "content": "a\ud800b"}], "[0].content"),
    ],
)
def test_a_broken_conversation_is_refused_with_its_place_and_a_remedy(given, path):
    with pytest.raises(Unreadable) as refused:
        dialogue.read(given)

    [problem] = refused.value.problems
    assert problem.path == path
    assert problem.got and problem.expected and problem.do


def test_answers_come_as_texts_mappings_conversations_or_by_their_sources():
    turn = {"role": "assistant", "content": "A"}

    ways = [
        ["A", "B"],
        [{"content": "A"}, {"response": "B"}],
        [[turn], "B"],
        [{"turns": [turn]}, {"text": "B"}],
        {"x": "A", "y": "B"},
    ]

    said = {tuple(c.turns[0].content for c in candidates.candidates_of(candidates.read(way))) for way in ways}
    assert said == {("A", "B")}
    assert [c.source for c in candidates.candidates_of(candidates.read(ways[-1]))] == ["x", "y"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (["A"], ""),
        (["A"] * 27, ""),
        (["A", 7], "[1]"),
        (["A", {"x": 1}], "[1]"),
        ([{"key": "k", "text": "A"}] * 2, "[1].text.key"),
        (["A", {"turns": []}], "[1].turns"),
    ],
)
def test_broken_answers_are_refused_with_their_place(given, path):
    with pytest.raises(Unreadable) as refused:
        candidates.read(given)

    assert [problem.path for problem in refused.value.problems] == [path]


def test_equal_answers_have_keys_of_their_own():
    parts = candidates.facts(candidates.read(["same", "same"])).parts

    assert len(set(parts)) == 2


def test_who_compares_sees_neither_sources_nor_names_and_every_order_is_as_frequent():
    turn = {"role": "assistant", "content": "A", "name": "gpt", "model_name": "gpt-9"}
    text = candidates.read(
        [{"turns": [turn], "source": "gpt-9", "key": "a"}, {"content": "B", "key": "b"}, {"content": "C", "key": "c"}]
    )

    seen = [candidates.shown_to(text, f"person {n}") for n in range(1200)]

    orders = [candidates.facts(one).parts for one in seen]
    counts = [orders.count(order) for order in set(orders)]
    assert not any("gpt" in one for one in seen)
    assert candidates.shown_to(text, "person 3") == seen[3]
    assert len(counts) == 6
    assert max(counts) < 260  # 200 expected, standard deviation 13


@settings(deadline=None, derandomize=True)
@given(
    st.lists(
        st.fixed_dictionaries({"role": st.text(min_size=1, max_size=9), "content": st.text(max_size=30)}),
        min_size=2,
        max_size=5,
    )
)
def test_reading_what_was_read_changes_nothing(given):
    for kind, value in (("dialogue", given), ("candidates", [[turn] for turn in given])):
        content = CONTENTS[kind]
        try:
            text = content.read(value)
        except Unreadable:
            continue

        assert content.read(text) == text
