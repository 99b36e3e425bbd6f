"""Conversations that branch, as files write them and as people see them who judge them."""

import pytest

from karat.model.dialogue import Unreadable
from karat.model.item import Ref, Stream
from karat.model.tree import MOST, facts, messages_in, messages_of, path_to, read, replies_in, shown_to, words
from karat.server.blinding import blinded, orders_shown

NESTED = {
    "message_id": "q", "text": "Sky?", "role": "prompter", "replies": [
        {"message_id": "a", "parent_id": "q", "text": "Blue.", "role": "assistant", "rank": 0, "replies": [
            {"message_id": "r", "parent_id": "a", "text": "Always?", "role": "prompter", "replies": []},
        ]},
        {"message_id": "b", "parent_id": "q", "text": "Green.", "role": "assistant", "rank": 1, "model_name": "m", "replies": []},
    ],
}  # fmt: skip
FLAT = [
    {"id": "b", "role": "assistant", "content": "Green.", "parent_id": "q"},
    {"id": "r", "role": "user", "content": "Always?", "parent_id": "a"},
    {"id": "q", "role": "user", "content": "Sky?", "parent_id": None},
    {"id": "a", "role": "assistant", "content": "Blue.", "parent_id": "q"},
]


def told(messages):
    return [(m.key, m.parent, m.role, m.content) for m in messages]


def test_replies_to_one_message_stand_together_after_it_and_each_path_is_whole():
    found = messages_in(NESTED)

    assert told(found) == [
        ("q", "", "user", "Sky?"),
        ("a", "q", "assistant", "Blue."),
        ("b", "q", "assistant", "Green."),
        ("r", "a", "user", "Always?"),
    ]
    assert found[2].extra == {"rank": 1, "model_name": "m"}
    assert [m.key for m in path_to({m.key: m for m in found}, "r")] == ["q", "a", "r"]


@pytest.mark.parametrize("given", [{"prompt": NESTED}, {"messages": FLAT}, FLAT, read(NESTED)])
def test_every_way_to_write_a_tree_says_the_same(given):
    assert sorted(told(messages_in(given))) == sorted(told(messages_in(NESTED)))
    assert read(read(given)) == read(given)


def test_a_list_without_parents_is_one_path_and_keys_tell_nothing_of_places():
    first, second, third = messages_in(["Sky?", {"role": "assistant", "content": "Blue."}, "Sky?"])

    assert (first.parent, second.parent, third.parent) == ("", first.key, second.key)
    assert len({first.key, second.key, third.key}) == 3
    assert all(len(m.key) == 8 for m in (first, second, third))


def test_facts_have_keys_and_roles_and_words_what_was_said():
    parts = facts(read(NESTED)).each["message"]

    assert parts.all() == ("q", "a", "b", "r")
    assert parts.of(["assistant"]) == ("a", "b")
    assert words(read(NESTED)).splitlines()[0] == "user: Sky?"


def test_who_judges_sees_replies_in_an_order_of_their_own_and_nothing_of_ranks_or_models():
    text = read(NESTED)
    seen = [shown_to(text, str(n)) for n in range(20)]

    assert {tuple(m.key for m in replies_in(messages_of(one))["q"]) for one in seen} == {("a", "b"), ("b", "a")}
    assert all(not m.extra for one in seen for m in messages_of(one))
    assert shown_to(text, "3") == seen[3]

    stream = Stream("tree", Ref(inline=text), facts(text))
    [order] = orders_shown({"tree": stream}, item="1", author="ann").values()
    assert tuple(order) == blinded(stream, item="1", author="ann").facts.each["message"].keys
    assert sorted(order) == ["a", "b", "q", "r"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("no JSON", ""),
        ([], ""),
        ([{"role": "user", "content": "x", "parent_id": "z"}], "[0].parent_id"),
        ([FLAT[2], {"role": "user", "content": "x"}, FLAT[3]], "[1].parent_id"),
        ([FLAT[2], {**FLAT[1], "parent_id": "r"}], "[1].parent_id"),
        ([FLAT[2], {**FLAT[3], "id": "q"}], "[1].key"),
        ({**NESTED, "replies": [{"role": "user"}]}, "replies[0].content"),
        ({**NESTED, "replies": [3]}, "replies[0]"),
        (["x"] * (MOST + 1), ""),
    ],
)
def test_what_is_no_tree_is_refused_with_its_place(given, path):
    with pytest.raises(Unreadable) as refused:
        read(given)

    assert refused.value.problems[0].path == path
    assert refused.value.problems[0].do
