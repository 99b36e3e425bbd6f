"""What managers say of the person who asks for work."""

import msgspec

from karat.model.who import Traits
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
