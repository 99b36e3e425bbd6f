"""What follows an answer without anybody asking: disagreement, consensus, the result."""

import asyncio
import types

import msgspec
import pytest

from karat.server.database import connect
from karat.server.following import LEASE_S, Batch, Place, next_batch, take_lease
from karat.server.reports import following


def consensus(shelf, n):
    return {row["field"]: row for row in shelf.team.reviewer.get(f"/items/{shelf.items[n]}/consensus").json()}


def test_two_who_agree_are_the_result(pair, until):
    pair.answer(pair.team.reviewer, 0, "cards", note="a")
    pair.answer(pair.team.manager, 0, "cards", note="a")

    item = until(lambda: pair.item(0).json(), lambda body: body["state"] == "done")

    assert (item["state"], item["disagreement"]) == ("done", 0.0)
    merged = next(r for r in item["responses"] if r["id"] == item["resolution"]["response"])
    assert (merged["author"]["type"], merged["cause"]) == ("consensus", "merge")
    assert [a["value"] for a in merged["annotations"]] == ["cards", "a"]
    assert item["responses_count"] == 2


def test_a_tie_is_left_to_a_person(pair, until):
    a = pair.answer(pair.team.reviewer, 0, "cards")
    pair.answer(pair.team.manager, 0, "loans")

    tied = until(lambda: consensus(pair, 0), lambda found: found.get("topic", {}).get("n") == 2)
    before = pair.item(0).json()
    chosen = pair.team.manager.post(f"/items/{pair.items[0]}/resolve", json={"response": a, "revision": 1})

    assert (tied["topic"]["tie"], tied["topic"]["score"], before["state"]) == (True, 0.5, "labeled")
    assert (chosen.status_code, chosen.json()["state"]) == (200, "done")
    assert pair.item(0).json()["resolution"]["response"] == a


def test_a_single_answer_is_its_own_consensus(pair, until):
    pair.team.manager.patch(f"/projects/{pair.project}", json={"overlap": 1}, headers={"if-match": '"1"'})
    response = pair.answer(pair.team.reviewer, 0, "cards")

    item = until(lambda: pair.item(0).json(), lambda body: body["state"] == "done")

    assert item["resolution"]["response"] == response
    assert len(item["responses"]) == 1


def test_an_answer_can_be_corrected_after_the_consensus_and_the_result_follows(pair, until):
    pair.answer(pair.team.reviewer, 0, "cards")
    pair.answer(pair.team.manager, 0, "cards")
    until(lambda: pair.item(0).json(), lambda body: body["state"] == "done")

    pair.answer(pair.team.reviewer, 0, "loans")
    pair.answer(pair.team.manager, 0, "loans")
    merged = until(
        lambda: consensus(pair, 0),
        lambda found: found["topic"]["annotations"][0]["value"] == "loans" and not found["topic"]["tie"],
    )
    item = until(lambda: pair.item(0).json(), lambda body: (body["resolution"] or {}).get("revision") == 2)

    assert (merged["topic"]["n"], item["state"], item["resolution"]["revision"]) == (2, "done", 2)


def test_a_result_falls_when_an_answer_is_corrected_into_a_tie(pair, until):
    pair.answer(pair.team.reviewer, 0, "cards")
    pair.answer(pair.team.manager, 0, "cards")
    until(lambda: pair.item(0).json(), lambda body: body["state"] == "done")

    pair.answer(pair.team.reviewer, 0, "loans")
    item = until(lambda: pair.item(0).json(), lambda body: body["state"] != "done")

    assert (item["state"], item["resolution"]) == ("labeled", None)
    assert consensus(pair, 0)["topic"]["tie"]


def test_how_far_people_differ_is_known_at_once(pair, until):
    pair.answer(pair.team.reviewer, 3, "cards", note="ab")
    pair.answer(pair.team.manager, 3, "loans", note="ab")

    item = until(lambda: pair.item(3).json(), lambda body: body["disagreement"] is not None)
    most = pair.team.reviewer.get(f"/projects/{pair.project}/reports/disagreement?field=topic").json()["items"]

    assert item["disagreement"] == pytest.approx(1 / 3)
    assert [(row["item"], row["distance"], row["n"]) for row in most] == [(pair.items[3], 1.0, 2)]
    assert pair.numbers({"disagreement": {"field": "topic", "op": "gt", "value": 0.5}}) == [3]


def test_a_withdrawn_answer_is_forgotten(pair, until):
    pair.answer(pair.team.reviewer, 0, "cards")
    late = pair.answer(pair.team.manager, 0, "loans")
    until(lambda: pair.item(0).json(), lambda body: body["disagreement"] == pytest.approx(1 / 3))

    pair.team.manager.delete(f"/responses/{late}/revisions/1")
    item = until(lambda: pair.item(0).json(), lambda body: body["disagreement"] is None)

    assert item["disagreement"] is None
    assert consensus(pair, 0)["topic"]["n"] == 1


def test_an_excluded_author_has_no_say(pair, until):
    pair.answer(pair.team.reviewer, 0, "cards")
    pair.answer(pair.team.manager, 0, "loans")
    until(lambda: consensus(pair, 0), lambda found: found.get("topic", {}).get("n") == 2)
    authors = {a["name"]: a["id"] for a in pair.team.reviewer.get(f"/projects/{pair.project}/facets").json()["authors"]}

    done = pair.team.manager.post(
        f"/projects/{pair.project}/exclusions", json={"author": authors["Manager"], "reason": "guessing"}
    ).json()
    alone = until(lambda: consensus(pair, 0), lambda found: found["topic"]["n"] == 1)
    undone = pair.team.manager.post(f"/operations/{done['operation']}/undo").json()
    pair.wait(undone["job"])
    again = until(lambda: consensus(pair, 0), lambda found: found["topic"]["n"] == 2)

    assert (alone["topic"]["n"], alone["topic"]["tie"]) == (1, False)
    assert again["topic"]["tie"]


def test_one_process_follows_until_its_lease_is_over(settings, clock):
    # Without a server: its own follower would be one more that takes the lease.
    db = connect(settings, clock=clock)
    try:
        name, watch = following.Follower.name, following.Follower.watch
        first = db.write_now(take_lease, name, "a")
        early = db.write_now(take_lease, name, "b")
        clock.move(seconds=LEASE_S + 1)
        late = db.write_now(take_lease, name, "b")

        assert (first, early, late) == ((0, 0), None, (0, 0))
        assert db.read_now(next_batch, name, watch, "c") is False
        assert db.read_now(lambda tx: tx.run("SELECT name FROM cursors")) == [(name,)]
    finally:
        db.close()


def test_an_annotator_and_a_stranger_see_no_consensus(pair):
    url = f"/items/{pair.items[0]}/consensus"
    body = {"response": "x", "revision": 1}

    assert [who.get(url).status_code for who in (pair.team.annotator, pair.team.stranger)] == [403, 404]
    assert [
        who.post(f"/items/{pair.items[0]}/resolve", json=body).status_code
        for who in (pair.team.annotator, pair.team.reviewer, pair.team.manager, pair.team.stranger)
    ] == [403, 403, 404, 404]


def test_what_was_never_submitted_is_no_result(pair):
    a = pair.answer(pair.team.reviewer, 0, "cards")

    answer = pair.team.manager.post(f"/items/{pair.items[0]}/resolve", json={"response": a, "revision": 9})

    assert (answer.status_code, answer.json()["problems"][0]["path"]) == (409, "revision")


def test_the_consensus_is_an_annotation_that_formats_can_write(pair, until):
    pair.answer(pair.team.reviewer, 0, "cards", names=["payer"])
    pair.answer(pair.team.manager, 0, "cards", names=["payer"])

    found = until(lambda: consensus(pair, 0), lambda c: c.get("names", {}).get("n") == 2)

    (name,) = found["names"]["annotations"]
    assert (name["label"], name["value"], name["attributes"]) == ("person", [[0, 1]], {"role": "payer"})
    assert msgspec.json.encode(found)


def test_what_has_grown_is_learned_anew_though_answers_keep_coming():
    class Busy:
        """A database that always has more events."""

        def __init__(self):
            self.written = []

        async def read(self, query, *given):
            return Batch(Place(0, 1), {}, [7], [7], is_full=True)

        async def write(self, action, *given):
            self.written.append((action, given))
            return [types.SimpleNamespace(id="job", attempt=1)] if action is following.start_due else True

    busy, started = Busy(), []
    follower = following.Follower(busy, holder="one", submit=lambda *job: started.append(job))

    assert [asyncio.run(follower.step()) for _ in range(3)] == [True] * 3
    assert started == [("job", 1)], "at once, and then not again for a while"
    assert (following.start_due, ([7],)) in busy.written
