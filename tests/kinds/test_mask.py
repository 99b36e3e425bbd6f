"""Masks are coded as COCO's tools code them, compared by their pixels, and are majorities where people differ."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from karat.geometry import masks
from karat.kinds.mask import MASK, Mask, distance, distances, merge
from karat.model.kind import NO_FACTS, Facts
from karat.testing.responses import OBJECTS, schema

FIELD = schema({"objects": {**OBJECTS, "kind": "mask"}}).fields["objects"]
SIDE = 9
quick = settings(max_examples=120, deadline=None, derandomize=True)

PYCOCOTOOLS = [
    ([0, 1], "01"),
    ([15, 1, 16, 17, 31, 32, 33], "?1`0`0??2"),
    ([1000, 2000, 1, 3, 100000, 70000, 5], "Xo0`n11cQNodQ3][T2U[nL"),
]  # runs and strings as pycocotools 2.0.11 writes them: `frPyObjects` of uncompressed counts


def pixels_of():
    shape = st.tuples(st.integers(1, SIDE), st.integers(1, SIDE))
    return shape.flatmap(lambda s: arrays.arrays(bool, s)).filter(lambda p: p.any())


@st.composite
def placed(draw):
    crop = masks.of_pixels(draw(pixels_of()), left=draw(st.integers(0, 6)), top=draw(st.integers(0, 6)))
    return Mask(*crop)


def canvas(value):
    whole = np.zeros((2 * SIDE, 2 * SIDE), bool)
    left, top, width, height = value.box
    whole[top : top + height, left : left + width] = masks.pixels((value.box, value.counts))
    return whole


@pytest.mark.parametrize(("runs", "counts"), PYCOCOTOOLS)
def test_runs_are_coded_as_cocos_tools_code_them(runs, counts):
    assert masks.encode(np.array(runs)) == counts
    assert masks.decode(counts).tolist() == runs


@quick
@given(runs=st.lists(st.integers(0, 1 << 31), min_size=1, max_size=12))
def test_what_was_encoded_is_decoded(runs):
    assert masks.decode(masks.encode(np.array(runs))).tolist() == runs


@quick
@given(counts=st.text(alphabet=st.characters(min_codepoint=40, max_codepoint=130), max_size=12))
def test_any_text_is_decoded_or_refused(counts):
    runs = masks.decode(counts)

    assert runs is None or runs.min() >= 0


@quick
@given(pixels=pixels_of(), left=st.integers(0, 5), top=st.integers(0, 5))
def test_pixels_come_back_from_the_tight_box_around_them(pixels, left, top):
    crop = masks.of_pixels(pixels, left=left, top=top)

    assert (canvas(Mask(*crop))[top : top + pixels.shape[0], left : left + pixels.shape[1]] == pixels).all()
    assert masks.area(crop) == pixels.sum()
    assert MASK.check(Mask(*crop), FIELD, NO_FACTS) == []


@quick
@given(a=placed(), b=placed())
def test_the_distance_is_that_of_the_pixels(a, b):
    left, right = canvas(a), canvas(b)

    assert distance(a, b, FIELD) == pytest.approx(1 - (left & right).sum() / (left | right).sum(), abs=1e-12)


@quick
@given(votes=st.lists(st.tuples(placed(), st.integers(1, 4)), min_size=1, max_size=5))
def test_masks_merge_to_the_pixels_that_most_of_the_weight_has_and_ties_to_the_first(votes):
    weights = [weight for _, weight in votes]
    sums = sum(canvas(value) * weight * 2 for value, weight in votes)
    majority = (sums > sum(weights)) | ((sums == sum(weights)) & canvas(votes[0][0]))

    merged = merge([value for value, _ in votes], weights, FIELD)

    assert (canvas(merged) == majority).all() or (not majority.any() and merged in [value for value, _ in votes])
    assert MASK.check(merged, FIELD, NO_FACTS) == []


def test_many_against_many_are_the_matrix_of_single_distances():
    row = [Mask(*masks.of_pixels(np.ones((4, 3), bool), left=2 * i, top=i % 3)) for i in range(12)]

    found = distances(row, row[::-1], FIELD)

    assert found == pytest.approx(np.array([[distance(a, b, FIELD) for b in row[::-1]] for a in row]))
    assert (found < 1).sum() == 34


def test_rings_take_the_pixels_whose_middle_they_hold():
    square, hole = [(0.4, 0.4), (6.6, 0.4), (6.6, 6.6), (0.4, 6.6)], [(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0)]

    found = masks.of_rings([square, hole], width=20, height=5)

    expected = np.ones((5, 7), bool)
    expected[2:4, 2:4] = False
    assert (masks.pixels(found) == expected).all()
    assert masks.of_rings([[(1.1, 1.1), (1.3, 1.1), (1.3, 1.3)]], width=9, height=9) is None


@quick
@given(cut=st.lists(st.floats(0, SIDE), min_size=2, max_size=2))
def test_areas_that_share_a_line_share_no_pixel_and_leave_none_out(cut):
    above, below = (
        [(0.0, 0.0), (SIDE, 0.0), (SIDE, cut[0]), (0.0, cut[1])],
        [(0.0, cut[1]), (SIDE, cut[0]), (SIDE, SIDE), (0.0, SIDE)],
    )

    found = [masks.of_rings([ring], width=SIDE, height=SIDE) for ring in (above, below)]

    assert sum(canvas(Mask(*crop)).astype(int) for crop in found if crop).sum() == SIDE * SIDE


def test_a_mask_wider_than_any_picture_is_refused_whatever_size_the_picture_is_said_to_have():
    wide = Mask((0, 0, 1 << 30, 1), masks.encode(np.array([0, 1 << 30])))

    [problem] = MASK.check(wide, FIELD, Facts(width=1 << 30, height=1))

    assert (problem.path, problem.expected) == ("box[2]", "1 to 1048576")


def test_runs_that_do_not_fill_their_box_are_told():
    with pytest.raises(ValueError, match="do not fill"):
        masks.pixels(((0, 0, 2, 2), "03"))
    with pytest.raises(ValueError, match="no compressed runs"):
        masks.area(((0, 0, 2, 2), "!"))
