"""The diarization error rate is that of pyannote.metrics, part by part."""

import pytest

from karat.quality.agreement.diarization import diarization_errors
from karat.quality.spans import Spans

# Turns drawn once at random on two calls; speakers of the second annotator have other names on the first.
TURNS = {
    "item": [0] * 8 + [1] * 8,
    "who": ["a", "a", "a", "a", "b", "b", "b", "b"] * 2,
    "start": [0.0, 4.1, 9.3, 12.0, 0.4, 4.0, 9.9, 15.2, 1.0, 3.2, 7.7, 7.9, 0.0, 3.3, 8.0, 11.6],
    "end": [4.2, 8.8, 13.1, 19.5, 3.9, 9.9, 14.8, 19.0, 3.1, 7.5, 12.2, 14.0, 2.9, 7.9, 11.2, 14.1],
    "label": ["x", "y", "x", "y", "p", "q", "p", "q", "x", "y", "z", "x", "x", "x", "z", "y"],
}


def turns(table=TURNS):
    return Spans.from_table(table, item="item", annotator="who", start="start", end="end", label="label")


# From pyannote.metrics 4.2: missed, false alarm, confusion and speech of the reference in seconds, and the rate.
@pytest.mark.parametrize(
    ("options", "seconds", "rate"),
    [
        ({}, [7.7, 1.8, 4.5, 37.2], 0.37634408602150526),
        ({"collar": 0.5}, [5.6, 0.75, 3.4, 31.3], 0.31150159744408945),
        ({"overlap": "skipped"}, [1.7, 1.8, 4.5, 26.2], 0.30534351145038163),
        ({"collar": 0.5, "overlap": "skipped"}, [0.8, 0.75, 3.4, 22.5], 0.21999999999999997),
        ({"speakers": "named"}, [7.7, 1.8, 24.4, 37.2], 0.911290322580645),
    ],
)
def test_the_rate_and_its_parts_are_those_of_pyannote(options, seconds, rate):
    found = diarization_errors(turns(), reference="a", **options)

    parts = [found.missed.apart.sum(), found.false_alarm.apart.sum(), found.confusion.apart.sum()]
    assert [*parts, found.rate.base.sum()] == pytest.approx(seconds, abs=1e-9)
    assert found.rate.estimate().value == pytest.approx(rate, abs=1e-12)


def test_without_a_reference_each_is_compared_with_each_both_ways():
    found = diarization_errors(turns())

    assert found.missed.apart.sum() == pytest.approx(found.false_alarm.apart.sum())
    assert found.rate.by_pair()["a", "b"] == found.rate.estimate()
    assert set(found.rate.by_item()) == {0, 1}


def test_silence_of_both_is_nothing_to_differ_on_and_silence_of_one_is_missed_speech():
    table = {"item": [1, 1, 2, 2], "who": ["a", "b"] * 2, "start": [None, None, 0, None], "end": [None, None, 4, None]}
    spans = Spans.from_table(table, item="item", annotator="who", start="start", end="end")

    found = diarization_errors(spans, reference="a")
    assert found.rate.by_item() == {2: 1.0}
    assert found.missed.apart.tolist() == [0.0, 4.0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"reference": "z"}, "reference='z' is no annotator"),
        ({"collar": -1}, "collar=-1"),
        ({"overlap": "ignored"}, "take 'scored' or 'skipped'"),
    ],
)
def test_what_cannot_be_asked_is_told(options, says):
    with pytest.raises(ValueError, match=says):
        diarization_errors(turns(), **options)
