"""Gold mixed into the work: it comes, it counts for nothing, and nobody who is given it can tell."""

import json

import msgspec
import pytest

from karat.model.problem import Refused
from karat.server.database import Database, Tx
from karat.server.labeling import actions
from karat.testing.labeling import answer_of
from tests.server.gold.keyed import keyed
from tests.server.review.judging import POLICY, claim, judged


def policy(rate=0.5, overlap=1, reviewed=False, **label):
    if reviewed:
        return {**POLICY, "gold": {"rate": rate}}
    return {
        "start": "label",
        "stages": {
            "label": {"do": "label", "overlap": overlap, "next": [{"to": "accept"}], **label},
            "accept": {"do": "resolve", "by": "consensus"},
        },
        "gold": {"rate": rate},
    }


@pytest.fixture
def golden(work, team):
    """A project with gold made from a manager's answers, and further items."""

    def make(gold=3, items=6, people=1, **more):
        place = work(items=gold, people=people, policy=policy(**more))
        place.gold = keyed(place, team)
        place.db.write_now(
            lambda tx: tx.put(
                "INSERT INTO secrets (name, value) VALUES ('draws', :v) ON CONFLICT DO NOTHING", v="07" * 32
            )
        )
        place.add(items)
        return place

    return make


def test_gold_comes_in_the_place_of_work_and_takes_nothing_from_it(golden):
    place = golden()
    seen = []
    while tasks := place.claim(place.people[0], 1):
        assert place.submit(place.people[0], tasks[0]).receipt is not None
        place.check()
        seen.append(tasks[0].item.id)

    assert len(seen) == len(set(seen))
    assert set(place.items) - place.gold <= set(seen)
    assert len(place.gold & set(seen)) > 0
    assert place.claim(place.people[0], 5) == []


def test_nothing_comes_but_gold_is_never_asked(golden):
    place = golden(items=0)

    assert place.claim(place.people[0], 3) == []


def shape(value):
    """The names and types in an answer, without its values."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in sorted(value.items())}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return type(value).__name__


def counters(person, place):
    """Every number that somebody is told of their work; the median of times is theirs to know, and changes with each."""
    progress = person.get(f"/projects/{place.project}/progress").json()
    return [{**progress, "median_ms": None}, person.get("/home").json()]


def life(person, place, task):
    """Everything somebody can do with an item, and all that they are told on the way."""
    item, assignment = task["item"]["id"], task["assignment"]["id"]
    response, told = task["response"]["id"], []

    def ask(method, path, **more):
        before = counters(person, place)
        answer = person.ask(method, path, **more)
        after = counters(person, place)
        told.append((method, answer.status_code, sorted(answer.headers), before == after))
        told.append(shape(answer.json()) if answer.content else None)
        return answer

    def answer(number, **more):
        body = json.loads(msgspec.json.encode(answer_of(FakeTask(task), **more)))
        return ask("PUT", f"/responses/{response}/revisions/{number}", json=body)

    ask("POST", f"/assignments/{assignment}/renew")
    ask("DELETE", f"/assignments/{assignment}")
    again = ask("POST", f"/projects/{place.project}/claims", json={"count": 1}).json()["tasks"]
    told.append([one["item"]["id"] == item for one in again])
    ask("POST", f"/projects/{place.project}/items/{item}/open")
    answer(1, state="skipped", skip={"reason": "unclear"}, covers={})
    ask("DELETE", f"/responses/{response}/revisions/1")
    answer(2)
    answer(3, value="loans")
    ask("DELETE", f"/responses/{response}/revisions/3")
    answer(4, value="nothing")
    for path in (
        f"/items/{item}",
        f"/items/{item}/draft",
        f"/responses/{response}",
        f"/responses/{response}/revisions",
    ):
        ask("GET", path)
    ask("POST", f"/projects/{place.project}/items/{item}/open")
    ask("DELETE", f"/assignments/{assignment}")
    mine = ask("GET", f"/projects/{place.project}/mine?limit=1").json()["items"][0]
    told.append((mine["editable"], mine["item"] == item))
    return told


class FakeTask:
    """A task of the API where a test wants one as a value."""

    def __init__(self, task):
        self.item = type("Item", (), {"id": task["item"]["id"], "revision": task["item"]["revision"]})
        self.assignment = type("Claim", (), {"id": task["assignment"]["id"]})
        self.schema = task["schema"]


def test_whoever_is_given_gold_is_told_nothing_else_than_of_ordinary_work(golden, team):
    place = golden(gold=2, items=8, overlap=2)
    place.submit(place.people[0], place.claim(place.people[0])[0])
    lives = {True: [], False: []}
    for _ in range(5):
        task = team.annotator.post(f"/projects/{place.project}/claims", json={"count": 1}).json()["tasks"][0]
        lives[task["item"]["id"] in place.gold].append([shape(task), *life(team.annotator, place, task)])

    assert lives[True] and lives[False]
    told = {json.dumps(one) for one in [*lives[True], *lives[False]]}
    assert len(told) == 1


def test_gold_that_people_are_shown_is_retired_and_cannot_come_back(golden, team):
    place = golden()
    listed = f"/projects/{place.project}/gold"

    ruled = team.reviewer.post(f"/projects/{place.project}/precedents", json={"text": "Cards.", "item": place.items[0]})

    assert ruled.status_code == 201, ruled.text
    [row] = [one for one in team.manager.get(listed).json()["items"] if one["item"] == place.items[0]]
    assert (row["state"], row["reason"]) == ("retired", "shown")
    assert team.manager.post(f"/gold/{row['id']}/restore").status_code == 409
    entry = {"item": place.items[0], "response": row["response"], "revision": row["revision"]}
    again = team.manager.post(listed, json={"items": [entry], "source": "response"}).json()
    assert (again["made"], [one["item"] for one in again["left_out"]]) == ([], [place.items[0]])


class Counting(Database):
    """A database that counts the statements of what is asked of it; those who follow the events ask the real one."""

    def __init__(self, db, monkeypatch):
        self._db, self._watched, self._ran = db, set(), 0
        self.dialect, self.engine, self.start, self.close = db.dialect, db.engine, db.start, db.close
        self.read_now, self.write_now, self.write_bulk, self.waiting = (
            db.read_now,
            db.write_now,
            db.write_bulk,
            db.waiting,
        )
        for name in ("run", "put", "many"):
            monkeypatch.setattr(Tx, name, self._counting(getattr(Tx, name)))

    async def read(self, query, /, *args, **kwargs):
        return await self._db.read(self._seen, query, args, kwargs)

    async def write(self, action, /, *args, **kwargs):
        return await self._db.write(self._seen, action, args, kwargs)

    def read_now(self): ...
    def write_now(self): ...
    def write_bulk(self): ...
    def engine(self): ...
    def start(self): ...
    def close(self): ...

    def taken(self):
        """How many statements there were since it was last asked."""
        ran, self._ran = self._ran, 0
        return ran

    def _seen(self, tx, action, args, kwargs):
        self._watched.add(id(tx))
        try:
            return action(tx, *args, **kwargs)
        finally:
            self._watched.discard(id(tx))

    def _counting(self, real):
        def count(tx, sql, /, *args, **values):
            self._ran += id(tx) in self._watched
            return real(tx, sql, *args, **values)

        return count


@pytest.fixture
def counted(team, monkeypatch):
    app, db = team.server.front.app, team.server.db
    counting = Counting(db, monkeypatch)
    object.__setattr__(app, "db", counting)
    yield counting
    object.__setattr__(app, "db", db)


def size(answer):
    """The bytes of an answer, but for the texts of the items themselves, which are of any length."""
    body = json.loads(answer.content or b"null")
    for row in body.get("items", []) if isinstance(body, dict) else []:
        row.pop("preview", None)
    return len(json.dumps(body))


def walked(place, task):
    """Every route by which somebody meets an item, in the order in which it can be asked."""
    item, assignment, response = task["item"]["id"], task["assignment"]["id"], task["response"]["id"]
    body = json.loads(msgspec.json.encode(answer_of(FakeTask(task))))
    claim = ("POST", f"/projects/{place.project}/claims", {"count": 1})
    return [
        ("POST", f"/assignments/{assignment}/renew", None),
        ("GET", f"/items/{item}", None),
        ("POST", f"/projects/{place.project}/items/{item}/open", None),
        ("GET", f"/items/{item}/threads", None),
        ("GET", f"/items/{item}/precedents", None),
        ("GET", f"/projects/{place.project}/given", None),
        ("GET", f"/projects/{place.project}/colleagues", None),
        ("DELETE", f"/assignments/{assignment}", None),
        claim,
        ("PUT", f"/responses/{response}/revisions/1", body),
        ("PUT", f"/responses/{response}/revisions/2", body),
        ("DELETE", f"/responses/{response}/revisions/2", None),
        ("GET", f"/responses/{response}", None),
        ("GET", f"/responses/{response}/revisions", None),
        ("GET", f"/items/{item}/draft", None),
        ("GET", f"/items/{item}/feedback", None),
        ("GET", f"/projects/{place.project}/mine?limit=1", None),
        ("GET", f"/projects/{place.project}/progress", None),
        ("GET", f"/projects/{place.project}/feedback", None),
        ("PUT", f"/responses/{response}/revisions/3", body),
    ]


def test_gold_takes_as_many_statements_and_bytes_as_ordinary_work_on_every_route(golden, team, counted):
    """Seconds cannot be compared in a test that never errs; what they are spent on can."""
    place = golden(gold=2, items=7, overlap=2)
    first = place.claim(place.people[0])[0]
    place.submit(place.people[0], first)
    # Versions are read that are remembered from then on.
    for path in ("mine?limit=1", "progress", "feedback"):
        team.annotator.get(f"/projects/{place.project}/{path}")
    taken = {True: [], False: []}
    for _ in range(5):
        counted.taken()
        claimed = team.annotator.post(f"/projects/{place.project}/claims", json={"count": 1})
        [task] = claimed.json()["tasks"]
        costs = [("claim", len(claimed.content), counted.taken())]
        for method, path, body in walked(place, task):
            answer = team.annotator.ask(method, path, **({} if body is None else {"json": body}))
            sort = path.replace(task["item"]["id"], "I").replace(task["response"]["id"], "R")
            costs.append((f"{method} {sort}", answer.status_code, size(answer), counted.taken()))
        costs = [(name.replace(task["assignment"]["id"], "A"), *rest) for name, *rest in costs]
        taken[task["item"]["id"] in place.gold].append(costs)

    assert taken[True] and taken[False]
    wrong = {
        (one, other)
        for gold in taken[True]
        for plain in taken[False]
        for one, other in zip(gold, plain, strict=True)
        if one != other
    }
    assert wrong == set()


def rest(place, who):
    """Somebody answers one item after another until nothing is left."""
    while tasks := place.claim(who):
        place.submit(who, tasks[0])


@pytest.mark.parametrize("ends", ["given back", "run out"])
def test_what_somebody_left_lying_is_gone_once_others_took_it_gold_or_not(golden, clock, ends):
    place = golden(gold=4, items=12, people=2)
    ann, ben = place.people
    held = place.claim(ann, 6)
    gold = {task.item.id for task in held} & place.gold
    assert 0 < len(gold) < len(held)
    if ends == "run out":
        clock.move(minutes=60)
        place.expire()
    else:
        for task in held:
            place.db.write_now(actions.release, ann, task.assignment.id)

    again = place.claim(ann, 6)
    assert {task.item.id for task in again} == {task.item.id for task in held}
    clock.move(minutes=60)
    place.expire()
    rest(place, ben)

    assert [task.item.id for task in place.claim(ann, 6) if task.item.id in {one.item.id for one in held}] == []
    for task in again:
        with pytest.raises(Refused):
            place.db.write_now(actions.renew, ann, task.assignment.id)
        opened = place.db.write_now(actions.open_item, ann, place.project, task.item.id)
        assert opened.assignment is None


def test_gold_that_was_left_lying_is_gone_after_as_many_others_as_there_are_places(golden):
    place = golden(gold=4, items=12, people=3, overlap=2)
    ann, ben, cyd = place.people
    # Gold that waits as work too would have fewer places.
    place.db.write_now(lambda tx: tx.put("DELETE FROM queue WHERE granted > 0"))
    held = place.claim(ann, 6)
    ids = {task.item.id for task in held}
    assert 0 < len(ids & place.gold) < len(held)
    for task in held:
        place.db.write_now(actions.release, ann, task.assignment.id)

    rest(place, ben)
    assert {task.item.id for task in place.claim(ann, 6)} == ids
    for task in place.claim(ann, 6):
        place.db.write_now(actions.release, ann, task.assignment.id)
    rest(place, ben)
    rest(place, cyd)

    assert ids.isdisjoint(task.item.id for task in place.claim(ann, 8))


def test_gold_is_given_in_the_language_of_the_person_where_work_is(golden, team):
    place = golden(gold=4, items=9, people=1, who={"language": "lang"})
    at = f"/workspaces/{team.workspace}"
    member = next(one["id"] for one in team.manager.get(f"{at}/members").json() if one["name"] == "Annotator")
    team.manager.put(f"{at}/members/{member}/traits", json={"languages": ["sw"]})

    def speak(tx):
        for n, item in enumerate(place.items):
            lang = '{"lang": "sw"}' if n % 2 else '{"lang": "th"}'
            tx.put("UPDATE items SET metadata = :lang WHERE id = :id", lang=lang, id=item)

    place.db.write_now(speak)
    given = set()
    while tasks := place.claim(place.people[0]):
        place.submit(place.people[0], tasks[0])
        given.add(place.items.index(tasks[0].item.id))

    assert any(n < 4 for n in given)
    assert {n % 2 for n in given} == {1}


def test_where_every_answer_is_reviewed_no_verdict_tells_which_were_gold(golden, team):
    place = golden(gold=3, items=6, reviewed=True)
    [ann] = place.people
    rest(place, ann)
    while task := claim(team.reviewer, place):
        judged(team.reviewer, task, "accepted")

    said = team.annotator.get(f"/projects/{place.project}/feedback").json()["items"]
    assert [one["verdict"] for one in said] == []
    assert [team.annotator.get(f"/items/{item}/feedback").json() for item in place.items] == [[]] * len(place.items)
    assert len(team.reviewer.get(f"/projects/{place.project}/reviews").json()["items"]) > 0
