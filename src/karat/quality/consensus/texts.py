"""The consensus of a field of texts: who errs how often is learned from all items, each item is then read by that."""

from collections.abc import Sequence
from functools import partial

import msgspec
import numpy as np

from karat.kinds.text import TextOptions
from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.consensus.learning import AuthorSkill, FieldConsensus, FieldModel, Knowledge, Settle
from karat.quality.consensus.methods import Method
from karat.quality.consensus.transcripts import Transcripts, settle
from karat.quality.consensus.witnesses import Reading
from karat.quality.consensus.wording import Wording
from karat.quality.estimate import estimate
from karat.quality.responses import Said, answer_of, is_instances
from karat.quality.votes import Votes

MOST_ITEMS = 20_000
"""Of more items so many are drawn at random to learn from."""
MOST_LETTERS = 20_000
"""Longer texts are not learned from: aligning takes time with the square of their length."""
MIXTURE = 0.75
"""Where less of a mixture is expected to be right, people wrote different texts rather than made slips; one is taken whole."""
NEVER = 2.0


class _Body(msgspec.Struct, frozen=True):
    rates: dict[str, float]
    stranger: float
    """The error rate of an author who was not there."""
    strength: float
    sharpness: float
    shared: float


class Texts:
    """The texts of up to `MOST_ITEMS` items until it learns."""

    def __init__(self, field: Field, _kind: AnyKind, method: Method) -> None:
        self.field = field
        self.method = method
        self.items = 0
        self.kept: list[tuple[list[tuple[str, str]], str | None]] = []
        self.random = np.random.default_rng(0)

    def add(self, said: Sequence[Said], gold: Said | None) -> None:
        """One item."""
        given = [(one.author, text) for one in said if (text := _text(answer_of(one))) is not None]
        self.items += 1
        if not given or any(len(text) > MOST_LETTERS for _, text in given):
            return
        one = given, None if gold is None else _text(answer_of(gold))
        if len(self.kept) < MOST_ITEMS:
            self.kept.append(one)
        elif (place := int(self.random.integers(self.items))) < MOST_ITEMS:
            self.kept[place] = one

    def learn(self) -> Knowledge | None:
        """Fit the model; None where nobody wrote anything."""
        rows = [(item, author, text) for item, (given, _) in enumerate(self.kept) for author, text in given]
        if not rows:
            return None
        columns = dict(zip(("item", "author", "text"), map(list, zip(*rows, strict=True)), strict=True))
        votes = Votes.from_table(columns, item="item", annotator="author", label="text")
        gold: dict[object, str] = {item: text for item, (_, text) in enumerate(self.kept) if text is not None}
        model = Transcripts(strength=None if self.method.is_weighted else 0.0).fit(votes, gold)
        authors = [str(author) for author in votes.annotators.tolist()]
        skill = model.skill_
        columns_of_skill = (part.tolist() for part in (skill.value, skill.low, skill.high, skill.n))
        skills = tuple(
            AuthorSkill(author, round(value, 6), round(low, 6), round(high, 6), n, round(value, 6))
            for author, value, low, high, n in zip(authors, *columns_of_skill, strict=True)
            if n > 0
        )
        errors = model.errors_
        rate = float(errors.of_annotator @ (errors.words + 1) / (errors.words + 1).sum())
        open_items = np.array([item not in gold for item in range(len(self.kept))])
        right = model.posterior_[open_items]
        deviation = 1.96 * float(right.std()) / max(len(right), 1) ** 0.5 if len(right) else float("nan")
        mean = float(right.mean()) if len(right) else float("nan")
        return Knowledge(
            field=self.field.key,
            method=self.method.name,
            skills=skills,
            accuracy=estimate(
                mean, max(mean - deviation, 0.0), min(mean + deviation, 1.0), n=len(right), of="items",
                method="expected share of right words; interval over items",
            ),
            items=self.items,
            votes=len(rows),
            body=msgspec.Raw(msgspec.json.encode(_Body(
                dict(zip(authors, errors.of_annotator.tolist(), strict=True)),
                rate,
                model.reading_.strength,
                model.reading_.sharpness,
                errors.shared,
            ))),
        )  # fmt: skip


def settler(field: Field, kind: AnyKind, knowledge: Knowledge) -> Settle:
    """Read an item's texts by who errs how often; where at least half left it open, it stays open."""
    body = knowledge.of(_Body)
    options = field.options
    reading = Reading(body.strength, body.sharpness)
    mixture = NEVER if isinstance(options, TextOptions) and options.pattern is not None else MIXTURE

    def settled(said: Sequence[Said], gold: Said | None) -> FieldConsensus | None:
        given = [(one.author, _text(answer_of(one))) for one in said]
        known = None if gold is None else _text(answer_of(gold))
        if known is not None:
            return _result(field, kind, knowledge.method, Wording(known, (), np.empty(0), 1.0, tie=False), len(said))
        texts = [(author, text) for author, text in given if text is not None]
        silent = 1 - len(texts) / len(given)
        if silent >= 0.5:
            return FieldConsensus(field.key, knowledge.method, (), silent, silent == 0.5, len(said))
        if max(len(text) for _, text in texts) > MOST_LETTERS:
            return None
        rates = [body.rates.get(author, body.stranger) for author, _ in texts]
        read = partial(settle, [text for _, text in texts], rates, reading=reading, shared=body.shared)
        found = read(mixture=mixture)
        if isinstance(options, TextOptions) and len(found.text) > (options.max_length or len(found.text)):
            found = read(mixture=NEVER)
        return _result(field, kind, knowledge.method, found, len(said))

    return settled


def _result(field: Field, kind: AnyKind, method: str, found: Wording, n: int) -> FieldConsensus:
    score = round(found.right, 6)
    merged = Annotation(
        id=field.key, field=field.key, kind=kind.name, version=kind.version, value=found.text, confidence=score
    )
    return FieldConsensus(field.key, method, (merged,), score, found.tie, n)


def _text(answer: object) -> str | None:
    return answer if isinstance(answer, str) else None


def _fits(field: Field) -> bool:
    return not is_instances(field)


TEXTS = FieldModel(fits=_fits, learner=Texts, settler=settler)
