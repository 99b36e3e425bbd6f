"""What is learned of all fields of a project while its items come in, and whether it has to be learned anew."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import AuthorType, Response
from karat.model.schema import Schema
from karat.quality.consensus.by_kind import model_of
from karat.quality.consensus.fields import GOLD
from karat.quality.consensus.learning import Knowledge, Learner, Settle
from karat.quality.consensus.methods import METHODS
from karat.quality.responses import PEOPLE, counted, units_on


class ProjectLearner:
    """The learners of a schema's fields. Items come in once, in any order; responses are not kept."""

    def __init__(
        self,
        schema: Schema,
        *,
        method: str,
        authors: Collection[AuthorType] = PEOPLE,
        kinds: Mapping[str, AnyKind] = KINDS,
    ) -> None:
        self.schema = schema
        self.types = authors
        self.learners: dict[str, Learner] = {}
        for key, field in schema.fields.items():
            kind = kinds[field.kind]
            model = model_of(field, kind)
            if model is not None:
                self.learners[key] = model.learner(field, kind, METHODS[method])

    def add(self, responses: Sequence[Response]) -> None:
        """One item and everything said on it."""
        by_author = counted(responses, authors=self.types)
        known = counted(responses, authors=GOLD)
        for key, learner in self.learners.items():
            field = self.schema.fields[key]
            gold = {unit.part: unit.said[-1] for unit in units_on(field, known, self.schema)} if known else {}
            for unit in units_on(field, by_author, self.schema):
                learner.add(unit.said, gold.get(unit.part))

    def learn(self) -> dict[str, Knowledge]:
        """By field, what was learned; fields of which nothing can be learned are left out."""
        found = {key: learner.learn() for key, learner in self.learners.items()}
        return {key: knowledge for key, knowledge in found.items() if knowledge is not None}


def settlers_of(
    schema: Schema, known: Iterable[Knowledge], *, kinds: Mapping[str, AnyKind] = KINDS
) -> dict[str, Settle]:
    """By field, how an item is settled by what was learned; what is of fields that are gone is passed over."""
    found: dict[str, Settle] = {}
    for knowledge in known:
        field = schema.fields.get(knowledge.field)
        model = None if field is None else model_of(field, kinds[field.kind])
        if field is not None and model is not None:
            found[field.key] = model.settler(field, kinds[field.kind], knowledge)
    return found
