"""What is special about single kinds, beyond the contract that all keep."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.kinds import KINDS
from karat.kinds.averages import shares, weighted_median, weighted_medoid
from karat.kinds.box import Box
from karat.kinds.pattern import fault, matches
from karat.testing.responses import ENTITIES, OBJECTS, schema

FIELDS = schema({"objects": OBJECTS, "entities": ENTITIES}).fields
sides = st.tuples(*(st.floats(0, 100),) * 2, *(st.floats(0.01, 50),) * 2).map(
    lambda b: Box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)
spans = st.lists(st.integers(0, 30), min_size=2, max_size=6, unique=True).map(
    lambda points: tuple(zip(sorted(points)[::2], sorted(points)[1::2], strict=False))
)
weights = st.floats(0.1, 5)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(votes=st.lists(st.tuples(sides, weights), min_size=1, max_size=6))
def test_boxes_merge_to_a_box_with_area_in_any_order(votes):
    merged = KINDS["box"].merge([b for b, _ in votes], [w for _, w in votes], FIELDS["objects"])
    turned = KINDS["box"].merge([b for b, _ in votes[::-1]], [w for _, w in votes[::-1]], FIELDS["objects"])

    assert merged.left < merged.right
    assert merged.top < merged.bottom
    assert [getattr(merged, s) for s in merged.__struct_fields__] == pytest.approx(
        [getattr(turned, s) for s in turned.__struct_fields__]
    )


@settings(max_examples=200, deadline=None, derandomize=True)
@given(votes=st.lists(spans, min_size=1, max_size=7).filter(lambda v: len(v) % 2))
def test_spans_merge_to_the_characters_that_most_have(votes):
    characters = [{p for start, end in v for p in range(start, end)} for v in votes]
    majority = {p for p in range(31) if sum(p in c for c in characters) * 2 > len(votes)}

    merged = KINDS["span"].merge(votes, [1.0] * len(votes), FIELDS["entities"])

    assert {p for start, end in merged for p in range(start, end)} == majority or (not majority and merged in votes)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(a=spans, b=spans)
def test_the_distance_of_spans_is_that_of_their_characters(a, b):
    left, right = ({p for start, end in v for p in range(start, end)} for v in (a, b))

    assert KINDS["span"].distance(a, b, FIELDS["entities"]) == pytest.approx(1 - len(left & right) / len(left | right))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(votes=st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 4)), min_size=1, max_size=8))
def test_a_weighted_median_is_the_median_of_everything_repeated(votes):
    from statistics import median

    repeated = [value for value, weight in votes for _ in range(weight)]

    assert weighted_median([v for v, _ in votes], [w for _, w in votes]) == pytest.approx(median(repeated))


def test_weights_of_nothing_count_alike_and_negative_ones_are_refused():
    assert shares([0, 0]) == [0.5, 0.5]
    with pytest.raises(ValueError, match="negative"):
        shares([1, -1])


def test_who_has_no_weight_has_no_say():
    assert weighted_median([1, 9], [1, 0]) == 1
    assert weighted_medoid([1, 9, 9], [1, 0, 0], lambda a, b: abs(a - b)) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        r"[A-Z]{2}-[0-9]+", r"(?:a|b)+?", r"\d{4}-\d{2}-\d{2}", r"[\w.+-]+@[\w-]+\.[a-z]{2,}", r"\p{L}+", r"[\p{Lu}\d]*", r"^a$",
        r"\bword\b", r"[^\s]+", r"\/", r"a|", r"()",
    ],
)  # fmt: skip
def test_patterns_that_browsers_read_alike_are_accepted(pattern):
    assert fault(pattern) is None
    re.compile(pattern.replace(r"\p{L}", "x").replace(r"\p{Lu}", "x"))


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?=a)", r"(?!a)", r"(?<=a)b", r"(a)\1", r"(?P<n>a)", r"(?<n>a)", r"(?i)a", r"[[:alpha:]]", r"\pL", r"\p{Greek}", r"\A", r"\z", r"\Qa\E",
        r"\C", r"a]", r"a}", r"a{", r"a{,3}", r"a**", r"a{2}{3}", r"^*", r"\b+", r"[]a]", r"[", r"(", r"a)", r"[\w-z]", r"[a-\d]", r"\-", r"\_",
        r"\x41", r"\u0041", r"a{1001}", "a" * 1001, r"[z-a]", "\\", r"*a", r"|*", r"(*a)", r"[[a]]", r"(a{1000}){1000}",
    ],
)  # fmt: skip
def test_patterns_that_differ_or_could_hang_are_refused_with_a_reason(pattern):
    assert fault(pattern)


def test_a_pattern_that_hangs_other_engines_is_quick_here():
    assert not matches("(a+)+b", "a" * 100_000)


def test_a_pattern_must_meet_the_whole_text():
    assert matches("[a-z]+", "abc")
    assert not matches("[a-z]+", "abc!")
    assert not matches("a|b", "ab")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(pattern=st.text(alphabet="ab[](){}^$*+?|\\-.,1dwpL:<=!", max_size=10))
def test_any_pattern_is_refused_or_can_be_matched(pattern):
    assert fault(pattern) or matches(pattern, "ab1") in (True, False)
