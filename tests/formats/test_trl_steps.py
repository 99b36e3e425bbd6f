"""Files of steps to train on: which steps are right, and what is left out."""

import pytest

from karat.model import trace
from karat.model.item import Item, Ref, Stream
from tests.formats.training import (
    ASKED,
    YES_NO,
    answered,
    item,
    told,
    writer,
)

TRACE = {"trace": {"kind": "trace"}}
FIRST = {"wrong": {"kind": "step", "on": "trace"}}
EACH = {"right": {"kind": "choice", "on": "trace", "each": "step", "options": YES_NO}}
STEPS = [
    {"role": "user", "content": "Weather?"},
    {"thought": "Look.", "tool": "weather", "input": {"city": "Oslo"}, "output": "-3"},
    {"role": "user", "content": "And?"},
    {"role": "assistant", "content": "Warm."},
]


def traced():
    text = trace.read(STEPS)
    return Item(key="1", streams={"trace": Stream("trace", Ref(inline=text))})


@pytest.fixture
def written(tmp_path):
    return writer(tmp_path)


def test_steps_before_the_first_wrong_one_are_right_and_those_after_it_are_left_out(written):
    rows, lost = written("trl_stepwise", TRACE, FIRST, traced(), answered(("wrong", {"part": "2"})))

    assert rows == [
        {
            "prompt": "Weather?",
            "completions": ["Look.", 'weather {"city":"Oslo"}\n-3\nAnd?'],
            "labels": [True, False],
        }
    ]
    assert lost["steps after the first wrong one"] == 1


def test_where_no_step_is_wrong_all_are_right(written):
    rows, _ = written("trl_stepwise", TRACE, FIRST, traced(), answered(("wrong", {})))

    assert rows[0]["labels"] == [True, True, True]


def test_steps_that_were_judged_each_have_their_own_label_up_to_the_first_that_was_not(written):
    said = answered(("right", "yes", "1"), ("right", "no", "2"), on="trace")

    rows, lost = written("trl_stepwise", TRACE, EACH, traced(), said)

    assert rows[0]["labels"] == [True, False]
    assert lost["steps from the first one on that nobody judged"] == 1


def test_a_turn_that_calls_a_tool_is_a_step_of_its_call_and_what_came_back(written):
    streams = {"talk": {"kind": "dialogue"}}
    fields = {"stars": {"kind": "rating", "on": "talk", "each": "turn", "of": ["assistant"]}}
    call = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a":1}'}}
    asks = {"role": "assistant", "content": "", "tool_calls": [call]}
    one = item(streams, prompt=[*ASKED, asks, {"role": "tool", "content": "2", "tool_call_id": "c1"}, told("Two.")])

    rows, _ = written("trl_stepwise", streams, fields, one, answered(("stars", 5, "2"), ("stars", 5, "4"), on="talk"))

    assert [row["completions"] for row in rows] == [['add {"a":1}\n2', "Two."]]


def test_turns_of_a_conversation_are_steps_too(written):
    streams = {"talk": {"kind": "dialogue"}}
    fields = {"stars": {"kind": "rating", "on": "talk", "each": "turn", "of": ["assistant"]}}
    one = item(streams, prompt=[*ASKED, told("Blue."), {"role": "user", "content": "Sure?"}, told("No.")])

    rows, _ = written("trl_stepwise", streams, fields, one, answered(("stars", 5, "2"), ("stars", 1, "4"), on="talk"))

    assert rows == [{"prompt": "Be brief.\n\nSky?", "completions": ["Blue.\nSure?", "No."], "labels": [True, False]}]
