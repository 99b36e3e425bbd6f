"""What a workspace asks people about themselves, and what they state of their own will."""

import msgspec

from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_workspace, in_person, missing
from karat.server.database import Tx
from karat.server.fairness.schemas import Attribute, NewAttribute, OwnStatement, State
from karat.server.statements import forget
from karat.server.tell import note

MOST = 20
MOST_OPTIONS = 50
LONGEST = 80
LONGEST_PURPOSE = 1000
_options = msgspec.json.Decoder(list[str])


def ask(tx: Tx, actor: Actor, workspace: str, given: NewAttribute) -> Attribute:
    """Ask people of the workspace something about themselves."""
    scope = enter_workspace(tx, actor, "workspace.change", workspace=workspace)
    title, purpose = given.title.strip(), given.purpose.strip()
    options = [option.strip() for option in given.options]
    refuse(_problems(tx, scope, title, purpose, options))
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO attributes (id, workspace, title, purpose, options, created_at)"
        " VALUES (:id, :workspace, :title, :purpose, :options, :now)",
        id=id_,
        workspace=scope.workspace,
        title=title,
        purpose=purpose,
        options=msgspec.json.encode(options).decode(),
        now=tx.now(),
    )
    note(tx, "attribute.asked", actor=actor, workspace=scope.workspace, thing={"type": "attribute", "id": id_})
    return Attribute(id=id_, title=title, purpose=purpose, options=options)


def stop_asking(tx: Tx, actor: Actor, workspace: str, attribute: str) -> None:
    """Ask it no more: every statement and every figure of it is deleted."""
    scope = enter_workspace(tx, actor, "workspace.change", workspace=workspace)
    n, _ = _known(tx, scope, attribute)
    tx.run("DELETE FROM statements WHERE attribute = :n", n=n)
    tx.run("DELETE FROM group_places WHERE attribute = :n", n=n)
    tx.run("DELETE FROM group_gone WHERE attribute = :n", n=n)
    tx.run("DELETE FROM group_figures WHERE attribute = :n", n=n)
    tx.run("DELETE FROM attributes WHERE n = :n", n=n)
    note(tx, "attribute.removed", actor=actor, workspace=scope.workspace, thing={"type": "attribute", "id": attribute})


def asked(tx: Tx, scope: Scope) -> list[Attribute]:
    """What the workspace asks, in the order in which it was asked first."""
    return [attribute for _, attribute in _all(tx, scope)]


def own(tx: Tx, actor: Actor, workspace: str) -> list[OwnStatement]:
    """What the workspace asks, and what the actor has stated; of nobody else."""
    scope = enter_workspace(tx, actor, "me.change", workspace=workspace)
    in_person(actor)
    rows = tx.run("SELECT attribute, value FROM statements WHERE author = :author", author=scope.author)
    stated = {attribute: value for attribute, value in rows}  # noqa: C416 - it says what a row is
    return [OwnStatement(attribute=one, value=stated.get(n)) for n, one in _all(tx, scope)]


def state(tx: Tx, actor: Actor, workspace: str, attribute: str, given: State) -> list[OwnStatement]:
    """State something about oneself, or withdraw it: then it is deleted. Nothing is written of it anywhere else."""
    scope = enter_workspace(tx, actor, "me.change", workspace=workspace)
    in_person(actor)
    n, known = _known(tx, scope, attribute)
    if given.value is not None and given.value not in known.options:
        do = "Choose one of what may be stated, or withdraw with null."
        raise Refused([Problem("value", shown(given.value), f"one of {', '.join(known.options)}", do)])
    before = tx.run("SELECT value FROM statements WHERE attribute = :n AND author = :author", n=n, author=scope.author)
    if given.value is None:
        forget(tx, scope.author, attribute=n)
    elif not before or before[0][0] != given.value:
        tx.run(
            "INSERT INTO statements (attribute, author, value) VALUES (:n, :author, :value)"
            " ON CONFLICT (attribute, author) DO UPDATE SET value = excluded.value",
            n=n,
            author=scope.author,
            value=given.value,
        )
    return own(tx, actor, workspace)


def withdraw(tx: Tx, actor: Actor, workspace: str) -> list[OwnStatement]:
    """Withdraw everything that one stated here."""
    scope = enter_workspace(tx, actor, "me.change", workspace=workspace)
    in_person(actor)
    forget(tx, scope.author)
    return own(tx, actor, workspace)


def _all(tx: Tx, scope: Scope) -> list[tuple[int, Attribute]]:
    rows = tx.run(
        "SELECT n, id, title, purpose, options FROM attributes WHERE workspace = :workspace ORDER BY n",
        workspace=scope.workspace,
    )
    return [
        (n, Attribute(id=id_, title=title, purpose=purpose, options=_options.decode(options)))
        for n, id_, title, purpose, options in rows
    ]


def _known(tx: Tx, scope: Scope, attribute: str) -> tuple[int, Attribute]:
    for n, one in _all(tx, scope):
        if one.id == attribute:
            return n, one
    raise missing("attribute", attribute)


def _problems(tx: Tx, scope: Scope, title: str, purpose: str, options: list[str]) -> list[Problem]:
    found = []
    known = asked(tx, scope)
    if not title or len(title) > LONGEST or title in [one.title for one in known]:
        do = "Write what is asked, e.g. First language; each once."
        found.append(Problem("title", shown(title), f"1 to {LONGEST} characters, not asked yet", do))
    if not purpose or len(purpose) > LONGEST_PURPOSE:
        do = "Say what it is for: people read it before they answer."
        found.append(Problem("purpose", shown(purpose[:40]), f"1 to {LONGEST_PURPOSE} characters", do))
    if not 2 <= len(options) <= MOST_OPTIONS or len(set(options)) < len(options):
        do = "Write what may be stated, each once."
        found.append(Problem("options", shown(len(options)), f"2 to {MOST_OPTIONS} different options", do))
    if any(not option or len(option) > LONGEST for option in options):
        do = "Write a few words for each."
        found.append(Problem("options", "an empty or a long one", f"1 to {LONGEST} characters each", do))
    if len(known) >= MOST:
        do = "Stop asking something else first; each question more makes people easier to tell."
        found.append(Problem("title", shown(title), f"at most {MOST} questions", do))
    return found
