"""Tables as people have them: `karat quality` reads what is meant, and says in a sentence what cannot be read."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from karat.cli.main import app

NAMES = ["item", "annotator", "label"]
ROWS = [(f"i{i}", f"p{p}", "cat" if (i * p) % 3 else "dog") for i in range(40) for p in range(3)]


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def text(names=NAMES, rows=ROWS, *, separator=",", end="\n"):
    return end.join(separator.join(map(str, row)) for row in [names, *rows]) + end


def lines(rows=ROWS, names=NAMES):
    return "\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in rows)


def run(*words, stdin=None):
    return CliRunner().invoke(app, ["quality", *words], input=stdin)


def labels(*words, stdin=None):
    """The consensus of each item, as JSON says it."""
    result = run("consensus", *words, "--json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def put(content, name="votes.csv"):
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


@pytest.mark.parametrize(
    "content",
    [
        text().encode("utf-8-sig"),
        text(separator=";"),
        text(separator="\t"),
        text(separator="|"),
        text(end="\r\n"),
        text(end="\r"),
        text(["Task ID", "WorkerId", "Answer"]),
        text([*NAMES, "id", "notes"], [(*row, 7, '"a ""quoted"",\nnote"') for row in ROWS]),
    ],
    ids=["byte order mark", "semicolons", "tabs", "bars", "CRLF", "CR", "usual names", "quotes and more columns"],
)
def test_a_table_is_read_however_it_was_written(content):
    plain, other = labels(put(text(), "plain.csv")), labels(put(content))

    assert [list(row.values()) for row in other] == [list(row.values()) for row in plain]


@pytest.mark.parametrize("sort", ["csv", "jsonl", "parquet"])
def test_standard_input_is_read_by_how_it_begins(sort):
    bytes_of = {"csv": text().encode(), "jsonl": lines().encode()}
    if sort == "parquet":
        columns = dict(zip(NAMES, map(list, zip(*ROWS, strict=True)), strict=True))
        pyarrow.parquet.write_table(pa.table(columns), "votes.parquet")
        bytes_of["parquet"] = Path("votes.parquet").read_bytes()

    assert labels("-", stdin=bytes_of[sort]) == labels(put(text()))


def test_what_was_guessed_is_said():
    assert (
        run("consensus", put(text(["Task ID", "who", "label"]))).stderr
        == "Read as item: 'Task ID', annotator: 'who'.\n"
    )
    assert run("consensus", put(text())).stderr == ""


def test_names_with_zeros_in_front_stay_and_whole_numbers_sort_as_such():
    zeros = labels(put(text(rows=[(f"{i:03d}", p, 1) for i in range(3) for p in range(2)])))
    numbers = labels(put(text(rows=[(i, p, 1) for i in (10, 9) for p in range(2)])))

    assert [row["item"] for row in zeros] == ["000", "001", "002"]
    assert [row["item"] for row in numbers] == [9, 10]


def test_numbers_of_one_file_and_texts_of_the_other_are_the_same_names():
    votes = put(text(rows=[(i, p, (i + p) % 2) for i in range(9) for p in range(3)] + [("x", "0", "1")]))
    pyarrow.parquet.write_table(pa.table({"item": [1, 2], "label": [1.0, 0.0]}), "gold.parquet")
    result = run("annotators", votes, "--gold", "gold.parquet", "--json")

    assert [row["gold"] for row in json.loads(result.stdout)] == [2, 2, 2]


def test_an_empty_label_is_told_and_may_mean_no_vote():
    votes = put(text(rows=[*ROWS, ("i41", "p0", ""), ("i41", "p1", "unsure")]))

    assert "column 'label' is empty in row 120: fill it in, or say --abstain ''" in run("consensus", votes).stderr
    assert len(labels(votes, "--abstain", "", "--abstain", "unsure")) == 41
    assert {row["label"] for row in labels(votes, "--abstain", "", "--abstain", "unsure")} == {"cat", "dog"}


def test_gold_that_no_vote_has_counts_as_wrong():
    put("item,label\ni1,cow\ni2,dog\ni3,\n", "gold.csv")
    result = run("annotators", put(text()), "--gold", "gold.csv", "--json")

    assert {row["gold"] for row in json.loads(result.stdout)} == {2}
    assert "No vote has 'cow'" in result.stderr


def test_labels_that_look_alike_are_told():
    assert (
        "The labels 'Cat ' and 'cat' differ only by capitals or blanks"
        in run("consensus", put(text(rows=[*ROWS, ("i1", "p9", "Cat ")]))).stderr
    )


@pytest.mark.parametrize(
    ("content", "words", "says"),
    [
        (b"", [], "votes.csv is empty"),
        (b" \n\n", [], "votes.csv is empty"),
        (text().encode("utf-16"), [], "UTF-16; save it as UTF-8"),
        (text(rows=[("é", "a", "b")]).encode("latin-1"), [], "not UTF-8; save it"),
        (text(separator=" "), [], "the separator may be neither"),
        (text()[text().index("\n") + 1 :], [], "no column looks like the item. It has 'i0', 'p0', 'dog'"),
        ("label\ncat\n", [], "no column looks like the item"),
        (text([*NAMES, "label"], [(*row, "x") for row in ROWS]), [], "two columns called 'label'"),
        (text() + "i9,p9,cat,more\n", [], "put quotes around cells"),
        (text([*NAMES, "language"], [(*row, "en") for row in ROWS]), ["--slice", "langage"], "Did you mean 'language'?"),
        (text([*NAMES, "at"], [(*row, n % 2) for n, row in enumerate(ROWS)]), ["--slice", "at"], "item 'i0' is 0 in one row"),
        (text([*NAMES, "at"], [*((*r, "2026-01-01") for r in ROWS), ("i", "p", "cat", "soon")]), ["--time", "at"], "'soon' in row 120, which is no time"),
        (text(), ["--item", "item", "--annotator", "item"], "cannot be both the item and the annotator"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_what_to_do(content, words, says):
    result = run("sheet" if "--time" in words else "agreement", put(content), *words)

    assert result.exit_code == 1
    assert says in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[{}]", "holds a JSON array; write one object a line"),
        (lines() + "\n{oops", "line 121 of votes.jsonl is no JSON object"),
        (lines([*ROWS, ("i1", "p9", 7)]), "mixes 'dog' and 7 (object 121)"),
        (lines([("i1", "p1", {"x": 1})]), "holds a struct"),
        (lines([("i1", "p1", None), *ROWS]), "column 'label' is empty in row 0"),
    ],
)
def test_broken_lines_of_json_are_told(content, says):
    result = run("agreement", put(content, "votes.jsonl"))

    assert result.exit_code == 1
    assert says in result.stderr


@pytest.mark.parametrize("command", ["agreement", "consensus", "annotators", "sheet"])
@pytest.mark.parametrize("rows", [[], ROWS[:1], [(i, p, "cat") for i, p, _ in ROWS], [(i, "p", x) for i, _, x in ROWS]])
def test_tables_that_say_little_are_no_error(command, rows):
    result = run(command, put(text(rows=rows)), *(["--samples", "40"] if command in ("agreement", "sheet") else []))

    assert result.exit_code == 0, result.stderr


def test_a_file_that_cannot_be_written_is_told_before_the_work():
    assert "there is no such folder" in run("consensus", put(text()), "--out", "nowhere/out.csv").stderr
    assert "needs a place: say --out FILE, or --json" in run("sheet", "-", stdin=text()).stderr


def test_long_files_are_read_in_parts_and_progress_is_told():
    from karat.cli.quality.files import read_columns
    from karat.cli.quality.sources import HEAD

    put(text(rows=[(f"item-{i}", "p", "x" * 80) for i in range(HEAD // 60)]))
    told = []
    found = read_columns(Path("votes.csv"), lambda names: names[:2], far=lambda read, of: told.append((read, of)))

    assert found.num_rows == HEAD // 60
    assert found.column_names == ["item", "annotator"]
    assert told[-1][0] == told[-1][1] == Path("votes.csv").stat().st_size
    assert len(told) > 2
