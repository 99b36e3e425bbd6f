"""Who may do what: every route is walked as every role, with every scope of a token, and from another workspace."""

import re
import types
import typing
from pathlib import Path

import msgspec

from karat.server import routing
from karat.server.access import RIGHTS, ROLES, TOKEN_SCOPES
from karat.server.database import Tx
from karat.server.database.base import PARAMETER
from karat.server.labeling import sweep
from karat.server.reference.rights import IN_PERSON, table

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "access.md"
ROWS = routing.rows()
CONTENT = re.compile(
    r"\b(?:FROM|JOIN|UPDATE)\s+(?:items|responses|revisions|drafts|consensus|marks|facts|queue|assignments|schemas|policies)\b"
)
GUARDED = [row for row in ROWS if row.right is not None and row.path not in ("/metrics", "/api/v1/events")]
# Of somebody's own things everybody else learns nothing, whatever their role.
PERSONAL = (
    "{assignment}",
    "{line}",
    "{session}",
    "{response}/revisions/",
    "/draft",
    "/practice",
    "{token}",
    "{operation}",
    "{vote}",
)


def test_every_route_stands_in_the_docs_with_its_right():
    assert table(ROWS) in DOCS.read_text("utf-8"), "run: make types"


def test_no_right_is_left_over():
    asked_inside = {"label.any"}  # opening an item of one's choice asks for it, being given one does not

    assert {row.right for row in ROWS if row.right} | asked_inside == set(RIGHTS)


def test_the_list_of_jobs_is_empty_for_whoever_manages_none(world):
    assert world.team.manager.get("/jobs").json()["items"] != []
    for person in (world.team.annotator, world.team.reviewer):
        assert person.get("/jobs").json()["items"] == []


def test_every_route_answers_as_the_table_says(world):
    """One test for all, since its world takes longer to make than a thousand questions."""
    wrong = []
    for row in GUARDED:
        for who, person, expected in _askers(world.team, row):
            got = _ask(world, person, row)
            if not _fits(got, expected, row):
                wrong.append(f"{row.method} {row.path} as {who}: {got}, expected {expected}")

    assert not wrong, "\n".join(wrong)


def test_no_answer_holds_anything_of_another_workspace(world):
    """Whatever is asked, also with their ids in the body or the query, the answer has nothing that is theirs."""
    leaks = []
    ids = {value for name, value in world.theirs.items() if name != "ids"}
    for row in GUARDED:
        plain = _answer_to(world, world.team.owner, row)
        leaks += [f"{row.method} {row.path} gave {found}" for found in (world.mark, *ids) if found in plain.text]
        mixed = _answer_to(world, world.team.owner, row, theirs=world.theirs)
        if world.mark in mixed.text or (
            row.method == "GET" and mixed.status_code == 200 and ids & set(mixed.text.split('"'))
        ):
            leaks.append(f"{row.method} {row.path} with their ids gave {mixed.text[:300]}")

    assert not leaks, "\n".join(leaks)


def test_every_statement_on_content_is_bound_to_a_place(world, monkeypatch):
    """A statement that reads content without a single bound value would read every tenant's."""
    unbound, real = set(), Tx.run

    def spy(tx, sql, /, **values):
        if CONTENT.search(sql) and not PARAMETER.search(sql):
            unbound.add(sql)
        return real(tx, sql, **values)

    # What tends the batches of all projects in the background is nobody's question.
    monkeypatch.setattr(sweep, "tend", lambda tx: 0)
    monkeypatch.setattr(Tx, "run", spy)
    for row in GUARDED:
        _answer_to(world, world.team.owner, row)

    assert unbound == set()


def _askers(team, row):
    needed = RIGHTS[row.right]
    yield "nobody", team.server.nobody, "401"
    yield (
        "a wrong token",
        types.SimpleNamespace(
            ask=lambda m, p, **k: team.server.nobody.ask(
                m, p, **{**k, "headers": {**k.get("headers", {}), "authorization": "Bearer krt_wrong"}}
            )
        ),
        "401",
    )
    has_place = any(
        part in row.path
        for part in (
            "{workspace}",
            "{project}",
            "{item}",
            "{response}",
            "{job}",
            "{upload}",
            "{operation}",
            "{assignment}",
            "{thread}",
            "{precedent}",
            "{appeal_id}",
        )
    )
    if has_place:
        yield "somebody of another workspace", team.stranger, "404"
        yield "their token", team.stranger.token("admin"), "404"
    for role in ROLES:
        # The list of jobs crosses workspaces: it is empty for whoever manages none.
        may = ROLES.index(role) >= ROLES.index(needed.role) or row.path == "/api/v1/jobs"
        yield role, getattr(team, role), "yes" if may else "403"
    for scope in TOKEN_SCOPES:
        may = TOKEN_SCOPES.index(scope) >= TOKEN_SCOPES.index(needed.scope) and row.right not in IN_PERSON
        yield f"owner's {scope} token", team.owner.token(scope), "yes" if may else "403"


def _fits(got, expected, row):
    if expected == "yes":
        hidden = any(part in row.path for part in PERSONAL)
        # A job that was written and taken back in this test's transaction is not found a moment later.
        return got < 500 and got not in (401, 403) and (got != 404 or hidden or row.handler.status_code == 202)
    if expected == "403" and any(part in row.path for part in PERSONAL):
        return got in (403, 404)
    return str(got) == expected


def _ask(world, person, row):
    return _answer_to(world, person, row).status_code


def _answer_to(world, person, row, theirs=None):
    path = row.path.removeprefix("/api/v1")
    for name, value in world.places.items():
        path = path.replace(f"{{{name}}}", value)
    if "/jobs/" in path and path.endswith("/files/text"):
        path = path.removesuffix("text") + world.file
    assert "{" not in path, path
    more = {}
    body = row.handler.opt.get("body")
    if body not in (None, bytes):
        more["content"] = msgspec.json.encode({**_least(body, world), **_known(body, theirs or {})})
    elif row.method in ("PUT", "POST"):
        more["content"] = b"{}"
    query = {
        **_query(path, world),
        **({k: v for k, v in theirs.items() if k != "ids"} if theirs and row.method == "GET" else {}),
    }
    return person.ask(row.method, path, headers={"if-match": '"1"'}, params=query, **more)


def _known(kind, places):
    """Those of the ids that a body has a place for."""
    return {
        field.encode_name: places[field.encode_name]
        for field in msgspec.structs.fields(kind)
        if field.encode_name in places
    }


def _query(path, world):
    if path.endswith("/differences"):
        return {"a": world.places["response"], "b": world.places["response"]}
    return {"format": "jsonl", "which": "all"} if path.endswith("/losses") else {}


def _least(kind, world):
    """The smallest body of a type: only what it needs, with ids of the world where their names say so."""
    made = {}
    for field in msgspec.structs.fields(kind):
        if field.required:
            place = world.places.get(field.encode_name)
            made[field.encode_name] = place if place and field.type is str else _value(field.type, world)
    return made


def _value(kind, world):
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _value(arguments[0], world)
    if origin is typing.Literal:
        return arguments[0]
    if origin in (typing.Union, types.UnionType):
        return None if type(None) in arguments else _value(arguments[0], world)
    if origin in (list, tuple):
        return [_value(arguments[0], world)]
    if origin is dict:
        return {}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _least(kind, world)
    return {str: "abc@example.org", int: 1, bool: False, float: 1.0, msgspec.Raw: {}, object: "abc"}[kind]
