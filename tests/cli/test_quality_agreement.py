"""`karat quality agreement --of …`: agreement on what has a place, on turns of speakers and on texts."""

import json

import pytest
from typer.testing import CliRunner

from karat.cli.quality import app

run = CliRunner().invoke


def told(folder, text, *options):
    (folder / "marks.csv").write_text(text)
    found = run(app, ["agreement", str(folder / "marks.csv"), "--samples", "100", *options, "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def values(group):
    return {name: None if e["value"] is None else round(e["value"], 4) for name, e in group.items()}


BOXES = "item,annotator,label,left,top,right,bottom,site\n" + "".join(
    f"{i},{who},{'cat' if i % 3 else 'dog'},{50 * i},0,{50 * i + 40},{40 - 4 * (who == 'ben')},{'n' if i < 4 else 's'}\n"
    for i in range(8)
    for who in ("ada", "ben")
)
SPANS = "item,annotator,label,start,end,length\n" + "".join(
    f"{i},{who},name,{i},{i + 10},60\n{i},{who},place,{i + 20 + (who == 'ben')},{i + 30},60\n"
    for i in range(5)
    for who in ("ada", "ben")
)


def test_boxes_have_a_mean_distance_and_no_band(tmp_path):
    found = told(tmp_path, BOXES, "--of", "boxes", "--slice", "site")

    assert values(found["agreement"]) == {
        "mean distance": 0.1,
        "labels of what both marked, alpha": 1.0,
        "sigma": 1.0,
        "KS": 1.0,
        "distance alpha": pytest.approx(0.9, abs=0.01),
    }
    assert values(found["by_label"]) == {"cat": 0.1, "dog": 0.1}
    assert values(found["by site"]) == {"n": 0.1, "s": 0.1}
    assert values(found["by_annotator"]) == {"ada": 0.1, "ben": 0.1}


def test_spans_have_unitising_alpha_by_the_length_of_their_texts(tmp_path):
    found = told(tmp_path, SPANS, "--of", "spans")

    assert 0.9 < found["agreement"]["unitising alpha"]["value"] < 1
    assert values(found["by_label"]) == {"name": 0.0, "place": 0.1}


def test_annotators_can_be_drawn_too(tmp_path):
    found = told(tmp_path, SPANS, "--of", "spans", "--over", "items-and-annotators")

    assert "items and annotators" in found["agreement"]["mean distance"]["method"]
    assert "items and annotators" not in found["agreement"]["sigma"]["method"]


def test_turns_have_the_diarization_error_rate(tmp_path):
    turns = "item,annotator,label,start,end\n1,ada,x,0,5\n1,ada,y,6,10\n1,ben,z,0,10\n"

    found = told(tmp_path, turns, "--of", "turns")
    assert values(found["agreement"]) == {
        "diarization error rate": pytest.approx((5 + 5) / 19, abs=1e-4),
        "missed": pytest.approx(1 / 19, abs=1e-4),
        "confusion": pytest.approx(8 / 19, abs=1e-4),
    }


def test_texts_have_word_and_character_error_rates(tmp_path):
    texts = "item,annotator,label\n1,ada,the cat sat\n1,ben,the cat sits\n2,ada,yes\n2,ben,yes\n"

    found = told(tmp_path, texts, "--of", "texts")
    assert values(found["agreement"]) == {
        "word error rate": 0.25,
        "character error rate": pytest.approx(4 / 25, abs=1e-4),
    }
    shown = run(app, ["agreement", str(tmp_path / "marks.csv"), "--of", "texts"])
    assert "word error rate" in shown.stdout


def test_a_column_that_is_missing_is_told(tmp_path):
    (tmp_path / "marks.csv").write_text("item,annotator,label\n1,a,x\n")

    found = run(app, ["agreement", str(tmp_path / "marks.csv"), "--of", "boxes"])
    assert found.exit_code == 1
    assert "has no column 'left'" in found.output
