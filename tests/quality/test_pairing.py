"""Annotations of two authors are paired as well as they can be, and what is left over counts."""

from itertools import permutations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.kinds import KINDS
from karat.kinds.box import Box
from karat.model.response import On
from karat.quality import confusions, match
from karat.quality.clusters import clustered
from karat.testing.responses import ENTITIES, OBJECTS, box, schema, span

FIELDS = schema({"objects": OBJECTS, "entities": ENTITIES}).fields
CAR = (0, 0, 10, 10)

boxes = st.lists(
    st.tuples(
        st.integers(0, 6), st.integers(0, 6), st.integers(4, 9), st.integers(4, 9), st.sampled_from(["car", "person"])
    ).map(lambda b: box((b[0], b[1], b[0] + b[2], b[1] + b[3]), b[4])),
    max_size=5,
)


def match_boxes(a, b):
    return match(a, b, FIELDS["objects"], KINDS["box"])


def best_gain(a, b):
    """The largest sum of 1 - distance over all ways to pair, found by trying all."""
    small, large = sorted((a, b), key=len)
    return max(
        sum(gain(x, large[j]) for x, j in zip(small, order, strict=True))
        for order in permutations(range(len(large)), len(small))
    )


def gain(x, y):
    near = 1 - KINDS["box"].distance(x.value, y.value, FIELDS["objects"])
    return near if x.label == y.label and near >= 0.5 else 0.0


def test_two_empty_responses_agree():
    assert match_boxes([], []).distance == 0


def test_equal_responses_agree_in_any_order():
    a = [box(CAR), box((20, 0, 30, 10)), box((0, 20, 10, 30), "person")]

    assert match_boxes(a, a[::-1]).distance == 0


def test_what_only_one_found_counts_as_one_each():
    found = match_boxes([box(CAR), box((50, 50, 60, 60))], [box(CAR)])

    assert (found.only_a, found.only_b, found.distance) == ((1,), (), 0.5)


def test_matched_pairs_count_by_their_distance():
    found = match_boxes([box(CAR)], [box((0, 0, 10, 8))])

    assert found.distance == pytest.approx(0.2)


def test_pairs_beyond_the_cut_are_two_things():
    found = match_boxes([box(CAR)], [box((0, 0, 10, 4.9))])

    assert (found.pairs, found.distance) == ((), 1.0)


def test_another_label_is_another_thing():
    assert match_boxes([box(CAR)], [box(CAR, "person")]).distance == 1.0


def test_another_stream_is_another_place():
    there = msgspec.structs.replace(box(CAR), on=On("other"))

    assert match_boxes([box(CAR)], [there]).distance == 1.0


def test_a_stream_left_out_is_the_stream_of_the_field():
    there = msgspec.structs.replace(box(CAR), on=On("photo"))

    assert match_boxes([box(CAR)], [there]).distance == 0


def test_two_good_pairs_are_taken_rather_than_the_nearest_one():
    a = [box((0, 0, 10, 10)), box((3, 0, 13, 10))]
    b = [box((1, 0, 11, 10)), box((-2, 0, 8, 10))]

    assert [(i, j) for i, j, _ in match_boxes(a, b).pairs] == [(0, 1), (1, 0)]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(a=boxes, b=boxes)
def test_the_pairing_gains_what_trying_every_pairing_gains(a, b):
    assert sum(1 - d for _, _, d in match_boxes(a, b).pairs) == pytest.approx(best_gain(a, b))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(a=boxes, b=boxes)
def test_the_distance_of_a_field_is_the_same_both_ways_and_in_any_order(a, b):
    assert match_boxes(a, b).distance == pytest.approx(match_boxes(b, a).distance)
    assert match_boxes(a, b).distance == pytest.approx(match_boxes(a[::-1], b[::-1]).distance)
    assert 0 <= match_boxes(a, b).distance <= 1


def test_many_boxes_are_paired_as_few_are():
    chance = np.random.default_rng(3)
    corners = chance.uniform(0, 2000, (700, 2)).tolist()
    a = [box((x, y, x + 30, y + 20), id=str(n)) for n, (x, y) in enumerate(corners)]
    b = [box((x + 2, y, x + 32, y + 20), id=str(n)) for n, (x, y) in enumerate(corners)]

    found = match_boxes(a, b)

    assert [i for i, _, _ in found.pairs] == list(range(700))
    assert found.distance == pytest.approx(1 - 28 / 32, abs=0.01)


def test_spans_are_paired_by_the_same_rules():
    found = match(
        [span((0, 5)), span((10, 20))], [span((10, 18)), span((0, 5), "place")], FIELDS["entities"], KINDS["span"]
    )

    assert (found.pairs, found.only_a, found.only_b) == (((1, 0, pytest.approx(0.2)),), (0,), (1,))


def test_a_car_that_the_other_called_a_person_is_one_confusion_and_no_miss():
    found = confusions([box(CAR)], [box((0, 0, 10, 9), "person")], FIELDS["objects"], KINDS["box"])

    assert found == {("car", "person"): 1}


def test_one_place_marked_twice_by_both_is_no_confusion():
    a = [span((0, 5), "person"), span((0, 5), "place")]

    assert confusions(a, a[::-1], FIELDS["entities"], KINDS["span"]) == {("person", "person"): 1, ("place", "place"): 1}


def test_what_nobody_else_saw_is_confused_with_nothing():
    assert confusions([box(CAR)], [], FIELDS["objects"], KINDS["box"]) == {("car", None): 1}


def test_a_group_has_at_most_one_annotation_of_each_author():
    a = [box(CAR), box((1, 0, 11, 10))]
    b = [box((0.4, 0, 10.4, 10))]

    assert clustered([a, b], FIELDS["objects"], KINDS["box"]) == [[(0, 0), (1, 0)], [(0, 1)]]


def test_groups_prefer_one_label_but_hold_a_car_and_a_truck_together():
    a, b, c = [box(CAR)], [box(CAR, "person"), box((0, 0, 10, 9))], [box(CAR, "person")]

    groups = clustered([a, b, c], FIELDS["objects"], KINDS["box"])

    assert groups == [[(0, 0), (1, 1)], [(1, 0), (2, 0)]]


def test_boxes_without_area_are_equal_or_apart():
    assert KINDS["box"].distance(Box(1, 1, 1, 1), Box(1, 1, 1, 1), FIELDS["objects"]) == 0


def places(groups, orders):
    """Groups with the annotations named by the author's first place."""
    return {frozenset((orders[a], i) for a, i in group) for group in groups}


@settings(max_examples=60)
@given(st.lists(boxes, min_size=3, max_size=4))
def test_groups_do_not_depend_on_the_order_of_authors(by_author):
    jittered = [
        [box((b.value.left + 0.01 * k + 0.003 * i, b.value.top, b.value.right, b.value.bottom), b.label) for i, b in enumerate(given)]
        for k, given in enumerate(by_author)
    ]  # fmt: skip
    orders = list(reversed(range(len(jittered))))
    straight = clustered(jittered, FIELDS["objects"], KINDS["box"])
    turned = clustered([jittered[k] for k in orders], FIELDS["objects"], KINDS["box"])

    assert total_gain(straight, jittered) == pytest.approx(
        total_gain([[(orders[a], i) for a, i in g] for g in turned], jittered), abs=1e-6
    )


def total_gain(groups, by_author):
    """The sum over pairs within groups of the cut less the distance, a quarter of it where two labels draw together."""
    total = 0.0
    for group in groups:
        marks = [by_author[a][i] for a, i in group]
        for k, x in enumerate(marks):
            for y in marks[k + 1 :]:
                near = 0.5 - KINDS["box"].distance(x.value, y.value, FIELDS["objects"])
                total += near * (0.25 if near > 0 and x.label != y.label else 1.0)
    return total


@settings(max_examples=100)
@given(boxes, boxes)
def test_the_groups_of_two_authors_are_the_optimal_pairing(a, b):
    groups = clustered([a, b], FIELDS["objects"], KINDS["box"])
    small, large = sorted((a, b), key=len)
    best = max(
        sum(max(0.0, total_gain([[(0, 0), (1, 0)]], [[x], [large[j]]])) for x, j in zip(small, order, strict=True))
        for order in permutations(range(len(large)), len(small))
    )

    assert total_gain(groups, [a, b]) == pytest.approx(best)


def test_three_that_overlap_in_a_chain_are_one_thing():
    a, b, c = [box((0, 0, 10, 10))], [box((0, 2, 10, 12))], [box((0, 3.6, 10, 13.6))]

    assert clustered([a, b, c], FIELDS["objects"], KINDS["box"]) == [[(0, 0), (1, 0), (2, 0)]]


def test_a_crowd_that_hangs_together_is_told_apart():
    by_author = [[box((4 * i + 0.3 * k, 0, 4 * i + 10 + 0.3 * k, 10)) for i in range(40)] for k in range(9)]

    groups = clustered(by_author, FIELDS["objects"], KINDS["box"])

    assert groups == [[(k, i) for k in range(9)] for i in range(40)]
