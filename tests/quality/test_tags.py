"""Tables of BIO tags become spans in tokens, and recorded entities come out better than by vote."""

import os
from collections import defaultdict
from pathlib import Path

import pyarrow.csv
import pytest

from karat.quality import InstanceConsensus, responses_of_tags

DATA = Path(os.environ.get("KARAT_DATA", "../shared/data")) / "crowd" / "ner_val"


def read(*tags, **changed):
    table = {"text": [1] * len(tags), "who": ["Ada"] * len(tags), "token": list(range(len(tags))), "tag": list(tags)}
    return responses_of_tags(table | changed, item="text", annotator="who", position="token", tag="tag")


def spans(responses):
    return [(v[0], responses.labels[c]) for v, c in zip(responses.values.raw, responses.label_codes, strict=True)]


def test_a_b_begins_and_an_i_goes_on():
    assert spans(read("B-PER", "I-PER", "B-PER", "O", "B-LOC")) == [((0, 2), "PER"), ((2, 3), "PER"), ((4, 5), "LOC")]


def test_an_i_of_another_label_begins_a_span():
    assert spans(read("I-PER", "I-LOC", "O", "I-LOC")) == [((0, 1), "PER"), ((1, 2), "LOC"), ((3, 4), "LOC")]


def test_a_token_that_was_not_seen_ends_a_span():
    assert spans(read("B-PER", "I-PER", token=[0, 2])) == [((0, 1), "PER"), ((2, 3), "PER")]


def test_rows_come_in_any_order():
    assert spans(read("I-PER", "B-PER", token=[1, 0])) == [((0, 2), "PER")]


def test_who_tagged_nothing_has_looked():
    responses = read("O", "O")

    assert (len(responses), len(responses.look_items)) == (0, 1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tag": ["B-PER", "PER"]}, "column 'tag' holds 'PER' in row 1, which is no BIO tag"),
        ({"token": [0, 0]}, "token 0 has a second tag of the same annotator in row 1"),
        ({"token": ["a", "b"]}, "column 'token' holds 'a': give the place of the token"),
    ],
)
def test_what_is_wrong_is_named(changed, said):
    with pytest.raises(ValueError, match=said):
        read("O", "O", **changed)


@pytest.mark.skipif(not DATA.exists(), reason="needs the recorded crowd ner_val in $KARAT_DATA or ../shared/data")
def test_recorded_entities_come_out_better_than_by_tokens():
    """Token vote 55.1, Dawid and Skene's model on tokens 58.5 (crowd-kit 1.4.2)."""
    gold = pyarrow.csv.read_csv(DATA / "gold.csv").to_pydict()
    said = pyarrow.csv.read_csv(DATA / "labels.csv").to_pydict()
    documents = {task.split(":")[0] for task in said["task"]}
    place = [task.split(":") for task in said["task"]]
    table = {
        "doc": [d for d, _ in place],
        "token": [int(t) for _, t in place],
        "who": said["worker"],
        "tag": said["label"],
    }
    model = InstanceConsensus().fit(responses_of_tags(table, item="doc", annotator="who", position="token", tag="tag"))
    known = [(*task.split(":"), tag) for task, tag in zip(gold["task"], gold["label"], strict=True)]
    truth = responses_of_tags(
        {
            "doc": [d for d, _, _ in known if d in documents],
            "token": [int(t) for d, t, _ in known if d in documents],
            "who": ["gold"] * sum(d in documents for d, _, _ in known),
            "tag": [tag for d, _, tag in known if d in documents],
        },
        item="doc", annotator="who", position="token", tag="tag",
    )  # fmt: skip
    right = in_common(things(truth, truth.item_codes, truth.label_codes, truth.values.raw), found(model))

    assert 2 * right / (len(truth) + len(model.instances_)) > 0.6


def found(model):
    kept = model.instances_
    return things(model.responses_, kept.item_codes, kept.label_codes, kept.values)


def things(responses, items, labels, values):
    by_item = defaultdict(set)
    for item, label, value in zip(items, labels, values, strict=True):
        by_item[responses.items[item]].add((value, responses.labels[label]))
    return by_item


def in_common(a, b):
    return sum(len(marked & b[item]) for item, marked in a.items())
