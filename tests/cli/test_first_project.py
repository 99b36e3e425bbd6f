"""A first project on the command line, from a data file to a training set, and to what work on it is paid."""

import csv
import json
from pathlib import Path

import pytest

from karat.cli.welcome import first_owner
from karat.demo.payday import then
from karat.sdk import KaratError
from karat.server.database import connect
from karat.server.labeling import actions as labeling
from karat.server.labeling.schemas import ClaimRequest
from karat.server.projects import actions as projects
from karat.server.projects.schemas import NewProject
from karat.server.settings import Settings
from karat.testing.items import fill_items
from karat.testing.labeling import answer_of
from tests.server.worlds import TEXT_SCHEMA

PAID = {"per_hour": 3600, "currency": "KWD"}
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


@pytest.fixture
def worked(server):
    """The title of a project of yesterday on which the owner worked for 90 minutes."""
    db = connect(Settings(data=Path(server[0].data)))
    workspace = db.read_now(lambda tx: tx.run("SELECT id FROM workspaces")[0][0])
    owner = db.read_now(first_owner, workspace)
    project = then(db, 1, projects.create, owner, workspace, NewProject(title="Paid", schema=TEXT_SCHEMA)).id
    fill_items(db, project, ["one"])

    def answer(tx):
        [task] = labeling.claim(tx, owner, project, ClaimRequest(1)).tasks
        given = answer_of(task, active_ms=5_400_000)
        labeling.submit(tx, owner, task.response.id, task.response.revision, given, "digest")

    then(db, 0.5, answer)
    db.close()
    return "Paid"


def test_a_period_goes_from_its_formula_to_its_close_and_comes_out_the_same(karat, worked):
    def pay(verb, *words):
        result = karat("projects", "pay", verb, worked, *words)
        assert result.exit_code == 0, result.output
        return result.stdout

    none = pay("formula")
    Path("volume.json").write_text('{"per_100": 5}', "utf-8")
    Path("broken.json").write_text('{"per_hour":', "utf-8")
    Path("pay.json").write_text(json.dumps({**PAID, "longest": "3h"}), "utf-8")
    with pytest.raises(KaratError, match="by their number alone"):
        karat("projects", "pay", "formula", worked, "volume.json")
    broken = karat("projects", "pay", "formula", worked, "broken.json")
    words = pay("formula", "pay.json")
    early = karat("projects", "pay", "close", worked)
    drafted = pay("compute")
    closed = pay("close")
    verified = pay("verify", "1")
    [line] = json.loads(pay("lines", "1", "--json"))
    budget = json.loads(pay("budget"))

    assert "Nothing is paid for yet" in none
    assert (broken.exit_code, "broken.json: got" in broken.stderr) == (1, True)
    assert "Version 1:\n- 3.600 KWD for each hour" in words
    assert (early.exit_code, "There is no such period" in early.stderr) == (1, True)
    assert ("Owner" in drafted, "5.400" in drafted) == (True, True)
    assert closed.startswith("Closed period 1: 1 lines, digest ")
    assert verified == "1 of 1 lines come out the same.\n"
    assert (line["amount"], line["made"][0]["how"]) == (5400, "1 h 30 min = 1.5000 h × 3.600 KWD")
    assert (budget["spent"], budget["currency"]) == (5400, "KWD")
    assert karat("projects", "pay", "lines", worked, "9").exit_code == 1
