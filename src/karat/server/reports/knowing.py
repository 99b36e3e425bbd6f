"""What was learned of a project's fields as it is stored, and ready to settle items by."""

from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa

from karat.model.schema import Schema
from karat.quality.annotators import FEW
from karat.quality.consensus import AuthorSkill, Knowledge, settlers_of
from karat.quality.consensus.learning import Settle
from karat.quality.consensus.watching import Seen
from karat.quality.measure import Measure
from karat.server.changed_items import Place
from karat.server.database import Tx

STATE = "consensus"
PREFIX = "knowledge:"
MOST_KEPT = 50
"""Projects whose settlers are kept ready; each is of about the size of its authors' confusions."""


class Learning(msgspec.Struct, frozen=True, kw_only=True):
    """When, why and from what the consensus of a project was last learned."""

    run: str
    """The job that did it, which is the version of the model."""
    method: str
    at: str
    why: str
    seq: int
    xid: int
    schema_version: int
    items: int
    answers: int
    job: str = ""
    """The job that is settling items by it, up to which item, and what came of it so far."""
    settled_to: int = 0
    settled: int = 0
    resolved: int = 0
    ties: int = 0

    seen: Seen = Seen()
    """What came since it was learned."""

    @property
    def place(self) -> Place:
        """The events up to which items are settled by it."""
        return Place(self.seq, self.xid)


class Known(msgspec.Struct, frozen=True):
    """What is known of a project, ready to be used."""

    learning: Learning
    fields: Mapping[str, Knowledge]
    settlers: Mapping[str, Settle]


_kept: WeakKeyDictionary[sa.Engine, dict[int, tuple[str, int, Known]]] = WeakKeyDictionary()


def learning_of(tx: Tx, project: int) -> Learning | None:
    """What was last learned; None where nothing was."""
    rows = tx.run("SELECT body FROM reports WHERE project = :project AND name = :name", project=project, name=STATE)
    return msgspec.json.decode(rows[0][0], type=Learning) if rows else None


def known_of(tx: Tx, project: int, schema: Schema, version: int) -> Known | None:
    """What was learned, read once for each run and version of the schema and kept."""
    learning = learning_of(tx, project)
    if learning is None:
        return None
    kept = _kept.setdefault(tx.connection.engine, {})
    found = kept.get(project)
    if found is not None and found[:2] == (learning.run, version):
        return msgspec.structs.replace(found[2], learning=learning)
    known = known_by(learning, fields_of(tx, project), schema)
    if not tx.writes:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[project] = (learning.run, version, known)
    return known


def known_by(learning: Learning, fields: Sequence[Knowledge], schema: Schema) -> Known:
    """Knowledge made ready to settle items by."""
    return Known(learning, {one.field: one for one in fields}, settlers_of(schema, fields))


def fields_of(tx: Tx, project: int) -> list[Knowledge]:
    """What was learned of each field."""
    rows = tx.run(
        "SELECT body FROM reports WHERE project = :project AND name LIKE 'knowledge:%' ORDER BY name", project=project
    )
    return [msgspec.json.decode(body, type=Knowledge) for (body,) in rows]


def skills_of(tx: Tx, project: int) -> dict[str, Measure]:
    """By the id of an author, how likely what they say is right, as it was last learned."""
    rows = tx.run("SELECT body FROM reports WHERE project = :project AND name = 'skills'", project=project)
    return msgspec.json.decode(rows[0][0], type=dict[str, Measure]) if rows else {}


def skill_measure(skills: Sequence[AuthorSkill]) -> Measure:
    """An author's skill over several fields: the mean by answers, with the doubts of the fields taken as independent."""
    n = sum(skill.n for skill in skills)
    share = [skill.n / n for skill in skills]
    value = sum(s * skill.value for s, skill in zip(share, skills, strict=True))
    below = sum((s * (skill.value - skill.low)) ** 2 for s, skill in zip(share, skills, strict=True)) ** 0.5
    above = sum((s * (skill.high - skill.value)) ** 2 for s, skill in zip(share, skills, strict=True)) ** 0.5
    return Measure(value, max(0.0, value - below), min(1.0, value + above), round(n), n >= FEW)


def write_learning(tx: Tx, project: int, learning: Learning) -> None:
    """Write down what was learned when, or how far items are settled by it."""
    tx.run(
        "INSERT INTO reports (project, name, body, at, upto_seq) VALUES (:project, :name, :body, :at, :seq)"
        " ON CONFLICT (project, name) DO UPDATE SET body = excluded.body, at = excluded.at, upto_seq = excluded.upto_seq",
        project=project,
        name=STATE,
        body=msgspec.json.encode(learning).decode(),
        at=learning.at,
        seq=learning.seq,
    )


def write_knowledge(tx: Tx, project: int, learning: Learning, fields: Sequence[Knowledge]) -> int:
    """Replace what was known by what was learned now."""
    write_learning(tx, project, learning)
    tx.run(
        "DELETE FROM reports WHERE project = :project AND (name = 'skills' OR name LIKE 'knowledge:%')", project=project
    )
    by_author: dict[str, list[AuthorSkill]] = {}
    for one in fields:
        for skill in one.skills:
            by_author.setdefault(skill.author, []).append(skill)
    skills = {author: skill_measure(found) for author, found in by_author.items()}
    stored: list[tuple[str, object]] = [("skills", skills), *((PREFIX + one.field, one) for one in fields)]
    tx.many(
        "INSERT INTO reports (project, name, body, at, upto_seq) VALUES (:project, :name, :body, :at, :seq)",
        [
            {
                "project": project,
                "name": name,
                "body": msgspec.json.encode(body).decode(),
                "at": learning.at,
                "seq": learning.seq,
            }
            for name, body in stored
        ],
    )
    return len(fields)
