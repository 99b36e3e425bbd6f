"""What the masks of one field owe to one another is asked for on submit, and told with both masks and the remedy."""

import json

import numpy as np
import pytest

from karat.geometry import masks
from karat.kinds.checking import parse_annotations
from karat.kinds.mask import MASK, Mask
from karat.testing.responses import schema

LABELS = {"car": {}, "dog": {}}


def rectangle(left, right):
    return Mask(*masks.of_pixels(np.ones((10, right - left), bool), left=left, top=0))


def mask(ident, label, left, right):
    value = rectangle(left, right)
    return {
        "id": ident,
        "field": "ground",
        "kind": "mask",
        "label": label,
        "on": {"stream": "photo"},
        "value": {"box": list(value.box), "counts": value.counts},
    }


def parsed(*annotations, complete=True, **options):
    asked = schema({"ground": {"kind": "mask", "on": "photo", "many": True, "labels": LABELS, **options}})
    return parse_annotations(json.dumps(annotations).encode(), asked, complete=complete)


def test_a_pixel_in_two_masks_is_told_where_a_pixel_belongs_to_one():
    _, [problem] = parsed(mask("1", "car", 0, 12), mask("2", "dog", 10, 20), mask("3", "dog", 30, 40), overlap=False)

    assert (problem.path, problem.expected) == ("annotations[1].value", "pixels that belong to one mask only")
    assert problem.got == "20 pixels of `2` (dog) that `1` (car) has"
    assert problem.do == "Erase them from `1` or from `2`: the field's `overlap` is false."


def test_a_second_mask_of_a_label_is_told_where_a_label_has_one():
    _, [problem] = parsed(mask("1", "car", 0, 10), mask("2", "dog", 0, 10), mask("3", "car", 20, 30), instances=False)

    assert (problem.path, problem.expected) == ("annotations[2].value", "one mask for each label")
    assert problem.got == "`3`, another car beside `1`"
    assert problem.do == "Add its pixels to `1` and remove it: the field's `instances` is false."


def test_equal_masks_break_both_rules():
    same = [mask("1", "car", 0, 10), mask("2", "car", 0, 10), mask("3", "dog", 0, 10)]

    found, problems = parsed(*same, instances=False, overlap=False)

    assert [a.id for a in found] == ["1"]

    assert [(p.path, p.expected) for p in problems] == [
        ("annotations[1].value", "one mask for each label"),
        ("annotations[1].value", "pixels that belong to one mask only"),
        ("annotations[2].value", "pixels that belong to one mask only"),
    ]


@pytest.mark.parametrize("options", [{}, {"instances": False, "overlap": False, "complete": False}])
def test_things_may_share_pixels_and_a_draft_or_an_import_is_not_held_to_it(options):
    found, problems = parsed(mask("1", "car", 0, 10), mask("2", "car", 5, 20), **options)

    assert (len(found), problems) == (2, [])


def test_masks_that_touch_share_nothing():
    _, problems = parsed(mask("1", "car", 0, 10), mask("2", "dog", 10, 20), instances=False, overlap=False)

    assert problems == []


def settled(values, votes, **options):
    field = schema({"ground": {"kind": "mask", "on": "photo", "many": True, "labels": LABELS, **options}}).fields[
        "ground"
    ]
    return MASK.together.settle(values, votes, field)


def test_merged_masks_are_parted_by_the_weight_of_those_who_marked_each_pixel_so():
    a, b = (
        [(rectangle(0, 10), 1), (rectangle(0, 14), 1), (rectangle(0, 14), 1)],
        [(rectangle(10, 30), 1), (rectangle(14, 30), 1)],
    )

    assert settled([rectangle(0, 14), rectangle(10, 30)], [a, b], overlap=False) == [
        rectangle(0, 14),
        rectangle(14, 30),
    ]
    assert settled([rectangle(0, 14), rectangle(10, 30)], [a, b]) == [rectangle(0, 14), rectangle(10, 30)]


def test_a_tie_goes_to_the_first_and_a_mask_without_pixels_is_gone():
    votes = [[(rectangle(0, 10), 1)], [(rectangle(5, 10), 1)]]

    assert settled([rectangle(0, 10), rectangle(5, 10)], votes, overlap=False) == [rectangle(0, 10), None]
