"""What reports say, whether it still holds, and that every number leads to its items."""

import json

import pytest

from karat.quality.annotators.bins import bin_ms, time_bin


@pytest.fixture
def labeled(pair, until):
    """Five items answered by two: they agree on the first four topics, and on no note."""
    for n, (a, b) in enumerate(
        [("cards", "cards"), ("loans", "loans"), ("cards", "cards"), ("other", "other"), ("cards", "loans")]
    ):
        pair.answer(pair.team.reviewer, n, a, note="x")
        pair.answer(pair.team.manager, n, b, note="y")
    until(lambda: pair.count({"disagreement": {"op": "ge", "value": 0}}), lambda found: found["count"] == 5, seconds=30)
    until(lambda: report(pair, "labels"), lambda rows: sum(row["n"] for row in rows) == 10)
    until(lambda: report(pair, "progress"), lambda found: sum(row["responses"] for row in found["people"]) == 10)
    return pair


def refresh(shelf):
    job = shelf.team.manager.post(f"/projects/{shelf.project}/reports/refresh").json()
    return shelf.wait(job["id"])


def report(shelf, name, **query):
    return shelf.team.reviewer.get(f"/projects/{shelf.project}/reports/{name}", params=query).json()


def opens(shelf, filter_):
    """The numbers of the items that a report's filter lists."""
    answer = shelf.team.reviewer.get(f"/projects/{shelf.project}/items", params={"filter": json.dumps(filter_)})
    assert answer.status_code == 200, answer.text
    return [shelf.items.index(item["id"]) for item in answer.json()["items"]]


def test_agreement_is_computed_by_a_job_and_grows_stale(labeled):
    before = report(labeled, "agreement")
    job = refresh(labeled)
    fresh = report(labeled, "agreement")
    labeled.answer(labeled.team.reviewer, 6, "cards")
    later = report(labeled, "agreement")

    assert (before["computed_at"], before["stale"], before["fields"]) == (None, True, [])
    assert (job["state"], job["result"]["items"]) == ("done", 5)
    topic = next(f for f in fresh["fields"] if f["field"] == "topic")
    assert (topic["percent"]["value"], topic["n_items"], topic["percent"]["enough"]) == (0.8, 5, False)
    assert 0 < topic["alpha"]["value"] < 0.8
    assert (fresh["stale"], later["stale"]) == (False, True)


def test_agreement_is_computed_beside_the_server_not_in_it(labeled, monkeypatch):
    """A million answers would hold the interpreter for minutes, in which nobody could label."""

    def never(*_):
        raise AssertionError("computed in the server's own interpreter")

    monkeypatch.setattr("karat.server.reports.computing.gathering_of", never)

    assert refresh(labeled)["state"] == "done"
    assert {f["field"] for f in report(labeled, "agreement")["fields"]} >= {"topic", "note"}


def test_spans_are_told_by_distance_and_by_unitising_alpha_over_the_length_of_their_texts(pair):
    for n in range(3):
        pair.answer(pair.team.reviewer, n, "cards", names=["payer", "payee"])
        pair.answer(pair.team.manager, n, "cards", names=["payer"])
    refresh(pair)

    names = next(f for f in report(pair, "agreement")["fields"] if f["field"] == "names")
    assert (names["role"], names["scale"]) == ("where", "distance")
    assert names["distance"]["value"] == 0.5
    assert names["unitising"]["n"] == names["sigma"]["n"] == 3
    assert 0 < names["unitising"]["value"] < 1


def test_every_number_opens_its_items(labeled):
    refresh(labeled)
    fields = {f["field"]: f for f in report(labeled, "agreement")["fields"]}
    progress = report(labeled, "progress")
    cell = report(labeled, "pairs", field="topic")["cells"][0]
    labels = {(row["field"], row["label"]): row for row in report(labeled, "labels")}

    assert opens(labeled, fields["topic"]["filter"]) == [4]
    assert opens(labeled, fields["note"]["filter"]) == [0, 1, 2, 3, 4]
    assert (opens(labeled, cell["filter"]), cell["differ"]) == ([4], 1)
    assert opens(labeled, labels["topic", "loans"]["filter"]) == [1, 4]
    assert opens(labeled, progress["people"][0]["filter"]) == [0, 1, 2, 3, 4]
    assert [(s["state"], s["n"], len(opens(labeled, s["filter"]))) for s in progress["states"]] == [
        (name, n, n) for name, n in progress["by_state"].items()
    ]


def test_progress_counts_each_person(labeled):
    progress = report(labeled, "progress")

    people = {row["author"]["name"]: row for row in progress["people"]}
    assert set(people) == {"Reviewer", "Manager"}
    assert (people["Manager"]["responses"], people["Manager"]["skipped"]) == (5, 0)
    assert people["Manager"]["median_ms"] == bin_ms(time_bin(1000))
    assert sum(day["n"] for day in progress["by_day"]) == 10
    assert (progress["items"], progress["responses"]) == (7, 10)


def test_pairs_name_their_authors(labeled):
    pairs = report(labeled, "pairs", field="topic")

    assert {author["name"] for author in pairs["authors"]} == {"Reviewer", "Manager"}
    assert [(cell["value"], cell["n"]) for cell in pairs["cells"]] == [(0.8, 5)]


def test_the_label_mix_counts_every_answer(labeled):
    rows = {(row["field"], row["label"]): row["n"] for row in report(labeled, "labels")}

    assert rows == {("topic", "cards"): 5, ("topic", "loans"): 3, ("topic", "other"): 2}


def test_most_disagreed_comes_by_pages(labeled):
    first = report(labeled, "disagreement", limit=2)
    second = report(labeled, "disagreement", limit=2, cursor=first["next"])
    third = report(labeled, "disagreement", limit=2, cursor=second["next"])

    found = [row["item"] for page in (first, second, third) for row in page["items"]]
    assert found[0] == labeled.items[4]
    assert sorted(found) == sorted(labeled.items[:5])
    assert third["next"] is None


def test_the_project_list_shows_agreement_once_it_is_computed(labeled):
    refresh(labeled)

    row = labeled.team.reviewer.get(f"/workspaces/{labeled.team.workspace}/projects").json()["items"][0]

    assert row["agreement"]["n"] == 5
    assert row["people"] == 2


def test_consensus_of_everything_by_weight(labeled):
    job = labeled.team.manager.post(f"/projects/{labeled.project}/consensus", json={"method": "weighted"}).json()
    done = labeled.wait(job["id"])
    rows = labeled.team.reviewer.get(f"/items/{labeled.items[0]}/consensus").json()

    assert (done["state"], done["result"]["items"], done["result"]["method"]) == ("done", 5, "weighted")
    assert {row["method"] for row in rows} == {"weighted"}


def test_an_unknown_method_is_a_problem(pair):
    assert pair.team.manager.post(f"/projects/{pair.project}/consensus", json={"method": "coin"}).status_code == 422


def test_who_may_see_reports(pair):
    paths = ("progress", "agreement", "pairs", "disagreement", "labels")

    def asked(who):
        return {who.get(f"/projects/{pair.project}/reports/{name}").status_code for name in paths}

    assert [asked(who) for who in (pair.team.annotator, pair.team.reviewer, pair.team.stranger)] == [
        {403},
        {200},
        {404},
    ]
    assert pair.team.reviewer.post(f"/projects/{pair.project}/reports/refresh").status_code == 403
    assert pair.team.stranger.post(f"/projects/{pair.project}/reports/refresh").status_code == 404
    assert (
        pair.team.reviewer.post(f"/projects/{pair.project}/consensus", json={"method": "majority"}).status_code == 403
    )


def test_a_project_without_answers_has_reports_too(pair):
    refresh(pair)

    assert report(pair, "agreement")["fields"] == []
    assert report(pair, "labels") == []
    assert report(pair, "disagreement")["items"] == []
    assert report(pair, "progress")["people"] == []
