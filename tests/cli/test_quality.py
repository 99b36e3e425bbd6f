"""`karat quality` reads a plain table and says its figures, in words or as JSON, with no server."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from karat.cli.main import app


@pytest.fixture
def votes(tmp_path, monkeypatch):
    """A folder with votes of six people on a hundred items, gold, and a model's probabilities."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    chance = np.random.default_rng(1)
    truth = chance.choice(["cat", "dog", "owl"], 100)
    rows = []
    for item in range(100):
        for person in chance.choice(6, 3, replace=False):
            label = truth[item] if chance.random() < 0.8 else chance.choice(["cat", "dog", "owl"])
            rows.append([f"i{item:03d}", f"p{person}", str(label), len(rows), "day" if item % 2 else "night"])
    write("votes.csv", ["item", "annotator", "label", "at", "shift"], rows)
    write("gold.csv", ["item", "label"], [[f"i{i:03d}", str(t)] for i, t in enumerate(truth)])
    model = [[f"i{i:03d}", *(0.8 if t == name else 0.1 for name in ("cat", "dog", "owl"))] for i, t in enumerate(truth)]
    write("model.csv", ["item", "cat", "dog", "owl"], model)
    given = [[f"i{i:03d}", str(t) if i != 42 else ("cat" if t != "cat" else "dog")] for i, t in enumerate(truth)]
    write("given.csv", ["item", "label"], given)
    return rows


def write(name, columns, rows):
    with Path(name).open("w", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


def run(*words):
    return CliRunner().invoke(app, ["quality", *words])


def read(*words):
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_agreement_is_told_for_all_labels_and_slices(votes):
    shown = run("agreement", "votes.csv", "--slice", "shift")

    assert shown.exit_code == 0
    assert re.search(r"alpha \(nominal\) +0\.\d{3} +\[0\.\d{3}, 0\.\d{3}\] +100", shown.output)
    for words in ("percent", "label cat", "shift: day"):
        assert words in shown.output


def test_agreement_as_json_has_intervals_and_what_was_drawn(votes):
    found = read("agreement", "votes.csv", "--slice", "shift", "--over", "items-and-annotators", "--samples", "100")

    alpha = found["agreement"]["alpha (nominal)"]
    assert alpha["low"] < alpha["value"] < alpha["high"]
    assert alpha["method"] == "percentile bootstrap over items and annotators, 100 samples"
    assert set(found["by_slice"]["shift"]) == {"day", "night"}


def test_words_in_an_order_are_told_by_order(votes):
    found = read("agreement", "votes.csv", "--metric", "ordinal", "--order", "cat,dog,owl", "--samples", "100")

    assert {"alpha (ordinal)", "AC2 (quadratic)"} <= set(found["agreement"])


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "tsv"])
def test_every_sort_of_file_gives_the_same_figures(votes, kind):
    columns = dict(zip(["item", "annotator", "label"], zip(*[row[:3] for row in votes], strict=True), strict=True))
    if kind == "parquet":
        pyarrow.parquet.write_table(pa.table({k: list(v) for k, v in columns.items()}), "other.parquet")
    elif kind == "jsonl":
        lines = [json.dumps(dict(zip(columns, row[:3], strict=True))) for row in votes]
        Path("other.jsonl").write_text("\n".join(lines))
    else:
        Path("other.tsv").write_text("\n".join("\t".join(row) for row in [list(columns), *(r[:3] for r in votes)]))

    assert read("agreement", f"other.{kind}", "--samples", "50") == read("agreement", "votes.csv", "--samples", "50")


def test_consensus_names_every_item_and_goes_to_a_file(votes):
    found = read("consensus", "votes.csv")
    written = run("consensus", "votes.csv", "--out", "made.parquet")

    assert len(found) == 100
    assert set(found[0]) == {"item", "label", "probability", "tie"}
    assert "100 items are in made.parquet." in written.output
    assert pyarrow.parquet.read_table("made.parquet")["label"].to_pylist() == [row["label"] for row in found]


def test_annotators_are_judged_on_gold_where_there_is_some(votes):
    with_gold, without = read("annotators", "votes.csv", "--gold", "gold.csv"), read("annotators", "votes.csv")

    assert {row["annotator"] for row in with_gold} == {f"p{i}" for i in range(6)}
    assert all(row["gold low"] < row["on gold"] < row["gold high"] for row in with_gold)
    assert {row["verdict"] for row in with_gold} <= {"pass", "fail", "not yet known"}
    assert "on gold" not in without[0]
    assert "not yet known" in run("annotators", "votes.csv", "--gold", "gold.csv").output


def test_a_wrong_label_comes_first(votes):
    found = read("mislabels", "given.csv", "--model", "model.csv")

    assert found[0]["item"] == "i042"
    assert found[0]["suspected"]
    assert found[0]["score"] < found[1]["score"]
    assert "1 of 100 labels are suspected" in run("mislabels", "given.csv", "--model", "model.csv").output


def test_with_annotators_the_model_is_one_more(votes):
    found = read("mislabels", "votes.csv", "--annotator", "annotator", "--model", "model.csv")
    truth = {row["item"]: row["label"] for row in csv.DictReader(Path("gold.csv").read_text().splitlines())}

    assert len(found) == 100
    assert np.mean([row["suggested"] == truth[row["item"]] for row in found]) > 0.97


def test_the_sheet_is_one_page_that_fetches_nothing(votes):
    result = run("sheet", "votes.csv", "--gold", "gold.csv", "--time", "at", "--slice", "shift", "--samples", "100")
    page = Path("votes.csv.quality.html").read_text()

    assert result.exit_code == 0, result.output
    for words in (
        "Krippendorff",
        "Who agrees with whom",
        "Is the promise kept?",
        "Confusion",
        "Over time",
        "Agreement by slice",
    ):
        assert words in page
    assert not re.search(r"src=|href=\"[^#]|<script|http://|https://|@import|url\(", page)


def test_the_sheet_as_json_has_what_the_page_has(votes):
    found = read("sheet", "votes.csv", "--gold", "gold.csv", "--time", "at", "--samples", "100")

    assert (found["items"], found["annotators"], found["labels"]) == (100, 6, 3)
    assert {"Krippendorff's alpha", "Accuracy on gold", "Wrong at most"} <= {f["name"] for f in found["figures"]}
    assert {c["run_length"] for c in found["charts"]} == {370}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["agreement", "nowhere.csv"], "nowhere.csv: there is no such file."),
        (["agreement", "votes.csv", "--item", "photo"], "votes.csv has no column 'photo': it has 'item'"),
        (["agreement", "votes.csv", "--metric", "interval"], "the label 'cat' is no number"),
        (["agreement", "votes.csv", "--samples", "3"], "samples=3"),
        (["agreement", "votes.csv", "--slice", "mood"], "votes.csv has no column 'mood'"),
        (
            ["annotators", "votes.csv", "--gold", "model.csv"],
            "model.csv: no column looks like the label. It has 'item', 'cat'",
        ),
        (["annotators", "votes.csv", "--good", "0.5"], "bad below good"),
        (["mislabels", "votes.csv", "--model", "model.csv"], "several rows for an item"),
        (["mislabels", "given.csv", "--model", "gold.csv"], "gold.csv has no column for the label"),
        (["consensus", "votes.csv", "--out", "made.xlsx"], "made.xlsx ends in '.xlsx'"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(votes, words, says):
    result = run(*words)

    assert result.exit_code == 1
    assert says in result.stderr
    assert "Traceback" not in result.output


def test_a_file_of_another_sort_is_told(tmp_path):
    odd, broken = tmp_path / "votes.xlsx", tmp_path / "votes.parquet"
    odd.write_text("x")
    broken.write_text("x")

    assert (
        "ends in '.xlsx'; .csv, .tsv, .tab, .parquet, .jsonl, .ndjson can be read" in run("agreement", str(odd)).stderr
    )
    assert "cannot be read: Parquet file size is 1 bytes" in run("agreement", str(broken)).stderr


def test_a_replay_says_how_few_labels_would_have_done(votes):
    write("few.csv", ["item", "annotator", "label"], [row[:3] for row in votes[:60]])
    found = read("replay", "few.csv", "--gold", "gold.csv")

    assert found["recorded"] == 3
    assert found["labels_per_item"] <= 3
    assert found["accuracy"] >= found["target"] or not found["reached"]
    assert "labels an item bring" in run("replay", "few.csv", "--gold", "gold.csv", "--target", "0.8").output
    assert (
        "expected `vote` or an accuracy" in run("replay", "votes.csv", "--gold", "gold.csv", "--target", "much").stderr
    )


def test_a_declared_population_says_how_far_the_items_are_from_it(votes):
    write(
        "population.csv", ["slice", "part", "share"], [["shift", "day", 1], ["shift", "night", 2], ["shift", "dawn", 1]]
    )
    words = ["sheet", "votes.csv", "--slice", "shift", "--population", "population.csv", "--samples", "40"]
    [found] = read(*words)["coverage"]

    assert found["distance"]["value"] == pytest.approx(0.25)
    assert found["distance"]["low"] < 0.25 < found["distance"]["high"]
    assert found["empty"] == ["dawn"]
    assert run(*words).exit_code == 0
    assert "distance to the population" in Path("votes.csv.quality.html").read_text()


@pytest.mark.parametrize(
    ("row", "says"),
    [(["mood", "day", 1], "which is none of those given by --slice"), (["shift", "day", 0], "give a number above 0")],
)
def test_a_population_that_does_not_fit_is_told(votes, row, says):
    write("population.csv", ["slice", "part", "share"], [row])

    assert says in run("sheet", "votes.csv", "--slice", "shift", "--population", "population.csv").stderr
    write("population.csv", ["slice", "part", "share"], [["shift", "day", 1]])
    assert (
        "lacks the cell 'night'"
        in run("sheet", "votes.csv", "--slice", "shift", "--population", "population.csv").stderr
    )


def test_gold_that_is_written_as_texts_beside_votes_that_are_numbers_is_matched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("few.csv", ["item", "annotator", "label"], [[item, who, item % 2] for item in range(1, 5) for who in "xy"])
    write("known.csv", ["item", "label"], [[1, 1], [2, 0], [3, "typo"]])

    found = json.loads(run("consensus", "few.csv", "--gold", "known.csv", "--json").stdout)

    assert [row["label"] for row in found] == ["1", "0", "typo", "0"]
