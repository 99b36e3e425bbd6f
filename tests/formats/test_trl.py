"""Files to train on: what rankings, ratings and written answers become, and what is left out."""

import pytest
from msgspec import json

from karat.formats import detect
from karat.model.problem import Refused
from karat.testing.reading import MemorySource
from tests.formats.training import (
    ASKED,
    COMPARED,
    RANKED,
    RATED,
    STRONG,
    YES_NO,
    answered,
    item,
    schema,
    told,
    writer,
)


@pytest.fixture
def written(tmp_path):
    return writer(tmp_path)


def test_a_ranking_of_several_gives_all_pairs_the_best_first_and_ties_none(written):
    order = answered(("better", {"order": [["b"], ["a", "c"]]}))

    rows, lost = written("trl_preference", COMPARED, RANKED, item(COMPARED), order)

    assert [(row["chosen"], row["rejected"]) for row in rows] == [
        ([told("Green.")], [told("Blue.")]),
        ([told("Green.")], [told("Red.")]),
    ]
    assert rows[0]["prompt"] == ASKED
    assert list(rows[0]) == ["prompt", "chosen", "rejected"]
    assert lost["pairs that are tied"] == 1
    assert lost["sources of answers"] == 3


def test_who_is_left_out_of_an_order_is_worse_than_all_in_it(written):
    fields = {"better": {**RANKED["better"], "complete": False}}

    rows, lost = written("trl_preference", COMPARED, fields, item(COMPARED), answered(("better", {"order": [["c"]]})))

    assert [row["rejected"][0]["content"] for row in rows] == ["Blue.", "Green."]
    assert lost["pairs that are tied"] == 1


def test_both_bad_gives_no_pair_and_is_counted(written):
    bad = answered(("better", {"order": [["a"], ["b"]], "none_good": True}))

    rows, lost = written("trl_preference", COMPARED, STRONG, item(COMPARED, keys="ab"), bad)

    assert rows == []
    assert lost["answers none of which is good"] == 1


def test_a_margin_is_the_strength_as_a_share_of_the_steps_and_the_prompt_begins_both(written):
    better = answered(("better", {"order": [["a"], ["b"]], "strength": 2}))

    rows, _ = written("trl_reward", COMPARED, STRONG, item(COMPARED, keys="ab"), better)

    assert rows == [{"chosen": [*ASKED, told("Blue.")], "rejected": [*ASKED, told("Green.")], "margin": 0.666667}]


def test_ratings_of_each_answer_make_pairs_by_how_far_they_are_apart(written):
    stars = answered(("stars", 2, "a"), ("stars", 5, "b"), ("stars", 2, "c"), on="answers")

    rows, lost = written("trl_reward", COMPARED, RATED, item(COMPARED), stars)

    assert [(row["chosen"][-1]["content"], row["rejected"][-1]["content"], row["margin"]) for row in rows] == [
        ("Green.", "Blue.", 0.75),
        ("Green.", "Red.", 0.75),
    ]
    assert lost["pairs that are tied"] == 1


def test_rubrics_of_each_answer_count_by_their_weights(written):
    criteria = {"correct": {"weight": 3}, "clear": {}}
    fields = {"marks": {"kind": "rubric", "on": "answers", "each": "answer", "criteria": criteria}}
    marks = [("marks", {"scores": {"correct": c, "clear": 1}}, key) for key, c in (("a", 5), ("b", 1))]

    rows, _ = written("trl_reward", COMPARED, fields, item(COMPARED, keys="ab"), answered(*marks, on="answers"))

    assert [(row["chosen"][-1]["content"], row["margin"]) for row in rows] == [("Blue.", 0.75)]


def test_a_text_as_prompt_gives_rows_of_texts(written):
    streams = {"prompt": {"kind": "text"}, "answers": {"kind": "candidates"}}
    one = item(streams, prompt="Sky?", keys="ab")
    better = answered(("better", {"order": [["a"], ["b"]]}))

    assert written("trl_preference", streams, RANKED, one, better)[0] == [
        {"prompt": "Sky?", "chosen": "Blue.", "rejected": "Green."}
    ]


def test_texts_of_a_reward_model_have_an_empty_line_after_the_prompt(written):
    streams = {"prompt": {"kind": "text"}, "answers": {"kind": "candidates"}}
    better = answered(("better", {"order": [["a"], ["b"]]}))

    rows, _ = written("trl_reward", streams, RANKED, item(streams, prompt="Sky?", keys="ab"), better)

    assert rows == [{"chosen": "Sky?\n\nBlue.", "rejected": "Sky?\n\nGreen."}]


def test_answers_of_several_turns_do_not_fit_into_texts_and_are_counted(written):
    streams = {"prompt": {"kind": "text"}, "answers": {"kind": "candidates"}}
    several = [
        {"key": "a", "turns": [told("One."), {"role": "user", "content": "?"}, told("Two.")]},
        {"key": "b", "content": "x"},
    ]
    better = answered(("better", {"order": [["a"], ["b"]]}))

    rows, lost = written("trl_preference", streams, RANKED, item(streams, prompt="Sky?", answers=several), better)

    assert rows == []
    assert lost["answers of several turns or with calls of tools"] == 1


def test_without_a_prompt_there_is_no_such_column(written):
    streams = {"answers": {"kind": "candidates"}}
    better = answered(("better", {"order": [["a"], ["b"]]}))

    rows, _ = written("trl_preference", streams, RANKED, item(streams, keys="ab"), better)

    assert rows == [{"chosen": [told("Blue.")], "rejected": [told("Green.")]}]


def test_the_best_answers_are_good_and_the_others_are_not(written):
    order = answered(("better", {"order": [["b"], ["a"], ["c"]]}))

    rows, _ = written("trl_unpaired", COMPARED, RANKED, item(COMPARED), order)

    assert [(row["completion"][0]["content"], row["label"]) for row in rows] == [
        ("Blue.", False),
        ("Green.", True),
        ("Red.", False),
    ]


def test_of_both_bad_neither_is_good(written):
    bad = answered(("better", {"order": [], "none_good": True}))

    rows, _ = written("trl_unpaired", COMPARED, STRONG, item(COMPARED, keys="ab"), bad)

    assert [row["label"] for row in rows] == [False, False]


@pytest.mark.parametrize(
    ("stars", "safe", "labels"), [(5, "yes", [True]), (2, "no", [False]), (3, None, []), (1, "yes", [])]
)
def test_a_conversation_is_good_above_the_middle_of_what_was_said_of_it(written, stars, safe, labels):
    streams = {"talk": {"kind": "dialogue"}}
    fields = {"stars": {"kind": "rating"}, "safe": {"kind": "choice", "options": YES_NO}}
    said = answered(("stars", stars), *([("safe", safe)] if safe else []))

    rows, lost = written("trl_unpaired", streams, fields, item(streams, prompt=[*ASKED, told("Blue.")]), said)

    assert [row["label"] for row in rows] == labels
    assert all(row["prompt"] == ASKED and row["completion"] == [told("Blue.")] for row in rows)
    assert lost.get("answers in the middle of their scale", 0) == 1 - len(labels)


def test_a_written_answer_is_what_the_model_learns_in_place_of_the_last_turn(written):
    streams = {"talk": {"kind": "dialogue"}}
    fields = {"answer": {"kind": "text", "on": "talk", "multiline": True}, "why": {"kind": "text"}}
    tools = [{"type": "function", "function": {"name": "look"}}]
    one = item(streams, prompt=[*ASKED, told("Blue?")], extra={"tools": tools})

    rows, lost = written("trl_chat", streams, fields, one, answered(("answer", "It is blue."), ("why", "shorter")))

    assert rows == [{"messages": [*ASKED, told("It is blue.")], "tools": tools}]
    assert lost["answers to `why`"] == 1
    assert "extra of items" not in lost


def test_an_edited_turn_stands_after_what_was_said_before_it(written):
    streams = {"talk": {"kind": "dialogue"}}
    fields = {"note": {"kind": "text", "on": "talk"}, "mended": {"kind": "text", "on": "talk", "edits": True}}
    more = {"role": "user", "content": "Sure?"}
    one = item(streams, prompt=[*ASKED, told("Green."), more, told("Yes.")])

    rows, _ = written("trl_chat", streams, fields, one, answered(("mended", "Blue.", "2"), on="talk"))

    assert rows == [{"messages": [*ASKED, told("Blue.")]}]


def test_the_best_answer_is_a_demonstration_unless_none_is_good(written):
    best = answered(("better", {"order": [["c"], ["a", "b"]]}))
    bad = answered(("better", {"order": [["a"], ["b", "c"]], "none_good": True}))

    rows, lost = written("trl_completion", COMPARED, RANKED, item(COMPARED), best, bad)

    assert rows == [{"prompt": ASKED, "completion": [told("Red.")]}]
    assert lost["answers none of which is good"] == 1


def test_excluded_and_skipped_responses_train_nothing(written):
    order = ("better", {"order": [["a"], ["b"]]})
    out = answered(order, excluded={"by": "Bo", "reason": "test"})

    rows, lost = written("trl_preference", COMPARED, RANKED, item(COMPARED, keys="ab"), out, answered(state="skipped"))

    assert rows == []
    assert (lost["excluded responses"], lost["skipped responses"], lost["items without an answer"]) == (1, 1, 1)


def test_each_edited_turn_is_learned_after_what_was_made_of_the_turns_before_it(written):
    streams = {"talk": {"kind": "dialogue"}}
    fields = {"better": {"kind": "text", "on": "talk", "each": "turn", "edits": True}}
    talk = [*ASKED, told("Green?"), {"role": "user", "content": "Sure?"}, told("Yes?")]
    said = answered(("better", "Sure of that?", "3"), ("better", "Blue.", "2"), ("better", "Yes.", "4"), on="talk")

    rows, lost = written("trl_chat", streams, fields, item(streams, prompt=talk), said)

    asked_again = {"role": "user", "content": "Sure of that?"}
    assert [row["messages"] for row in rows] == [
        [*ASKED, told("Blue.")],
        [*ASKED, told("Blue."), asked_again, told("Yes.")],
    ]
    assert lost["edited turns that are no answers"] == 1


def test_each_edited_answer_is_learned_after_the_prompt(written):
    fields = {"better": {"kind": "text", "on": "answers", "each": "answer", "edits": True}}
    said = answered(("better", "Blue!", "a"), ("better", "Green!", "b"), on="answers")

    rows, _ = written("trl_completion", COMPARED, fields, item(COMPARED, keys="ab"), said)

    assert [row["completion"] for row in rows] == [[told("Blue!")], [told("Green!")]]
    assert all(row["prompt"] == ASKED for row in rows)


@pytest.mark.parametrize(
    ("name", "streams", "path"),
    [
        ("trl_preference", {"text": {"kind": "text"}}, "streams"),
        ("trl_reward", COMPARED, "fields"),
        ("trl_unpaired", {"talk": {"kind": "dialogue"}}, "fields"),
        ("trl_chat", {"talk": {"kind": "dialogue"}}, "fields"),
        ("trl_stepwise", {"talk": {"kind": "dialogue"}}, "fields"),
        ("trl_stepwise", {"text": {"kind": "text"}}, "streams"),
        ("trl_preference", {"talk": {"kind": "tree"}}, "fields"),
        ("trl_stepwise", {"talk": {"kind": "tree"}}, "streams"),
    ],
)
def test_what_is_missing_is_named(written, name, streams, path):
    topic = {"topic": {"kind": "choice", "options": {"x": {}, "y": {}}}}

    with pytest.raises(Refused) as refused:
        written(name, streams, topic, item(streams))

    assert [problem.path for problem in refused.value.problems] == [path]


def lines(*rows):
    return MemorySource({"train.jsonl": b"".join(json.encode(row) + b"\n" for row in rows)})


def test_a_project_without_a_place_for_pairs_reads_them_as_a_table():
    pairs = lines({"prompt": "Sky?", "chosen": "Blue.", "rejected": "Green."})
    texts = schema({"text": {"kind": "text"}}, {"topic": {"kind": "choice", "options": {"x": {}}}})

    assert (detect(pairs).name, detect(pairs, texts).name) == ("trl_preference", "jsonl")


def test_conversations_are_no_demonstrations_unless_their_file_says_so():
    assert detect(lines({"messages": [*ASKED, told("Blue.")]})).name == "jsonl"


@pytest.mark.parametrize(
    ("key", "bad", "good"), [("harmful", "yes", "no"), ("schaedlich", "ja", "nein"), ("ok", "no", "yes")]
)
def test_which_option_is_good_is_said_by_the_schema_and_by_no_word(written, key, bad, good):
    options = {bad: {"good": False}, "hard to say": {}, good: {"good": True}}
    asked = {key: {"kind": "choice", "each": "answer", "options": options}}
    said = answered((key, bad, "a"), (key, good, "b"), (key, "hard to say", "c"), on="answers")

    rows, _ = written("trl_unpaired", COMPARED, asked, item(COMPARED, keys="abc"), said)

    assert {row["completion"][0]["content"]: row["label"] for row in rows} == {"Blue.": False, "Green.": True}


def test_a_choice_that_does_not_say_what_is_good_judges_nothing(written):
    asked = {"safe": {"kind": "choice", "each": "answer", "options": {"yes": {}, "no": {}}}}

    with pytest.raises(Refused) as refused:
        written("trl_unpaired", COMPARED, asked, item(COMPARED, keys="ab"))

    assert "{good: true}" in refused.value.problems[0].do


@pytest.mark.parametrize("name", ["trl_completion", "trl_chat"])
def test_where_all_are_tied_none_is_taken_and_it_is_counted(written, name):
    order = {"order": [["a", "b"]]}

    rows, lost = written(name, COMPARED, STRONG, item(COMPARED, keys="ab"), answered(("better", order)))

    assert rows == []
    assert lost["answers all of which are tied"] == 1


def test_the_best_that_are_tied_are_all_learned(written):
    said = answered(("better", {"order": [["a", "b"], ["c"]]}))

    rows, lost = written("trl_chat", COMPARED, RANKED, item(COMPARED, keys="abc"), said)

    assert [row["messages"][-1]["content"] for row in rows] == ["Blue.", "Green."]
    assert "answers all of which are tied" not in lost
