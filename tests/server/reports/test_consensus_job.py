"""The consensus as a job: learned beside the server from all answers, settled by it, and only where something changed."""

import pytest

from karat.server.reports import consensus_job
from tests.server.items.conftest import Shelf
from tests.server.transfers.conftest import Transfers, lines

ANSWERS = [
    ("cards", "cards"),
    ("loans", "loans"),
    ("cards", "cards"),
    ("other", "other"),
    ("loans", "loans"),
    ("cards", "loans"),
]


@pytest.fixture
def labeled(pair, until):
    """Six items answered by two, who differ on the last."""
    answer(pair, range(6))
    until(lambda: pair.count({"disagreement": {"op": "ge", "value": 0}}), lambda found: found["count"] == 6, seconds=30)
    return pair


def answer(shelf, items):
    for n in items:
        for who, said in zip((shelf.team.reviewer, shelf.team.manager), ANSWERS[n], strict=True):
            shelf.answer(who, n, said)


def merge(shelf, **asked):
    job = shelf.team.manager.post(f"/projects/{shelf.project}/consensus", json={"method": "default", **asked}).json()
    done = shelf.wait(job["id"])
    assert done["state"] == "done", done
    return done


def learned(shelf):
    return shelf.team.reviewer.get(f"/projects/{shelf.project}/reports/consensus").json()


def topic(shelf, n):
    rows = shelf.team.reviewer.get(f"/items/{shelf.items[n]}/consensus").json()
    return next(row for row in rows if row["field"] == "topic")


def said(job):
    return [line["text"] for line in job["log"]]


def test_what_is_learned_settles_items_with_posteriors(labeled):
    before = topic(labeled, 0)
    done = merge(labeled)
    after, split = topic(labeled, 0), topic(labeled, 5)

    assert (before["learned"], before["probabilities"]) == (False, None)
    assert (done["result"]["items"], done["result"]["learned"], done["result"]["why"]) == (
        6,
        True,
        "nothing was learned yet",
    )
    assert (after["method"], after["learned"], after["annotations"][0]["value"]) == ("default", True, "cards")
    assert sum(after["probabilities"].values()) == pytest.approx(1, abs=0.01)
    assert after["annotations"][0]["probabilities"] == after["probabilities"]
    assert after["score"] == max(after["probabilities"].values()) > split["score"]


def test_the_report_has_skills_with_intervals_and_the_accuracy_to_expect(labeled):
    empty = learned(labeled)
    merge(labeled)
    report = learned(labeled)
    people = {
        row["author"]["name"]: row
        for row in labeled.team.reviewer.get(f"/projects/{labeled.project}/reports/progress").json()["people"]
    }

    assert (empty["method"], empty["learned_at"], empty["fields"][0]["accuracy"]) == ("default", None, None)
    assert [m["name"] for m in empty["methods"]][:3] == ["default", "majority", "weighted"]
    field = next(f for f in report["fields"] if f["field"] == "topic")
    assert (field["n_items"], field["n_votes"], report["answers"], report["answers_now"]) == (6, 12, 12, 12)
    assert field["accuracy"]["low"] < field["accuracy"]["value"] < field["accuracy"]["high"]
    assert (field["accuracy"]["enough"], field["warning"]) == (False, "only 6 items; below 30 it says little")
    assert {row["author"]["name"] for row in field["authors"]} == {"Reviewer", "Manager"}
    assert all(
        0 < row["skill"]["low"] < row["skill"]["value"] < row["skill"]["high"] <= 1 and row["skill"]["n"] == 6
        for row in field["authors"]
    )
    assert people["Manager"]["skill"]["n"] >= 6


def test_items_are_sorted_by_how_uncertain_their_result_is(labeled):
    before = labeled.item(5).json()["uncertainty"]
    merge(labeled)

    assert before is None
    assert labeled.numbers(sort="uncertainty", descending="true")[0] == 5
    assert labeled.numbers(sort="uncertainty", descending="false")[-2:] == [5, 6]
    assert labeled.item(5).json()["uncertainty"] == pytest.approx(1 - topic(labeled, 5)["score"])


def test_only_what_has_changed_is_settled_while_what_was_learned_holds(labeled, until):
    merge(labeled)
    idle = merge(labeled)
    labeled.answer(labeled.team.reviewer, 6, "cards")
    until(lambda: labeled.item(6).json()["responses_count"], lambda n: n == 1)
    one = merge(labeled)
    full = merge(labeled, full=True)

    assert (idle["result"]["items"], idle["result"]["learned"]) == (0, False)
    assert "What was learned still holds, and nothing has changed since." in said(idle)
    assert (one["result"]["items"], one["result"]["learned"]) == (1, False)
    assert (full["result"]["learned"], full["result"]["why"]) == (True, "asked for")
    assert full["result"]["items"] >= 7


def test_a_new_answer_is_settled_by_what_was_learned(labeled, until):
    merge(labeled)
    labeled.answer(labeled.team.reviewer, 6, "loans")

    found = until(
        lambda: labeled.team.reviewer.get(f"/items/{labeled.items[6]}/consensus").json(), lambda rows: bool(rows)
    )

    assert (found[0]["learned"], found[0]["method"], found[0]["n"]) == (True, "default", 1)
    assert found[0]["probabilities"]["loans"] > 0.5


def test_a_fifth_more_answers_or_another_method_are_learned_anew(pair):
    answer(pair, range(4))
    merge(pair)
    answer(pair, range(4, 6))
    grown = merge(pair)
    other = merge(pair, method="dawid_skene")

    assert (grown["result"]["learned"], grown["result"]["why"]) == (True, "12 answers, 8 when it was last learned")
    assert (other["result"]["learned"], topic(pair, 0)["method"], learned(pair)["method"]) == (
        True,
        "dawid_skene",
        "dawid_skene",
    )


def test_an_excluded_author_is_forgotten(labeled, until):
    merge(labeled)
    author = next(r["author"]["id"] for r in labeled.item(0).json()["responses"] if r["author"]["name"] == "Manager")
    labeled.team.manager.post(f"/projects/{labeled.project}/exclusions", json={"author": author, "reason": "hurried"})
    until(lambda: topic(labeled, 0)["n"], lambda n: n == 1)
    done = merge(labeled)

    # Nobody is left to compare the other one with: each answer stands by itself.
    assert done["result"]["learned"]
    assert next(f for f in learned(labeled)["fields"] if f["field"] == "topic")["authors"] == []
    assert (topic(labeled, 5)["learned"], topic(labeled, 5)["annotations"][0]["value"]) == (False, "cards")


def test_it_is_learned_and_settled_beside_the_server_not_in_it(labeled, monkeypatch):
    def never(*_, **__):
        raise AssertionError("done in the server's own interpreter")

    monkeypatch.setattr("karat.server.reports.merging.ProjectLearner", never)
    monkeypatch.setattr("karat.server.reports.merging.weigh_one", never)

    assert merge(labeled)["result"]["items"] == 6


def test_a_run_that_broke_off_goes_on_without_learning_again(labeled, monkeypatch):
    settle, broken = consensus_job.settle_part, []

    def once(*args):
        if not broken:
            broken.append(args)
            raise RuntimeError("the power is gone")
        return settle(*args)

    monkeypatch.setattr(consensus_job, "settle_part", once)
    done = merge(labeled)

    assert broken
    assert sum(text.startswith("Learned from 6 items") for text in said(done)) == 1
    assert all(topic(labeled, n)["learned"] for n in range(6))


def test_the_same_results_with_other_probabilities_are_no_new_revision(labeled, until):
    merge(labeled)
    until(lambda: labeled.item(0).json()["resolution"], lambda found: found is not None)
    first = labeled.item(0).json()["resolution"]
    labeled.answer(labeled.team.reviewer, 6, "cards")
    merge(labeled, full=True)

    assert labeled.item(0).json()["resolution"]["revision"] == first["revision"]


def test_who_may_see_what_was_learned(pair):
    path = f"/projects/{pair.project}/reports/consensus"

    assert [who.get(path).status_code for who in (pair.team.annotator, pair.team.reviewer, pair.team.stranger)] == [
        403,
        200,
        404,
    ]
    answer = pair.team.manager.post(f"/projects/{pair.project}/consensus", json={"method": "coin"})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["expected"].startswith("one of default, majority, weighted")


def test_a_project_that_has_grown_is_learned_anew_of_its_own_accord(pair, until, monkeypatch):
    monkeypatch.setattr("karat.server.reports.relearning.FIRST", 8)
    monkeypatch.setattr("karat.server.reports.following.LOOK_S", 0.1)
    answer(pair, range(3))
    early = jobs_of(pair)
    answer(pair, range(3, 4))
    first = until(lambda: jobs_of(pair), lambda found: [job["state"] for job in found] == ["done"], seconds=30)
    answer(pair, range(4, 6))
    second = until(lambda: jobs_of(pair), lambda found: [job["state"] for job in found] == ["done", "done"], seconds=30)

    assert early == []
    assert (first[0]["created_by"]["name"], first[0]["result"]["why"]) == ("Karat", "nothing was learned yet")
    assert second[0]["result"]["why"] == "12 answers, 8 when it was last learned"
    assert topic(pair, 0)["learned"]


def jobs_of(shelf):
    return shelf.team.manager.get("/jobs", params={"project": shelf.project, "kind": "consensus.merge"}).json()["items"]


def test_a_run_that_broke_off_settles_only_what_was_not_settled(team, monkeypatch):
    monkeypatch.setattr("karat.server.reports.relearning.FIRST", 10_000)
    project = team.project()
    shelf = Shelf(team, project, [])
    rows = [
        {"id": str(n), "text": f"text {n}", "topic": "cards" if n % 3 else "loans", "who": who}
        for n in range(150)
        for who in ("Ada", "Ben")
    ]
    mapping = {"key": "id", "streams": {"text": "text"}, "fields": {"topic": "topic"}, "author": "who"}
    Transfers(team, project).bring({"data.jsonl": lines(*rows)}, mapping=mapping)
    settle, asked = consensus_job.settle_part, []

    def second_dies(tx, n, rules, weighed, job, upto):
        asked.append((len(weighed), upto > 0))
        if len(asked) == 2:
            raise RuntimeError("the power is gone")
        return settle(tx, n, rules, weighed, job, upto)

    monkeypatch.setattr(consensus_job, "settle_part", second_dies)
    done = merge(shelf)

    assert [size for size, in_order in asked if in_order] == [100, 50, 50]
    assert done["result"]["items"] >= 150
    assert done["result"]["learned"]
    assert sum(text.startswith("Learned from 150 items") for text in said(done)) == 1
