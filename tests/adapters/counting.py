"""A program that runs jobs on the durable library until it is killed: `python counting.py FOLDER [DATABASE] [--start]`."""

import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import msgspec

from karat.adapters import open_blobs, open_jobs
from karat.server.access import Actor, Scope
from karat.server.database import Tx, connect
from karat.server.jobs import actions
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.runner import Runner
from karat.server.jobs.running import Running
from karat.server.people import actions as people
from karat.server.settings import Settings

STEPS = 60


class Nothing(msgspec.Struct, frozen=True):
    pass


def count(job: Running, _arguments: Nothing) -> dict[str, object]:
    for step in range(job.last_step() + 1, STEPS + 1):
        time.sleep(0.1)
        job.step(step, step, write_line, job.id, f"step {step}").result()
    return {"counted": STEPS}


def write_line(tx: Tx, job: str, text: str) -> None:
    tx.run("INSERT INTO job_log (job, at, text) VALUES (:job, :at, :text)", job=job, at=tx.now(), text=text)


def main() -> None:
    folder = Path(sys.argv[1])
    database = sys.argv[2] if len(sys.argv) > 2 else ""
    settings = Settings(data=folder, database=database)
    db = connect(settings)
    runner = Runner({"count": JobKind(name="count", title="Count", arguments=Nothing, run=count)})
    jobs = open_jobs(settings, db, runner.run, runner.unfinished)
    runner.app = SimpleNamespace(db=db, settings=settings, blobs=open_blobs(settings), jobs=jobs)
    jobs.start()
    if "--start" in sys.argv:
        started = db.write_now(begin)
        jobs.submit(started.id, started.attempt)
    (folder / "ready").touch()
    signal.sigwait({signal.SIGTERM})
    runner.stop()
    jobs.close()
    db.close()


def begin(tx: Tx):
    workspace = people.create_workspace(tx, "W")
    login = people.create_login(tx, email="a@example.org", name="A")
    people.add_member(tx, workspace.id, login.n, "owner")
    actor = Actor(login.n, login.id, "A", "a@example.org")
    n, author = tx.run("SELECT w.n, m.author FROM workspaces w JOIN memberships m ON m.workspace = w.n")[0]
    return actions.create(tx, Scope(actor, n, "owner", author), "count", Nothing())


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main()
