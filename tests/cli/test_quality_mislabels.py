"""`karat quality mislabels --of …`: what is probably wrong among numbers, tags, words, boxes and spans."""

import json

import pytest
from typer.testing import CliRunner

from karat.cli.quality import app

run = CliRunner().invoke

TABLES = {
    "numbers": (
        "item,label\na,1.0\nb,2.1\nc,9.0\nd,3.2\ne,4.9\n",
        "item,prediction\nb,2\na,1.1\nc,3\nd,3.1\ne,5\n",
        {"item": "c", "label": 9.0, "prediction": 3.0},
    ),
    "tags": (
        "item,label\na,cat\na,dog\nb,cat\nc,\n",
        "item,cat,dog\na,0.9,0.95\nb,0.9,0.8\nc,0.1,0.2\n",
        {"item": "b", "label": "dog", "given": False},
    ),
    "words": (
        "item,position,label\na,1,O\na,0,O\nb,0,name\nb,1,O\n",
        "item,position,O,name\na,0,0.9,0.1\na,1,0.8,0.2\nb,0,0.1,0.9\nb,1,0.3,0.7\n",
        {"item": "b", "position": 1, "label": "O", "suggested": "name"},
    ),
    "boxes": (
        "item,label,left,top,right,bottom\na,cat,0,0,40,40\nb,cat,0,0,40,40\nc,dog,0,0,40,40\n",
        "item,label,left,top,right,bottom,confidence\na,cat,0,0,40,40,0.9\nb,dog,0,0,40,40,0.9\nc,dog,0,0,40,40,0.9\n",
        {"item": "b", "overlooked": 0, "badly placed": 0, "misnamed": 1},
    ),
    "spans": (
        "item,label,start,end\na,name,0,4\nb,name,0,4\nc,name,0,4\n",
        "item,label,start,end,confidence\na,name,0,4,0.9\nb,name,0,4,0.9\nb,name,9,12,0.95\nc,name,0,4,0.9\n",
        {"item": "b", "overlooked": 1, "badly placed": 0, "misnamed": 0},
    ),
    "intervals": (
        "item,label,start,end\na,speech,0.0,4.5\nb,speech,0.0,4.5\nc,speech,1.5,4.5\n",
        "item,label,start,end,confidence\na,speech,0.0,4.5,0.9\nb,speech,4.0,9.0,0.9\nc,speech,1.5,4.5,0.9\n",
        {"item": "b", "overlooked": 0, "badly placed": 1, "misnamed": 0},
    ),
}


@pytest.mark.parametrize("sort", TABLES)
def test_what_is_probably_wrong_comes_first(tmp_path, sort):
    labels, model, first = TABLES[sort]
    (tmp_path / "labels.csv").write_text(labels)
    (tmp_path / "model.csv").write_text(model)
    command = ["mislabels", str(tmp_path / "labels.csv"), "--model", str(tmp_path / "model.csv"), "--of", sort]

    told = run(app, [*command, "--json"])
    shown = run(app, command)

    assert told.exit_code == shown.exit_code == 0, told.output + shown.output
    rows = json.loads(told.stdout)
    assert {key: rows[0][key] for key in first} == first
    assert [row["score"] for row in rows] == sorted(row["score"] for row in rows)
    assert "The first of" in shown.stdout


@pytest.mark.parametrize(
    ("sort", "labels", "model", "says"),
    [
        ("numbers", "item,label\na,1\n", "item,prediction\nb,1\n", "has no row for the item 'a'"),
        ("numbers", "item,label\na,1\n", "item,p\na,1\n", "has no column 'prediction'"),
        ("tags", "item,label\na,fox\n", "item,cat\na,0.5\n", "has no column for the label 'fox'"),
        (
            "words",
            "item,position,label\na,3,O\n",
            "item,position,O,B\na,0,0.5,0.5\n",
            "no row for the item 'a' at position 3",
        ),
    ],
)
def test_tables_that_do_not_fit_are_told(tmp_path, sort, labels, model, says):
    (tmp_path / "labels.csv").write_text(labels)
    (tmp_path / "model.csv").write_text(model)

    told = run(app, ["mislabels", str(tmp_path / "labels.csv"), "--model", str(tmp_path / "model.csv"), "--of", sort])
    assert told.exit_code == 1
    assert says in told.output


def test_annotators_are_for_labels(tmp_path):
    told = run(app, ["mislabels", "x.csv", "--model", "y.csv", "--of", "boxes", "--annotator", "who"])

    assert told.exit_code == 1
    assert "take the consensus of boxes first" in told.output
