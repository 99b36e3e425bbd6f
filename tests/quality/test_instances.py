"""What is there, what it is called and where it is comes out of many annotators' boxes, spans and intervals."""

from dataclasses import replace

import numpy as np
import pytest

from karat.geometry.boxes import box_iou
from karat.kinds.box import BOX
from karat.quality import InstanceConsensus, MajorityVote, Responses
from karat.quality.consensus import instances_table
from karat.quality.consensus.existence import Marks, learn_existence
from karat.quality.consensus.spread import learn_spread

SIDES = ["left", "top", "right", "bottom"]


def world(seed, *, items=120, annotators=8, each=3, bad=2):
    """Images of five cats and dogs; the last `bad` annotators miss most, invent things, and call them anything."""
    random = np.random.default_rng(seed)
    truth, rows = {}, []
    for item in range(items):
        start = random.uniform(0, 800, (5, 2))
        boxes = np.concatenate([start, start + random.uniform(60, 150, (5, 2))], axis=1)
        names = random.choice(["cat", "dog"], 5)
        truth[item] = list(zip(names.tolist(), boxes, strict=True))
        for who in random.choice(annotators, each, replace=False).tolist():
            is_bad = who >= annotators - bad
            for name, sides in truth[item]:
                if random.random() < (0.3 if is_bad else 0.9):
                    moved = np.clip(sides + random.normal(0, 12 if is_bad else 3 + who, 4), 0, None)
                    said = random.choice(["cat", "dog"]) if random.random() < (0.8 if is_bad else 0.05) else name
                    rows.append((item, f"a{who}", said, *moved))
            for _ in range(random.poisson(3 if is_bad else 0.2)):
                left, top = random.uniform(0, 800, 2)
                rows.append((item, f"a{who}", "cat", left, top, left + 90, top + 90))
            rows.append((item, f"a{who}", None, *[None] * 4))
    return truth, rows


def read(rows, **more):
    columns = zip(*rows, strict=True)
    table = dict(zip(("photo", "who", "what", *SIDES), map(list, columns), strict=True))
    return Responses.from_table(table, item="photo", annotator="who", label="what", kind="box", value=SIDES, **more)


def found_in(truth, model):
    """Shares of the found that are there, and of those that are there that were found; and their mean overlap."""
    instances, responses = model.instances_, model.responses_
    right, overlaps = 0, []
    for item, code, value in zip(instances.item_codes, instances.label_codes, instances.values, strict=True):
        sides = np.array([[getattr(value, side) for side in SIDES]])
        near = [
            float(box_iou(sides, box[None])[0, 0])
            for name, box in truth[responses.items[item]]
            if name == responses.labels[code]
        ]
        if max(near, default=0) >= 0.5:
            right += 1
            overlaps.append(max(near))
    return right / len(instances), right / (5 * len(truth)), np.mean(overlaps)


@pytest.fixture(scope="module")
def fitted():
    truth, rows = world(1)
    return truth, InstanceConsensus().fit(read(rows))


def test_what_is_there_is_found_and_what_was_invented_is_not(fitted):
    precision, recall, overlap = found_in(*fitted)

    assert precision > 0.88
    assert recall > 0.88
    assert overlap > 0.85


def test_annotators_who_miss_and_invent_are_told_from_those_who_do_not(fitted):
    skill = fitted[1].skill_

    assert skill.right[:6].min() > 0.7 > 0.4 > skill.right[6:].max()
    assert skill.seen[:6].min() > 0.8 > 0.5 > skill.seen[6:].max()
    assert skill.extras[:6].max() < 0.6 < 2 < skill.extras[6:].min()
    assert (skill.seen_low < skill.seen).all()
    assert (skill.seen < skill.seen_high).all()


def test_who_places_more_exactly_has_the_smaller_spread(fitted):
    spread = fitted[1].skill_.spread[:6]

    assert np.corrcoef(spread, np.arange(6))[0, 1] > 0.8


def test_probabilities_of_existence_are_what_happens(fitted):
    truth, model = fitted
    every = model.candidates_
    is_there = [
        max(box_iou(np.array([[getattr(v, s) for s in SIDES]]), np.array([b for _, b in truth[i]]))[0]) > 0.4
        for i, v in zip(model.responses_.items[every.item_codes].tolist(), every.values, strict=True)
    ]

    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.0)):
        inside = (every.existence > low) & (every.existence <= high)
        assert np.mean(np.array(is_there)[inside]) == pytest.approx(every.existence[inside].mean(), abs=0.12)


def test_the_order_of_rows_does_not_matter(fitted):
    _, rows = world(1)
    turned = InstanceConsensus().fit(read(rows[::-1]))

    assert len(turned.instances_) == len(fitted[1].instances_)
    assert np.sort(turned.instances_.existence) == pytest.approx(np.sort(fitted[1].instances_.existence), abs=1e-3)


def test_known_items_are_certain_and_teach_who_is_right():
    truth, rows = world(2, items=40)
    gold = read([(i, "gold", name, *map(float, sides)) for i in range(20) for name, sides in truth[i]])
    model = InstanceConsensus().fit(read(rows), gold)
    every = model.candidates_
    known = every.item_codes < 20

    assert (np.minimum(every.existence, 1 - every.existence)[known] < 1e-9).all()
    assert ((every.existence[~known] > 0) & (every.existence[~known] < 1)).all()


def test_a_gold_label_that_nobody_gave_is_named():
    rows = [(0, "a", "cat", 0.0, 0.0, 9.0, 9.0)]

    with pytest.raises(ValueError, match="gold has the label 'horse'"):
        InstanceConsensus().fit(read(rows), read([(0, "gold", "horse", 0.0, 0.0, 9.0, 9.0)]))


def test_posteriors_of_labels_stand_beside_the_instances(fitted):
    model = fitted[1]

    assert model.posterior_.shape == (len(model.instances_), 2)
    assert model.posterior_.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert model.posterior_.argmax(axis=1).tolist() == model.instances_.label_codes.tolist()


def test_things_come_as_columns(fitted):
    table = instances_table(fitted[1])

    assert list(table) == ["item", "label", *SIDES, "existence", "label_probability"]
    assert len(table["left"]) == len(fitted[1].instances_)


def test_labels_of_two_voices_that_differ_are_a_tie():
    rows = [(0, "a", "cat", 0.0, 0.0, 9.0, 9.0), (0, "b", "dog", 0.0, 0.0, 9.0, 9.0)]
    model = InstanceConsensus(labels=MajorityVote).fit(read(rows))

    assert model.candidates_.ties.tolist() == [True]


def test_nothing_marked_gives_nothing():
    model = InstanceConsensus().fit(read([(0, "a", None, *[None] * 4), (0, "b", None, *[None] * 4)]))

    assert len(model.instances_) == 0
    assert model.skill_.seen.shape == (2,)


def test_an_empty_table_gives_nothing():
    columns = ("photo", "who", "what", *SIDES)
    empty = Responses.from_table(
        {name: [] for name in columns}, item="photo", annotator="who", label="what", kind="box", value=SIDES
    )

    assert len(InstanceConsensus().fit(empty).instances_) == 0


def test_one_annotator_alone_is_believed():
    model = InstanceConsensus().fit(read([(i, "a", "cat", 0.0, 0.0, 9.0, 9.0) for i in range(3)]))

    assert model.instances_.marked.tolist() == [1, 1, 1]


def test_a_kind_that_came_later_needs_only_its_record():
    squares = replace(BOX, name="square", distances=None)
    _, rows = world(3, items=30)
    table = dict(zip(("photo", "who", "what", *SIDES), map(list, zip(*rows, strict=True)), strict=True))
    later = Responses.from_table(table, item="photo", annotator="who", label="what", kind=squares, value=SIDES)

    slow, fast = InstanceConsensus().fit(later), InstanceConsensus().fit(read(rows))

    assert slow.instances_.values == fast.instances_.values


def test_intervals_of_time_come_to_a_consensus():
    random = np.random.default_rng(5)
    rows = []
    for item in range(60):
        starts = np.arange(6) * 10 + random.uniform(0, 3, 6)
        for who in range(3):
            rows += [
                (item, who, s + random.normal(0, 0.1), s + 4 + random.normal(0, 0.1))
                for s in starts
                if random.random() < 0.85
            ]
    table = dict(zip(("clip", "who", "start", "end"), map(list, zip(*rows, strict=True)), strict=True))
    responses = Responses.from_table(table, item="clip", annotator="who", kind="interval", value=["start", "end"])
    model = InstanceConsensus().fit(responses)

    assert model.skill_.seen == pytest.approx([0.85] * 3, abs=0.05)
    assert model.things_ == pytest.approx(6, abs=0.2)


def test_things_that_all_missed_are_counted_in_what_an_author_could_have_seen():
    random = np.random.default_rng(0)
    seen = random.random((3000, 2)) < (0.6, 0.7)
    there = seen.any(axis=1)
    cluster, author = np.nonzero(seen[there])
    clusters = int(there.sum())
    marks = Marks(
        item=np.zeros(clusters, np.int32),
        member_cluster=cluster.astype(np.int32),
        member_author=author.astype(np.int32),
        look_item=np.zeros(2, np.int32),
        look_author=np.arange(2, dtype=np.int32),
        items=1,
        authors=2,
        known=np.ones(clusters, np.int32),
        unseen=np.full(1, -1, np.int32),
        ratio=np.zeros(clusters),
    )
    found = learn_existence(marks, places=1e6)

    assert found.things == pytest.approx(3000, rel=0.03)
    assert 1 / (1 + np.exp(-found.seeing[:2])) == pytest.approx([0.6, 0.7], abs=0.03)


def test_variances_are_read_from_distances_between_authors():
    true = np.array([0.01, 0.04, 0.16])
    first, second = np.array([0, 0, 1], np.int32), np.array([1, 2, 2], np.int32)
    found = learn_spread(first, second, np.full(3, 1e6), 1e6 * (true[first] + true[second]), 3)

    assert found[:3] == pytest.approx(true, rel=0.03)
