"""The load generator: people who claim an item, answer it and claim the next, each on a connection that stays open.

    python -m bench.labelers < plan.json > result.json

It runs in a process of its own, on a core of its own. Each client waits for an answer before it asks again (a closed loop).
HTTP is written and read by hand, so that the generator costs little.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import msgspec
import uvloop


class Given(msgspec.Struct):
    id: str
    revision: int


class Claim(msgspec.Struct):
    id: str


class GivenTask(msgspec.Struct):
    assignment: Claim
    item: Given
    response: Given


class GivenTasks(msgspec.Struct):
    tasks: list[GivenTask]


DECODER = msgspec.json.Decoder(GivenTasks)


class Plan(msgspec.Struct):
    """What to do. `cookies` is one for each client."""

    port: int
    project: str
    cookies: list[str]
    seconds: float
    warm_s: float = 1.0
    think_s: float = 0.0


@dataclass
class Seen:
    """What all clients met together."""

    claims: list[float] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)
    grants: dict[str, list[int]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)
    finished: int = 0


class Line(asyncio.Protocol):
    """One connection: a request at a time, its answer as (status, body)."""

    def __init__(self) -> None:
        self.buffer = b""
        self.waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(rest) >= length and self.waiting and not self.waiting.done():
            self.buffer = rest[length:]
            self.waiting.set_result((int(head[9:12]), rest[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(ConnectionError("the server went away"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        if self.transport is None or self.transport.is_closing():
            raise ConnectionError("the connection is closed")
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.waiting


def request(method: str, path: str, cookie: str, body: bytes, port: int) -> bytes:
    head = (
        f"{method} /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: karat_session={cookie}\r\n"
        f"Origin: http://127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def answer(task: GivenTask, choice: str) -> bytes:
    return (
        b'{"item":"%s","item_revision":%d,"assignment":"%s","schema":1,"state":"submitted","covers":{"topic":null},'
        b'"annotations":[{"id":"topic","field":"topic","kind":"choice","version":1,"value":"%s"}],"active_ms":1500}'
    ) % (task.item.id.encode(), task.item.revision, task.assignment.id.encode(), choice.encode())


async def work(plan: Plan, number: int, seen: Seen, *, start: float, until: float) -> None:
    loop = asyncio.get_running_loop()
    cookie = plan.cookies[number]
    _, line = await loop.create_connection(Line, "127.0.0.1", plan.port)
    claim = request("POST", f"/projects/{plan.project}/claims", cookie, b'{"count":1}', plan.port)
    turn = 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        status, body = await line.ask(claim)
        took = time.perf_counter() - began
        if status != 200:
            seen.errors[f"claim {status}"] += 1
            continue
        tasks = DECODER.decode(body).tasks
        if began >= start:
            seen.claims.append(took)
        if not tasks:
            seen.finished += 1
            return
        task = tasks[0]
        seen.grants.setdefault(task.item.id, []).append(number)
        turn += 1
        put = request(
            "PUT",
            f"/responses/{task.response.id}/revisions/{task.response.revision}",
            cookie,
            answer(task, ("cards", "loans", "other")[(number + turn) % 3]),
            plan.port,
        )
        if plan.think_s:
            await asyncio.sleep(plan.think_s)
        began = time.perf_counter()
        status, body = await line.ask(put)
        if began >= start:
            seen.submits.append(time.perf_counter() - began)
        if status == 201:
            seen.acknowledged.append(task.response.id)
        else:
            seen.errors[f"submit {status}"] += 1


async def run(plan: Plan) -> Seen:
    seen = Seen()
    began = time.perf_counter()
    start, until = began + plan.warm_s, began + plan.warm_s + plan.seconds
    await asyncio.gather(*(work(plan, n, seen, start=start, until=until) for n in range(len(plan.cookies))))
    return seen


def main() -> None:
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    began = time.perf_counter()
    seen = uvloop.run(run(plan))
    result = {
        "seconds": time.perf_counter() - began,
        "claims": seen.claims,
        "submits": seen.submits,
        "grants": seen.grants,
        "errors": dict(seen.errors),
        "acknowledged": len(seen.acknowledged),
        "finished": seen.finished,
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
