"""Rules that act: beyond doubt, with their evidence, told to the person, undone by a manager."""

import msgspec
import pytest

from karat.model.policy import read_policy
from karat.model.rules import Rule, RuleWhen
from karat.model.ways import Edge, Sight, Way, way_out
from karat.quality.annotators.paces import pace_of
from karat.quality.measure import Measure
from karat.quality.sums import Sums
from karat.server.items.schemas import Person
from karat.server.team.acting import act
from karat.server.team.meaning import meant
from karat.server.team.schemas import Alarm, PersonRow

POLICY = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "next": [{"to": "review", "share": 0.001}, {"to": "accept"}]},
        "review": {"do": "review", "next": {"accepted": "accept", "fixed": "accept", "rejected": "label"}},
        "accept": {"do": "resolve", "by": "consensus"},
    },
    "rules": [{"when": {"measure": "accuracy", "below": 0.8}, "do": "pause"}],
}


def policy(**more):
    found, problems = read_policy({**POLICY, **more}, {"in_order"}, set())
    assert found, problems
    return found


def row(right, n, **more):
    """Somebody who was right so often of so many."""
    nothing = Sums().share()
    base = {
        "author": Person("a", "Ann", "person"),
        "answers": n,
        "skipped": 0,
        "active_ms": 0,
        "median_ms": None,
        "pace": None,
        "is_fast": False,
        "accuracy": Sums(n, float(right), float(n), float(n)).share(),
        "agreement": nothing,
        "reviewed": nothing,
        "gold": nothing,
        "skill": nothing,
        "verdicts": {},
        "defects": 0,
        "paced": nothing,
        "fatigue": nothing,
        "repeats": nothing,
        "trust": nothing,
        "alarms": [],
        "falling_since": None,
        "last_day": None,
        "filter": {},
    }
    return PersonRow(**{**base, **more})


def test_a_rule_acts_where_the_whole_interval_says_so():
    rules = policy()
    assert meant(rules, [row(60, 100)])[0].evidence["n"] == 100
    assert meant(rules, [row(75, 100)]) == [], "the interval reaches over the bound"
    assert meant(rules, [row(0, 19)]) == [], "of fewer answers than it asks for"
    slow = policy(rules=[{"when": {"measure": "pace", "below": 0.5}, "do": "notify"}])
    assert len(meant(slow, [row(99, 100, paced=pace_of(40, -40.0, 48.0))])) == 1
    assert meant(slow, [row(99, 100, paced=pace_of(40, -28.0, 48.0))]) == [], "half of the time is not beyond doubt"
    falls = policy(rules=[{"when": {"measure": "falling"}, "do": "raise_review", "share": 0.5}])
    assert (
        "2026-01-09"
        in meant(falls, [row(99, 100, alarms=[Alarm("falling", "x", "2026-01-09", 100, "once in 2,000")])])[0].reason
    )


def test_what_is_usual_among_the_people_is_a_bar_for_any_number_of_labels():
    rules = policy(rules=[{"when": {"measure": "skill", "usual": 1.5}, "do": "raise_review"}])

    def people(*skills):
        return [row(0, 0, skill=Measure(value, value - 0.04, value + 0.04, 100, True)) for value in skills]

    of_two, of_twenty = people(0.9, 0.9, 0.9, 0.9, 0.86, 0.8), people(0.6, 0.6, 0.6, 0.6, 0.45, 0.3)
    assert [one.evidence["value"] for one in meant(rules, of_two)] == [0.8]
    assert meant(rules, of_two)[0].evidence["bound"] == pytest.approx(0.85)
    assert "1.5 times as often as the median person" in meant(rules, of_two)[0].reason
    assert [one.evidence["value"] for one in meant(rules, of_twenty)] == [0.3]
    assert meant(rules, of_two[-1:], of_two), "the others are usual, whoever is asked about"
    assert meant(rules, of_two[-4:]) == [], "four people are too few to call anything usual"


@pytest.mark.parametrize(
    "rule",
    [
        {"when": {"measure": "pace", "usual": 1.5}, "do": "pause"},
        {"when": {"measure": "skill", "usual": 0.9}, "do": "pause"},
        {"when": {"measure": "skill", "usual": 1.5, "below": 0.8}, "do": "pause"},
        {"when": {"measure": "accuracy"}, "do": "pause"},
        {"when": {"measure": "falling", "below": 0.5}, "do": "pause"},
        {"when": {"measure": "accuracy", "below": 0.8, "at_least": 3}, "do": "pause"},
        {"when": {"measure": "volume", "below": 10}, "do": "pause"},
    ],
)
def test_a_rule_that_would_act_on_chance_or_on_nothing_is_refused(rule):
    found, problems = read_policy({**POLICY, "rules": [rule]}, {"in_order"}, set())
    assert found is None
    assert problems[0].path.startswith("rules")


def test_a_raised_share_is_what_the_draw_says():
    edges = (Edge(to="review", share=0.2), Edge(to="accept"))
    assert way_out(edges, sight=Sight(draw=0.6)) == Way("accept", 0.8)
    assert way_out(edges, sight=Sight(draw=0.6, raised={"review": 0.75})) == Way("review", 0.75)
    assert way_out(edges, sight=Sight(draw=0.1, raised={"review": 0.1})) == Way("review", 0.2), "it never lowers"


def test_whoever_is_paused_is_told_why_and_gets_work_again_once_it_is_undone(work, team):
    place = work(items=3, people=1, policy=POLICY)
    found = meant(policy(), [row(60, 100, author=found_author(team))])
    key = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    place.claim(place.people[0])

    assert place.db.write_now(act, key, found) == 1
    assert place.db.write_now(act, key, found) == 0, "it holds already"
    refused = team.annotator.post(f"/projects/{place.project}/claims", json={})
    own = team.annotator.get(f"/projects/{place.project}/standing").json()
    (done,) = team.reviewer.get(f"/projects/{place.project}/team/actions").json()

    assert (refused.status_code, "0.60" in refused.text) == (409, True)
    assert [one["did"] for one in own] == ["pause"]
    assert (done["by"], done["evidence"]["n"]) == (None, 100)
    assert place.one("SELECT count(*) FROM assignments WHERE state = 'claimed'") == 0
    undo = f"/team/actions/{done['id']}/undo"
    assert team.reviewer.post(undo).status_code == 403
    assert team.stranger.post(undo).status_code == 404
    assert team.manager.post(undo).json()["undone_by"]["name"] == "Manager"
    assert team.annotator.post(f"/projects/{place.project}/claims", json={}).json()["tasks"]
    assert place.db.write_now(act, key, found) == 0, "the same evidence does not do it again"
    better = meant(policy(), [row(79, 120, author=found_author(team))])
    assert place.db.write_now(act, key, better) == 0, "what came since is good: 19 of 20"
    worse = meant(policy(), [row(70, 140, author=found_author(team))])
    assert place.db.write_now(act, key, worse) == 1, "what came since is by itself cause enough: 10 of 40"
    place.check()


def test_a_manager_pauses_by_hand_and_raises_the_share_of_review(work, team, until):
    place = work(items=2, people=1, policy={**POLICY, "rules": []})
    at = f"/projects/{place.project}/team/people/{author_of(team)}/actions"
    given = {"do": "raise_review", "share": 1.0, "reason": "New here"}

    assert team.annotator.post(at, json=given).status_code == 403
    assert team.manager.post(at, json={**given, "reason": " "}).status_code == 422
    assert team.manager.post(at, json=given).json()["by"]["name"] == "Manager"
    (task,) = place.claim(place.people[0])
    place.submit(place.people[0], task)

    assert until(lambda: place.state(task.item.id), lambda state: state == "review") == "review"
    assert place.one("SELECT probability FROM routes") == 1.0
    assert msgspec.json.decode(place.one("SELECT evidence FROM rule_actions")) == {}


def found_author(team):
    return Person(author_of(team), "Annotator", "person")


def author_of(team):
    rows = team.server.db.read_now(lambda tx: tx.run("SELECT id FROM authors WHERE name = 'Annotator'"))
    return rows[0][0]


def test_rules_stand_in_a_policy_by_their_defaults():
    assert policy().rules == (Rule(when=RuleWhen(measure="accuracy", below=0.8), do="pause"),)


def test_open_answers_are_given_to_others_and_undoing_takes_them_in_again(work, team):
    place = work(items=3, people=1, policy={**POLICY, "rules": []})
    for task in place.claim(place.people[0], 3):
        place.submit(place.people[0], task)
    at = f"/projects/{place.project}/team/people/{author_of(team)}/actions"
    before = place.rows("SELECT n, state, stage, responses FROM items ORDER BY n")

    done = team.manager.post(at, json={"do": "requeue", "last": 2, "reason": "The meter was read wrong"}).json()
    others = [task.item.id for task in place.claim(place.manager, 3)]

    out = "SELECT count(*) FROM responses WHERE excluded IS NOT NULL"
    assert (done["did"], done["answers"], place.one(out)) == ("requeue", 2, 2), "the latest two"
    assert len(others) == 2
    assert place.claim(place.people[0], 3) == [], "nobody is asked twice"
    for assignment in place.rows("SELECT id FROM assignments WHERE state = 'claimed'"):
        assert team.manager.delete(f"/assignments/{assignment[0]}").status_code in (200, 204)
    team.manager.post(f"/team/actions/{done['id']}/undo")
    assert place.one(out) == 0
    assert [row[3] for row in place.rows("SELECT n, state, stage, responses FROM items ORDER BY n")] == [
        row[3] for row in before
    ]
    place.check()


def test_who_is_sent_to_training_stands_where_they_stood_once_it_is_undone(work, team, until):
    course = {"practice": 2, "test": None, "pilot": None}
    place = work(items=3, people=1, policy={**POLICY, "course": course, "rules": []})
    key = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    decide = f"/projects/{place.project}/standings/{author_of(team)}"
    assert team.manager.post(decide, json={"do": "waive", "reason": "Worked before"}).status_code == 204
    trains = policy(course=course, rules=[{"when": {"measure": "accuracy", "below": 0.8}, "do": "train"}])
    state = lambda: team.annotator.get(f"/projects/{place.project}/course").json()["state"]  # noqa: E731

    assert place.db.write_now(act, key, meant(trains, [row(60, 100, author=found_author(team))])) == 1
    assert state() == "practice"
    (done,) = team.manager.get(f"/projects/{place.project}/team/actions").json()
    told = until(lambda: team.annotator.get("/notices").json()["items"], lambda items: items != [])
    managers = until(lambda: team.manager.get("/notices").json()["items"], lambda items: items != [])
    team.manager.post(f"/team/actions/{done['id']}/undo")

    assert state() == "working"
    assert ({one["name"] for one in told}, [one["name"] for one in managers]) == ({"course"}, ["rule-acted"])
    found, problems = read_policy({**POLICY, "rules": [{**POLICY["rules"][0], "do": "train"}]}, {"in_order"}, set())
    assert (found, problems[0].path) == (None, "rules[0].do")
