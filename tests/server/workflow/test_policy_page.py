"""What the page of a workflow asks: checks, counts, what a change means, versions; and whom the stages ask for."""

import random

from karat.policies.flow import is_offered
from karat.server.labeling.actions import recount_next
from karat.server.labeling.actions.slots import state_of
from karat.server.labeling.queries.versions import rules_of

TWO = {
    "label": {"do": "label", "overlap": 2, "next": [{"to": "accept"}]},
    "accept": {"do": "resolve", "by": "consensus"},
}
ONE = {**TWO, "label": {"do": "label", "next": [{"to": "accept"}]}}
REVIEWED = {
    "label": {"do": "label", "next": [{"to": "review"}]},
    "review": {"do": "review", "next": {"accepted": "accept", "fixed": "accept", "rejected": "label"}},
    "accept": {"do": "resolve", "by": "consensus"},
}
EXPERT = {
    "label": {"do": "label", "skip": {"after": 2, "then": "expert"}, "next": [{"to": "accept"}]},
    "expert": {"do": "label", "next": [{"to": "accept"}]},
    "accept": {"do": "resolve", "by": "consensus"},
}


def policy(stages, **who):
    if not who:
        return {"start": "label", "stages": stages}
    return {"start": "label", "stages": {**stages, "label": {**stages["label"], "who": who}}}


def check(person, place, document, *, plan=False):
    return person.post(f"/projects/{place.project}/policies/check", json={"policy": document, "plan": plan})


def put(person, place, document):
    path = f"/projects/{place.project}"
    etag = person.get(path).json()["etag"]
    assert person.patch(path, json={"policy": document}, headers={"If-Match": f'"{etag}"'}).status_code == 200
    while place.db.write_now(recount_next):
        pass


def test_a_policy_is_checked_with_what_it_means_and_nothing_changes(work, team):
    place = work(items=3, policy=policy(ONE))
    place.submit(place.people[0], *place.claim(place.people[0]))

    found = check(team.manager, place, policy(TWO), plan=True).json()
    wrong = check(team.manager, place, policy({**TWO, "label": {"do": "label", "next": [{"to": "acept"}]}})).json()

    assert found["problems"] == []
    assert {(m["state"], m["to_state"]): m["items"] for m in found["plan"]} == {
        ("open", "open"): 2,
        ("labeled", "open"): 1,
    }
    assert wrong["policy"] is None
    assert wrong["problems"][0]["path"] == "stages.label.next[0].to"
    assert check(team.reviewer, place, policy(TWO)).status_code == 403
    assert team.annotator.get(f"/projects/{place.project}/workflow").status_code == 403
    assert place.one("SELECT policy_version FROM projects WHERE id = :id", id=place.project) == 1


def test_what_comes_to_its_last_stage_by_a_changed_policy_has_its_result(work, team, until):
    place = work(items=1, policy=policy(REVIEWED))
    place.submit(place.people[0], *place.claim(place.people[0]))
    until(lambda: place.rows("SELECT item FROM consensus"), bool)
    before = place.state(place.items[0])

    put(team.manager, place, policy(ONE))

    names = [name for (name,) in place.rows("SELECT name FROM events ORDER BY seq")]
    assert before == "review"
    assert names.index("items.recounted") > names.index("project.changed"), "it is looked at after it was moved"
    until(lambda: place.state(place.items[0]), lambda state: state == "done")


def test_the_workflow_says_where_the_items_are_and_which_versions_there_were(work, team):
    place = work(items=4, policy=policy(ONE))
    place.submit(place.people[0], *place.claim(place.people[0]))
    place.claim(place.people[0])

    counts = team.manager.get(f"/projects/{place.project}/workflow").json()["counts"]
    put(team.manager, place, policy(REVIEWED))
    versions = team.manager.get(f"/projects/{place.project}/policies").json()

    assert counts["label"] == {"open": 2, "claimed": 1, "waiting": 0, "done": 0}
    assert counts["accept"]["waiting"] == 1
    assert [(one["version"], list(one["policy"]["stages"])) for one in versions] == [
        (2, ["label", "review", "accept"]),
        (1, ["label", "accept"]),
    ]
    place.check()


def test_a_stage_may_ask_for_groups_skills_and_languages(work, team):
    place = work(items=2, people=2, policy=policy(ONE, groups=["Doctors"], skills=["ecg"]))
    ada, ben = place.people
    at = f"/workspaces/{team.workspace}"
    members = {one["person"]: one["id"] for one in team.manager.get(f"{at}/members").json()}

    assert place.claim(ada) == []
    group = team.manager.post(f"{at}/groups", json={"name": "Doctors", "members": [members[ada.id]]})
    assert group.status_code == 201
    assert place.claim(ada) == []
    said = team.manager.put(f"{at}/members/{members[ada.id]}/traits", json={"skills": ["ecg"], "languages": ["sw"]})

    assert said.json()["skills"] == ["ecg"]
    assert len(place.claim(ada)) == 1
    assert place.claim(ben) == []
    assert check(team.manager, place, policy(ONE, groups=["Doctors"])).json()["people"]["label"] == 1
    assert team.reviewer.post(f"{at}/groups", json={"name": "Nurses"}).status_code == 403
    assert team.stranger.get(f"{at}/groups").status_code == 404
    place.check()


def test_items_go_to_those_who_speak_their_language(work, team):
    place = work(items=3, policy=policy(ONE, language="lang"))
    ada = place.people[0]
    at = f"/workspaces/{team.workspace}"
    member = next(one["id"] for one in team.manager.get(f"{at}/members").json() if one["person"] == ada.id)
    team.manager.put(f"{at}/members/{member}/traits", json={"languages": ["sw"]})

    assert place.claim(ada) == []
    speak = 'UPDATE items SET metadata = \'{"lang":"sw"}\' WHERE id = :id'
    place.db.write_now(lambda tx: tx.run(speak, id=place.items[1]))
    place.clock.move(seconds=31)

    assert [task.item.id for task in place.claim(ada, 3)] == [place.items[1]]
    place.check()


def test_an_item_that_two_people_skip_goes_to_the_expert(work, team):
    place = work(items=1, people=3, policy=policy(EXPERT))
    ada, ben, eve = place.people

    place.skip(ada, *place.claim(ada))
    assert place.one("SELECT stage FROM items") == "label"
    [task] = place.claim(ben)
    place.skip(ben, task)
    assert place.one("SELECT stage FROM items") == "expert"
    place.check()
    [task] = place.claim(eve)
    assert task.assignment.stage == "expert"
    place.submit(eve, task)

    assert place.one("SELECT stage FROM items") == "accept"
    place.check()


def test_taking_back_the_skip_that_sent_an_item_away_brings_it_back(work):
    place = work(items=1, people=2, policy=policy(EXPERT))
    ada, ben = place.people
    place.skip(ada, *place.claim(ada))
    [task] = place.claim(ben)
    place.skip(ben, task)

    undone = place.undo(ben, task)

    assert undone.assignment is not None
    assert place.rows("SELECT stage, state FROM items") == [("label", "open")]
    place.check()


def test_policies_that_change_under_load_strand_nothing(work, team):
    """Claims, answers, skips, releases and undos between random changes of the policy: afterwards every rule holds."""
    dice = random.Random(7)
    place = work(items=8, people=4, policy=policy(ONE))
    policies = [policy(stages) for stages in (ONE, TWO, REVIEWED, EXPERT)]
    held = []
    for turn in range(60):
        who = dice.choice(place.people)
        act = dice.random()
        if turn % 12 == 5:
            put(team.manager, place, dice.choice(policies))
        elif act < 0.5 or not held:
            held += [(who, task) for task in place.claim(who)]
        else:
            by, task = held.pop(dice.randrange(len(held)))
            (place.skip if act > 0.85 else place.submit)(by, task)
    place.check()

    def stranded(tx):
        project = tx.run("SELECT n FROM projects WHERE id = :id", id=place.project)[0][0]
        rules = rules_of(tx, project)
        states = [state_of(tx, n) for (n,) in tx.run("SELECT n FROM items WHERE project = :p", p=project)]
        return [s for s in states if not (is_offered(s, rules.policy) or s.claims or s.state in ("labeled", "done"))]

    assert place.db.read_now(stranded) == []
