"""Groups in slices: what is planted is found, and no cell, difference or change of a table tells of fewer than k people."""

import msgspec
import numpy as np

from karat.server.fairness.columns import NEAR, Column, slicings
from karat.server.fairness.crossing import CrossBody, Known
from karat.server.fairness.grouped import ALL, Stated, new_groups
from karat.server.fairness.grouping import Place, columns_of_grid
from karat.server.fairness.reading import AUTHORS, Gathered, Near, Values
from karat.server.fairness.schemas import SliceRule
from karat.server.fairness.slicing import raw_of

K = 5


def gathered(answers, metadata, rules, right=None):
    """Answers as (person, item), what stands with each item, and whether each answer is right on gold."""
    found = Gathered([Values() for _ in rules], near={"gold": Near()})
    for item, known in enumerate(metadata):
        found.items.append(100 + item)
        found.answered.append(1)
        found.accepted.append(0)
        for values, rule in zip(found.values, rules, strict=True):
            values.add(raw_of(known.get(rule.key), rule))
    for index, (person, item) in enumerate(answers):
        code = found.answer(1000 + person, item)
        found.answers.append(code)
        found.heads.append(1)
        gold = found.near["gold"]
        gold.y.append(1.0 if right is None else float(right[index])), gold.w.append(1.0), gold.answer.append(code)
        found.people.add(1000 + person)
    return found


def published(found, rules, values, known=None):
    """What may be published now of one attribute: its tables by key."""
    gold = found.near["gold"]
    answer = np.array(gold.answer, np.int64)
    kind, title = NEAR["gold"]
    y, w = np.array(gold.y, float), np.array(gold.w, float)
    column = Column("gold", title, kind, y, w, answer % AUTHORS, answer // AUTHORS)
    stated = Stated(1, {1000 + person: value for person, value in values.items()}, known or {})
    made = new_groups([stated], [column], found, slicings(found, rules), K)
    return {table.key: table for one in made for table in one.tables}


def remembered(tables):
    """The same as the next report finds it."""
    known = {}
    for key, table in tables.items():
        before = {(author, cut): Place(value, counted) for author, cut, value, counted in table.places}
        parts = (
            [[(value, "") for value in block] for block in msgspec.json.decode(table.body)["blocks"]]
            if key == ALL
            else body(table).parts
        )
        known[key] = Known(before, {}, parts)
    return known


def body(table):
    return msgspec.json.decode(table.body, type=CrossBody)


def everybody(people, items, without=()):
    return [(p, i) for p in range(people) for i in range(items) if (p, i) not in without]


VALUES = {person: "ab"[person % 2] for person in range(16)}
LIGHT = (SliceRule("light"),)
DAYS = [{"light": ["day", "night", "dawn"][at % 3], "n": at} for at in range(60)]


def test_a_group_that_is_worse_in_one_slice_is_found_there():
    rng = np.random.default_rng(0)
    answers = everybody(16, 60)
    right = [rng.random() < (0.5 if VALUES[p] == "a" and DAYS[i]["light"] == "night" else 0.9) for p, i in answers]

    cells = body(published(gathered(answers, DAYS, LIGHT, right), LIGHT, VALUES)["light"]).cells

    assert {(cell.value, cell.cell) for cell in cells} == {(v, c) for v in "ab" for c in ("day", "night", "dawn")}
    found = {(cell.value, cell.cell): cell.figures[0] for cell in cells}
    assert found["a", "night"].differs and found["b", "night"].differs, "of two groups both sides are told"
    assert found["a", "night"].difference == -found["b", "night"].difference < -0.2
    assert all(round(x * 20, 6).is_integer() for f in found.values() for x in (f.value, f.others, f.low, f.high))


def test_every_cell_of_a_grid_is_of_k_people_also_of_what_is_not_shown():
    rng = np.random.default_rng(1)
    for _ in range(300):
        block = rng.integers(-1, rng.integers(1, 4), 40)
        present = rng.random((rng.integers(1, 7), 40)) < rng.random((1, 1)) ** 2
        blocks = int(block.max()) + 1
        columns = columns_of_grid(present & (block >= 0), block, blocks, K)
        for column in columns:
            there = present[column].any(axis=0)
            assert all((there & (block == one)).sum() >= K for one in range(blocks))
        there = {s for s in range(len(present)) if (present[s] & (block >= 0)).any()}
        assert not columns or {s for column in columns for s in column} == there, (
            "nothing is left over to be taken apart"
        )


def test_a_slice_that_few_of_a_group_have_answered_is_shown_of_nobody():
    few = [(p, i) for p, i in everybody(16, 60) if DAYS[i]["light"] != "night" or p % 2 or p < 6]

    table = body(published(gathered(few, DAYS, LIGHT), LIGHT, VALUES)["light"])

    assert ({cell.cell for cell in table.cells}, table.is_merged) == ({"day"}, True), "dawn is merged with the night"


def test_neither_work_nor_an_edge_nor_metadata_of_one_person_makes_a_new_table():
    rules = (SliceRule("n", edges=(30,)),)
    own = [*everybody(16, 60), (0, 60), (0, 61)]
    metadata = [{"n": at} for at in range(60)] + [{"n": 29.5}, {"n": 29.6}]
    known = remembered(published(gathered(own, metadata, rules), rules, VALUES))
    assert len(body(published(gathered(own, metadata, rules), rules, VALUES)["n"]).cells) == 4

    moved = (SliceRule("n", edges=(29.2,)),)
    edited = [*metadata[:60], {"n": 40}, {"n": 40}]
    more = [*own, *((p, 62) for p in range(16))]

    assert "n" in published(gathered(own, metadata, rules), rules, VALUES, known), "nothing has changed"
    assert "n" not in published(gathered(own[:-1], metadata, rules), rules, VALUES, known)
    assert "n" not in published(gathered(own, metadata, moved), moved, VALUES, known), "two items of one person"
    assert "n" not in published(gathered(own, edited, rules), rules, VALUES, known)
    assert "n" in published(gathered(more, [*metadata, {"n": 50}], rules), rules, VALUES, known), "everybody worked"
    wide = (SliceRule("n", edges=(10,)),)
    assert "n" in published(gathered(own, metadata, wide), wide, VALUES, known), "other slices, and everybody in them"


def test_a_key_whose_slices_leave_one_person_in_anothers_is_not_published_beside_it():
    rules = (SliceRule("country"), SliceRule("site"))
    metadata = [{"country": "pl" if at < 30 else "th", "site": f"s{at // 15}"} for at in range(60)]
    own = [*everybody(16, 60), (0, 60)]

    both = published(gathered(everybody(16, 60), metadata, rules), rules, VALUES)
    lone = published(gathered(own, [*metadata, {"country": "pl", "site": "s2"}], rules), rules, VALUES)

    assert set(both) == {ALL, "country", "site"}, "sites lie in countries, and nothing is left"
    assert set(lone) == {ALL, "country"}, "taking the sites from their country would leave one item of one person"


def test_lists_are_in_the_slice_of_each_value_and_make_no_table():
    metadata = [{"light": ["day", "night"] if at == 0 else "day" if at % 2 else "night"} for at in range(60)]
    found = gathered(everybody(16, 60), metadata, LIGHT)
    (slicing,) = slicings(found, LIGHT)

    assert ([cut.name for cut in slicing.cuts], [int(x.sum()) for x in slicing.inside]) == (["day", "night"], [31, 30])
    assert not slicing.is_partition
    assert set(published(found, LIGHT, VALUES)) == {ALL}
