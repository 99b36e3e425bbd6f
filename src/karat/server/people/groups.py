"""What managers say of people: their skills and languages, and the groups they are in. Stages and batches may ask for it."""

from collections.abc import Iterable

import msgspec

from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_workspace, missing
from karat.server.database import Tx, named
from karat.server.people import queries
from karat.server.people.schemas import ChangeGroup, Group, Member, Traits
from karat.server.tell import note

MOST = 200
LONGEST = 60


def list_groups(tx: Tx, actor: Actor, *, workspace: str) -> list[Group]:
    """The groups of a workspace, by name, each with its members."""
    scope = enter_workspace(tx, actor, "people.see", workspace=workspace)
    return _groups(tx, scope)


def make(tx: Tx, actor: Actor, *, workspace: str, given: ChangeGroup) -> Group:
    """Make a group."""
    scope = enter_workspace(tx, actor, "people.traits", workspace=workspace)
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO teams (id, workspace, name, created_at) VALUES (:id, :workspace, :name, :now)",
        id=id_,
        workspace=scope.workspace,
        name=_free_name(tx, scope, given.name or "", None),
        now=tx.now(),
    )
    return _changed(tx, scope, id_, given)


def change(tx: Tx, actor: Actor, *, workspace: str, group: str, given: ChangeGroup) -> Group:
    """Rename a group or put other people into it."""
    scope = enter_workspace(tx, actor, "people.traits", workspace=workspace)
    _key(tx, scope, group)
    if given.name is not None:
        name = _free_name(tx, scope, given.name, group)
        tx.run("UPDATE teams SET name = :name WHERE id = :id", name=name, id=group)
    return _changed(tx, scope, group, given)


def remove(tx: Tx, actor: Actor, *, workspace: str, group: str) -> None:
    """Delete a group; its people stay. Batches that were for it are for nobody, and so for anybody once they end."""
    scope = enter_workspace(tx, actor, "people.traits", workspace=workspace)
    n = _key(tx, scope, group)
    standing = tx.run("SELECT count(*) FROM batches WHERE team = :n AND ended_at IS NULL", n=n)[0][0]
    if standing:
        problem = Problem("group", f"{standing} batches of items", "none", "Release the batches of the group first.")
        raise Refused([problem], status=409, title="Items are given to this group")
    _forget_marks(tx, [author for (author,) in tx.run("SELECT author FROM team_members WHERE team = :n", n=n)])
    tx.run("DELETE FROM team_members WHERE team = :n", n=n)
    tx.run("DELETE FROM teams WHERE n = :n", n=n)
    note(tx, "group.changed", actor=actor, workspace=scope.workspace, thing={"type": "group", "id": group})


def describe(tx: Tx, actor: Actor, *, workspace: str, member: str, given: Traits) -> Member:
    """Say which skills and languages a member has; what was said before is replaced."""
    scope = enter_workspace(tx, actor, "people.traits", workspace=workspace)
    queries.member(tx, scope, member)
    refuse([*_problems("skills", given.skills), *_problems("languages", given.languages)])
    tx.run(
        "UPDATE memberships SET skills = :skills, languages = :languages WHERE id = :id AND workspace = :workspace",
        skills=_list(given.skills),
        languages=_list(given.languages),
        id=member,
        workspace=scope.workspace,
    )
    author = tx.run("SELECT author FROM memberships WHERE id = :id", id=member)[0][0]
    _forget_marks(tx, [author])
    note(tx, "member.traits", actor=actor, workspace=scope.workspace, thing={"type": "member", "id": member})
    return queries.member(tx, scope, member)


def _changed(tx: Tx, scope: Scope, group: str, given: ChangeGroup) -> Group:
    n = _key(tx, scope, group)
    if given.members is not None:
        authors = _authors(tx, scope, given.members)
        before = [author for (author,) in tx.run("SELECT author FROM team_members WHERE team = :n", n=n)]
        tx.run("DELETE FROM team_members WHERE team = :n", n=n)
        tx.many(
            "INSERT INTO team_members (team, author) VALUES (:team, :author)",
            [{"team": n, "author": author} for author in sorted(authors)],
        )
        _forget_marks(tx, {*before, *authors})
    thing: dict[str, object] = {"type": "group", "id": group}
    note(tx, "group.changed", actor=scope.actor, workspace=scope.workspace, thing=thing)
    return next(one for one in _groups(tx, scope) if one.id == group)


def _authors(tx: Tx, scope: Scope, members: list[str]) -> set[int]:
    if not members:
        return set()
    names, values = named(members)
    rows = tx.run(
        f"SELECT id, author FROM memberships WHERE workspace = :workspace AND id IN ({names})",  # noqa: S608 - names of parameters only
        workspace=scope.workspace,
        **values,
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    for id_ in members:
        if id_ not in found:
            raise missing("member", id_)
    return set(found.values())


def _groups(tx: Tx, scope: Scope) -> list[Group]:
    people: dict[int, list[str]] = {}
    for team, member in tx.run(
        "SELECT t.n, m.id FROM teams t JOIN team_members g ON g.team = t.n JOIN memberships m ON m.author = g.author"
        " WHERE t.workspace = :workspace ORDER BY m.id",
        workspace=scope.workspace,
    ):
        people.setdefault(team, []).append(member)
    rows = tx.run("SELECT n, id, name FROM teams WHERE workspace = :workspace ORDER BY name", workspace=scope.workspace)
    return [Group(id_, name, people.get(n, [])) for n, id_, name in rows]


def _key(tx: Tx, scope: Scope, group: str) -> int:
    found = tx.run("SELECT n FROM teams WHERE id = :id AND workspace = :workspace", id=group, workspace=scope.workspace)
    if not found:
        raise missing("group", group)
    n: int = found[0][0]
    return n


def _free_name(tx: Tx, scope: Scope, name: str, own: str | None) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST or "," in name:
        do = "Give the group a short name without commas, e.g. Cardiologists."
        raise Refused([Problem("name", shown(name), f"1 to {LONGEST} characters", do)])
    taken = tx.run(
        "SELECT id FROM teams WHERE workspace = :workspace AND name = :name", workspace=scope.workspace, name=name
    )
    if taken and taken[0][0] != own:
        problem = Problem("name", shown(name), "a name that is free", "Choose another name.")
        raise Refused([problem], status=409, title="There is such a group already")
    return name


def _problems(path: str, words: list[str]) -> list[Problem]:
    if len(words) > MOST or any(not 1 <= len(word.strip()) <= LONGEST for word in words):
        expected = f"up to {MOST} words of 1 to {LONGEST} characters"
        return [Problem(path, shown(words[:3]), expected, "Write short words, e.g. ecg, or sw for a language.")]
    return []


def _list(words: list[str]) -> str:
    return msgspec.json.encode(sorted({word.strip() for word in words})).decode()


def _forget_marks(tx: Tx, authors: Iterable[int]) -> None:
    """Let people look at the queues from their start: there may be something for them now where there was nothing."""
    tx.many("DELETE FROM low_water WHERE author = :author", [{"author": author} for author in sorted(authors)])
