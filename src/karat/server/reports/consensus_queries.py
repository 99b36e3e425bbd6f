"""Reading the consensus: of an item, and what was learned of a project to make it."""

import msgspec

from karat.kinds import KINDS
from karat.quality.consensus import METHODS, AuthorSkill, Knowledge
from karat.quality.consensus.by_kind import model_of
from karat.quality.measure import Measure
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items.schemas import Person
from karat.server.projects.queries import schema_of
from karat.server.reports.authors import persons
from karat.server.reports.consensus_schemas import ConsensusReport, ConsensusRow, LearnedField, MethodRow, SkillRow
from karat.server.reports.knowing import fields_of, learning_of, skill_measure
from karat.server.reports.weighing import method_of


def consensus_of(tx: Tx, scope: Scope, item: int) -> list[ConsensusRow]:
    """What the authors of an item say together, field by field in the order of the schema."""
    _, schema = schema_of(tx, scope.project)
    rows = tx.run(
        "SELECT field, method, annotations, score, tie, n, posterior, run, at FROM consensus WHERE item = :item AND project = :project",
        item=item,
        project=scope.project,
    )
    found = {
        field: ConsensusRow(
            field=field,
            method=method,
            annotations=msgspec.Raw(annotations.encode()),
            score=score,
            tie=bool(tie),
            n=n,
            probabilities=soft_label(annotations, posterior) if run else None,
            learned=bool(run),
            at=at,
        )
        for field, method, annotations, score, tie, n, posterior, run, at in rows
    }
    return [found[field] for field in schema.fields if field in found]


def soft_label(annotations: str, posterior: str | None) -> dict[str, float] | None:
    """Of each option how probable it is: beside an answer, or by itself where none came out."""
    if posterior is not None:
        return msgspec.json.decode(posterior, type=dict[str, float])
    found = msgspec.json.decode(annotations, type=list[_Soft])
    return found[0].probabilities if len(found) == 1 else None


def consensus_report(tx: Tx, scope: Scope) -> ConsensusReport:
    """What was learned last, with the skill of each author and the accuracy that is to be expected."""
    _, schema = schema_of(tx, scope.project)
    learning = learning_of(tx, scope.project)
    known = {one.field: one for one in fields_of(tx, scope.project)}
    people = {p.id: p for p in persons(tx, scope, {s.author for one in known.values() for s in one.skills})}
    return ConsensusReport(
        method=method_of(tx, scope.project),
        methods=[MethodRow(one.name, one.title, one.about) for one in METHODS.values()],
        learned_at=learning.at if learning else None,
        why=learning.why if learning else "",
        answers=learning.answers if learning else 0,
        answers_now=tx.run("SELECT responses FROM projects WHERE n = :n", n=scope.project)[0][0],
        uncertain={"all": [{"responses": {"op": "ge", "value": 1}}]},
        fields=[
            _field(
                key,
                field.title or key,
                field.kind,
                known.get(key),
                people,
                learned=model_of(field, KINDS[field.kind]) is not None,
            )
            for key, field in schema.fields.items()
        ],
    )


class _Soft(msgspec.Struct, frozen=True):
    probabilities: dict[str, float] | None = None


def _field(
    key: str, title: str, kind: str, known: Knowledge | None, people: dict[str, Person], *, learned: bool
) -> LearnedField:
    accuracy = known.accuracy if known else None
    enough = accuracy is not None and accuracy.warning is None
    skills = sorted(known.skills if known else (), key=lambda skill: -skill.value)
    return LearnedField(
        field=key,
        title=title,
        kind=kind,
        learned=learned,
        accuracy=Measure(accuracy.value, accuracy.low, accuracy.high, accuracy.n, enough) if accuracy else None,
        warning=accuracy.warning if accuracy else None,
        n_items=known.items if known else 0,
        n_votes=known.votes if known else 0,
        authors=[_skill(skill, people[skill.author]) for skill in skills if skill.author in people],
    )


def _skill(skill: AuthorSkill, author: Person) -> SkillRow:
    return SkillRow(author, skill_measure([skill]), {"all": [{"author": author.id}]})
