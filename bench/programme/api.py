"""The programme through the real API: thirty people claim and hand in over HTTP against a server process of its own.

Labeling, queues, consensus and its learning are the server's; what an item's truth is, who answers how, and the reviews that
the minutes leave are this side's, so that both ways are counted alike.
"""

import asyncio
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


def adaptive_policy(items: int) -> dict[str, object]:
    """A test before the work, gold within it, and answers until it is sure: of five people at most, and of no more answers in
    all than the fixed way takes."""
    label = {
        "do": "label",
        "until": {"sure": 0.95, "most": 5, "budget": 3 * items},
        "queue": "most_doubtful",
        "next": [{"to": "accept"}],
    }
    test = {"good": 0.7, "bad": 0.45, "alpha": 0.05, "beta": 0.05, "most": TESTED, "right": 0.9, "tries": 1}
    return {
        "start": "label",
        "stages": {"label": label, "accept": {"do": "resolve", "by": "consensus"}},
        "course": {"practice": 0, "test": test, "pilot": None},
        "gold": {"rate": 0.05},
        "rules": [{"when": {"measure": "gold", "below": 0.55, "at_least": 10}, "do": "pause"}],
    }


EMPTY = 24
"""So often a person finds nothing, half a second apart, before they go home: the consensus may still ask for more."""


class Run:
    """One way of running it, on a server."""

    def __init__(self, world: World, site: Site, port: int, *, pace: float) -> None:
        self.world, self.site, self.port = world, site, port
        self._between, self._next_at = 1 / pace, 0.0
        self.items: dict[str, int] = {}
        self.gold: dict[str, int] = {}
        self.seconds, self.answers = 0.0, 0

    async def label(self) -> None:
        """Everybody works until there is nothing left."""
        await asyncio.gather(*(self._work(who) for who in range(len(self.world.people))))

    async def results(self) -> list[tuple[int, int, float]]:
        """Of each item: its place, its result, and how likely that is by the consensus."""
        found = []
        line = await self._line()
        for id_, item in self.items.items():
            path = f"/items/{id_}/consensus"
            status, body = await line.ask(request("GET", path, self.site.owner, b"", self.port))
            rows = msgspec.json.decode(body) if status == 200 else []
            if rows and rows[0]["annotations"]:
                value = rows[0]["annotations"][0]["value"]
                found.append((item, CHOICES.index(value), float(rows[0]["score"])))
        return found

    async def _work(self, who: int) -> None:
        line, empty, cookie = await self._line(), 0, self.site.cookies[who]
        claim = request("POST", f"/projects/{self.site.project}/claims", cookie, b'{"count":1}', self.port)
        while empty < EMPTY:
            await self._turn()
            status, body = await line.ask(claim)
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
            said = answer(task, CHOICES[self.world.answer(who, item)])
            path = f"/responses/{task.response.id}/revisions/{task.response.revision}"
            status, body = await line.ask(request("PUT", path, cookie, said, self.port))
            if status != 201:
                raise RuntimeError(f"an answer was taken with {status}: {body[:200]!r}")
            self.seconds += self.world.people[who].seconds
            self.answers += 1

    async def _turn(self) -> None:
        """Wait for the moment at which the next answer is due."""
        now = asyncio.get_running_loop().time()
        self._next_at = max(now, self._next_at + self._between)
        await asyncio.sleep(self._next_at - now)

    async def _line(self) -> Line:
        _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", self.port)
        return line


def through_api(world: World, items: int, *, adaptive: bool, share: float = 0.2, pace: float = 150) -> Outcome:
    """Label the first `items` of a world over HTTP, then let a reviewer put right a `share` of them: at random, or those of the
    highest risk. The world's last `GOLD` items are gold, which only the adaptive way uses."""
    with workplace("sqlite") as (folder, database, _):
        site = build(folder, database, items=items, people_count=len(world.people), overlap=3)
        token = _token(site)
        with serve(folder, database) as server:
            run = Run(world, site, server.port, pace=pace)
            with Client(server.url, token=token) as client:
                project = client.project(site.project)
                if adaptive:
                    run.gold = _gold(project, world, items, folder)
                project.update(policy=adaptive_policy(items) if adaptive else FIXED)
            found = asyncio.run(_whole(run))
    results = np.zeros(items, dtype=np.int64)
    for item, said, _ in found:
        results[item] = said
    order = np.array([item for item, _, sure in sorted(found, key=lambda one: one[2])], dtype=np.int64)
    reviewed = order if adaptive else world.random.permutation(order)
    reviewed = reviewed[: round(share * items)]
    for item in reviewed.tolist():
        results[item] = world.review(item)
    return Outcome(results, (run.seconds + len(reviewed) * REVIEW_S) / 60, run.answers, len(reviewed))


async def _whole(run: Run) -> list[tuple[int, int, float]]:
    await run.label()
    return await run.results()


def _token(site: Site) -> str:
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
