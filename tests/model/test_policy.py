"""A workflow policy is read whole or refused with every mistake and what to do."""

import pytest
from hypothesis import given, settings

from karat.model.durations import seconds
from karat.model.policy import default_policy, read_policy
from karat.model.yaml import read_yaml
from karat.testing.values import arbitrary_json

GOOD = """\
karat_policy: 1
start: label
stages:
  label: {do: label, overlap: 3, claim: 20m, queue: in_order, next: [{to: accept}]}
  accept: {do: resolve, by: consensus}
"""
QUEUES = {"in_order"}
METHODS = ["majority", "default"]


def read(text):
    return read_policy(read_yaml(text)[0], QUEUES, METHODS)


def test_a_good_policy_is_read():
    policy, problems = read(GOOD)

    assert problems == []
    assert (policy.stages["label"].overlap, policy.stages["label"].claim_s) == (3, 1200)


def test_the_default_policy_is_a_good_one():
    import msgspec

    policy = default_policy(overlap=2)

    assert read_policy(msgspec.to_builtins(policy), QUEUES, METHODS) == (policy, [])


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ("karat_policy: 1", "karat_policy: 3", "karat_policy", "1"),
        ("start: label", "start: review", "start", "one of label, accept"),
        ("overlap: 3", "overlap: 0", "stages.label.overlap", "1 to 100"),
        ("overlap: 3", "overlap: many", "stages.label.overlap", "a whole number"),
        ("claim: 20m", "claim: soon", "stages.label.claim", "a duration from 1s to 30d"),
        ("claim: 20m", "claim: 31d", "stages.label.claim", "a duration from 1s to 30d"),
        (
            "claim: 20m",
            "edit_until: later",
            "stages.label.edit_until",
            "resolved, reviewed, never, or a duration from 1s to 366d",
        ),
        ("claim: 20m", "rework: 9999999d", "stages.label.rework", "a duration from 1s to 366d"),
        ("queue: in_order", "queue: any", "stages.label.queue", "one of in_order"),
        ("to: accept", "to: review", "stages.label.next[0].to", "one of label, accept"),
        (", by: consensus", "", "stages.accept.by", "consensus"),
        ("do: label", "do: lable", "stages.label.do", "one of adjudicate, label, resolve, review"),
        ("start: label", "start: label\nskip_reasons: {Blurred: Too blurred}", "skip_reasons.Blurred", "a key"),
        ("start: label", "start: label\nskip_reasons: {blurred: ''}", "skip_reasons.blurred", "1 to 100 characters"),
        ("overlap: 3", "overlaps: 3", "stages.label.overlaps", "no such key"),
    ],
)
def test_a_bad_policy_is_refused_with_reason_and_remedy(old, new, path, expected):
    policy, [problem] = read(GOOD.replace(old, new))

    assert policy is None
    assert (problem.path, problem.expected) == (path, expected)
    assert problem.do


@pytest.mark.parametrize(("text", "value"), [("90s", 90), ("20m", 1200), ("2h", 7200), ("3d", 259200)])
def test_durations_are_read(text, value):
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "20", "m", "1.5h", "-1m", "20 m"])
def test_what_is_no_duration_says_how_to_write_one(text):
    with pytest.raises(ValueError, match="write a number"):
        seconds(text)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(given_value=arbitrary_json)
def test_whatever_is_given_is_read_or_refused(given_value):
    policy, found = read_policy(given_value, QUEUES, METHODS)

    assert (policy is None) == bool(found)
    assert all(p.expected and p.do for p in found)
