"""Orders of several authors are compared and merged by what their regions were matched to."""

import pytest

from karat.kinds import KINDS
from karat.kinds.box import Box
from karat.kinds.sequences import apart, settled
from karat.model.response import Annotation, Author, Response
from karat.model.schema import read_schema
from karat.quality import consensus_of, differences, link_f1

SCHEMA, PROBLEMS = read_schema(
    {
        "karat_schema": 1,
        "streams": {"page": {"kind": "image"}},
        "fields": {
            "read": {"kind": "order", "labels": {"article": {}}},
            "regions": {"kind": "box", "on": "page", "labels": {"text": {}}},
        },
    },
    KINDS,
)


def said(who, prefix, tops, order):
    regions = [
        Annotation(id=f"{prefix}{i}", field="regions", kind="box", label="text", value=Box(0, top, 100, top + 20))
        for i, top in enumerate(tops)
    ]
    value = tuple(f"{prefix}{i}" for i in order)
    made = Annotation(id=f"{prefix}-order", field="read", kind="order", label="article", value=value)
    covers = {"read": None, "regions": None}
    return Response(author=Author(type="person", name=who, id=who), annotations=(*regions, made), covers=covers)


ADA = said("Ada", "a", (0, 50, 100), (0, 1, 2))
BEN = said("Ben", "b", (101, 51, 1), (2, 1, 0))
CEM = said("Cem", "c", (0, 50, 100), (1, 0, 2))


def test_orders_are_the_same_where_their_regions_were_matched():
    apart_by = {d.field: d.distance for d in differences(ADA, BEN, SCHEMA)}

    assert PROBLEMS == []
    assert apart_by["read"] == 0


def test_orders_differ_by_kendalls_distance_of_matched_regions():
    [one] = [d for d in differences(ADA, CEM, SCHEMA) if d.field == "read"]

    assert one.distance == pytest.approx(1 / 3)
    assert link_f1([[ADA, CEM]], SCHEMA, "read").value == pytest.approx(2 / 3)


def test_consensus_is_the_order_of_most_over_the_merged_regions():
    merged = {one.field: one.annotations for one in consensus_of([ADA, BEN, CEM], SCHEMA)}

    [order] = merged["read"]
    top = {a.id: a.value.top for a in merged["regions"]}
    assert [round(top[one] / 50) for one in order.value] == [0, 1, 2]


def test_a_name_that_beats_each_other_stands_first_in_a_long_order():
    names = tuple(f"{n:02}" for n in range(40))
    turned = (*names[1:20], names[0], *names[20:])

    assert settled([names, turned, names], [1, 1, 1]) == names
    assert settled([names, turned, turned], [1, 1, 1]) == turned
    # scipy.stats.kendalltau of the two is 0.9512820512820512: 19 of 780 pairs are turned.
    assert apart(names, turned) == pytest.approx((1 - 0.9512820512820512) / 2)
