"""A first project on the command line, from a data file to a training set."""

import csv
import json
from pathlib import Path

import pytest

from karat.sdk import KaratError

ROWS = [
    ("I lost my card", "card"),
    ("How much is a loan?", "loan"),
    ("Where is my card?", "card"),
    ("Hello", "other"),
] * 5


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "train.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("text", "category"), *((f"{text} ({n})", label) for n, (text, label) in enumerate(ROWS))]
        )
    return path


def test_a_project_made_from_a_data_file_holds_its_rows_and_its_labels(karat, table):
    made = karat("projects", "create", "From data", "--from", str(table))
    shown = json.loads(karat("projects", "show", "From data", "--json").stdout)

    assert made.exit_code == 0, made.output
    assert shown["counts"]["items"] == len(ROWS)
    assert shown["counts"]["responses"] == len(ROWS)
    assert sorted(shown["schema"]["fields"]["category"]["options"]) == ["card", "loan", "other"]


def test_the_same_file_twice_adds_nothing(karat, table):
    karat("projects", "create", "Twice", "--from", str(table))

    again = karat("import", "Twice", str(table))

    assert again.exit_code == 0, again.output
    assert f"{len(ROWS)}  items skipped" in again.stdout
    assert json.loads(karat("projects", "show", "Twice", "--json").stdout)["counts"]["items"] == len(ROWS)


def test_an_export_of_jsonl_imports_into_an_equal_project(karat, table, tmp_path):
    karat("projects", "create", "Source", "--from", str(table))
    schema = tmp_path / "schema.yaml"
    schema.write_text(json.loads(karat("projects", "show", "Source", "--json").stdout)["schema_yaml"], "utf-8")

    karat("export", "Source", "--to", "first")
    karat("projects", "create", "Copy", "--schema", str(schema))
    karat("import", "Copy", "first")
    karat("export", "Copy", "--to", "second")

    first, second = ([json.loads(line) for line in lines(tmp_path / name)] for name in ("first", "second"))
    assert len(first) == len(ROWS)
    assert [row["item"]["key"] for row in first] == [row["item"]["key"] for row in second]
    assert [answers(row) for row in first] == [answers(row) for row in second]


def test_what_was_learned_is_shown_and_its_export_is_no_obstacle_to_an_import(karat, table, tmp_path):
    karat("projects", "create", "Learned", "--from", str(table))
    alone = karat("reports", "skill", "Learned")
    (tmp_path / "second").mkdir()
    with (tmp_path / "second" / "more.jsonl").open("w", encoding="utf-8") as file:
        for line in lines_of_export(karat, "Learned", tmp_path):
            file.write(json.dumps(with_another_author(json.loads(line))) + "\n")
    karat("import", "Learned", "second", "--update")
    merged = karat("reports", "consensus", "Learned")
    shown = karat("reports", "skill", "Learned")
    karat("export", "Learned", "--which", "consensus", "--to", "merged")
    karat("projects", "create", "Again", "--from", "merged")

    assert "Nothing was learned: that needs items that two have answered" in alone.output
    assert f"{len(ROWS)} items merged by default" in merged.output
    assert "expected to be right" in shown.output
    assert "Second" in shown.output
    assert (tmp_path / "merged" / "skill.json").exists()
    assert json.loads(karat("projects", "show", "Again", "--json").stdout)["counts"]["items"] == len(ROWS)


def lines_of_export(karat, project, folder):
    karat("export", project, "--to", "first")
    return lines(folder / "first")


def with_another_author(line):
    said = {**line["responses"][0], "author": {"type": "import", "name": "Second"}}
    return {**line, "responses": [{key: value for key, value in said.items() if key != "id"}]}


def test_a_bad_schema_is_refused_with_its_line_and_a_remedy(karat, tmp_path):
    (tmp_path / "bad.yaml").write_text(
        "karat_schema: 1\nstreams:\n  text: {kind: text}\nfields:\n  topic: {kind: chioce}\n", "utf-8"
    )

    with pytest.raises(KaratError) as refused:
        karat("projects", "create", "Bad", "--schema", "bad.yaml")

    assert "line 5, " in str(refused.value)
    assert "chioce" in str(refused.value)


def test_templates_are_listed_and_can_be_used(karat):
    known = json.loads(karat("projects", "templates", "--json").stdout)

    made = karat("projects", "create", "From template", "--template", known[0]["id"])

    assert len(known) >= 5
    assert made.exit_code == 0, made.output


def test_a_workflow_is_printed_changed_and_refused_where_it_strands_items(karat, tmp_path):
    template = json.loads(karat("projects", "templates", "--json").stdout)[0]["id"]
    karat("projects", "create", "Reviewed", "--template", template)
    file = tmp_path / "workflow.yaml"
    printed = karat("projects", "workflow", "Reviewed").stdout
    file.write_text(
        printed.replace("- to: accept", "- to: review").replace(
            "stages:\n", "stages:\n  review: {do: review, next: {accepted: accept, fixed: accept, rejected: label}}\n"
        )
    )

    changed = karat("projects", "workflow", "Reviewed", str(file))
    file.write_text(file.read_text().replace("rejected: label", "rejected: lable"))
    with pytest.raises(KaratError, match=r"stages\.review\.next\[2\]\.to: got \"lable\""):
        karat("projects", "workflow", "Reviewed", str(file))

    assert changed.exit_code == 0, changed.output
    assert "do: review" in karat("projects", "workflow", "Reviewed").stdout
    assert json.loads(karat("responses", "reviews", "Reviewed", "--json").stdout) == []


def test_a_deleted_project_can_be_restored_from_the_bin(karat, table):
    karat("projects", "create", "Short-lived", "--from", str(table))

    karat("projects", "delete", "Short-lived", "--yes")
    in_bin = karat("projects", "list", "--state", "bin").stdout
    karat("projects", "restore", "Short-lived")

    assert "Short-lived" in in_bin
    assert "Short-lived" in karat("projects", "list").stdout


def lines(folder: Path) -> list[str]:
    """The records of an export."""
    file = next(path for path in sorted(folder.rglob("*.jsonl")) if path.name not in ("rejects.jsonl",))
    return file.read_text("utf-8").splitlines()


def answers(row: dict) -> list[object]:
    """What a record's authors say, without ids and times of this server."""
    return [[a["value"] for a in response["annotations"]] for response in row["responses"]]
