"""Where more answers are asked for because of what was said: people are held against what that does not distort."""

import msgspec
import numpy as np
import pytest

from karat.quality.annotators.guessing import Guessing
from karat.quality.consensus import ProjectLearner, settlers_of
from karat.server.projects.queries import schema_of
from karat.server.reports.golden import golden_after
from karat.server.reports.reading import Answered, Asking, answered_after, asking_of
from karat.server.team.giving import Merging, against_others
from karat.server.team.watching import watch_of
from karat.testing.responses import TOPIC, answer, response, schema
from tests.server.gold.keyed import keyed
from tests.server.items.conftest import SCHEMA as SHELF

SCHEMA = schema({"topic": TOPIC})
LABELS = ("a", "b", "c")
PEOPLE = tuple(f"person {n}" for n in range(8))
RIGHT = 0.8
GOLDEN = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus"},
    },
    "gold": {"rate": 0.5},
}


def schema_of_project(place):
    n = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    return place.db.read_now(schema_of, n)[1]


def said(who, label):
    return response(who, answer("topic", label))


@pytest.fixture(scope="module")
def until_two_agree():
    """Items of which answers were asked for until two agreed, four at most, by people who are all right as often."""
    random = np.random.default_rng(11)
    items = []
    for truth in random.choice(LABELS, 1200):
        given = []
        for who in random.choice(PEOPLE, 4, replace=False):
            others = [label for label in LABELS if label != truth]
            label = truth if random.random() < RIGHT else random.choice(others)
            agrees = label in [before for _, before in given]
            given.append((str(who), str(label)))
            if agrees:
                break
        items.append([(PEOPLE.index(who), "2026-01-01", said(who, label)) for who, label in given])
    return items


@pytest.fixture(scope="module")
def merging(until_two_agree):
    learner = ProjectLearner(SCHEMA, method="default")
    for item in until_two_agree:
        learner.add([one for _, _, one in item])
    return Merging(SCHEMA, "default", {}, settlers_of(SCHEMA, learner.learn().values()))


def test_the_second_answer_alone_is_held_against_the_first(until_two_agree, merging):
    def right(asked):
        found = [one for item in until_two_agree for one in against_others(item, merging, asked)]
        return np.mean([one.right for one in found]), np.mean([one.sure for one in found]), len(found)

    naive, _, _ = right(None)
    fair, sure, n = right(1)

    # Whoever was asked second agrees if both are right, or wrong in the same way.
    expected = RIGHT**2 + (1 - RIGHT) ** 2 / 2
    assert naive < expected - 0.1, "wrong answers are held against others more often than right ones"
    assert 400 < n < len(until_two_agree), "the first was sure enough, and no others"
    assert fair == pytest.approx(expected, abs=0.03)
    assert sure == pytest.approx(RIGHT, abs=0.05)


def test_nobody_who_looks_is_taken_for_a_guesser(until_two_agree, merging):
    def guessers(asked):
        tests = {n: Guessing(3) for n in range(len(PEOPLE))}
        for item in until_two_agree:
            place = {n: LABELS.index(one.annotations[0].value) for n, _, one in item}
            for one in against_others(item, merging, asked):
                belief = np.full(3, (1 - one.sure) / 2 if one.right else one.sure / 2)
                belief[place[one.author]] = one.sure if one.right else (1 - one.sure) / 2
                tests[one.author].add(place[one.author], belief)
        return sum(test.guesses for test in tests.values())

    assert guessers(None) > len(PEOPLE) // 2
    assert guessers(1) == 0


def test_nothing_is_held_against_one_answer_before_anything_is_learned(until_two_agree):
    plain = Merging(SCHEMA, "default", {}, None)
    assert [one for item in until_two_agree[:50] for one in against_others(item, plain, 1)] == []


def test_what_was_asked_for_anyway_is_compared_in_full():
    asking = Asking(1, "2026-02-01")
    before, after = "2026-01-15", "2026-02-02"

    assert asking.of([before] * 3 + [after]) == 3
    assert asking.of([after] * 3) == 1
    assert asking.of([]) == 0

    three = tuple(said(who, "a") for who in PEOPLE[:3])
    assert Answered(1, three, 3).alike == three
    assert Answered(1, three, 1).alike == three[:2]
    assert Answered(1, three).alike == three
    model = msgspec.structs.replace(three[0], author=msgspec.structs.replace(three[0].author, type="model"))
    assert Answered(1, (*three, model), 1).alike == (*three[:2], model)


def test_an_overlap_that_began_to_think_says_since_when(team):
    project = team.project(SHELF, overlap=3)
    db = team.server.db
    n = db.read_now(lambda tx: tx.run("SELECT n FROM projects WHERE id = :id", id=project))[0][0]
    assert db.read_now(asking_of, n) is None

    at = f"/projects/{project}"
    policy = team.manager.get(f"{at}/workflow").json()["policy"]
    policy["stages"]["label"] |= {"overlap": 1, "until": {"sure": 0.9, "most": 4}}
    revision = team.manager.get(at).headers["etag"]
    changed = team.manager.patch(at, json={"policy": policy}, headers={"if-match": revision})
    assert changed.status_code == 200, changed.text

    thinking = db.read_now(asking_of, n)
    assert thinking.least == 1
    assert (
        thinking.since == db.read_now(lambda tx: tx.run("SELECT max(at) FROM policies WHERE project = :n", n=n))[0][0]
    )


def test_answers_to_gold_are_watched_too(work, team, until):
    place = work(items=16, people=1, policy=GOLDEN)
    gold = keyed(place, team)
    place.db.write_now(lambda tx: tx.put("INSERT INTO secrets (name, value) VALUES ('draws', :v)", v="07" * 32))
    place.add(16)
    given = 0
    while tasks := place.claim(place.people[0], 1):
        place.submit(place.people[0], tasks[0], ("loans", "other")[given % 2])
        given += tasks[0].item.id in gold

    def watched():
        rows = place.db.read_now(lambda tx: tx.run("SELECT body FROM watches"))
        return max((watch_of(body) for (body,) in rows), key=lambda one: one.steps.n, default=None)

    found = until(watched, lambda one: one is not None and one.steps.n >= given)

    assert given == found.steps.n == found.guessing.n > 5
    assert found.guesses is not None, "always wrong where the answer is known"

    n = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    golden = [one for one in place.db.read_now(golden_after, n, 0, limit=100) if len(one.responses) > 1]
    learner = ProjectLearner(schema_of_project(place), method="default")
    for one in golden:
        assert [response.author.type for response in one.responses] == ["person", "gold"]
        learner.add(one.responses)
    (skill,) = learner.learn()["topic"].skills
    assert len(golden) == skill.n == given
    assert skill.high < 0.6, "the consensus learns from gold who is wrong"
    worker, told = golden[0].responses[0].author.id, {one.n for one in golden}
    ordinary = place.db.read_now(answered_after, n, 0, least=1, limit=100)
    standing = [response.author.id for one in ordinary if one.n in told for response in one.responses]
    assert standing, "the key is made of an ordinary answer"
    assert worker not in standing, "and what was said of gold becomes no result"
