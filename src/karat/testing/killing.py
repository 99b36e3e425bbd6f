"""People label while the server is killed with -9 again and again: what was acknowledged must be there, once, as it was sent."""

import asyncio
import json
import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from karat.server.access import Actor
from karat.server.database import Database, Tx, connect
from karat.server.labeling.schemas import Assignment, NextRevision
from karat.server.people import actions as people
from karat.server.projects import actions as projects
from karat.server.projects.schemas import NewProject
from karat.server.settings import Settings
from karat.testing.items import fill_items
from karat.testing.server import Process, serve

TOPICS = ("cards", "loans", "other")
SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {topic: {} for topic in TOPICS}}},
}


class ItemOf(msgspec.Struct, frozen=True):
    """What a client needs of an item."""

    id: str


class Task(msgspec.Struct, frozen=True):
    """What a client needs of a task."""

    item: ItemOf
    response: NextRevision
    assignment: Assignment | None


class Given(msgspec.Struct, frozen=True):
    """The tasks of a claim."""

    tasks: tuple[Task, ...]


@dataclass
class Story:
    """What the clients saw, and what the database says in the end."""

    kills: int = 0
    asked_again: int = 0
    acknowledged: dict[tuple[str, int], str] = field(default_factory=dict)
    """(response, revision) to the topic that was handed in."""
    wrong: list[str] = field(default_factory=list)


def live_through(
    folder: Path, database: str, *, kills: int, clients: int = 64, items: int = 20_000, overlap: int = 2, seed: int = 0
) -> Story:
    """Let people label through some kills; what went wrong is in the story."""
    chance = random.Random(seed)  # noqa: S311 - moments of kills, no secret
    project, cookies = _found(folder, database, clients=clients, items=items, overlap=overlap)
    story = Story()
    with serve(folder, database) as server:
        killer = threading.Thread(target=_kill, args=(server, story, kills, chance))
        killer.start()
        asyncio.run(_label(server, project, cookies, story, killer, seed))
        killer.join()
    db = connect(Settings(data=folder, database=database))
    try:
        story.wrong += db.read_now(_wrong, story, overlap)
    finally:
        db.close()
    return story


def _found(folder: Path, database: str, *, clients: int, items: int, overlap: int) -> tuple[str, list[str]]:
    db = connect(Settings(data=folder, database=database))
    try:
        workspace = db.write_now(people.create_workspace, "Kill").id
        owner = db.write_now(people.create_login, email="owner@example.org", name="Owner")
        db.write_now(people.add_member, workspace, owner.n, "owner")
        actor = Actor(owner.n, owner.id, "Owner", "owner@example.org")
        given = NewProject(title="Kill", schema=SCHEMA, overlap=overlap)
        project = db.write_now(projects.create, actor, workspace, given).id
        cookies = [_annotator(db, workspace, n) for n in range(clients)]
        fill_items(db, project, (f"text {n}" for n in range(items)))
        return project, cookies
    finally:
        db.close()


def _annotator(db: Database, workspace: str, n: int) -> str:
    login = db.write_now(people.create_login, email=f"a{n}@example.org", name=f"A{n}")
    db.write_now(people.add_member, workspace, login.n, "annotator")
    return db.write_now(people.start_session, login.n, agent="tests", address="127.0.0.1", days=1)


def _kill(server: Process, story: Story, kills: int, chance: random.Random) -> None:
    for _ in range(kills):
        time.sleep(chance.uniform(0.3, 1.2))
        server.kill()
        story.kills += 1
        server.start()
    time.sleep(0.5)


async def _label(
    server: Process, project: str, cookies: list[str], story: Story, killer: threading.Thread, seed: int
) -> None:
    chances = (random.Random(f"{seed} {n}") for n in range(len(cookies)))  # noqa: S311 - topics, no secret
    clients = (_Client(server, project, cookie, story, chance) for cookie, chance in zip(cookies, chances, strict=True))
    await asyncio.gather(*(client.work(killer) for client in clients))


class _Client:
    """One person: whatever was not answered is sent again, the same, until it is."""

    def __init__(self, server: Process, project: str, cookie: str, story: Story, chance: random.Random) -> None:
        self.server = server
        self.project = project
        self.cookie = cookie
        self.story = story
        self.chance = chance
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def work(self, killer: threading.Thread) -> None:
        while killer.is_alive():
            status, found = await self.ask("POST", f"/projects/{self.project}/claims", {"count": 1})
            if status != 200:
                self.story.wrong.append(f"a claim was answered with {status}: {found}")
                return
            for task in msgspec.convert(found, Given).tasks:
                await self.answer(task)
        await self.hang_up()

    async def hang_up(self) -> None:
        if self.line is not None:
            line, self.line = self.line[1], None
            line.close()
            with suppress(OSError):
                await line.wait_closed()

    async def answer(self, task: Task) -> None:
        response, first = task.response.id, task.response.revision
        # Every fifth answer is corrected at once, as a second revision.
        for revision in (first, first + 1) if self.chance.random() < 0.2 else (first,):
            topic = self.chance.choice(TOPICS)
            annotation = {"id": "topic", "field": "topic", "kind": "choice", "value": topic}
            body = {
                "item": task.item.id,
                "item_revision": 1,
                "assignment": task.assignment.id if task.assignment else None,
                "schema": 1,
                "state": "submitted",
                "covers": {"topic": None},
                "annotations": [annotation],
                "active_ms": self.chance.randint(1, 10_000),
            }
            status, found = await self.ask("PUT", f"/responses/{response}/revisions/{revision}", body)
            if status in (200, 201):
                self.story.acknowledged[response, revision] = topic
            elif revision == first or status != 409:  # a correction may come after the item was resolved
                self.story.wrong.append(f"an answer was answered with {status}: {found}")
                return

    async def ask(self, method: str, path: str, body: object) -> tuple[int, object]:
        content = json.dumps(body).encode()
        head = (
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nCookie: karat_session={self.cookie}\r\n"
            f"Origin: {self.server.url}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        while True:
            try:
                return await asyncio.wait_for(self.once(head.encode() + content), 30)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                await self.hang_up()
                self.story.asked_again += 1
                await asyncio.sleep(self.chance.uniform(0.05, 0.2))

    async def once(self, request: bytes) -> tuple[int, object]:
        if self.line is None:
            self.line = await asyncio.open_connection("127.0.0.1", self.server.port)
        reader, writer = self.line
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        return int(head[9:12]), json.loads(await reader.readexactly(length))


def _wrong(tx: Tx, story: Story, overlap: int) -> list[str]:
    stored: dict[tuple[str, int], list[str]] = {}
    for response, revision, annotations in tx.run(
        "SELECT r.id, v.revision, v.annotations FROM revisions v JOIN responses r ON r.n = v.response"
    ):
        stored.setdefault((response, revision), []).append(json.loads(annotations)[0]["value"])
    wrong = [
        f"{key} was acknowledged as {topic}, stored is {stored.get(key)}"
        for key, topic in story.acknowledged.items()
        if stored.get(key) != [topic]
    ]
    people = "a.type = 'person' AND r.state = 'submitted'"
    doubled = tx.run(
        f"SELECT r.item FROM responses r JOIN authors a ON a.n = r.author WHERE {people}"  # noqa: S608 - a constant
        " GROUP BY r.item, r.author HAVING count(*) > 1"
    )
    over = tx.run(
        f"SELECT r.item FROM responses r JOIN authors a ON a.n = r.author WHERE {people} AND NOT r.surplus"  # noqa: S608 - a constant
        " GROUP BY r.item HAVING count(*) > :overlap",
        overlap=overlap,
    )
    counted, there = tx.run(
        "SELECT (SELECT sum(responses) FROM projects),"  # noqa: S608 - a constant
        f" (SELECT count(*) FROM responses r JOIN authors a ON a.n = r.author WHERE {people})"
    )[0]
    wrong += [f"item {item} has two answers of one person" for (item,) in doubled]
    wrong += [f"item {item} has more answers than its overlap" for (item,) in over]
    return wrong + ([] if counted == there else [f"the project counts {counted} answers, there are {there}"])
