"""What managers say of the person who asks for work."""

import msgspec

from karat.model.item import Scalar
from karat.model.who import Traits, Who
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.versions import Rules


def traits_of(tx: Tx, scope: Scope, rules: Rules) -> Traits | None:
    """The person's groups, skills and languages; None where no stage of the project asks for them."""
    if not rules.asks_traits:
        return None
    member, skills, languages = tx.run(
        "SELECT id, skills, languages FROM memberships WHERE workspace = :workspace AND author = :author",
        workspace=scope.workspace,
        author=scope.author,
    )[0]
    groups = tx.run(
        "SELECT t.name FROM team_members m JOIN teams t ON t.n = m.team WHERE m.author = :author", author=scope.author
    )
    return Traits(
        person=member,
        groups=frozenset(name for (name,) in groups),
        skills=frozenset(msgspec.json.decode(skills, type=list[str])),
        languages=frozenset(msgspec.json.decode(languages, type=list[str])),
    )


SPEAKS = {
    True: "i.metadata ->> :language IN (SELECT value FROM json_each(:spoken))",
    False: "i.metadata::json ->> CAST(:language AS text) = ANY(CAST(:spoken AS text[]))",
}
"""The condition, as SQL, that an item `i` is in a language of the person's; on SQLite and elsewhere."""


def speaks(rules: Rules, stage: str, traits: Traits | None, metadata: str) -> bool:
    """Whether an item is in a language of somebody's, where the stage asks for that."""
    key = _language(rules, stage)
    if key is None or traits is None:
        return True
    return msgspec.json.decode(metadata, type=dict[str, Scalar]).get(key) in traits.languages


def spoken(tx: Tx, scope: Scope, rules: Rules, stage: str) -> tuple[str, dict[str, object]]:
    """The same of an item `i` as a further condition in SQL, with its parameters; empty where the stage does not ask."""
    key, traits = _language(rules, stage), traits_of(tx, scope, rules)
    if key is None or traits is None:
        return "", {}
    values = sorted(traits.languages)
    named = msgspec.json.encode(values).decode() if tx.is_sqlite else values
    return f" AND {SPEAKS[tx.is_sqlite]}", {"language": key, "spoken": named}


def _language(rules: Rules, stage: str) -> str | None:
    who: Who | None = rules.policy.stages[stage].who if stage in rules.policy.stages else None
    return None if who is None else who.language
