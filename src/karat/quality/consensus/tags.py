"""The consensus of a choice of several options: each option is there or not, by who ticks what rightly in the whole project."""

from array import array
from collections.abc import Sequence

import msgspec
import numpy as np
from scipy.sparse import csr_array

from karat.kinds.choice import ChoiceOptions
from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.columns import Floats
from karat.quality.consensus.checkboxes import Fitted, Habits, Ticks, believe
from karat.quality.consensus.learning import AuthorSkill, FieldConsensus, FieldModel, Knowledge, Settle
from karat.quality.consensus.methods import Method
from karat.quality.consensus.multilabel import MultiLabel, held
from karat.quality.estimate import estimate
from karat.quality.responses import Said, answer_of, is_instances
from karat.quality.votes import Votes

NOTHING = ""
"""The label of a vote for none of the options: no option's key is empty."""
NEAR = 0.05
"""Options whose probability is nearer than this to a half hang in the balance."""
LEAST = 0.001
MOST_CELLS = 4_000_000
"""Authors times options, and items times options, above which nothing is learned: 32 MB a table."""


class _Body(msgspec.Struct, frozen=True):
    authors: list[str]
    labels: list[str]
    hit: list[list[float]]
    false: list[list[float]]
    common: list[list[float]]
    types: list[float]
    prevalence: list[float]
    share: float


class Tags:
    """12 bytes for each option that is ticked, until it learns."""

    def __init__(self, field: Field, kind: AnyKind, method: Method) -> None:
        self.field = field
        self.kind = kind
        self.method = method
        self.items = 0
        self.item, self.author, self.label = array("i"), array("i"), array("i")
        self.authors: dict[str, int] = {}
        self.labels: dict[str, int] = {NOTHING: 0}
        self.gold: dict[object, tuple[str, ...]] = {}

    def add(self, said: Sequence[Said], gold: Said | None) -> None:
        """One item; who left it open ticked nothing."""
        for one in said:
            author = self.authors.setdefault(one.author, len(self.authors))
            for option in _ticked(one) or (NOTHING,):
                self.item.append(self.items)
                self.author.append(author)
                self.label.append(self.labels.setdefault(option, len(self.labels)))
        if gold is not None:
            self.gold[self.items] = _ticked(gold)
            for option in self.gold[self.items]:
                self.labels.setdefault(option, len(self.labels))
        self.items += 1

    def learn(self) -> Knowledge | None:
        """Fit the model; None where there is nothing to learn from, or too much, or the method gives everybody one vote."""
        most = max(self.items, len(self.authors)) * len(self.labels)
        if not len(self.item) or len(self.labels) < 2 or most > MOST_CELLS or not self.method.is_weighted:
            return None
        item, author, label = (np.frombuffer(codes, dtype=np.int32) for codes in (self.item, self.author, self.label))
        names = np.array(list(self.labels), dtype=object)
        votes = Votes(np.arange(self.items), np.arange(len(self.authors)), names, item, author, label)
        model = MultiLabel(none=NOTHING).fit(votes, self.gold)
        habits, authors = model.fitted_.habits, list(self.authors)
        sure = np.maximum(model.posterior_, 1 - model.posterior_)[[item not in self.gold for item in range(self.items)]]
        right = sure.mean(axis=1)
        mean, half = (
            (float(right.mean()), 1.96 * float(right.std()) / len(right) ** 0.5) if len(right) else (np.nan, np.nan)
        )
        skill = model.skill_
        rows = zip(authors, *(part.tolist() for part in (skill.value, skill.low, skill.high, skill.n)), strict=True)
        return Knowledge(
            field=self.field.key,
            method=self.method.name,
            skills=tuple(
                AuthorSkill(author, round(value, 6), round(low, 6), round(high, 6), n, round(value, 6))
                for author, value, low, high, n in rows
            ),
            accuracy=estimate(
                mean, max(mean - half, 0.0), min(mean + half, 1.0), n=len(right), of="items",
                method="expected share of right options; interval over items",
            ),
            items=self.items,
            votes=len(self.item),
            body=msgspec.Raw(msgspec.json.encode(_Body(
                authors=authors,
                labels=[str(name) for name in model.labels.tolist()],
                hit=_rounded(habits.hit),
                false=_rounded(habits.false),
                common=_rounded(habits.common),
                types=habits.types.tolist(),
                prevalence=model.fitted_.belief.mean(axis=0).tolist(),
                share=model.held,
            ))),
        )  # fmt: skip


def settler(field: Field, kind: AnyKind, knowledge: Knowledge) -> Settle:
    """Settle an item's options by who ticks what rightly."""
    body = knowledge.of(_Body)
    place = {author: row for row, author in enumerate(body.authors)}
    code = {label: column for column, label in enumerate(body.labels)}
    hit, false, common = (np.array(part) for part in (body.hit, body.false, body.common))
    options = field.options
    assert isinstance(options, ChoiceOptions)  # read_schema converts a field's options to its kind's type

    def settled(said: Sequence[Said], gold: Said | None) -> FieldConsensus | None:
        ticked = [_ticked(one) for one in said]
        if gold is not None:
            return _result(field, kind, knowledge.method, dict.fromkeys(_ticked(gold), 1.0), len(said))
        if any(option not in code for given in ticked for option in given):
            return None
        rows = [place.get(one.author, len(body.authors)) for one in said]
        habits = Habits(hit[[*rows, -1]], false[[*rows, -1]], common, np.array(body.types))
        ticks = _ticks(ticked, code)
        belief, _, _ = believe(ticks, habits, ticks.shares())
        usual = Fitted(belief, habits, 0.0)
        posterior = held(ticks, usual, body.share, common=np.array(body.prevalence))[0]
        return _result(
            field, kind, knowledge.method, dict(zip(body.labels, posterior.tolist(), strict=True)), len(said)
        )

    return settled


def _ticks(ticked: Sequence[Sequence[str]], code: dict[str, int]) -> Ticks:
    """One item's answers, each author a row of their own."""
    who = np.array([row for row, given in enumerate(ticked) for _ in given], dtype=np.int64)
    label = np.array([code[option] for given in ticked for option in given], dtype=np.int64)
    looks = csr_array(np.ones((1, len(ticked))))
    known = np.full((1, len(code)), np.nan)
    return Ticks(looks, np.zeros(len(who), dtype=np.int64), who, label, np.ones(len(who)), len(code), known)


def _result(field: Field, kind: AnyKind, method: str, odds: dict[str, float], n: int) -> FieldConsensus:
    """The options that are more probable than not; the score is the mean probability that an option is rightly in or out."""
    order = list(_keys(field))
    chosen = tuple(
        sorted(
            (option for option, p in odds.items() if p > 0.5),
            key=lambda o: order.index(o) if o in order else len(order),
        )
    )
    score = round(float(np.mean([max(p, 1 - p) for p in odds.values()])), 6) if odds else 1.0
    tie = any(abs(p - 0.5) < NEAR / 2 for p in odds.values())
    soft = {option: round(p, 6) for option, p in odds.items() if p >= LEAST}
    merged = Annotation(
        id=field.key, field=field.key, kind=kind.name, version=kind.version, value=chosen, confidence=score,
        probabilities=soft or None,
    )  # fmt: skip
    return FieldConsensus(field.key, method, (merged,), score, tie, n, soft)


def _keys(field: Field) -> Sequence[str]:
    """The keys of a field's options in the order of the schema, those below others after them."""
    found: list[str] = []
    options = field.options
    assert isinstance(options, ChoiceOptions)  # as above
    waiting = list(options.options.items())[::-1]
    while waiting:
        key, option = waiting.pop()
        found.append(key)
        waiting += list(option.options.items())[::-1] if option is not None else []
    return found


def _ticked(said: Said) -> tuple[str, ...]:
    answer = answer_of(said)
    return tuple(str(option) for option in answer) if isinstance(answer, tuple | list) else ()


def _rounded(table: Floats) -> list[list[float]]:
    return [[round(share, 6) for share in row] for row in table.tolist()]


def _fits(field: Field) -> bool:
    return not is_instances(field) and bool(getattr(field.options, "multiple", False))


TAGS = FieldModel(fits=_fits, learner=Tags, settler=settler)
