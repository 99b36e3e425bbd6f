"""The programme through the real API: thirty people claim and hand in over HTTP against a server process of its own.

Labeling, queues, consensus and its learning are the server's; what an item's truth is, who answers how, and the reviews that
the minutes leave are this side's, so that both ways are counted alike.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from bench.labelers import DECODER, Line, answer, request
from bench.programme.fixed import Outcome
from bench.programme.people import REVIEW_S, World
from bench.workbench import TEXTS, Site, build, workplace
from karat.cli.welcome import token_for_setup
from karat.sdk import Client
from karat.sdk.projects import Project
from karat.server.database import connect
from karat.server.settings import Settings
from karat.testing.server import serve

CHOICES = ("cards", "loans", "other")
FIXED = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "overlap": 3, "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus", "method": "majority"},
    },
}
GOLD, TESTED = 100, 40
"""Items whose truth is known beforehand, and so many of them for the test; they come on top of the others."""


Way = tuple[int, int] | None
"""Of the adaptive way so many answers to an item at most, and in all; None for the fixed one."""


def adaptive_policy(most: int, budget: int) -> dict[str, object]:
    """A test before the work, gold within it, rules that act, and answers until it is sure."""
    label: dict[str, object] = {"do": "label", "queue": "most_doubtful", "next": [{"to": "accept"}]}
    if most > 1:
        label["until"] = {"sure": 0.95, "most": most, "budget": budget}
    test = {"good": 0.7, "bad": 0.45, "alpha": 0.05, "beta": 0.05, "most": TESTED, "right": 0.9, "tries": 1}
    return {
        "start": "label",
        "stages": {"label": label, "accept": {"do": "resolve", "by": "consensus"}},
        "course": {"practice": 0, "test": test, "pilot": None},
        "gold": {"rate": 0.05},
        "rules": [
            {"when": {"measure": "gold", "below": 0.55, "at_least": 10}, "do": "pause"},
            {"when": {"measure": "guessing", "at_least": 10}, "do": "pause"},
            {"when": {"measure": "copying"}, "do": "notify"},
            {"when": {"measure": "falling"}, "do": "notify"},
        ],
    }


EMPTY = 24
"""So often a person finds nothing, half a second apart, before they go home: the consensus may still ask for more."""


class _Person(msgspec.Struct):
    name: str


class _Measure(msgspec.Struct):
    low: float | None
    high: float | None


class _Row(msgspec.Struct):
    author: _Person
    accuracy: _Measure


class _Team(msgspec.Struct):
    people: list[_Row]


class _Action(msgspec.Struct):
    author: _Person
    did: str
    rule: str


class Run:
    """One way of running it, on a server."""

    def __init__(self, world: World, site: Site, port: int, *, pace: float) -> None:
        self.world, self.site, self.port = world, site, port
        self._between, self._next_at = 1 / pace, 0.0
        self.items: dict[str, int] = {}
        self.gold: dict[str, int] = {}
        self.seconds, self.answers = 0.0, 0
        self.right = [[0, 0] for _ in world.people]
        """Of each person: answers, and how many of them were right."""

    async def label(self) -> None:
        """Everybody works until there is nothing left."""
        await asyncio.gather(*(self._work(who) for who in range(len(self.world.people))))

    async def results(self) -> list[tuple[int, int, float]]:
        """Of each item: its place, its result, and how likely that is by the consensus."""
        found = []
        line = await self.line()
        for id_, item in self.items.items():
            path = f"/items/{id_}/consensus"
            status, body = await line.ask(request("GET", path, self.site.owner, b"", self.port))
            rows = msgspec.json.decode(body) if status == 200 else []
            if rows and rows[0]["annotations"]:
                value = rows[0]["annotations"][0]["value"]
                found.append((item, CHOICES.index(value), float(rows[0]["score"])))
        return found

    async def _work(self, who: int) -> None:
        line, empty, cookie = await self.line(), 0, self.site.cookies[who]
        claim = request("POST", f"/projects/{self.site.project}/claims", cookie, b'{"count":1}', self.port)
        while empty < EMPTY:
            await self._turn()
            status, body = await line.ask(claim)
            if status == 409 and b'"type":"paused"' in body:
                return
            if status != 200:
                raise RuntimeError(f"a claim was answered with {status}: {body[:200]!r}")
            tasks = DECODER.decode(body).tasks
            if not tasks:
                empty += 1
                await asyncio.sleep(0.5)
                continue
            task, empty = tasks[0], 0
            item = self.gold.get(task.item.id)
            if item is None:
                item = self.items.setdefault(task.item.id, len(self.items))
            choice = self.world.answer(who, item)
            said = answer(task, CHOICES[choice])
            path = f"/responses/{task.response.id}/revisions/{task.response.revision}"
            status, body = await line.ask(request("PUT", path, cookie, said, self.port))
            if status != 201:
                raise RuntimeError(f"an answer was taken with {status}: {body[:200]!r}")
            self.seconds += self.world.people[who].seconds
            self.answers += 1
            self.right[who][0] += 1
            self.right[who][1] += bool(choice == self.world.truth[item])

    async def _turn(self) -> None:
        """Wait for the moment at which the next answer is due."""
        now = asyncio.get_running_loop().time()
        self._next_at = max(now, self._next_at + self._between)
        await asyncio.sleep(self._next_at - now)

    async def line(self) -> Line:
        """A connection to the server."""
        _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", self.port)
        return line


@dataclass(frozen=True)
class Watched(Outcome):
    """What a programme on a server came to, and what its rules did."""

    done: dict[str, dict[str, int]]
    """By what was done and why, as `pause: guessing`: how many people of each sort."""
    stated: dict[str, tuple[int, int]]
    """Of each sort: in how many the page of people states an accuracy whose interval holds the true one, and of how many."""


def through_api(world: World, items: int, *, way: Way, reviews: float, minutes: float, pace: float) -> Watched:
    """Label the first `items` of a world over HTTP, then let a reviewer put right a share `reviews` of them, or as many as the
    `minutes` leave: at random, or in the adaptive way those of the highest risk. The world's last `GOLD` items are its gold."""
    with workplace("sqlite") as (folder, database, _):
        site = build(folder, database, items=items, people_count=len(world.people), overlap=3)
        token = owner_token(site)
        with serve(folder, database) as server:
            run = Run(world, site, server.port, pace=pace)
            with Client(server.url, token=token) as client:
                project = client.project(site.project)
                if way is not None:
                    run.gold = _gold(project, world, items, folder)
                project.update(policy=FIXED if way is None else adaptive_policy(*way))
                found = asyncio.run(_whole(run))
                done, stated = _done(project, world), _stated(project, run)
    results = np.zeros(items, dtype=np.int64)
    for item, said, _ in found:
        results[item] = said
    order = np.array([item for item, _, sure in sorted(found, key=lambda one: one[2])], dtype=np.int64)
    seconds = run.seconds + len(run.gold) * REVIEW_S
    paid = min(reviews * items, max(minutes * 60 - seconds, 0) / REVIEW_S)
    reviewed = (world.random.permutation(order) if way is None else order)[: int(paid)]
    for item in reviewed.tolist():
        results[item] = world.review(item)
    spent = (seconds + len(reviewed) * REVIEW_S) / 60
    return Watched(results, spent, run.answers, len(reviewed), done, stated)


def _done(project: Project, world: World) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    seen = set()
    for row in project.team.actions():
        action = msgspec.convert(row, _Action)
        what = f"{action.did}: {action.rule}"
        if (what, action.author.name) not in seen:
            seen.add((what, action.author.name))
            found.setdefault(what, Counter())[world.people[int(action.author.name[1:])].sort] += 1
    return {what: dict(sorted(sorts.items())) for what, sorts in sorted(found.items())}


def _stated(project: Project, run: Run) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for row in msgspec.convert(project.team.people(), _Team).people:
        who = int(row.author.name[1:]) if row.author.name[1:].isdigit() else None
        if who is None or row.accuracy.low is None or row.accuracy.high is None:
            continue
        sort, (n, right) = run.world.people[who].sort, run.right[who]
        held, of = found.get(sort, (0, 0))
        found[sort] = held + int(row.accuracy.low <= right / n <= row.accuracy.high), of + 1
    return found


async def _whole(run: Run) -> list[tuple[int, int, float]]:
    await run.label()
    return await run.results()


def owner_token(site: Site) -> str:
    """A token of the project's owner."""
    db = connect(Settings(data=site.data, database=site.database))
    try:
        workspace = db.read_now(lambda tx: tx.run("SELECT id FROM workspaces")[0][0])
        return token_for_setup(db, workspace)
    finally:
        db.close()


def _gold(project: Project, world: World, items: int, folder: Path) -> dict[str, int]:
    """Import the world's last items with their truth, and make them gold: of each id its place in the world."""
    rows = [
        {
            "item": {
                "key": f"gold-{item}",
                "streams": {"text": {"kind": "text", "ref": {"inline": TEXTS[item % len(TEXTS)]}}},
            },
            "responses": [
                {
                    "author": {"type": "gold", "name": "key"},
                    "annotations": [
                        {"id": "topic", "field": "topic", "kind": "choice", "value": CHOICES[world.truth[item]]}
                    ],
                    "covers": {"topic": None},
                }
            ],
        }
        for item in range(items, items + GOLD)
    ]
    (folder / "gold.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    project.import_from(folder / "gold.jsonl").wait()
    found = {str(row["id"]): int(str(row["key"])[5:]) for row in project.items() if str(row["key"]).startswith("gold-")}
    ids = sorted(found, key=lambda id_: found[id_])
    for use, some in (("test", ids[:TESTED]), ("hidden", ids[TESTED:])):
        left_out = project.team.make_gold(some, use=use, source="import")["left_out"]
        if left_out:
            raise RuntimeError(f"not gold: {left_out}")
    return found
