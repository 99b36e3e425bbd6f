"""How well authors agree on each field of a project, read item by item."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import AuthorType, Response
from karat.model.schema import Field, Schema
from karat.quality.agreement.answer_field import Settings, field_agreement
from karat.quality.agreement.ballots import Ballots
from karat.quality.agreement.instance_field import InstanceField
from karat.quality.agreement.report import Agreement, FieldAgreement
from karat.quality.measure import RESAMPLES
from karat.quality.references import bound_together
from karat.quality.responses import PEOPLE, Said, answer_of, counted, is_instances, units_on


def agreement_of(
    items: Iterable[tuple[str, Sequence[Response]]],
    schema: Schema,
    *,
    authors: Collection[AuthorType] = PEOPLE,
    resamples: int = RESAMPLES,
    seed: int = 0,
    kinds: Mapping[str, AnyKind] = KINDS,
) -> Agreement:
    """Agreement on every field, from items with the responses to each; read once, in any order.

    Only submitted responses that are not excluded count, of authors of these types. What an author did not cover is
    missing and no disagreement. A field that is answered for each part of a stream has a unit for each part; an item's
    number is the mean of its parts', and items are drawn whole, so that many parts of few items make no narrow interval.
    Intervals are percentile bootstrap over items and repeat with the same `seed`.
    """
    gathering = Gathering(schema, authors=authors, resamples=resamples, seed=seed, kinds=kinds)
    for item, responses in items:
        gathering.add(item, responses)
    return gathering.report()


class Gathering:
    """Agreement while items still come in. It keeps numbers and the different answers, never the responses.

    16 bytes for each answer; 20 bytes for each pair of authors that marked regions, and 32 for each label of theirs; 28
    for each span; the key of each item that two answered. A report on choices peaks at about 70 bytes a vote, the keys
    counted in (`bench/quality.py`).
    """

    def __init__(
        self,
        schema: Schema,
        *,
        authors: Collection[AuthorType] = PEOPLE,
        resamples: int = RESAMPLES,
        seed: int = 0,
        kinds: Mapping[str, AnyKind] = KINDS,
    ) -> None:
        self.schema = schema
        self.kinds = kinds
        self.types = authors
        self.settings = Settings(resamples=resamples, seed=seed)
        self.items: list[str] = []
        self.numbers: dict[str, int] = {}
        fields = schema.fields
        self.answers = {key: Ballots() for key, field in fields.items() if not is_instances(field)}
        self.aspects = {
            key: {name: (one, Ballots()) for name, one in aspects.of(field).items()}
            for key, field in fields.items()
            if (aspects := kinds[field.kind].aspects) is not None and key in self.answers
        }
        """By field, what its values say in each respect."""
        self.instances = {
            key: InstanceField(field, kinds[field.kind], settings=self.settings)
            for key, field in fields.items()
            if is_instances(field)
        }

    def add(self, item: str, responses: Sequence[Response], *, lengths: Mapping[str, float] | None = None) -> None:
        """One item and everything said on it; an item that fewer than two answered leaves no trace.

        `lengths` are those of its streams, characters of a text, which spans need for unitising alpha.
        """
        by_author = counted(responses, authors=self.types)
        if len(by_author) < 2:
            return
        index = len(self.items)
        self.items.append(item)
        by_author = dict(bound_together(by_author, self.schema, kinds=self.kinds, item=str(index)))
        for key, field in self.schema.fields.items():
            for unit in units_on(field, by_author, self.schema):
                if len(unit.said) > 1:
                    self._add_field(index, key, field, unit.said, (lengths or {}).get(field.on or ""))

    def report(self) -> Agreement:
        """The report on what has come in so far."""
        names = list(self.numbers)
        found: list[FieldAgreement | None] = []
        for key, field in self.schema.fields.items():
            if key in self.answers:
                found.append(self._report_answers(key, field, self.answers[key], names))
                respects = self.aspects.get(key, {})
                found += [self._report_answers(f"{key}.{name}", f, b, names) for name, (f, b) in respects.items()]
                continue
            instances = self.instances[key]
            found.append(instances.report(names, self.items))
            found += [self._report_answers(path, f, b, names) for path, (f, b) in sorted(instances.attributes.items())]
        return Agreement(tuple(f for f in found if f is not None))

    def _add_field(self, index: int, key: str, field: Field, said: Sequence[Said], length: float | None) -> None:
        numbers = [self.numbers.setdefault(s.author, len(self.numbers)) for s in said]
        if key in self.instances:
            self.instances[key].add(index, said, numbers, length=length)
            return
        answers = [(number, answer_of(s)) for number, s in zip(numbers, said, strict=True)]
        if self.kinds[field.kind].number is not None:
            answers = [(number, value) for number, value in answers if value is not None]  # no place on a number line
        self.answers[key].add(index, answers)
        aspects = self.kinds[field.kind].aspects
        for name, (_, ballots) in self.aspects.get(key, {}).items():
            if aspects is not None:
                seen = ((number, None if v is None else aspects.narrow(v, name)) for number, v in answers)
                ballots.add(index, list(seen))

    def _report_answers(self, name: str, field: Field, ballots: Ballots, names: list[str]) -> FieldAgreement | None:
        kind = self.kinds[field.kind]
        return field_agreement(name, field, kind, ballots, authors=names, items=self.items, settings=self.settings)


def author_weights(report: Agreement, *, least: float = 0.05) -> dict[str, float]:
    """Each author's agreement with the others, averaged over fields by items: the weights of a weighted consensus.

    Nobody weighs less than `least`: an author who always stands alone may still be right.
    """
    sums: dict[str, tuple[float, int]] = {}
    for field in report.fields:
        for entry in field.authors:
            total, n = sums.get(entry.author, (0.0, 0))
            sums[entry.author] = (total + (entry.agreement.value or 0.0) * entry.agreement.n, n + entry.agreement.n)
    return {author: max(least, total / n) for author, (total, n) in sums.items()}
