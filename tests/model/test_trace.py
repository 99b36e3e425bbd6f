"""Agents' traces as files write them: messages with calls of tools, logs of actions, plain steps."""

import pytest

from karat.model.dialogue import Unreadable
from karat.model.trace import Step, facts, read, steps_in, text_of, words

CHAT = [
    {"role": "user", "content": "Weather in Kyoto and Oslo?"},
    {
        "role": "assistant",
        "content": "Two look-ups.",
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Kyoto"}'}},
            {"id": "c2", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}},
        ],
    },
    {"role": "tool", "tool_call_id": "c2", "content": "-3"},
    {"role": "tool", "tool_call_id": "c1", "content": "31"},
    {"role": "assistant", "content": "31 and -3."},
]


def told(step):
    return {"message": step.role, "call": step.tool}.get(step.kind, step.kind), step.text or step.arguments, step.result


def test_messages_with_calls_are_steps_and_each_call_has_its_own_result():
    assert [told(step) for step in steps_in(CHAT)] == [
        ("user", "Weather in Kyoto and Oslo?", ""),
        ("thought", "Two look-ups.", ""),
        ("weather", {"city": "Kyoto"}, "31"),
        ("weather", {"city": "Oslo"}, "-3"),
        ("assistant", "31 and -3.", ""),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        {"thought": "Look.", "action": "search", "action_input": {"q": "x"}, "observation": "found"},
        {"reasoning": "Look.", "tool": "search", "input": '{"q": "x"}', "output": "found"},
        {"log": "Look.", "tool_name": "search", "args": {"q": "x"}, "result": "found"},
        {"thought": "Look.", "action": {"name": "search", "arguments": {"q": "x"}}, "observation": "found"},
        [{"log": "Look.", "tool": "search", "tool_input": {"q": "x"}}, "found"],
    ],
)
def test_entries_of_logs_are_a_thought_and_a_call_with_what_came_back(entry):
    assert [told(step) for step in steps_in([entry])] == [("thought", "Look.", ""), ("search", {"q": "x"}, "found")]


def test_a_command_line_is_the_whole_of_an_action():
    [step] = steps_in([{"action": "ls -la", "observation": "total 0"}])

    assert (step.tool, step.arguments, step.result) == ("", "ls -la", "total 0")


def test_a_result_of_no_call_is_an_observation_and_texts_are_thoughts():
    steps = steps_in(["First.", {"observation": "rain"}, {"role": "tool", "content": "sun"}])

    assert [(s.kind, s.text) for s in steps] == [("thought", "First."), ("observation", "rain"), ("observation", "sun")]


def test_what_else_an_entry_says_is_kept():
    [step] = steps_in([{"tool": "add", "input": 1, "output": "2", "cost": 0.1, "timestamp": "09:00"}])

    assert (step.extra, step.at, step.arguments) == ({"cost": 0.1}, "09:00", 1)


@pytest.mark.parametrize("given", [CHAT, {"steps": CHAT}, ["Why?"], [{"tool": "a", "input": "{", "output": 3}]])
def test_reading_its_own_text_gives_the_same_text(given):
    assert read(read(given)) == read(given)


def test_parts_are_numbered_and_known_by_their_kind_or_role():
    parts = facts(read(CHAT)).each["step"]

    assert parts.of(["call"]) == ("2", "3")
    assert parts.of(["assistant", "thought"]) == ("1", "4")


def test_words_are_what_was_said_done_and_seen():
    assert words(read(CHAT)).split("\n\n")[2] == 'weather {"city":"Kyoto"}\n31'
    assert text_of(Step("thought", "Hm.")) == "Hm."


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ([], ""),
        ("no JSON", ""),
        ([{"role": "user"}], "[0].content"),
        (["Fine.", 3], "[1]"),
        ([{"cost": 1}], "[0]"),
        ([{"kind": "call", "tool": 3}], "[0]"),
    ],
)
def test_what_is_no_trace_is_said_with_its_place(given, path):
    with pytest.raises(Unreadable) as unreadable:
        read(given)

    assert [problem.path for problem in unreadable.value.problems] == [path]
