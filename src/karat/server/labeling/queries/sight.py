"""What is known of an item as it leaves a stage: what its answers came to, who gave them, and a draw of its own."""

import hashlib
import hmac
import secrets
from functools import lru_cache

import msgspec

from karat.model.item import Scalar
from karat.model.ways import Sight
from karat.server.database import Tx
from karat.server.labeling.queries.versions import Rules, schema_at

NAME = "draws"
MOST_ANSWERS = 1_000
"""Up to how many answers of an author are counted: nobody is new after that."""
_ITEM = (
    "SELECT i.disagreement, i.uncertainty, i.metadata,"
    # Where nothing was learned yet: the share of the answers that agree, drawn to a half as if one more had been split.
    " (SELECT min((c.n * c.score + 0.5) / (c.n + 1)) FROM consensus c WHERE c.item = i.n),"
    " EXISTS (SELECT 1 FROM consensus c WHERE c.item = i.n AND c.tie),"
    " (SELECT count(*) FROM routes w WHERE w.item = i.n AND w.stage = :stage)"
    " FROM items i WHERE i.n = :item"
)


def sight_of(
    tx: Tx, project: int, item: int, stage: str, rules: Rules, *, least: float = 0.0, is_spent: bool = False
) -> Sight:
    """What is known of an item that leaves this stage. Read after its answers were compared."""
    disagreement, doubt, metadata, score, is_tie, visits = tx.run(_ITEM, item=item, stage=stage)[0]
    if doubt is None and score is not None:
        doubt = 1 - score
    skill, answers = _authors(tx, project, item)
    return Sight(
        draw=drawn(secret_of(tx), f"{project}/{item}/{visits}/{stage}"),
        agreement={} if disagreement is None else _agreement(tx, project, item, disagreement, rules),
        is_tie=bool(is_tie),
        risk=doubt,
        least=least,
        is_spent=is_spent,
        skill=skill,
        answers=answers,
        metadata=msgspec.json.decode(metadata, type=dict[str, Scalar]),
        raised=_raised(tx, project, item, rules),
    )


def risk_of_votes(n: int, score: float) -> float:
    """The risk of a result before anything was learned, from how many answered and the share of them that agree; as in SQL.

    >>> risk_of_votes(1, 1.0), risk_of_votes(4, 1.0)
    (0.25, 0.1)
    """
    return round(1 - (n * score + 0.5) / (n + 1), 12)


def _raised(tx: Tx, project: int, item: int, rules: Rules) -> dict[str, float]:
    """The share that goes to review at least, by stage, because of who answered the item."""
    share = tx.run(
        "SELECT max(a.share) FROM rule_actions a JOIN responses r ON r.author = a.author AND r.item = :item"
        " AND r.state = 'submitted' WHERE a.project = :project AND a.did = 'raise_review' AND a.undone_at IS NULL",
        project=project,
        item=item,
    )[0][0]
    return {} if share is None else {name: share for name, stage in rules.policy.stages.items() if stage.do == "review"}


def _agreement(tx: Tx, project: int, item: int, disagreement: float, rules: Rules) -> dict[str | None, float]:
    schema = schema_at(tx, project, rules.schema_version)
    found: dict[str | None, float] = dict.fromkeys(schema.fields if schema else (), 1.0)
    rows = tx.run(
        "SELECT w.text, d.distance FROM disagreements d JOIN words w ON w.n = d.field WHERE d.item = :item", item=item
    )
    return found | {word: 1 - distance for word, distance in rows} | {None: 1 - disagreement}


def _authors(tx: Tx, project: int, item: int) -> tuple[float | None, int | None]:
    """The weight of the least able author of the item's answers, and how many answers the newest of them has given."""
    rows = tx.run(
        "SELECT a.id, a.n FROM responses r JOIN authors a ON a.n = r.author WHERE r.item = :item"
        " AND r.state = 'submitted' AND r.excluded IS NULL AND a.type = 'person'",
        item=item,
    )
    if not rows:
        return None, None
    known = tx.run("SELECT body FROM reports WHERE project = :project AND name = 'weights'", project=project)
    weights = _weights(known[0][0]) if known else {}
    skills = [weights[id_] for id_, _ in rows if id_ in weights]
    answers = [
        tx.run(
            "SELECT count(*) FROM (SELECT 1 FROM responses WHERE project = :project AND author = :author LIMIT :most) x",
            project=project,
            author=author,
            most=MOST_ANSWERS,
        )[0][0]
        for _, author in rows
    ]
    return min(skills, default=None), min(answers)


@lru_cache(maxsize=64)
def _weights(body: str) -> dict[str, float]:
    return msgspec.json.decode(body, type=dict[str, float])


def drawn(secret: bytes, what: str) -> float:
    """A number in [0, 1) that is the same whenever it is asked for, and that nobody can compute without the secret."""
    digest = hmac.digest(secret, what.encode(), hashlib.sha256)
    return int.from_bytes(digest[:7], "big") / (1 << 56)


def secret_of(tx: Tx) -> bytes:
    """What this installation draws by; made with the first draw."""
    found = tx.run("SELECT value FROM secrets WHERE name = :name", name=NAME)
    if not found:
        tx.put(
            "INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING",
            name=NAME,
            value=secrets.token_hex(32),
        )
        found = tx.run("SELECT value FROM secrets WHERE name = :name", name=NAME)
    return bytes.fromhex(found[0][0])
