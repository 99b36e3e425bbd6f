"""The programme through the real API: thirty people claim and hand in over HTTP against a server process of its own.

Labeling, queues, consensus and its learning are the server's; what an item's truth is, who answers how, and the reviews that
the minutes leave are this side's, so that both ways are counted alike.
"""

import asyncio
from urllib.request import Request, urlopen

import msgspec
import numpy as np

from bench.labelers import DECODER, Line, answer, request
from bench.programme.fixed import Outcome
from bench.programme.people import REVIEW_S, World
from bench.workbench import Site, build, workplace
from karat.testing.server import serve

CHOICES = ("cards", "loans", "other")
FIXED = {"do": "label", "overlap": 3, "next": [{"to": "accept"}]}


def adaptive_stage(items: int) -> dict[str, object]:
    """Ask until it is sure, of five people at most, and of no more answers in all than the fixed way takes."""
    return {
        "do": "label",
        "until": {"sure": 0.95, "most": 5, "budget": 3 * items},
        "queue": "most_doubtful",
        "next": [{"to": "accept"}],
    }


EMPTY = 24
"""So often a person finds nothing, half a second apart, before they go home: the consensus may still ask for more."""


class Run:
    """One way of running it, on a server."""

    def __init__(self, world: World, site: Site, port: int, *, pace: float) -> None:
        self.world, self.site, self.port = world, site, port
        self._between, self._next_at = 1 / pace, 0.0
        self.items: dict[str, int] = {}
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


def through_api(world: World, *, adaptive: bool, share: float = 0.2, pace: float = 150) -> Outcome:
    """Label over HTTP, then let a reviewer put right a `share` of the items: at random, or those of the highest risk."""
    with workplace("sqlite") as (folder, database, _):
        site = build(folder, database, items=world.items, people_count=len(world.people), overlap=3)
        with serve(folder, database) as server:
            run = Run(world, site, server.port, pace=pace)
            stage, method = (adaptive_stage(world.items), "default") if adaptive else (FIXED, "majority")
            _put_in_force(server.url, site, stage, method)
            found = asyncio.run(_whole(run))
    results = np.zeros(world.items, dtype=np.int64)
    for item, said, _ in found:
        results[item] = said
    order = np.array([item for item, _, sure in sorted(found, key=lambda one: one[2])], dtype=np.int64)
    reviewed = order if adaptive else world.random.permutation(order)
    reviewed = reviewed[: round(share * world.items)]
    for item in reviewed.tolist():
        results[item] = world.review(item)
    return Outcome(results, (run.seconds + len(reviewed) * REVIEW_S) / 60, run.answers, len(reviewed))


async def _whole(run: Run) -> list[tuple[int, int, float]]:
    await run.label()
    return await run.results()


def _put_in_force(url: str, site: Site, stage: dict[str, object], method: str) -> None:
    """Give the project its policy, as its owner."""
    stages = {"label": stage, "accept": {"do": "resolve", "by": "consensus", "method": method}}
    body = msgspec.json.encode({"policy": {"start": "label", "stages": stages}})
    address = f"{url}/api/v1/projects/{site.project}"
    headers = {"Cookie": f"karat_session={site.owner}", "Origin": url, "Content-Type": "application/json"}
    with urlopen(Request(address, headers=headers)) as read:
        headers["If-Match"] = read.headers["ETag"]
    with urlopen(Request(address, body, headers, method="PATCH")):
        pass
