"""Jobs as people see them, run in threads of the test's own process."""

import threading
import time

import msgspec
import pytest

from karat.model.problem import Problem, Refused
from karat.server.access import enter_project
from karat.server.jobs import actions
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running


class Count(msgspec.Struct, frozen=True):
    to: int = 3
    fail_at: int = 0
    refuse: bool = False


gate = threading.Event()
seen: list[int] = []


def count(job: Running, arguments: Count) -> dict[str, object]:
    if arguments.refuse:
        raise Refused([Problem("to", "3", "4", "Say 4.")], title="Three is not enough")
    for step in range(job.last_step() + 1, arguments.to + 1):
        gate.wait(10)
        job.check()
        seen.append(step)
        job.step(step, step, lambda tx: None).result()
        if step == arguments.fail_at and seen.count(step) == 1:
            raise RuntimeError("the disk said no")
    return {"counted": arguments.to}


@pytest.fixture
def start(team):
    gate.set()
    seen.clear()
    project = team.project()
    app = team.server.front.api.state.app
    runner = app.jobs._run.__self__
    runner.kinds = {"count": JobKind(name="count", title="Count", arguments=Count, run=count)}
    runner.backoff_s = (0.05, 0.05)

    def begin(**arguments: object) -> str:
        actor = team.server.db.read_now(lambda tx: tx.run("SELECT id FROM logins WHERE n = :n", n=team.manager.login))
        assert actor
        started = team.server.db.write_now(_create, team.manager.login, project, Count(**arguments))
        app.jobs.submit(started.id, started.attempt)
        return started.id

    return begin


def _create(tx, login, project, arguments):
    from karat.server.access import Actor

    actor = Actor(login, "", "Manager", "")
    return actions.create(tx, enter_project(tx, actor, "import", project=project), "count", arguments)


def ended(person, job, seconds=10):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        body = person.get(f"/jobs/{job}").json()
        if body["state"] in ("done", "failed", "cancelled"):
            return body
        time.sleep(0.02)
    raise AssertionError(f"job {job} did not end: {body}")


def test_a_job_counts_its_steps_and_keeps_its_result(team, start):
    job = start(to=5)

    body = ended(team.manager, job)
    assert body["state"] == "done"
    assert body["result"] == {"counted": 5}
    assert body["progress"]["done"] == body["progress"]["total"] == 5
    assert body["created_by"]["name"] == "Manager"


def test_a_job_that_stumbles_goes_on_after_the_last_step_that_stands(team, start):
    job = start(to=4, fail_at=2)

    body = ended(team.manager, job)
    assert body["state"] == "done"
    assert seen == [1, 2, 3, 4]
    assert any("the disk said no" in line["text"] for line in body["log"])


def test_what_a_person_can_mend_is_told_and_not_tried_again(team, start):
    job = start(refuse=True)

    body = ended(team.manager, job)
    assert body["state"] == "failed"
    assert body["problems"] == [{"path": "to", "got": "3", "expected": "4", "do": "Say 4."}]
    assert len(body["log"]) == 1


def test_a_cancelled_job_stops_and_a_retry_goes_on_from_there(team, start):
    gate.clear()
    job = start(to=3)
    while team.manager.get(f"/jobs/{job}").json()["state"] != "running":
        time.sleep(0.01)
    assert team.manager.post(f"/jobs/{job}/cancel").status_code == 202
    gate.set()
    assert ended(team.manager, job)["state"] == "cancelled"

    again = team.manager.post(f"/jobs/{job}/retry")
    assert again.status_code == 202
    body = ended(team.manager, job)
    assert (body["state"], body["attempt"], body["result"]) == ("done", 2, {"counted": 3})


def test_an_ended_job_cannot_be_cancelled_and_a_good_one_not_repeated(team, start):
    job = start(to=1)
    ended(team.manager, job)

    assert team.manager.post(f"/jobs/{job}/cancel").status_code == 409
    assert team.manager.post(f"/jobs/{job}/retry").status_code == 409


def test_jobs_are_for_managers_of_their_own_workspace(team, start):
    job = start(to=1)
    ended(team.manager, job)

    assert team.annotator.get(f"/jobs/{job}").status_code == 403
    assert team.stranger.get(f"/jobs/{job}").status_code == 404
    assert team.stranger.get("/jobs").json()["items"] == []
    assert [row["id"] for row in team.owner.get("/jobs").json()["items"]] == [job]


def test_a_run_that_was_given_up_for_dead_cannot_write_any_more(team, start):
    gate.clear()
    job = start(to=2)
    while team.manager.get(f"/jobs/{job}").json()["state"] != "running":
        time.sleep(0.01)
    db = team.server.db
    db.write_now(actions.begin, job, "another-machine")

    gate.set()
    with pytest.raises(actions.SupersededError):
        db.write_now(actions.note_progress, job, "the-old-runner", done=1, total=None)
    db.write_now(actions.note_progress, job, "another-machine", done=1, total=2)


def test_steps_are_refused_out_of_order(team, start):
    gate.clear()
    job = start(to=2)
    while team.manager.get(f"/jobs/{job}").json()["state"] != "running":
        time.sleep(0.01)
    db = team.server.db
    db.write_now(actions.begin, job, "r")

    with pytest.raises(actions.SupersededError):
        db.write_now(actions.do_step, job, "r", 2, 2, None, lambda tx: None)
    gate.set()


def test_the_list_of_jobs_is_narrowed_to_a_workspace_and_a_kind(team, start):
    job = start(to=1)
    ended(team.manager, job)

    def listed(person, **query):
        return [one["id"] for one in person.get("/jobs", params=query).json()["items"]]

    assert listed(team.manager, workspace=team.workspace, kind="count") == [job]
    assert listed(team.manager, workspace=team.other) == []
    assert listed(team.manager, kind="import") == []
    assert listed(team.stranger, workspace=team.workspace) == []
