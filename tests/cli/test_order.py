"""Keeping order on the command line: items by the many, one author's answers, and taking it back."""

import csv
import json
import re

import pytest

from karat.sdk import KaratError


@pytest.fixture
def project(karat, tmp_path):
    """Six items with an imported answer each."""
    with (tmp_path / "train.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("id", "text", "topic"), *((f"k{n}", f"text {n}", "a" if n % 2 else "b") for n in range(6))]
        )
    title = f"Order {tmp_path.name}"
    made = karat("projects", "create", title, "--from", "train.csv")
    assert made.exit_code == 0, made.output
    return title


def operation(result):
    assert result.exit_code == 0, result.output
    return re.search(r"karat undo (\S+?)`", result.stdout)[1]


def count(karat, project, filter_):
    return karat("items", "count", project, "--filter", json.dumps(filter_)).stdout.strip()


def test_items_are_tagged_by_a_filter_and_that_is_undone(karat, project):
    done = operation(karat("items", "tag", project, "hard", "--filter", "{}"))
    tagged = count(karat, project, {"all": [{"tag": "hard"}]})
    karat("undo", done)

    assert (tagged, count(karat, project, {"all": [{"tag": "hard"}]})) == ("6", "0")


def test_metadata_comes_from_a_table(karat, project, tmp_path):
    rows = json.loads(karat("items", "list", project, "--json").stdout)
    (tmp_path / "meta.csv").write_text(f"key,site\n{rows[0]['key']},Oslo\nunknown,Bergen\n", "utf-8")

    result = karat("items", "metadata", project, "meta.csv")

    assert "1 items changed" in result.stdout and "unknown" in result.stdout
    assert count(karat, project, {"all": [{"metadata": {"key": "site", "op": "eq", "value": "Oslo"}}]}) == "1"


def test_items_are_deleted_after_a_question_and_come_back(karat, project):
    ids = [row["id"] for row in json.loads(karat("items", "list", project, "--json").stdout)[:2]]

    refused = karat("items", "delete", project, "--id", ids[0], input="n\n")
    done = operation(karat("items", "delete", project, "--id", ids[0], "--id", ids[1], "--yes"))
    left = count(karat, project, {})
    karat("undo", done)

    assert refused.exit_code != 0
    assert (left, count(karat, project, {})) == ("4", "6")


def test_an_author_is_left_out_and_taken_in_again(karat, project):
    before = json.loads(karat("projects", "show", project, "--json").stdout)["counts"]["responses"]
    done = operation(karat("responses", "exclude", project, "import", "--reason", "careless", "--yes"))
    without = json.loads(karat("projects", "show", project, "--json").stdout)["counts"]["responses"]
    karat("undo", done)

    assert (before, without) == (6, 0)
    assert json.loads(karat("projects", "show", project, "--json").stdout)["counts"]["responses"] == 6


def test_which_items_must_be_said(karat, project):
    result = karat("items", "tag", project, "hard")

    assert result.exit_code == 1 and "--filter" in result.stderr


def test_a_wrong_word_is_refused_with_the_words_that_there_are(karat):
    with pytest.raises(KaratError) as refused:
        karat("people", "invite", "--role", "boss")

    assert 'role: got "boss", expected one of annotator, manager, owner, reviewer.' in str(refused.value)
