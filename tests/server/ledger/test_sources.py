"""Every line opens what it comes from, to its own person and to managers; and it stays theirs whatever becomes of them."""

import dataclasses

import pytest

from karat.server.access import enter_project
from karat.server.people.actions import start_session
from karat.server.tell import tell
from tests.server.conftest import ORIGIN


def sources(person, line, of="answers", **more):
    return person.get(f"/pay/lines/{line}/sources", params={"of": of, **more})


def line_of(place, period, name="Annotator"):
    return next(one for one in place.lines(period) if one["person"]["name"] == name)


def test_a_line_is_the_sum_of_what_it_opens_and_what_is_taken_back_stands_in_the_next(paid, team):
    place = paid(items=4)
    first = place.compute()
    place.close(first)
    place.add(1)
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task, active_ms=3_600_000)
    place.undo(place.people[0], task)
    second = place.compute()

    whole = sources(team.manager, line_of(place, first)["id"]).json()["items"]
    page = sources(team.annotator, line_of(place, first)["id"], limit=3).json()
    rest = sources(team.annotator, line_of(place, first)["id"], limit=3, cursor=page["next"]).json()
    after = sources(team.manager, line_of(place, second)["id"]).json()["items"]

    given = line_of(place, first)["inputs"]
    assert [sum(one[of] for one in whole) for of in ("active_ms", "counted_ms", "answers")] == [
        given["raw_ms"],
        given["label_ms"],
        sum(given["answers"]),
    ]
    assert [*page["items"], *rest["items"]] == whole
    assert rest["next"] is None
    assert {(one["of"], one["item"] in place.items) for one in whole} == {("answer", True)}
    assert [(one["active_ms"], one["counted_ms"], one["answers"]) for one in after] == [(3_600_000, 600_000, 0)]


def test_an_answer_that_is_taken_back_in_a_later_period_is_listed_there(paid, team):
    place = paid(items=1)
    first = place.compute()
    place.close(first)
    response = place.one("SELECT min(n) FROM responses")
    team.server.db.write_now(_take_back, place.manager, place.project, response)
    second = place.compute()

    [taken] = sources(team.manager, line_of(place, second)["id"]).json()["items"]

    assert (taken["answers"], taken["counted_ms"]) == (-1, 0)
    assert line_of(place, second)["inputs"]["answers"] == [-1]


def _take_back(tx, manager, project, response):
    """As an undo tells it, which is refused this late."""
    scope = enter_project(tx, manager, "pay.change", project=project)
    (id_,) = tx.run("SELECT id FROM responses WHERE n = :n", n=response)[0]
    tx.run("UPDATE responses SET head = 0, state = 'withdrawn' WHERE n = :n", n=response)
    tell(tx, scope, "response.reverted", thing="response", id=id_, revision=1)


def test_nobody_but_its_person_and_managers_opens_a_line_and_a_draft_is_nobodys(paid, team):
    place = paid(items=1)
    period = place.compute()
    line = line_of(place, period)["id"]
    draft = sources(team.annotator, line)
    place.close(period)

    asked = [sources(who, line).status_code for who in (team.annotator, team.manager, team.reviewer, team.stranger)]

    assert (draft.status_code, asked) == (404, [200, 200, 404, 404])
    assert sources(team.annotator, line, of="gold").status_code == 422
    assert sources(team.annotator, line, cursor="x").status_code == 422


def test_what_is_contested_and_corrected_stands_in_the_table_and_behind_the_next_line(paid, team):
    place = paid(items=1)
    period = place.compute()
    place.close(period)
    line = line_of(place, period)["id"]
    made = team.annotator.post(f"/pay/lines/{line}/contest", json={"reason": "=My time"}).json()["id"]
    decided = {"outcome": "corrected", "reason": "The clock stood still", "amount": 77}
    team.manager.post(f"/pay/contests/{made}/decision", json=decided)
    second = place.compute()

    [why] = sources(team.manager, line_of(place, second)["id"], of="corrections").json()["items"]
    table = team.manager.get(f"/pay/periods/{period}/table").text

    assert (why["amount"], why["text"]) == (77, "The clock stood still")
    assert "corrected,'=My time,The clock stood still,0.77" in table
    assert sources(team.manager, line_of(place, second)["id"], of="reviews").json()["items"] == []
    assert sources(team.manager, line_of(place, second)["id"], of="flags").json()["items"] == []


def test_a_part_says_how_it_was_worked_out(paid, team):
    place = paid(items=3)
    period = place.compute()
    place.close(period)

    [mine] = team.annotator.get(f"/projects/{place.project}/pay/mine").json()["lines"]

    assert [(one["of"], one["amount"], one["how"].split(":")[0]) for one in mine["made"]] == [
        ("time", 180, "3 min 0 s = 0.0500 h × 36.00 EUR"),
        ("answers", 15, "3 answers × 5.00 EUR for 100"),
        ("accuracy", 0, "100 % of 1.95 EUR of labeling time and answers"),
    ]
    assert sum(one["amount"] for one in mine["made"]) == mine["amount"]


def signed_in_again(team):
    secret = team.server.db.write_now(start_session, team.annotator.login, agent="", address="", days=1)
    return dataclasses.replace(team.annotator, headers={"cookie": f"karat_session={secret}", "origin": ORIGIN})


@pytest.mark.parametrize("active", [False, True])
def test_who_is_renamed_or_no_longer_a_member_keeps_their_lines(paid, team, active):
    place = paid(items=1)
    first = place.compute()
    place.close(first)
    amount = line_of(place, first)["amount"]
    team.annotator.patch("/me", json={"name": "Another"})
    members = team.owner.get(f"/workspaces/{team.workspace}/members").json()
    member = next(one["id"] for one in members if one["name"] == "Another")
    for state in (False, active):
        changed = team.owner.patch(f"/workspaces/{team.workspace}/members/{member}", json={"active": state})
        assert changed.status_code == 200, changed.text

    verified = place.done(team.manager.post(f"/pay/periods/{first}/verify").json()["id"])["result"]
    own = signed_in_again(team).get(f"/projects/{place.project}/pay/mine")

    assert line_of(place, first, "Another")["amount"] == amount
    assert (verified["same"], verified["differ"]) == (2, [])
    assert own.status_code == (200 if active else 404)
    assert not active or [one["amount"] for one in own.json()["lines"]] == [amount]
