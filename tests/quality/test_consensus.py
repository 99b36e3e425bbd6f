"""What several say together: majorities hold, weights shift them, and ties are ties."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.kinds.box import BOX, Box
from karat.kinds.checking import check_annotations
from karat.model.response import On
from karat.quality import consensus_of
from karat.testing.responses import ENTITIES, NOTE, OBJECTS, TAGS, TOPIC, answer, box, response, schema, span

SCHEMA = schema({"objects": OBJECTS, "entities": ENTITIES, "topic": TOPIC, "tags": TAGS, "note": NOTE})
PLACE = (0, 0, 10, 10)
NOTES = (("something else", "a"), ("so it is", "b"), ("so it is", "b"))


def merged(*annotations, field=None, **more):
    """The consensus on a field of people who each gave one list of annotations."""
    given = [a if isinstance(a, list) else [a] for a in annotations]
    name = field or given[0][0].field
    people = [response(who, *a, covers={name: None}) for who, a in zip("abcdefg", given, strict=False)]
    [found] = consensus_of(people, SCHEMA, **more)
    return found


def topics(*values, **more):
    return merged(*(answer("topic", v) for v in values), **more)


def test_the_majority_wins_and_the_score_is_its_share():
    found = topics("b", "a", "b")

    assert (found.annotations[0].value, found.score, found.tie, found.n) == ("b", pytest.approx(2 / 3), False, 3)
    assert found.annotations[0].probabilities == pytest.approx({"a": 1 / 3, "b": 2 / 3})
    assert found.annotations[0].id == "topic"


@pytest.mark.parametrize("values", [("a", "b"), ("b", "a", "a", "b"), ("c", "a", "b"), ("b", "a", "b", "a", "c")])
def test_level_options_are_a_tie_and_the_first_is_named(values):
    found = topics(*values)

    assert (found.annotations[0].value, found.tie) == (values[0], True)


def test_an_answer_about_something_says_of_what_as_the_nearest_that_was_merged():
    about = [msgspec.structs.replace(answer("note", text), on=On("text", part)) for text, part in NOTES]

    [one] = merged(*about).annotations

    assert (one.value, one.on) == ("so it is", On("text", "b"))


def test_everyone_alike_is_no_tie():
    assert topics("a", "a", "a") == topics("a", "a", "a")
    assert (topics("a", "a").score, topics("a", "a").tie) == (1, False)


def test_weights_shift_the_vote():
    found = topics("b", "a", "b", method="weighted", weights={"b": 5.0})

    assert (found.annotations[0].value, found.method, found.score) == ("a", "weighted", pytest.approx(5 / 7))


def test_a_majority_ignores_weights():
    assert topics("b", "a", "b", weights={"b": 5.0}).annotations[0].value == "b"


def test_a_weighted_consensus_needs_weights():
    with pytest.raises(ValueError, match="needs the weights"):
        topics("a", "b", method="weighted")


def test_a_question_that_most_left_open_stays_open():
    found = merged(answer("topic", "a"), [], [], field="topic")

    assert (found.annotations, found.tie, found.score) == ((), False, pytest.approx(2 / 3))


def test_a_question_that_half_left_open_is_a_tie():
    assert merged(answer("topic", "a"), [], field="topic").tie


def test_each_option_of_a_multiple_choice_has_its_own_vote():
    found = merged(answer("tags", ("fog", "night")), answer("tags", ("night",)), answer("tags", ("night", "rain")))

    assert (found.annotations[0].value, found.tie) == (("night",), False)
    assert found.annotations[0].probabilities == pytest.approx({"fog": 1 / 3, "night": 1, "rain": 1 / 3})


def test_the_text_nearest_to_all_stands_for_them():
    found = merged(*(answer("note", text, kind="text") for text in ("grey", "gray", "gravy")))

    assert (found.annotations[0].value, found.tie) == ("gray", False)


def test_two_different_texts_are_a_tie():
    assert merged(answer("note", "one", kind="text"), answer("note", "two", kind="text")).tie


def test_a_box_stays_if_more_than_half_have_it():
    found = merged([box(PLACE), box((50, 50, 60, 60))], [box((1, 0, 11, 10))], [box((0, 2, 10, 12))])

    [kept] = found.annotations
    assert BOX.distance(kept.value, Box(1 / 3, 2 / 3, 31 / 3, 32 / 3), SCHEMA.fields["objects"]) < 0.05
    assert (kept.label, kept.confidence, found.tie) == ("car", pytest.approx(1), False)


def test_a_box_that_exactly_half_have_is_a_tie_and_left_out():
    found = merged([box(PLACE)], [], field="objects")

    assert (found.annotations, found.tie) == ((), True)


def test_nothing_there_is_a_consensus_too():
    found = merged([], [], field="objects")

    assert (found.annotations, found.score, found.tie, found.n) == ((), 1.0, False, 2)


def test_one_author_is_taken_at_their_word():
    found = merged([box(PLACE), box((50, 50, 60, 60), "person")])

    assert [(a.label, a.value) for a in found.annotations] == [("car", Box(*PLACE)), ("person", Box(50, 50, 60, 60))]
    assert found.score == 1


def test_the_label_of_a_group_is_voted_on():
    found = merged([box(PLACE)], [box(PLACE, "person")], [box(PLACE, "person")])

    assert [a.label for a in found.annotations] == ["person"]
    assert found.annotations[0].probabilities == pytest.approx({"car": 1 / 3, "person": 2 / 3})


def test_level_labels_are_a_tie():
    found = merged([box(PLACE)], [box(PLACE, "person")])

    assert ([a.label for a in found.annotations], found.tie) == (["car"], True)


def test_attributes_are_voted_on_with_their_defaults():
    yes = box(PLACE, occluded="yes")

    assert merged([yes], [yes], [box(PLACE)]).annotations[0].attributes == {"occluded": "yes"}
    assert merged([yes], [box(PLACE)], [box(PLACE)]).annotations[0].attributes == {"occluded": "no"}
    assert merged([yes], [box(PLACE)]).tie


def test_spans_merge_by_the_majority_of_their_characters():
    found = merged([span((0, 12))], [span((0, 10))], [span((2, 12))])

    assert [a.value for a in found.annotations] == [((0, 12),)]


def test_authors_who_did_not_look_for_a_label_have_no_say_in_it():
    looked = response("ada", box(PLACE))
    other = response("ben", covers={"objects": ["person"]})

    [found] = consensus_of([looked, other], SCHEMA)

    assert ([a.label for a in found.annotations], found.tie) == (["car"], False)


def test_a_region_field_of_one_keeps_one():
    single = schema({"objects": {**OBJECTS, "many": False}})
    people = [
        response(who, msgspec.structs.replace(box(place), id="objects")) for who, place in (("a", PLACE), ("b", PLACE))
    ]

    [found] = consensus_of(people, single)

    assert [a.id for a in found.annotations] == ["objects"]


def test_the_same_votes_give_the_same_ids():
    one, again = merged([box(PLACE)], [box(PLACE)]), merged([box(PLACE)], [box(PLACE)])

    assert one == again


def test_responses_that_do_not_count_have_no_vote():
    people = [
        response("a", answer("topic", "a")),
        response("b", answer("topic", "b")),
        response("c", answer("topic", "b")),
    ]
    people[2] = msgspec.structs.replace(people[2], excluded={"by": "x", "reason": "spam"})

    [found] = consensus_of(people, SCHEMA)

    assert (found.n, found.tie) == (2, True)


def test_a_field_that_nobody_spoke_about_has_no_consensus():
    assert consensus_of([response("a", answer("topic", "a"))], SCHEMA)[0].field == "topic"
    assert consensus_of([], SCHEMA) == ()


places = st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["car", "person"])).map(
    lambda b: ((10 * b[0], 10 * b[1], 10 * b[0] + 9 + b[1], 10 * b[1] + 9), b[2])
)
marked = st.lists(st.lists(places, max_size=4, unique=True), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(by_author=marked)
def test_whatever_is_said_the_consensus_is_a_valid_response_with_a_score(by_author):
    found = merged(
        *([box(place, label, id=str(n)) for n, (place, label) in enumerate(a)] for a in by_author), field="objects"
    )

    _, problems = check_annotations(found.annotations, SCHEMA, complete=False)
    assert problems == []
    assert -1e-9 <= found.score <= 1 + 1e-9


@settings(max_examples=100, deadline=None, derandomize=True)
@given(values=st.lists(st.sampled_from("abc"), min_size=1, max_size=7))
def test_a_vote_is_a_tie_exactly_if_two_options_have_the_most(values):
    counts = sorted((values.count(v) for v in "abc"), reverse=True)

    assert topics(*values).tie == (counts[0] == counts[1])
