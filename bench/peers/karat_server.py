"""Karat doing what the other server does: the same rows, the same people, the same answers."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from karat.cli.welcome import prepare
from karat.model.ids import RealClock
from karat.sdk import Client
from karat.server.database import Tx, connect
from karat.server.people import actions
from karat.server.people.tokens import create_token
from karat.server.settings import Settings
from karat.testing.server import free_port, serve

SCHEMA = """\
karat_schema: 1
streams: {text: {kind: text}}
fields: {sentiment: {kind: choice, options: {pos: {}, neg: {}, neu: {}}, required: true}}
"""


@contextmanager
def running(data: Path, people: int) -> Iterator[tuple[str, int, list[str]]]:
    """Its address, process id, and the tokens of an owner and so many annotators, the owner's first."""
    settings = Settings(data=data, port=free_port())
    db = connect(settings, clock=RealClock())
    workspace = prepare(db, settings, workspace="Bench").workspace

    def join(tx: Tx, k: int) -> str:
        if k == 0:
            owner = tx.run("SELECT n FROM logins ORDER BY n LIMIT 1")[0][0]
            return create_token(tx, workspace, owner, name="bench", scopes=["admin"], days=1)
        login = actions.create_login(tx, email=f"annot{k}@example.com", name=f"Annotator {k}")
        actions.add_member(tx, workspace, login.n, "annotator")
        return create_token(tx, workspace, login.n, name="bench", scopes=["write"], days=1)

    tokens = [db.write_now(join, k) for k in range(people + 1)]
    db.close()
    with serve(data, port=settings.port, environment={"KARAT_JOB_LIBRARY": "dbos"}) as server:
        yield server.url, server.pid, tokens


def write_rows(rows: list[dict[str, object]], path: Path, *, annotated: bool) -> None:
    """An import file of these rows, with one person's answer each where asked."""
    chance = random.Random(0)
    with path.open("wb") as file:
        for row in rows:
            record: dict[str, object] = {
                "item": {
                    "key": str(row["n"]),
                    "streams": {"text": {"kind": "text", "ref": {"inline": row["text"]}}},
                    "metadata": {"n": row["n"], "src": row["src"]},
                }
            }
            if annotated:
                value = chance.choice(["pos", "neg", "neu"])
                answer = {"id": "sentiment", "field": "sentiment", "kind": "choice", "value": value}
                author = {"type": "person", "name": "Someone"}
                record["responses"] = [
                    {"author": author, "annotations": [answer], "covers": {"sentiment": None}, "active_ms": 2500}
                ]
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")


def project(url: str, token: str, title: str) -> tuple[Client, str]:
    """A client and a new project's id."""
    client = Client(url, token=token, timeout_s=1800)
    return client, client.create_project(title, schema=SCHEMA).id


def revision(task: dict[str, object], value: str) -> tuple[str, dict[str, object]]:
    """The address and the body of an answer to a task."""
    item, response, assignment = task["item"], task["response"], task["assignment"]
    assert isinstance(item, dict) and isinstance(response, dict) and isinstance(assignment, dict)
    annotation = {"id": "sentiment", "field": "sentiment", "kind": "choice", "label": None, "value": value}
    body = {
        "item": item["id"],
        "item_revision": item["revision"],
        "assignment": assignment["id"],
        "schema": task["schema"],
        "state": "submitted",
        "covers": {"sentiment": None},
        "annotations": [annotation],
        "active_ms": 2500,
    }
    return f"/api/v1/responses/{response['id']}/revisions/{response['revision']}", body
