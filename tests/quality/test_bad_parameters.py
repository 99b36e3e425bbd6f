"""Parameters and tables that make no sense are refused by name, value and remedy, never computed with."""

import datetime
import re

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from karat.cli.main import app
from karat.quality import Bootstrap, Consensus, Votes, krippendorff_alpha, percent_agreement
from karat.quality.agreement.alpha import alpha_of_units
from karat.quality.buying import replay
from karat.quality.consensus import DawidSkene, Glad, Mace, OneCoin, WeightedVote

THREE = {"item": [1, 1, 2], "annotator": ["a", "b", "a"]}
NAMES = {"item": "item", "annotator": "annotator", "label": "label"}


def votes(given, **options):
    return Votes.from_table({**THREE, "label": given}, **NAMES, **options)


@pytest.mark.parametrize(
    ("given", "listed", "says"),
    [
        (["x", "y", "x"], ["x", "y", "x"], "twice"),
        (["x", "y", "x"], ["x", "y", None], "None at place 2"),
        ([1.0, 2.0, 1.0], [1.0, 2.0, float("nan")], "nan at place 2"),
        (["x", "y", "x"], ["x", "y", 7], "mixes types: 7"),
        ([0, 1, 0], [False, True], "False"),
        (["x", "y", "x"], "xy", "is one text"),
    ],
)
def test_labels_listed_wrongly(given, listed, says):
    with pytest.raises(ValueError, match="labels=.*" + says):
        votes(given, labels=listed)


@pytest.mark.parametrize("abstain", [[True], ["1"], [np.True_]])
def test_an_abstention_is_of_the_type_of_the_column(abstain):
    with pytest.raises(ValueError, match="cannot stand in a column of int64"):
        votes([1, 2, 1], abstain=abstain)
    assert votes([1, 2, 1], abstain=[np.int64(1)]).labels.tolist() == [2]
    assert votes([True, False, True], abstain=[True]).labels.tolist() == [False]


def test_abstentions_are_a_list():
    with pytest.raises(ValueError, match=r"abstain=\['unsure'\]"):
        votes(["x", "unsure", "x"], abstain="unsure")


@pytest.mark.parametrize(
    ("times", "says"), [([1.0, np.inf, 2.0], "'at' holds inf in row 1"), ([datetime.time(3)] * 3, "times of day")]
)
def test_times_that_say_no_moment(times, says):
    with pytest.raises(ValueError, match=says):
        Votes.from_table({**THREE, "label": ["x"] * 3, "at": times}, **NAMES, time="at")


@pytest.mark.parametrize("weight", [1e-300, 1e308])
def test_weights_beyond_all_measure(weight):
    table = {**THREE, "label": ["x", "y", "x"], "sure": [1.0, weight, 1.0]}
    with pytest.raises(ValueError, match=r"'sure' holds 1e.* in row 1"):
        Votes.from_table(table, **NAMES, weight="sure")


def test_a_column_that_is_there_twice():
    table = pa.Table.from_arrays([pa.array([1])] * 4, names=["item", "annotator", "label", "label"])
    with pytest.raises(ValueError, match="2 columns called 'label'"):
        Votes.from_table(table, **NAMES)


def test_whole_numbers_of_64_bits_as_a_list():
    assert votes([2**63 + 1, 2**63, 5]).labels.tolist() == [5, 2**63, 2**63 + 1]
    with pytest.raises(ValueError, match=r"'label'.*below 0 and above 63 bits"):
        votes([2**63, -1, 2**63])


def test_labels_without_an_order_of_their_own():
    class Periods(pa.ExtensionType):
        def __init__(self):
            super().__init__(pa.int64(), "periods of a month")

        def __arrow_ext_serialize__(self):
            return b""

    periods = pa.ExtensionArray.from_storage(Periods(), pa.array([1, 2, 1]))
    with pytest.raises(ValueError, match=r"'label'.*write them as texts"):
        votes(periods)
    codes = pa.array([0, 1, 0], pa.int32())
    with pytest.raises(ValueError, match=r"'label'.*write them as texts"):
        votes(pa.DictionaryArray.from_arrays(codes, periods))


def test_a_column_that_arrow_cannot_hold():
    class Int128:
        dtype = "Int128"

        def to_arrow(self):
            raise pa.ArrowInvalid("unknown format")

    with pytest.raises(ValueError, match=r"'label'.*Int128"):
        votes(Int128())


def test_a_table_that_is_not_read_yet():
    class LazyFrame:
        columns = ("item", "annotator", "label")

        def collect(self):
            raise AssertionError("not asked to")

    with pytest.raises(ValueError, match=r"\.collect\(\)"):
        Votes.from_table(LazyFrame(), **NAMES)


@pytest.mark.parametrize("measure", [percent_agreement, krippendorff_alpha, Consensus().fit])
def test_a_table_in_the_place_of_votes(measure):
    with pytest.raises(TypeError, match=r"Votes\.from_table"):
        measure(pa.table({**THREE, "label": ["x", "y", "x"]}))


def test_an_order_that_names_a_label_twice():
    with pytest.raises(ValueError, match="'y' twice"):
        krippendorff_alpha(votes(["x", "y", "x"]), metric="ordinal", order=["x", "y", "y"])


@pytest.mark.parametrize("seed", [-1, 0.5, True])
def test_seeds_that_are_none(seed):
    with pytest.raises(ValueError, match="seed="):
        Bootstrap(seed=seed)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"target": float("nan")}, "target=nan"),
        ({"target": 2.0}, r"target=2\.0.*at most 1"),
        ({"target": -1}, "target=-1"),
        ({"target": float("inf")}, "target=inf"),
        ({"target": "votes"}, "target='votes'.*'vote'"),
        ({"budget": float("inf")}, "budget=inf.*None"),
        ({"budget": float("nan")}, "budget=nan"),
        ({"model": Consensus()}, "model=Consensus"),
        ({"seed": -1}, "seed=-1"),
        ({"pilot": 0.5}, r"pilot=0\.5"),
    ],
)
def test_replays_that_make_no_sense(parameters, says):
    with pytest.raises((ValueError, TypeError), match=says):
        replay(votes(["x", "y", "x"]), {1: "x"}, **parameters)


@pytest.mark.parametrize("model", [DawidSkene, OneCoin, Mace, Glad])
@pytest.mark.parametrize(
    "parameter",
    [
        {"smoothing": -1.0},
        {"smoothing": 0.0},
        {"smoothing": float("nan")},
        {"max_rounds": 0},
        {"max_rounds": 1.5},
        {"tolerance": -1e-9},
        {"tolerance": float("inf")},
        {"tolerance": "1"},
    ],
    ids=repr,
)
def test_parameters_of_models(model, parameter):
    name, value = next(iter(parameter.items()))
    if model is Glad and name == "smoothing":
        parameter = {"tolerance": float("nan")}
        name, value = "tolerance", float("nan")
    with pytest.raises((ValueError, TypeError), match=re.escape(f"{name}={value!r}") + ".*give"):
        model(**parameter).fit(votes(["x", "y", "x"]))


@pytest.mark.parametrize("size", [5e-324, 1e-300, 1e308])
def test_voices_count_by_their_relation(size):
    given = votes(["x", "y", "x"])
    plain = WeightedVote(voices={"a": 1.0, "b": 1.0}).fit(given)
    odd = WeightedVote(voices={"a": size, "b": size}).fit(given)
    assert odd.posterior_.tolist() == plain.posterior_.tolist() == [[0.5, 0.5], [1.0, 0.0]]
    assert odd.rule_.posterior([0, 1], [0, 1]).tolist() == [0.5, 0.5]


LARGE = "99999999999999999999999"


def agreement_of_file(path, lines, *options):
    path.write_text("\n".join(lines) + "\n")
    return CliRunner().invoke(app, ["quality", "agreement", str(path), "--json", *options])


def test_labels_above_64_bits_in_a_file(tmp_path):
    rows = ["1,a,5", f"1,b,{LARGE}", "2,a,5", "2,b,5"]
    found = agreement_of_file(tmp_path / "votes.csv", ["item,annotator,label", *rows])
    assert found.exit_code == 0, found.output
    assert LARGE in found.stdout
    lines = [
        '{"item": 1, "annotator": "a", "label": 5}',
        f'{{"item": 1, "annotator": "b", "label": {LARGE}}}',
    ]
    found = agreement_of_file(tmp_path / "votes.jsonl", lines)
    assert found.exit_code != 0
    assert f"holds {LARGE} in object 2, more than 64 bits" in " ".join(found.output.split())


@pytest.mark.parametrize(
    ("options", "says"),
    [(("--seed", "-1"), "--seed"), (("--metric", "ordinal", "--order", "5,7,7"), "names the label 7 twice")],
)
def test_options_that_make_no_sense(tmp_path, options, says):
    lines = ["item,annotator,label", "1,a,5", "1,b,7", "2,a,5", "2,b,5"]
    found = agreement_of_file(tmp_path / "votes.csv", lines, *options)
    assert found.exit_code != 0
    assert says in found.output


def test_agreement_says_that_weights_do_not_count():
    table = {"item": [1, 1, 2, 2], "annotator": ["a", "b"] * 2, "label": ["x", "x", "x", "y"]}
    unequal = Votes.from_table({**table, "sure": [1000, 1000, 1, 1]}, **NAMES, weight="sure")
    level = Votes.from_table({**table, "sure": [2, 2, 2, 2]}, **NAMES, weight="sure")
    assert percent_agreement(unequal).value == percent_agreement(level).value == 0.5
    assert "votes have weights, which agreement does not count" in percent_agreement(unequal).warning
    assert "weights" not in percent_agreement(level).warning


@pytest.mark.parametrize(
    "given",
    [[1e300, -1e300, 1e300], [1.7e308, -1.7e308, 1.7e308], [1e-200, 0.0, 1e-200], [2**60 + 1, 2**60, 2**60 + 1]],
    ids=repr,
)
def test_interval_alpha_of_extreme_numbers(given):
    table = {"item": [1, 1, 2, 2], "annotator": ["a", "b"] * 2}
    extreme = Votes.from_table({**table, "label": [*given, given[0]]}, **NAMES)
    plain = Votes.from_table({**table, "label": [1, 0, 1, 1]}, **NAMES)
    found = krippendorff_alpha(extreme, metric="interval").value
    assert found == pytest.approx(krippendorff_alpha(plain, metric="interval").value, abs=1e-12)


def test_a_distance_that_differs_by_direction_is_refused():
    with pytest.raises(ValueError, match="both ways"):
        krippendorff_alpha(votes([1, 2, 1]), distance=lambda a, b: max(a - b, 0))


def test_a_distance_that_tells_nothing_apart():
    found = krippendorff_alpha(votes(["x", "y", "x"]), distance=lambda a, b: 0.0)
    assert found.value is None
    assert found.warning.startswith("no two answers lie apart by this measure")


@pytest.mark.parametrize("size", [1e300, 1e-200])
def test_alpha_of_units_of_extreme_numbers(size):
    units = [[1.0, -1.0], [1.0, 1.0], [-1.0, -1.0]]
    extreme = [[size * answer for answer in unit] for unit in units]
    assert alpha_of_units(extreme, scale="interval") == pytest.approx(alpha_of_units(units, scale="interval"))
