"""The consensus of a choice of one option: its answers are votes, and an answer left open is one for leaving it open."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.columns import Floats
from karat.quality.consensus.default import Consensus
from karat.quality.consensus.incidence import Incidence, softmax
from karat.quality.consensus.learning import AuthorSkill, FieldConsensus, FieldModel, Knowledge, Settle
from karat.quality.consensus.methods import DEFAULT, METHODS, Method
from karat.quality.consensus.model import Model
from karat.quality.consensus.rule import SOMEBODY, Rule
from karat.quality.estimate import Estimate, estimate
from karat.quality.responses import Said, answer_of, is_instances
from karat.quality.votes import Votes

MOST_CELLS = 2_000_000
"""Items times labels that a model is fitted to at once: 16 MB for each of the few tables of this shape. Of more items so
many are drawn at random; authors of whom none were drawn are then taken for the authors together."""
MOST_CONFUSIONS = 4_000_000
"""Authors times labels times labels: with more, such as of a taxonomy of thousands, nothing is learned."""
FEWEST = 30
"""Items below which an expected accuracy says little."""
NEAR = 0.05
"""Results whose probabilities are less apart hang in the balance: which of them is shown is next to chance."""
LEAST = 0.001
"""Less probable options are left out of a soft label."""
DEVIATIONS = 3.919927969080108
"""Width of a 95 % interval of a normal distribution, in standard deviations."""


class _Body(msgspec.Struct, frozen=True):
    """A rule as it is stored: arrays of 32-bit floats, and what their places stand for."""

    authors: list[str]
    labels: list[str | None]
    states: int
    tables: bytes
    prior: bytes
    voices: bytes
    first: bytes
    share: float


class Choices:
    """12 bytes a vote until it learns; then at most some 150 MB beside them, however many there are.

    Who is how good shows only where two have answered or the answer is known: other votes are only counted, by author and
    label. They tell how often labels are given, and are part of the accuracy that is expected.
    """

    def __init__(self, field: Field, _kind: AnyKind, method: Method) -> None:
        self.field = field
        self.method = method
        self.items = 0
        self.shared = 0
        self.alone: Counter[tuple[int, int]] = Counter()
        self.item, self.author, self.label = array("i"), array("i"), array("i")
        self.authors: dict[str, int] = {}
        self.labels: dict[object, int] = {}
        self.gold: dict[object, object] = {}

    def add(self, said: Sequence[Said], gold: Said | None) -> None:
        """One item."""
        self.items += 1
        codes = [(self.authors.setdefault(s.author, len(self.authors)), self._code(answer_of(s))) for s in said]
        if len(codes) < 2 and gold is None:
            self.alone.update(codes)
            return
        for author, label in codes:
            self.item.append(self.shared)
            self.author.append(author)
            self.label.append(label)
        if gold is not None:
            self.gold[self.shared] = self._code(answer_of(gold))
        self.shared += 1

    def learn(self) -> Knowledge | None:
        """Fit the method to the votes. Skills and the accuracy to expect are Karat's own model's, whatever the method: of
        the models it was the one whose promises held on recorded crowds."""
        if not len(self.item) or len(self.authors) * len(self.labels) ** 2 > MOST_CONFUSIONS:
            return None
        votes, gold = self._votes()
        judge = Consensus(alone=self._alone()).fit(votes, gold)
        model = judge if self.method.name == DEFAULT else self.method.model().fit(votes, gold)
        least = judge.rule_.share * (1 - 1 / len(self.labels))
        return Knowledge(
            field=self.field.key,
            method=self.method.name,
            skills=_skills(list(self.authors), judge, model),
            accuracy=_accuracy(judge, model, gold, self.alone),
            items=self.items,
            votes=len(self.item) + self.alone.total(),
            body=msgspec.Raw(msgspec.json.encode(self._body(model.rule_))),
            least=least if self.method.name == DEFAULT else 0.0,
        )

    def _code(self, answer: object) -> int:
        return self.labels.setdefault(answer, len(self.labels))

    def _alone(self) -> Floats:
        """How often each author gave each label where nobody else answered, shape (authors, labels)."""
        found = np.zeros((len(self.authors), len(self.labels)))
        for (author, label), count in self.alone.items():
            found[author, label] = count
        return found

    def _votes(self) -> tuple[Votes, Mapping[object, object]]:
        item, author, label = (np.frombuffer(codes, dtype=np.int32) for codes in (self.item, self.author, self.label))
        names, places = np.arange(len(self.authors)), np.arange(len(self.labels))
        most = max(MOST_CELLS // len(self.labels), 1)
        if self.shared <= most:
            return Votes(np.arange(self.shared), names, places, item, author, label), self.gold
        drawn = np.sort(np.random.default_rng(0).choice(self.shared, most, replace=False))
        place = np.full(self.shared, -1, dtype=np.int32)
        place[drawn] = np.arange(most, dtype=np.int32)
        rows = place[item] >= 0
        return Votes(drawn, names, places, place[item[rows]], author[rows], label[rows]), self.gold

    def _body(self, rule: Rule) -> _Body:
        tables, prior, voices, first = (
            part.astype(np.float32).tobytes() for part in (rule.tables, rule.states, rule.voices, rule.first)
        )
        labels = [None if label is None else str(label) for label in self.labels]
        return _Body(list(self.authors), labels, len(rule.states), tables, prior, voices, first, rule.share)


def settler(field: Field, kind: AnyKind, knowledge: Knowledge) -> Settle:
    """Settle an item's field by the rule that was learned; what is known to be right is certain."""
    body = knowledge.of(_Body)
    rule = _rule(body)
    author_at = {author: place for place, author in enumerate(body.authors)}
    label_at = {label: place for place, label in enumerate(body.labels)}
    is_vote = not METHODS[knowledge.method].is_weighted

    def settle(said: Sequence[Said], gold: Said | None) -> FieldConsensus | None:
        answers = [answer_of(one) for one in said]
        if gold is not None:
            sure = answer_of(gold)
            return _result(
                field, kind, knowledge.method, {sure if isinstance(sure, str) else None: 1.0}, answers, near=0
            )
        given = [label_at.get(answer) if answer is None or isinstance(answer, str) else None for answer in answers]
        codes = [code for code in given if code is not None]
        if len(codes) < len(given):
            return None
        posterior = rule.posterior([author_at.get(one.author, SOMEBODY) for one in said], codes)
        odds = dict(zip(body.labels, posterior.tolist(), strict=True))
        return _result(field, kind, knowledge.method, odds, answers, near=0 if is_vote else NEAR)

    return settle


def _result(
    field: Field,
    kind: AnyKind,
    method: str,
    odds: Mapping[str | None, float],
    answers: Sequence[object],
    *,
    near: float,
) -> FieldConsensus:
    """The most probable answer; of level ones the first that was given."""
    most = max(odds.values())
    level = [answer for answer, p in odds.items() if p >= most - 1e-6]
    best = next((answer for answer in answers if answer in level), level[0])
    is_tie = sum(p >= most - max(near, 1e-6) for p in odds.values()) > 1
    soft = {answer: round(p, 6) for answer, p in odds.items() if answer is not None and p >= LEAST}
    score = round(min(most, 1.0), 6)
    annotations: tuple[Annotation, ...] = ()
    if best is not None:
        merged = Annotation(
            id=field.key, field=field.key, kind=kind.name, version=kind.version, value=best, confidence=score,
            probabilities=soft,
        )  # fmt: skip
        annotations = (merged,)
    return FieldConsensus(field.key, method, annotations, score, is_tie, len(answers), soft)


def _rule(body: _Body) -> Rule:
    rows, labels = len(body.authors) + 1, len(body.labels)
    tables, prior, voices, first = (
        np.frombuffer(part, dtype=np.float32).astype(np.float64)
        for part in (body.tables, body.prior, body.voices, body.first)
    )
    return Rule(tables.reshape(rows, labels, body.states), prior, voices, first, body.share)


def _skills(authors: Sequence[str], judge: Consensus, model: Model) -> tuple[AuthorSkill, ...]:
    votes, skill = model.votes_, judge.skill_
    says = model.posterior_.argmax(axis=1)[votes.item_codes] == votes.label_codes
    given = np.bincount(votes.annotator_codes, minlength=len(authors))
    agrees = np.bincount(votes.annotator_codes, says, minlength=len(authors)) / np.maximum(given, 1)
    columns = (part.tolist() for part in (skill.value, skill.low, skill.high, skill.n, agrees))
    rows = zip(authors, *columns, strict=True)
    return tuple(AuthorSkill(author, *(round(x, 6) for x in row)) for author, *row in rows if row[3] > 0)


def _accuracy(
    judge: Consensus, model: Model, gold: Mapping[object, object], alone: Mapping[tuple[int, int], int]
) -> Estimate | None:
    """The mean probability of the results by Karat's own model, which is careful: authors may share their mistakes.

    The interval reaches from there up to what holds if they err independently, and to either side as far as chance does on
    so many items and the doubt about each author, which moves all results of theirs by up to their share of the votes.
    `alone` counts the items that one author alone has voted on, by author and label.
    """
    votes = model.votes_
    voted = np.zeros(len(votes.items), dtype=bool)
    voted[votes.item_codes] = True
    rows = np.flatnonzero(voted & (votes.gold_codes(gold) < 0))
    n = len(rows) + sum(alone.values())
    if not n:
        return None
    results = model.posterior_[rows].argmax(axis=1)
    careful = float(judge.posterior_[rows, results].sum())
    trusting = float(_independent(judge, rows)[np.arange(len(rows)), results].sum())
    likely = replace(judge.rule_, share=0.0)
    for (author, label), count in alone.items():
        result = int(model.rule_.posterior([author], [label]).argmax())
        careful += count * float(judge.rule_.posterior([author], [label])[result])
        trusting += count * float(likely.posterior([author], [label])[result])
    careful, trusting = careful / n, max(trusting, careful) / n
    share = judge.skill_.n / max(float(judge.skill_.n.sum()), 1.0)
    doubt = float(((share * (judge.skill_.high - judge.skill_.low) / DEVIATIONS) ** 2).sum())
    low = _beta(careful, careful * (1 - careful) / n + doubt)[0]
    high = _beta(trusting, trusting * (1 - trusting) / n + doubt)[1]
    few = f"only {n} items; below {FEWEST} it says little" if n < FEWEST else None
    method = "posterior of Karat's own model; interval from authors who share mistakes to such who err independently"
    return estimate(careful, low, high, n=n, of="items", method=method, warning=few)


def _independent(judge: Consensus, rows: NDArray[np.intp]) -> Floats:
    """The posterior of some items if the authors err independently, shape (rows, labels)."""
    votes, rule = judge.votes_, judge.rule_
    incidence = Incidence.of(votes, np.full(len(votes.items), -1, dtype=np.int32)).some(rows)
    belief, _ = softmax(incidence.evidence(rule.tables[:-1]) + rule.states)
    sorts = belief.shape[1] // len(votes.labels)
    return np.asarray(belief.reshape(len(rows), len(votes.labels), sorts).sum(axis=2))


def _beta(mean: float, variance: float) -> tuple[float, float]:
    """The equal-tailed 95 % interval of the beta distribution of this mean and variance."""
    spread = mean * (1 - mean)
    if spread <= 0 or variance <= 0:
        return mean, mean
    size = max(spread / variance - 1, 1e-3)
    ends: NDArray[np.float64] = betaincinv(mean * size, (1 - mean) * size, np.array([0.025, 0.975]))
    return float(ends[0]), float(ends[1])


def _fits(field: Field) -> bool:
    return not is_instances(field) and not getattr(field.options, "multiple", False)


CHOICES = FieldModel(fits=_fits, learner=Choices, settler=settler)
