"""Where a label has one mask, the label says what is compared and merged, and merged masks keep `overlap: false`."""

import numpy as np
import pytest

from karat.geometry import masks
from karat.geometry.mask_overlaps import collisions
from karat.kinds.mask import MASK, Mask
from karat.model.response import Annotation, On
from karat.quality import agreement_of, confusions, consensus_of, differences
from karat.quality.consensus import ProjectLearner, settlers_of
from karat.quality.pairing import match, match_blind
from karat.testing.responses import response, schema

LABELS = {"a": {}, "b": {}}
ASKED = {"kind": "mask", "on": "photo", "many": True, "labels": LABELS}
SEMANTIC = schema({"ground": {**ASKED, "instances": False, "overlap": False}})
THINGS = schema({"ground": ASKED})
CORE = (0, 10)


def mask(label, *columns, ident=None):
    pixels = np.zeros((10, 200), bool)
    for left, right in columns:
        pixels[:, left:right] = True
    value = Mask(*masks.of_pixels(pixels))
    return Annotation(id=ident or label, field="ground", kind="mask", on=On(stream="photo"), label=label, value=value)


def people(*given):
    return [response(who, *one, covers={"ground": None}) for who, one in zip("ABCDEFG", given, strict=False)]


SHARED = people(*([mask("a", CORE, (left, left + 15))] for left in (20, 40, 60)))
UNEVEN = people(
    [mask("a", (0, 10)), mask("b", (10, 30))], [mask("a", (0, 14)), mask("b", (14, 30))], [mask("a", (0, 14))]
)  # fmt: skip


def merged(said, asked=SEMANTIC, **more):
    [found] = consensus_of(said, asked, **more)
    return {a.label: a.value for a in found.annotations}


def learned(items, method):
    learner = ProjectLearner(SEMANTIC, method=method)
    for said in items:
        learner.add(said)
    return settlers_of(SEMANTIC, learner.learn().values())


def test_masks_of_one_label_merge_to_the_pixels_that_most_have_however_little_they_share():
    assert merged(SHARED) == {"a": mask("a", CORE).value}
    assert merged(SHARED, THINGS) == {}


@pytest.mark.parametrize("method", ["default", "majority"])
def test_so_they_do_where_the_consensus_is_learned(method):
    settlers = learned([SHARED] * 4, method)

    assert merged(SHARED, method=method, settlers=settlers) == {"a": mask("a", CORE).value}
    assert consensus_of(SHARED, SEMANTIC, method=method, settlers=settlers)[0].learned


def test_their_agreement_is_the_overlap_of_each_labels_masks():
    report = agreement_of([("1", SHARED)], SEMANTIC, resamples=10)
    [difference] = differences(SHARED[0], SHARED[1], SEMANTIC)

    assert report["ground"].percent.value == pytest.approx(100 / 400)
    assert difference.distance == pytest.approx(0.75)
    assert (difference.only_a, difference.only_b) == ((), ())


def test_masks_of_one_label_are_a_pair_even_without_a_pixel_in_common():
    field = SEMANTIC.fields["ground"]
    a, b = [mask("a", (0, 10)), mask("b", (50, 60))], [mask("a", (20, 30))]

    for paired in (match, match_blind):
        found = paired(a, b, field, MASK)
        assert (found.pairs, found.only_a, found.only_b) == (((0, 0, 1.0),), (1,), ())


def test_what_the_other_called_otherwise_is_one_confusion():
    field = SEMANTIC.fields["ground"]
    a, b = [mask("a", (0, 10)), mask("b", (50, 60))], [mask("b", (0, 11)), mask("a", (100, 110))]

    assert confusions(a[:1], b[:1], field, MASK) == {("a", "b"): 1}
    assert confusions(a, b, field, MASK) == {("a", "a"): 1, ("b", "b"): 1}


def test_many_masks_of_one_label_are_told_apart_by_their_overlap():
    a = [mask("a", (10 * n, 10 * n + 8), ident=str(n)) for n in range(17)]
    field = SEMANTIC.fields["ground"]

    found = match(a, a[::-1], field, MASK)

    assert sorted(found.pairs) == [(n, 16 - n, 0.0) for n in range(17)]


def test_of_merged_masks_a_pixel_goes_to_the_label_that_more_have_given_it():
    assert merged(UNEVEN) == {"a": mask("a", (0, 14)).value, "b": mask("b", (14, 30)).value}


@pytest.mark.parametrize("method", ["default", "majority"])
def test_so_it_does_where_the_consensus_is_learned(method):
    found = merged(UNEVEN, method=method, settlers=learned([UNEVEN] * 4, method))

    assert found["a"] == mask("a", (0, 14)).value
    assert not collisions([(value.box, value.counts) for value in found.values()])


def test_where_masks_may_overlap_they_stay_as_they_were_merged():
    found = merged(UNEVEN, schema({"ground": {**ASKED, "instances": False}}))

    assert found == {"a": mask("a", (0, 14)).value, "b": mask("b", (10, 30)).value}
