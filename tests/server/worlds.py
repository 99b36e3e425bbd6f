"""What the world of the table of rights is made of: a review, another workspace, imports, and a database that keeps nothing."""

import time
from concurrent.futures import Future

import msgspec

from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.server.database import Database
from karat.server.gold.telling import told_of
from karat.testing.items import fill_items

MARK = "of-another-workspace"
TEXT_SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {"cards": {}, "loans": {}, "other": {}}}},
}


class Undone(Exception):  # noqa: N818 - it is no error
    """Carries an action's result out of the transaction that is rolled back."""


class Untouched(Database):
    """A database in which actions run and nothing stays, so that one world serves every question."""

    def __init__(self, db):
        self._db = db
        self.dialect = db.dialect
        self.engine, self.start, self.close, self.read, self.read_now, self.waiting = (
            db.engine,
            db.start,
            db.close,
            db.read,
            db.read_now,
            db.waiting,
        )

    async def write(self, action, /, *args, **kwargs):
        try:
            await self._db.write(self._undone, action, args, kwargs)
        except Undone as undone:
            return undone.args[0]

    def write_now(self, action, /, *args, **kwargs):
        try:
            self._db.write_now(self._undone, action, args, kwargs)
        except Undone as undone:
            return undone.args[0]

    def write_bulk(self, action, /, *args, **kwargs):
        """Chunks go on until nothing is left, which would never be; what was asked is answered before they begin."""
        done = Future()
        done.set_result(None)
        return done

    def engine(self): ...
    def start(self): ...
    def close(self): ...
    async def read(self): ...
    def read_now(self): ...

    @staticmethod
    def _undone(tx, action, args, kwargs):
        raise Undone(action(tx, *args, **kwargs))


def reviewed(team):
    """A verdict on the annotator's answer to an item of another project."""
    ways = {"accepted": "accept", "fixed": "accept", "rejected": "label"}
    stages = {
        "label": {"do": "label", "next": [{"to": "review"}]},
        "review": {"do": "review", "next": ways},
        "accept": {"do": "resolve", "by": "consensus"},
    }
    project = team.project(policy={"stages": stages})
    fill_items(team.server.db, project, ["one"])
    [task] = team.annotator.post(f"/projects/{project}/claims", json={}).json()["tasks"]
    response = task["response"]["id"]
    team.annotator.put(f"/responses/{response}/revisions/1", json=answer(task))
    [task] = team.reviewer.post(f"/projects/{project}/claims", json={"do": "review"}).json()["tasks"]
    verdict = {"response": response, "revision": 1, "verdict": "fixed"}
    fix = {key: answer(task)[key] for key in ("schema", "item_revision", "annotations", "covers")}
    judged = team.reviewer.post(
        f"/assignments/{task['assignment']['id']}/review", json={"verdicts": [verdict], "fix": fix}
    )
    assert judged.status_code == 200, judged.text
    return team.reviewer.get(f"/projects/{project}/reviews").json()["items"][0]["id"]


def told_scores(db, project, name):
    """A batch of gold scores, named 20, that was told to somebody long ago."""
    body = msgspec.json.encode(
        told_of([{"topic": 0.0}] * 19 + [{"topic": 1.0}], read_schema(TEXT_SCHEMA, KINDS)[0])
    ).decode()
    db.write_now(
        lambda tx: tx.run(
            "INSERT INTO gold_batches (project, author, n, body, at) SELECT p.n, a.n, 20, :body, '2020-01-01T00:00:00.000Z'"
            " FROM projects p JOIN memberships m ON m.workspace = p.workspace JOIN authors a ON a.n = m.author"
            " WHERE p.id = :project AND a.name = :name",
            body=body,
            project=project,
            name=name,
        )
    )


def paid(team, project):
    """A closed period of a project, the annotator's line of it, and what was said against that."""
    given = {"formula": {"per_hour": 1000}}
    assert team.manager.put(f"/projects/{project}/pay/formula", json=given).status_code == 200
    team.server.clock.move(minutes=2)
    started = team.manager.post(f"/projects/{project}/pay/periods", json={}).json()
    ended(team.manager, started["job"])
    period = started["period"]
    [line] = team.manager.get(f"/pay/periods/{period}/lines").json()
    assert team.manager.post(f"/pay/periods/{period}/close").status_code == 200
    contest = team.annotator.post(f"/pay/lines/{line['id']}/contest", json={"reason": "No."})
    assert contest.status_code == 201, contest.text
    return {"period": period, "line": line["id"], "contest": contest.json()["id"]}


def answer(task):
    return {
        "item": task["item"]["id"],
        "item_revision": task["item"]["revision"],
        "assignment": task["assignment"]["id"],
        "schema": task["schema"],
        "state": "submitted",
        "covers": {"topic": None},
        "annotations": [
            {"id": "topic", "field": "topic", "kind": "choice", "version": 1, "label": None, "value": "cards"}
        ],
        "active_ms": 1000,
    }


def other(team):
    """The same in the other workspace, every text of which says that it is theirs."""
    project = team.stranger.post(
        f"/workspaces/{team.other}/projects", json={"title": MARK, "schema": TEXT_SCHEMA}
    ).json()["id"]
    upload = team.stranger.post(f"/projects/{project}/uploads", json={}).json()["id"]
    job = imported(team.stranger, project, upload, MARK)
    task = team.stranger.post(f"/projects/{project}/claims", json={"count": 1}).json()["tasks"][0]
    submitted = team.stranger.put(f"/responses/{task['response']['id']}/revisions/1", json=answer(task))
    assert submitted.status_code in (200, 201), submitted.text
    member = team.stranger.get(f"/workspaces/{team.other}/members").json()[0]
    return {
        "workspace": team.other,
        "project": project,
        "item": task["item"]["id"],
        "response": task["response"]["id"],
        "assignment": task["assignment"]["id"],
        "member": member["id"],
        "author": member["author"],
        "job": job,
        "upload": upload,
        "ids": [task["item"]["id"]],
    }


def imported(person, project, upload, text):
    lines = b"".join(msgspec.json.encode({"id": f"{text}{n}", "text": f"{text} {n}"}) + b"\n" for n in range(4))
    person.put(f"/uploads/{upload}/files/rows.jsonl", content=lines)
    mapping = {"key": "id", "streams": {"text": "text"}}
    started = person.post(
        f"/projects/{project}/imports", json={"upload": upload, "format": "jsonl", "mapping": mapping}
    )
    assert started.status_code == 202, started.text
    return ended(person, started.json()["id"])


def ended(person, job):
    """A job's id, once it is done."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        state = person.get(f"/jobs/{job}").json()
        if state["state"] in ("done", "failed"):
            assert state["state"] == "done", state
            return job
        time.sleep(0.05)
    raise AssertionError("the job did not end")
