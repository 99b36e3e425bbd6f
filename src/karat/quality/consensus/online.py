"""Models of consensus that take votes as they arrive, and are fitted anew, in the background, when it is time."""

from collections.abc import Mapping
from typing import Self

import numpy as np

from karat.quality.columns import Floats
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.live import Live, tables_of, voted
from karat.quality.consensus.model import RESULTS, Learned, Model, level_of
from karat.quality.consensus.rule import Rule
from karat.quality.consensus.stream import Stream
from karat.quality.votes import Votes

GROWTH = 0.2
"""A full fit is due when so many votes have come since the last, as a share of those that it saw."""

CREDIT = 4.0
"""As many votes as the population counts for in the default model."""

LEAST = 0.001
"""Of what an unknown annotator says in any state, so that one vote never rules a label out."""


class Online(Model):
    """A model with `partial_fit`.

    A vote changes the belief about its item and, through it, what is known of the item's annotators: some ten
    microseconds, however many votes there are. What all share, such as how common labels are, moves with a full fit only:
    `refit()` when `refit_due_` says so. To do that in the background, give `votes_` and `gold_` to a model of the same
    settings in another thread or process, and hand it to `adopt`, which brings the votes that came meanwhile up to it:

        fresh = pool.submit(Consensus().fit, model.votes_, model.gold_)
        ...                                                        # partial_fit goes on
        model.adopt(fresh.result())

    `votes_`, `posterior_`, `confusion_` and `skill_` are put together when they are asked for, which takes as long as a
    round over all votes; `posterior_of` and `label_of` say it of one item at once. Items and annotators are sorted, as by
    `Votes.from_table`.
    """

    gold_: dict[object, object]
    """The known labels so far, by item."""

    def fit(self, votes: Votes, gold: Mapping[object, object] | None = None) -> Self:
        """Learn from votes and from the labels known for some items (`gold`: item to label); forgets all before."""
        super().fit(votes, gold)
        self._stream: Stream | None = None
        self.gold_ = dict(gold or {})
        return self

    def partial_fit(self, votes: Votes, gold: Mapping[object, object] | None = None) -> Self:
        """Learn from more votes, in the order of their rows, or of their times where these are known, and from more gold.

        A vote takes the place of an earlier one of the same annotator on the same item. New items and annotators are taken
        in. The first votes of all, and labels never seen before, need a full fit, which is then made; name all labels by
        `labels=` of `Votes.from_table` to have that once. Raises `ValueError` where a gold label is not among the labels.
        """
        if not self._begun:
            return self.fit(votes, gold)
        order = range(len(votes)) if votes.times is None else np.argsort(votes.times, kind="stable").tolist()
        items, annotators, labels = votes.items.tolist(), votes.annotators.tolist(), votes.labels.tolist()
        item, annotator, label = votes.item_codes.tolist(), votes.annotator_codes.tolist(), votes.label_codes.tolist()
        weight = votes.weighted().tolist()
        self._know(gold or {})
        return self._take(
            [(items[item[row]], annotators[annotator[row]], labels[label[row]], weight[row]) for row in order]
        )

    def add_vote(self, item: object, annotator: object, label: object, *, weight: float = 1.0) -> Self:
        """One vote without a table, for the moment when somebody submits: `partial_fit` of a single row."""
        if not weight > 0:
            raise ValueError(f"the weight of a vote is {weight!r}: give a number above 0")
        if not self._begun:
            columns = {"item": [item], "annotator": [annotator], "label": [label], "weight": [weight]}
            return self.fit(
                Votes.from_table(columns, item="item", annotator="annotator", label="label", weight="weight")
            )
        return self._take([(item, annotator, label, weight)])

    @property
    def refit_due_(self) -> bool:
        """Whether a full fit is due: a fifth more votes have come than the last one saw."""
        return self._begun and self._stream is not None and len(self._stream.late) > GROWTH * len(self._stream.fitted)

    def refit(self) -> Self:
        """A full fit of all votes so far: what `fit` of them at once gives."""
        return self.fit(self.votes_, self.gold_)

    def adopt(self, fitted: Self) -> Self:
        """Go on from a model that was fitted to earlier `votes_` and `gold_` of this one; what came since then is brought
        up to it."""
        late = self._opened().since(len(fitted.votes_))
        gold = {item: label for item, label in self.gold_.items() if fitted.gold_.get(item) != label}
        self.__dict__.update(fitted.__dict__)
        self.gold_ = dict(fitted.gold_)
        self._know(gold)
        return self._take(late)

    def posterior_of(self, item: object) -> Floats:
        """How probable each label of an item is, shape (labels,), in the order of `votes_.labels`."""
        stream = self._opened()
        if item not in stream.items:
            raise ValueError(f"nobody voted on item {item!r}: ask for one of the {len(stream.items)} items")
        return stream.live.posterior(stream.items[item])

    def label_of(self, item: object) -> object:
        """The most probable label of an item; the first of level ones."""
        best = int(level_of(self.posterior_of(item)[None])[0].argmax())
        return list(self._opened().labels)[best]

    def _prior(self, rule: Rule) -> Floats:
        """The votes that an annotator nobody knows is credited with, shape (labels given, states): as all others do."""
        shares: Floats = np.exp(tables_of(np.exp(rule.tables[-1:]))[0])
        return CREDIT * np.maximum(shares, LEAST)

    def _tables_of(self, counts: Floats) -> Floats:
        return tables_of(counts)

    @property
    def _begun(self) -> bool:
        return "gold_" in self.__dict__

    def _opened(self) -> Stream:
        """The stream of votes, begun where the last fit left off."""
        if self._stream is None:
            votes = self.votes_
            incidence = Incidence.of(votes, votes.gold_codes(self.gold_))
            live = Live(self.rule_, incidence, prior=self._prior(self.rule_), tables_of=self._tables_of)
            self._stream = Stream.of(votes, live)
        return self._stream

    def _take(self, given: "list[tuple[object, object, object, float]]") -> Self:
        stream = self._opened()
        if all(vote[2] in stream.labels for vote in given):
            for vote in given:
                stream.take(vote, self.gold_)
            self._forget()
            return self
        for vote in given:
            stream.keep(vote)
        return self.fit(stream.votes(), self.gold_)

    def _know(self, gold: Mapping[object, object]) -> None:
        self.gold_.update(gold)
        stream = self._opened()
        for item, label in gold.items():
            if item in stream.items:
                stream.know(item, label)
        if gold:
            self._forget()

    def _forget(self) -> None:
        """What was put together holds no more."""
        for name in RESULTS:
            self.__dict__.pop(name, None)

    def __getattr__(self, name: str) -> object:
        """Results that a vote has put out of date are put together again when they are asked for."""
        stream = self.__dict__.get("_stream")
        if name not in RESULTS or stream is None:
            raise AttributeError(f"{type(self).__name__} has no {name!r}" + (": fit it" if name in RESULTS else ""))
        votes = stream.votes()
        incidence = Incidence.of(votes, votes.gold_codes(self.gold_))
        self._keep(votes, incidence, self._learned(incidence, *stream.learned()))
        return self.__dict__[name]

    def _learned(self, incidence: Incidence, belief: Floats, counts: Floats, rule: Rule) -> Learned:
        """What is known by now, in the order of the items and annotators of `incidence`."""
        posterior = (1 - rule.share) * belief
        if rule.share:
            posterior += rule.share * voted(incidence, rule)
        confusion = (counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)).transpose(0, 2, 1)
        return Learned(
            incidence.with_gold(posterior), confusion, *self._priors, belief if rule.share < 1 else None, rule
        )
