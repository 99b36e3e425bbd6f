"""Masks that share pixels are found, counted and parted as arrays of pixels are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from karat.geometry import masks
from karat.geometry.mask_overlaps import collisions, common, parted

SHAPE = (7, 8)
quick = settings(max_examples=100, deadline=None, derandomize=True)
drawn = arrays.arrays(bool, SHAPE).filter(lambda pixels: pixels.any())


def canvas(crop):
    whole = np.zeros(SHAPE, bool)
    if crop is not None:
        left, top, width, height = crop[0]
        whole[top : top + height, left : left + width] = masks.pixels(crop)
    return whole


@quick
@given(drawn, drawn)
def test_pixels_in_common_are_counted(a, b):
    assert common(masks.of_pixels(a), masks.of_pixels(b)) == (a & b).sum()


@quick
@given(st.lists(drawn, min_size=1, max_size=5))
def test_every_mask_that_shares_a_pixel_is_named_with_one_that_has_it_too(given):
    found = collisions([masks.of_pixels(pixels) for pixels in given])

    sharing = {i for i, a in enumerate(given) for j, b in enumerate(given) if i != j and (a & b).any()}
    assert {i for pair in found for i in pair} == sharing
    assert all(i < j and (given[i] & given[j]).any() for i, j in found)


@quick
@given(a=drawn, b=drawn, votes=st.tuples(*[st.lists(st.tuples(drawn, st.integers(1, 4)), max_size=3)] * 2))
def test_a_shared_pixel_goes_to_the_side_with_more_weight_on_it_and_a_tie_to_the_first(a, b, votes):
    given_votes = tuple([(masks.of_pixels(pixels), weight) for pixels, weight in side] for side in votes)
    weight_a, weight_b = (sum((pixels * weight for pixels, weight in side), np.zeros(SHAPE)) for side in votes)

    first, second = parted(masks.of_pixels(a), masks.of_pixels(b), given_votes, alike=1e-9)

    assert (canvas(first) == a & ~(b & (weight_b > weight_a))).all()
    assert (canvas(second) == b & ~(a & (weight_a >= weight_b))).all()


def test_nothing_is_left_of_a_mask_that_the_other_has_whole():
    small, large = masks.of_pixels(np.ones((2, 2), bool)), masks.of_pixels(np.ones((4, 4), bool))

    assert parted(small, large, ([(small, 1.0)], [(large, 2.0)]), alike=1e-9) == (None, large)


def test_runs_that_are_none_are_refused():
    with pytest.raises(ValueError, match="no compressed runs"):
        common(((0, 0, 1, 1), "!"), ((0, 0, 1, 1), "01"))
