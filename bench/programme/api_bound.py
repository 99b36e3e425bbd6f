"""The stated bound of the defect rate, once through the real API: people label, a random share is reviewed over HTTP, and what
the project's home states is held against the share of answers that are wrong."""

import asyncio

import msgspec

from bench.labelers import DECODER, Line, request
from bench.programme.api import CHOICES, Run, owner_token
from bench.programme.people import World
from bench.workbench import build, workplace
from karat.sdk import Client
from karat.testing.server import serve

SHARE = 0.2
POLICY = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "next": [{"to": "review", "share": SHARE}, {"to": "accept"}]},
        "review": {"do": "review", "next": {"accepted": "accept", "fixed": "accept", "rejected": "label"}},
        "accept": {"do": "resolve", "by": "consensus"},
    },
}
SETTLED_S = 30.0
"""So long is waited for the counts of the home to be up to date."""


class _Annotation(msgspec.Struct):
    value: str


class _Shown(msgspec.Struct):
    response: str
    revision: int
    annotations: list[_Annotation]


class _Task(msgspec.Struct):
    answers: list[_Shown]


class _Defects(msgspec.Struct):
    bound: float | None
    rate: dict[str, object]


class _Flow(msgspec.Struct):
    defects: _Defects
    behind: bool


def bound_through_api(mine: World, items: int, *, pace: float) -> dict[str, object]:
    """What the home states after a random share was reviewed by somebody who knows, and what is true."""
    with workplace("sqlite") as (folder, database, _):
        site = build(folder, database, items=items, people_count=len(mine.people), overlap=1)
        token = owner_token(site)
        with serve(folder, database) as server:
            run = Run(mine, site, server.port, pace=pace)
            with Client(server.url, token=token) as client:
                project = client.project(site.project)
                project.update(policy=POLICY)
                reviewed = asyncio.run(_label_and_review(run))
                flow = asyncio.run(_settled(run))
    answers, right = (sum(one[place] for one in run.right) for place in (0, 1))
    wrong = 1 - right / answers
    bound = flow.defects.bound
    return {
        "answers": answers,
        "reviewed": reviewed,
        "wrong": round(wrong, 4),
        "rate": flow.defects.rate["value"],
        "bound": bound,
        "met": bound is not None and bound >= wrong,
    }


async def _label_and_review(run: Run) -> int:
    await run.label()
    line, done = await run.line(), 0
    claim = request("POST", f"/projects/{run.site.project}/claims", run.site.owner, b'{"do":"review"}', run.port)
    while tasks := DECODER.decode((await line.ask(claim))[1]).tasks:
        task = tasks[0]
        place = f"/assignments/{task.assignment.id}/review"
        _, body = await line.ask(request("GET", place, run.site.owner, b"", run.port))
        truth = CHOICES[run.world.truth[run.items[task.item.id]]]
        said = msgspec.json.encode(_judged(msgspec.json.decode(body, type=_Task), truth, task.item.revision))
        status, body = await line.ask(request("POST", place, run.site.owner, said, run.port))
        if status != 200:
            raise RuntimeError(f"a judgement was taken with {status}: {body[:200]!r}")
        done += 1
    return done


def _judged(task: _Task, truth: str, item_revision: int) -> dict[str, object]:
    verdicts = [
        {
            "response": one.response,
            "revision": one.revision,
            "verdict": "accepted" if one.annotations[0].value == truth else "fixed",
        }
        for one in task.answers
    ]
    if all(one["verdict"] == "accepted" for one in verdicts):
        return {"verdicts": verdicts}
    annotation = {"id": "topic", "field": "topic", "kind": "choice", "version": 1, "value": truth}
    fix = {"schema": 1, "item_revision": item_revision, "annotations": [annotation], "covers": {"topic": None}}
    return {"verdicts": verdicts, "fix": fix}


async def _settled(run: Run) -> _Flow:
    line: Line = await run.line()
    ask = request("GET", f"/projects/{run.site.project}/flow", run.site.owner, b"", run.port)
    for _ in range(int(SETTLED_S / 0.5)):
        flow = msgspec.json.decode((await line.ask(ask))[1], type=_Flow)
        if not flow.behind:
            return flow
        await asyncio.sleep(0.5)
    raise RuntimeError(f"the counts were not up to date after {SETTLED_S:.0f} seconds")
