"""Known labels find the items they are for, or it is said why not."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest

from karat.quality import MajorityVote, Votes

NOON = datetime(2026, 1, 1, 12)


def votes_of(items, labels=("p", "q")):
    table = {"i": items, "a": ["x", "x"], "l": pa.array(labels) if isinstance(labels, tuple) else labels}
    return Votes.from_table(table, item="i", annotator="a", label="l")


class Series:
    """As of pandas."""

    def __init__(self, told, unique=True):
        self.told, self.index = told, type("Index", (), {"is_unique": unique})

    def to_dict(self):
        return self.told


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize(
    "key", [NOON, np.datetime64(NOON, "ns"), np.datetime64(NOON, "s"), NOON.replace(tzinfo=UTC),
            datetime(2026, 1, 1, 14, tzinfo=timezone(timedelta(hours=2)))],
)  # fmt: skip
def test_gold_of_dates_is_matched_however_they_are_written(unit, key):
    for zone in (None, "UTC"):
        times = (
            pa.array([NOON, NOON + timedelta(1)], pa.timestamp("us"))
            .cast(pa.timestamp(unit))
            .cast(pa.timestamp(unit, zone))
        )
        votes = votes_of(times)

        assert votes.items.tolist()[0] == NOON
        assert votes.gold_codes({key: "q"}).tolist() == [1, -1]
        assert MajorityVote().fit(votes).add_vote(key, "y", "p").label_of(key) == "p"


def test_gold_labels_may_be_dates():
    votes = votes_of([1, 2], pa.array([NOON, NOON + timedelta(1)], pa.timestamp("ns")))

    assert votes.gold_codes({2: np.datetime64(NOON, "ns")}).tolist() == [-1, 0]


def test_times_finer_than_a_microsecond_are_no_names():
    with pytest.raises(ValueError, match="column 'i' holds times finer than a microsecond"):
        votes_of(np.array([1, 2], "datetime64[ns]"))


def test_gold_that_knows_none_of_the_items_is_refused():
    with pytest.raises(ValueError, match=r"it has '1' \(str\), the votes have 1 \(int\)"):
        MajorityVote().fit(votes_of([1, 2]), gold={"1": "p"})
    assert votes_of([1, 2]).gold_codes({}).tolist() == [-1, -1]


def test_gold_may_be_a_series_of_pandas():
    assert votes_of([1, 2]).gold_codes(Series({1: "q"})).tolist() == [1, -1]
    with pytest.raises(ValueError, match="gold names an item twice"):
        votes_of([1, 2]).gold_codes(Series({1: "q"}, unique=False))
    with pytest.raises(TypeError, match="gold is a list: give a mapping"):
        votes_of([1, 2]).gold_codes([(1, "q")])
