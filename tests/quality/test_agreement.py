"""Agreement on each field, with its interval, and every number leading to the items and people behind it."""

from itertools import combinations

import krippendorff
import msgspec
import numpy as np
import pytest

from karat.quality import Gathering, agreement_of, author_weights, disagreement
from karat.quality.agreement.alpha import alpha_of_units
from karat.quality.agreement.unitising import unitising_alpha
from karat.quality.measure import ENOUGH, Blocks, bootstrap
from karat.quality.pairing import match
from karat.quality.spans import Spans
from karat.testing.responses import ENTITIES, NOTE, OBJECTS, TAGS, TOPIC, answer, box, response, schema, span

TOPICS = schema({"topic": TOPIC})
ALL = schema({"objects": OBJECTS, "entities": ENTITIES, "topic": TOPIC, "tags": TAGS, "note": NOTE})
PEOPLE = ("ada", "ben", "cem", "dea")


def votes(*rows, field="topic", kind="choice"):
    """Items from rows of answers, one column for each person; None is missing."""
    return [
        (
            f"item {n}",
            [response(who, answer(field, v, kind=kind)) for who, v in zip(PEOPLE, row, strict=False) if v is not None],
        )
        for n, row in enumerate(rows)
    ]


def noisy(count, *, seed=0, right=0.8, values="abc", people=3):
    chance = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        truth = chance.choice(list(values))
        rows.append([truth if chance.random() < right else chance.choice(list(values)) for _ in range(people)])
    return [[str(v) for v in row] for row in rows]


def test_percent_is_the_share_of_equal_answers():
    report = agreement_of(votes(["a", "a"], ["a", "b"], ["b", "b"], ["c", "c"]), TOPICS)

    assert report["topic"].percent.value == 0.75


def test_alpha_is_that_of_the_reference_implementation():
    rows = noisy(80, people=4)
    table = [["abc".index(row[person]) for row in rows] for person in range(4)]

    report = agreement_of(votes(*rows), TOPICS)

    assert report["topic"].scale == "nominal"
    assert report["topic"].alpha.value == pytest.approx(
        krippendorff.alpha(table, level_of_measurement="nominal"), abs=1e-6
    )


def test_the_interval_of_resampled_items_holds_the_value_and_repeats_with_its_seed():
    items = votes(*noisy(200))

    first, again, other = (agreement_of(items, TOPICS, seed=seed)["topic"].alpha for seed in (1, 1, 2))

    assert first == again
    assert first.low < first.value < first.high
    assert other.low != first.low
    assert other.low == pytest.approx(first.low, abs=0.03)


def test_the_interval_is_as_wide_as_a_plain_bootstrap_makes_it():
    rows = noisy(120)
    units = [list(row) for row in rows]
    chance = np.random.default_rng(7)
    plain = [alpha_of_units([units[i] for i in chance.integers(0, 120, 120)]) for _ in range(400)]

    found = agreement_of(votes(*rows), TOPICS)["topic"].alpha

    assert [found.low, found.high] == pytest.approx(np.percentile(plain, [2.5, 97.5]), abs=0.03)


def test_items_summed_in_blocks_give_the_same_width():
    from scipy.sparse import csr_array

    blocks = Blocks(60_000, seed=0)
    blocks.add(0, csr_array(np.random.default_rng(0).random((40_000, 1))))
    blocks.add(40_000, csr_array(np.random.default_rng(1).random((20_000, 1))))

    low, high = bootstrap(blocks.done(), lambda sums: sums / 60_000, resamples=400)

    assert high[0] - low[0] == pytest.approx(2 * 1.96 * np.sqrt(1 / 12 / 60_000), rel=0.12)


def test_below_thirty_items_there_is_not_enough_to_say_it():
    assert not agreement_of(votes(*noisy(ENOUGH - 1)), TOPICS)["topic"].alpha.enough
    assert agreement_of(votes(*noisy(ENOUGH)), TOPICS)["topic"].alpha.enough


def test_perfect_agreement_on_few_items_still_has_a_doubt():
    found = agreement_of(votes(*[["a", "a"], ["b", "b"]] * 20), TOPICS)["topic"]

    assert (found.percent.value, found.alpha.value) == (1, 1)
    assert found.percent.low == pytest.approx(0.025 ** (1 / 40))
    assert found.alpha.low < found.percent.low


def test_one_answer_throughout_leaves_alpha_undefined():
    found = agreement_of(votes(*[["a", "a"]] * 40), TOPICS)["topic"]

    assert found.percent.value == 1
    assert (found.alpha.value, found.alpha.low, found.alpha.high) == (None, None, None)


def test_missing_answers_take_no_part():
    with_gaps = votes(["a", "a", None], ["a", None, "b"], [None, None, "c"], ["b", "b", "b"])

    found = agreement_of(with_gaps, TOPICS)["topic"]

    assert (found.n_items, found.n_pairs) == (3, 5)


def test_each_option_has_its_own_agreement():
    report = agreement_of(votes(["a", "a"], ["a", "b"], ["b", "b"], ["b", "b"]), TOPICS)

    of = {entry.label: entry for entry in report["topic"].per_label}
    assert of["a"].percent.value == pytest.approx(2 / 3)
    assert of["b"].percent.value == pytest.approx(4 / 5)
    assert (of["a"].percent.n, of["b"].percent.n) == (2, 3)
    binary = alpha_of_units([[1, 1], [1, 0], [0, 0], [0, 0]])
    assert of["a"].alpha.value == pytest.approx(binary)


def test_options_of_a_multiple_choice_are_told_apart_too():
    rows = [[("fog", "night"), ("fog",)], [("rain",), ("rain",)], [(), ("fog",)], [("night",), ("night",)]]

    found = agreement_of(votes(*rows, field="tags"), ALL)["tags"]

    assert found.scale == "distance"
    assert found.percent.value == pytest.approx(1 - (0.5 + 0 + 1 + 0) / 4)
    assert {e.label: round(e.percent.value, 3) for e in found.per_label} == {"fog": 0.667, "night": 0.667, "rain": 1.0}


def test_texts_agree_by_their_letters():
    found = agreement_of(votes(["grey", "gray"], ["blue", "blue"], field="note", kind="text"), ALL)["note"]

    assert found.percent.value == pytest.approx(1 - 0.25 / 2)


def test_regions_agree_by_the_distance_of_all_that_two_marked():
    a, b = [box((0, 0, 10, 10)), box((40, 40, 50, 50), "person")], [box((0, 0, 10, 8))]
    items = [("x", [response("ada", *a), response("ben", *b)])]

    found = agreement_of(items, ALL)["objects"]

    assert found.scale == "distance"
    assert found.percent.value == pytest.approx(1 - (0.2 + 1) / 2)
    assert {e.label: e.percent.value for e in found.per_label} == pytest.approx({"car": 0.8, "person": 0.0})
    assert [(c.a, c.b, c.n) for c in found.confusions] == [("person", None, 1)]


def test_regions_that_agree_have_an_alpha_near_one_and_random_ones_near_zero():
    chance = np.random.default_rng(0)
    corner = chance.uniform(0, 400, (60, 2, 2))

    def items(second):
        rows = []
        for n in range(60):
            (x, y), (u, v) = corner[n][0], corner[n][second]
            rows.append(
                (str(n), [response("ada", box((x, y, x + 90, y + 90))), response("ben", box((u, v, u + 90, v + 90)))])
            )
        return rows

    assert agreement_of(items(0), ALL)["objects"].alpha.value == 1
    assert agreement_of(items(1), ALL)["objects"].alpha.value == pytest.approx(0, abs=0.1)


def test_regions_have_a_mean_distance_an_alpha_of_matched_labels_and_sigma():
    chance = np.random.default_rng(3)
    items = []
    for n in range(60):
        at = [chance.integers(0, 400, 2) for _ in range(3)]
        said = []
        for who in ("ada", "ben"):
            boxes = []
            for i, (x, y) in enumerate(at):
                label = "car" if chance.random() < (0.9 if i else 0.1) else "person"
                left, top = x + chance.integers(-2, 3), y + chance.integers(-2, 3)
                boxes.append(box((left, top, left + 60, top + 60), label, id=str(i)))
            said.append(response(who, *boxes))
        items.append((f"item {n}", said))

    found = agreement_of(items, schema({"objects": OBJECTS}))["objects"]

    units = [
        [a.label for a in pair]
        for _, (one, other) in items
        for pair in zip(one.annotations, other.annotations, strict=True)
    ]
    assert found.role == "where"
    assert found.distance.value == pytest.approx(1 - found.percent.value)
    assert (found.distance.low, found.distance.high) == (1 - found.percent.high, 1 - found.percent.low)
    assert found.label_alpha.value == pytest.approx(alpha_of_units(units), abs=0.02)
    assert found.label_alpha.low < found.label_alpha.value < found.label_alpha.high
    assert found.sigma.value > 0.95
    assert found.sigma.n == found.label_alpha.n == 60


def test_spans_have_unitising_alpha_where_the_length_of_their_text_is_known():
    chance = np.random.default_rng(4)
    gathering, blind = Gathering(schema({"entities": ENTITIES})), Gathering(schema({"entities": ENTITIES}))
    rows = []
    for n in range(40):
        at = int(chance.integers(0, 60))
        for who in ("ada", "ben"):
            moved = at + int(chance.integers(0, 3))
            rows.append((f"item {n}", who, moved, at + 20))
        said = [response(who, span((start, end))) for _, who, start, end in rows[-2:]]
        gathering.add(f"item {n}", said, lengths={"text": 100})
        blind.add(f"item {n}", said)

    names = ("item", "annotator", "start", "end")
    table = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    spans = Spans.from_table(table, **{name: name for name in names}, lengths={f"item {n}": 100 for n in range(40)})
    found = gathering.report()["entities"].unitising
    assert found.value == pytest.approx(unitising_alpha(spans).value)
    assert found.low < found.value < found.high
    assert found.n == 40
    assert blind.report()["entities"].unitising.value is None


def test_answers_have_no_sigma_and_no_alpha_of_matched_labels():
    found = agreement_of(votes(*noisy(40)), TOPICS)["topic"]

    assert found.role == "what"
    assert found.label_alpha.value is None
    assert found.sigma.value is None


def test_attributes_of_matched_regions_are_measured_as_fields_of_their_own():
    def pair(n, one, other):
        place = (n, 0, n + 10, 10)
        return (str(n), [response("ada", box(place, **one)), response("ben", box(place, **other))])

    report = agreement_of(
        [pair(0, {"occluded": "yes"}, {"occluded": "yes"}), pair(20, {"occluded": "yes"}, {}), pair(40, {}, {})], ALL
    )

    assert [f.field for f in report.fields] == ["objects", "objects.car.occluded"]
    assert report["objects.car.occluded"].percent.value == pytest.approx(2 / 3)


def test_every_pair_of_people_has_its_cell():
    found = agreement_of(votes(["a", "a", "b"], ["b", "b", "b"]), TOPICS)["topic"]

    assert {(p.a, p.b): p.agreement.value for p in found.pairs} == {
        ("ada", "ben"): 1,
        ("ada", "cem"): 0.5,
        ("ben", "cem"): 0.5,
    }
    assert {a.author: a.agreement.value for a in found.authors} == {"ada": 0.75, "ben": 0.75, "cem": 0.5}


def test_the_cell_of_a_pair_has_an_interval_once_there_is_enough():
    found = agreement_of(votes(*noisy(60)), TOPICS)["topic"].pairs[0].agreement

    assert found.enough
    assert found.low < found.value < found.high


def test_the_items_most_disagreed_on_come_first():
    found = agreement_of(votes(["a", "a"], ["a", "b"], ["a", "b", "c"]), TOPICS)["topic"]

    assert [(d.item, d.distance, d.n) for d in found.most_disagreed()] == [
        ("item 2", 1, 3),
        ("item 1", 1, 1),
        ("item 0", 0, 1),
    ]
    assert len(found.most_disagreed(limit=1)) == 1


def test_options_that_are_confused_are_listed_the_most_frequent_first():
    found = agreement_of(votes(["a", "b"], ["b", "a"], ["b", "c"], ["a", "a"]), TOPICS)["topic"]

    assert [(c.a, c.b, c.n) for c in found.confusions] == [("a", "b", 2), ("b", "c", 1)]


def test_a_second_response_of_one_author_replaces_the_first():
    items = [
        (
            "x",
            [
                response("ada", answer("topic", "a")),
                response("ben", answer("topic", "b")),
                response("ada", answer("topic", "b")),
            ],
        )
    ]

    assert agreement_of(items, TOPICS)["topic"].percent.value == 1


def test_a_field_that_no_two_answered_is_not_in_the_report():
    assert agreement_of([("x", [response("ada", answer("topic", "a"))])], TOPICS).fields == ()


def test_what_comes_in_item_by_item_is_reported_at_any_time():
    gathering = Gathering(TOPICS)
    for item, responses in votes(["a", "a"], ["a", "b"]):
        gathering.add(item, responses)

    first = gathering.report()["topic"].percent.value
    gathering.add("more", votes(["c", "c"])[0][1])

    assert (first, gathering.report()["topic"].percent.value) == (0.5, pytest.approx(2 / 3))


def test_authors_weigh_as_much_as_they_agree_and_never_nothing():
    report = agreement_of(votes(["a", "a", "b"], ["b", "b", "c"], ["c", "c", "a"]), TOPICS)

    assert author_weights(report) == {"ada": 0.5, "ben": 0.5, "cem": 0.05}


def test_the_mean_over_fields_of_one_item_is_the_report_of_that_item():
    people = [response("ada", answer("topic", "a"), span((0, 9))), response("ben", answer("topic", "b"), span((0, 6)))]

    report = agreement_of([("x", people)], ALL)

    assert disagreement(people, ALL) == pytest.approx(
        1 - (report["topic"].percent.value + report["entities"].percent.value) / 2
    )


def test_regions_of_many_people_are_compared_in_every_pair():
    given = [[box((0, 0, 10, 10 - n))] for n in range(4)]
    items = [("x", [response(who, *a) for who, a in zip(PEOPLE, given, strict=True)])]
    field = ALL.fields["objects"]
    from karat.kinds import KINDS

    expected = np.mean([match(a, b, field, KINDS["box"]).distance for a, b in combinations(given, 2)])

    assert agreement_of(items, ALL)["objects"].percent.value == pytest.approx(1 - expected)


def test_other_types_of_authors_take_part_when_asked():
    model = msgspec.structs.replace(response("m", answer("topic", "b")).author, type="model")
    items = [
        (
            "x",
            [
                response("ada", answer("topic", "a")),
                msgspec.structs.replace(response("m", answer("topic", "b")), author=model),
            ],
        )
    ]

    assert agreement_of(items, TOPICS).fields == ()
    assert agreement_of(items, TOPICS, authors={"person", "model"})["topic"].percent.value == 0


@pytest.mark.parametrize("scale", ["ordinal", "interval"])
def test_ratings_have_the_alpha_of_their_scale(scale):
    ratings = schema({"quality": {"kind": "rating", "scale": scale}})
    rows = [[int(v) for v in row] for row in noisy(60, values="12345")]
    table = np.array(rows, float).T

    found = agreement_of(votes(*rows, field="quality", kind="rating"), ratings)["quality"]

    assert found.scale == scale
    assert found.alpha.value == pytest.approx(krippendorff.alpha(table, level_of_measurement=scale), abs=1e-6)
    assert found.percent.value == pytest.approx(
        1 - np.mean([abs(a - b) / 4 for row in rows for a, b in combinations(row, 2)])
    )
    assert found.alpha.low < found.alpha.value < found.alpha.high
    assert found.per_label == ()


@pytest.mark.parametrize("size", [1, 2, 7, 50])
def test_working_on_a_few_answers_at_a_time_changes_nothing(size, monkeypatch):
    rows = [*noisy(25), ["a", None, "b"], [None, None, "c"], ["a", "a", None]]
    items = votes(*rows)
    whole = agreement_of(items, TOPICS)["topic"]
    monkeypatch.setattr("karat.quality.agreement.ballots.CHUNK", size)

    parts = agreement_of(items, TOPICS)["topic"]

    assert (parts.percent, parts.alpha, parts.n_items, parts.n_pairs) == (
        whole.percent,
        whole.alpha,
        whole.n_items,
        whole.n_pairs,
    )
    assert (parts.per_label, parts.authors, parts.pairs, parts.confusions) == (
        whole.per_label,
        whole.authors,
        whole.pairs,
        whole.confusions,
    )
    assert parts.most_disagreed() == whole.most_disagreed()
