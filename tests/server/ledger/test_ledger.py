"""Pay on the server: computed, closed for good, verified, contested, corrected, and nobody sees more than their own."""

import csv
import io

import pytest

from tests.server.ledger.conftest import FORMULA


def test_a_period_is_computed_closed_and_verified_and_the_next_has_what_came_later(paid, team):
    place = paid(items=3)
    period = place.compute()
    (one, other) = place.lines(period)
    first = team.annotator.get(f"/projects/{place.project}/pay/mine").json()["lines"]
    closed = place.close(period).json()

    assert first == [], "a draft is nobody's pay yet"
    assert (one["amount"], one["inputs"]["label_ms"], one["inputs"]["answers"]) == (195, 180_000, [3])
    assert closed["total"] == one["amount"] + other["amount"] == 390
    assert place.close(period).status_code == 409
    again = place.done(team.manager.post(f"/pay/periods/{period}/verify").json()["id"])["result"]
    assert again == {"lines": 2, "same": 2, "differ": []}

    place.add(1)
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task, active_ms=3_600_000)
    second = place.compute()
    [line] = place.lines(second)
    assert (line["inputs"]["raw_ms"], line["inputs"]["label_ms"], line["amount"]) == (3_600_000, 600_000, 605)
    mine = team.annotator.get(f"/projects/{place.project}/pay/mine").json()["lines"]
    assert [one["number"] for one in mine] == [1]
    place.done(team.manager.post(f"/pay/periods/{second}/verify").json()["id"])


def test_what_is_changed_behind_the_ledgers_back_is_found(paid, team):
    place = paid(items=2)
    period = place.compute()
    place.close(period)
    team.server.db.write_now(
        lambda tx: tx.run("UPDATE pay_lines SET amount = amount + 1 WHERE author = (SELECT max(author) FROM pay_lines)")
    )

    result = place.done(team.manager.post(f"/pay/periods/{period}/verify").json()["id"])["result"]

    assert (result["lines"], result["same"], len(result["differ"])) == (2, 1, 1)
    assert result["differ"][0]["amount"] == result["differ"][0]["now"] + 1


def test_a_formula_holds_from_the_next_period_once_somebody_worked_under_it(paid, team):
    place = paid(items=1)
    changed = place.put({"per_hour": 7200}, base=1).json()

    assert (changed["now"]["version"], changed["next"]["version"]) == (1, 2)
    assert place.put({"per_hour": 1}, base=1).status_code == 409
    assert "by their number alone" in place.put({"per_hour": 1, "per_100": 1}, base=2).text
    period = place.compute()
    assert place.lines(period)[0]["formula"] == 1
    assert team.annotator.get(f"/projects/{place.project}/pay/formula").json()["now"]["version"] == 1
    place.close(period)
    rule = team.annotator.get(f"/projects/{place.project}/pay/formula").json()
    assert (rule["now"]["version"], rule["next"]) == (2, None)
    assert place.put({"per_hour": 1, "currency": "USD"}, base=2).status_code == 422


def test_a_line_is_contested_once_by_its_person_and_corrected_with_the_next_period(paid, team):
    place = paid(items=1)
    period = place.compute()
    line = next(one for one in place.lines(period) if one["person"]["name"] == "Annotator")
    at = f"/pay/lines/{line['id']}/contest"
    assert team.annotator.post(at, json={"reason": "My time."}).status_code == 404, "a draft is nobody's pay yet"
    place.close(period)

    made = team.annotator.post(at, json={"reason": "My time."})
    assert made.status_code == 201, made.text
    assert team.annotator.post(at, json={"reason": "My time."}).status_code == 409
    assert team.reviewer.post(at, json={"reason": "Not mine"}).status_code == 404
    decide = f"/pay/contests/{made.json()['id']}/decision"
    assert team.reviewer.post(decide, json={"outcome": "upheld", "reason": "No"}).status_code == 403
    for wrong in ({"outcome": "corrected", "reason": "x"}, {"outcome": "upheld", "reason": "x", "amount": 3}):
        assert team.manager.post(decide, json=wrong).status_code == 422
    assert team.manager.post(decide, json={"outcome": "upheld", "reason": " "}).status_code == 422
    found = team.manager.post(decide, json={"outcome": "corrected", "reason": "True", "amount": 77}).json()
    assert (found["state"], found["amount"]) == ("corrected", 77)
    second = place.compute()
    [again] = place.lines(second)
    assert (again["amount"], again["parts"]) == (77, [{"of": "corrections", "amount": 77, "percent": None}])
    [mine] = team.annotator.get(f"/projects/{place.project}/pay/mine").json()["lines"]
    assert (mine["amount"], mine["contest"]["outcome"]) == (line["amount"], "True"), "a closed line never changes"


def test_nobody_decides_on_their_own_pay_and_corrections_are_checked(paid, team):
    place = paid(items=1)
    at = f"/projects/{place.project}/pay/corrections"
    authors = {name: id_ for id_, name in place.rows("SELECT id, name FROM authors WHERE type = 'person'")}

    assert team.manager.post(at, json={"person": authors["Manager"], "amount": 5, "reason": "me"}).status_code == 403
    assert team.manager.post(at, json={"person": authors["Stranger"], "amount": 5, "reason": "x"}).status_code == 404
    for amount in (0, 10**16, 1.5):
        wrong = team.manager.post(at, json={"person": authors["Annotator"], "amount": amount, "reason": "x"})
        assert wrong.status_code == 422
    good = team.manager.post(at, json={"person": authors["Annotator"], "amount": -5, "reason": "Twice"})
    assert good.status_code == 201
    assert [one["amount"] for one in team.manager.get(at).json()] == [-5]


def test_the_table_is_safe_in_a_spreadsheet(paid, team):
    place = paid(items=1)
    team.server.db.write_now(lambda tx: tx.run("UPDATE authors SET name = '=HYPERLINK(1)' WHERE name = 'Annotator'"))
    period = place.compute()

    rows = list(csv.DictReader(io.StringIO(team.manager.get(f"/pay/periods/{period}/table").text)))

    assert {row["name"] for row in rows} == {"'=HYPERLINK(1)", "Annotator1"}
    assert sum(float(row["amount"]) for row in rows) == pytest.approx(1.30)


def test_a_preview_shows_real_people_under_both_formulas_and_writes_nothing(paid, team):
    place = paid(items=4)
    at = f"/projects/{place.project}/pay/preview"
    agreed = {"per_hour": 7200, "consistency": {"steps": [{"from": 0.5, "percent": 110}]}}

    found = team.manager.post(at, json={"formula": agreed}).json()

    assert [(row["person"]["name"], row["now"], row["amount"]) for row in found["rows"]] == [
        ("Annotator", 260, 480),
        ("Annotator1", 260, 480),
    ]
    assert (found["answers"], found["rows"][0]["consistency"]["n"]) == (8, 4)
    assert team.manager.post(at, json={"formula": {"per_100": 5}}).json()["problems"][0]["path"] == "formula.per_100"
    assert team.reviewer.post(at, json={"formula": agreed}).status_code == 403
    assert place.one("SELECT count(*) FROM pay_periods") == 0


def test_consistency_is_measured_on_answers_as_they_stood(paid, team):
    steps = [{"from": 0, "percent": 50}, {"from": 0.3, "percent": 100}, {"from": 0.8, "percent": 150}]
    place = paid(items=25, formula={"per_hour": 3600, "consistency": {"steps": steps}})
    period = place.compute()

    lines = place.lines(period)

    assert [line["consistency"]["n"] for line in lines] == [25, 25]
    assert [line["consistency"]["percent"] for line in lines] == [150, 150]
    assert [line["amount"] for line in lines] == [2250, 2250]


def test_a_period_that_begins_before_a_change_goes_by_what_was_promised(paid, team):
    place = paid(items=1)
    team.server.clock.move(minutes=2)
    before = team.server.clock.now().isoformat()
    team.server.clock.move(minutes=2)
    place.put({"per_hour": 7200}, base=1)
    started = team.manager.post(f"/projects/{place.project}/pay/periods", json={"end_at": before}).json()
    place.done(started["job"])

    place.close(started["period"])

    rule = team.annotator.get(f"/projects/{place.project}/pay/formula").json()
    assert (rule["now"]["version"], rule["next"]["version"]) == (1, 2)


ENDS = ("soon", "2000-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2026-01-01T00:00:00", 5)


def test_nothing_can_be_computed_before_there_is_a_formula_or_for_no_time(work, team):
    place = work(items=1)
    at = f"/projects/{place.project}/pay"

    assert team.manager.post(f"{at}/periods", json={}).status_code == 409
    assert team.annotator.get(f"{at}/formula").json()["now"] is None
    assert team.manager.get(f"{at}/budget").json()["forecast"]["value"] is None
    team.manager.put(f"{at}/formula", json={"formula": FORMULA})
    team.server.clock.move(minutes=2)
    assert {team.manager.post(f"{at}/periods", json={"end_at": end}).status_code for end in ENDS} == {422}


def test_a_budget_is_held_against_what_the_rest_will_cost_and_managers_are_told(paid, team, until):
    place = paid(items=4)
    place.add(6)
    place.close(place.compute())
    at = f"/projects/{place.project}/pay/budget"

    assert team.manager.put(at, json={"amount": -1}).status_code == 422
    rich = team.manager.put(at, json={"amount": 5000}).json()
    poor = team.manager.put(at, json={"amount": 1000, "stops": True}).json()

    assert (rich["spent"], rich["answers_left"], rich["is_over"]) == (520, 12, False)
    assert (rich["forecast"]["value"], rich["per_answer"]["value"]) == (1300, 65)
    done = until(lambda: team.manager.get(at).json(), lambda one: one["per_label"]["value"] == 130)
    assert done["per_label"]["value"] == 130, "four items are done"
    assert (poor["is_over"], poor["is_out"]) == (True, False)
    told = until(lambda: team.owner.get("/notices").json()["items"], bool)
    assert "budget" in [one["name"] for one in told]
    for task in place.claim(place.people[0], 6):
        place.submit(place.people[0], task)
    assert team.manager.get(at).json()["running"] == 6 * 65


def test_money_that_is_out_ends_an_adaptive_overlap(work, team, until):
    stage = {"do": "label", "overlap": 1, "until": {"sure": 0.999, "most": 3}, "next": [{"to": "accept"}]}
    policy = {"start": "label", "stages": {"label": stage, "accept": {"do": "resolve", "by": "consensus"}}}
    place = work(items=1, policy=policy)
    team.manager.put(f"/projects/{place.project}/pay/formula", json={"formula": {"per_hour": 1000}})
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task)
    [item] = place.items
    assert until(lambda: place.state(item), lambda state: state == "open") == "open", "it waits for more answers"

    made = team.manager.put(f"/projects/{place.project}/pay/budget", json={"amount": 0, "stops": True})
    assert made.json()["is_out"]
    assert until(lambda: place.state(item), lambda state: state == "done") == "done"
