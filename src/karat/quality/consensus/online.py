"""Models of consensus that take votes as they arrive, and are fitted anew, in the background, when it is time."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from math import isfinite
from typing import Self

import numpy as np

from karat.quality.columns import HEAVIEST, LIGHTEST, Codes, Floats, read_columns, seconds
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.live import Live, tables_of, voted
from karat.quality.consensus.model import RESULTS, Learned, Model, NotFittedError, level_of
from karat.quality.consensus.rule import Rule
from karat.quality.consensus.stream import Arrived, Stream
from karat.quality.gold import known_labels, plain_name, refuse_labels
from karat.quality.votes import Votes, check_votes

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

    One model is not for several threads at once, not even to read from while another adds votes: guard it by a lock. A
    copy, by `copy.copy` as by `copy.deepcopy` or pickle, shares nothing with the model.
    """

    gold_: dict[object, object]
    """The known labels so far, by item."""
    _stream: Stream | None

    def fit(self, votes: Votes, gold: Mapping[object, object] | None = None) -> Self:
        """Learn from votes and from the labels known for some items (`gold`: item to label, or a pandas Series); forgets
        all before. Gold may name items that are still to come, but not only such.

        Raises `ValueError` where gold knows none of the items, or has a label that is not among those of the votes.
        """
        check_votes(votes)
        known = known_labels(gold)
        codes = votes.gold_codes(known)
        refuse_labels(known, dict.fromkeys(votes.labels.tolist()))
        return self._start(votes, known, codes)

    def partial_fit(self, votes: Votes, gold: Mapping[object, object] | None = None) -> Self:
        """Learn from more votes, in the order of their rows, or of their times where these are known, and from more gold.

        A vote takes the place of an earlier one of the same annotator on the same item. New items and annotators are taken
        in. The first votes of all, and labels never seen before, need a full fit, which is then made; name all labels by
        `labels=` of `Votes.from_table` to have that once. Names without votes are taken in as `Votes` lists them. Where
        times are known, an older vote never takes the place of a newer one; votes without time come after all before.
        Raises `ValueError`, and changes nothing, where a gold label is not among the labels, or a new name is of another
        type than those before.
        """
        if not self._begun:
            return self.fit(votes, gold)
        check_votes(votes)
        order = range(len(votes)) if votes.times is None else np.argsort(votes.times, kind="stable").tolist()
        items, annotators, labels = votes.items.tolist(), votes.annotators.tolist(), votes.labels.tolist()
        item, annotator, label = votes.item_codes.tolist(), votes.annotator_codes.tolist(), votes.label_codes.tolist()
        weight = votes.weighted().tolist()
        times = [None] * len(votes) if votes.times is None else votes.times.tolist()
        given: list[Arrived] = [
            (items[item[row]], annotators[annotator[row]], labels[label[row]], weight[row], times[row]) for row in order
        ]
        return self._take(given, (items, annotators, labels), known_labels(gold))

    def add_vote(
        self, item: object, annotator: object, label: object, *, weight: float = 1.0, time: object = None
    ) -> Self:
        """One vote without a table, for the moment when somebody submits: `partial_fit` of a single row.

        `time` is a number or a date, as in the column `time` of the votes; without one the vote comes after all before.
        Raises `ValueError`, and changes nothing, where the vote cannot be taken.
        """
        if not isinstance(weight, int | float | np.number) or not LIGHTEST <= weight <= HEAVIEST:
            raise ValueError(f"the weight of a vote is {weight!r}: give a number from {LIGHTEST:g} to {HEAVIEST:g}")
        when = None if time is None else float(seconds(read_columns({"time": [time]}, ["time"])["time"], "time")[0])
        if when is not None and not isfinite(when):
            raise ValueError(f"the time of a vote is {time!r}: give a number or a date")
        if not self._begun:
            columns = {"item": [item], "annotator": [annotator], "label": [label], "weight": [weight], "time": [when]}
            timed = None if when is None else "time"
            return self.fit(
                Votes.from_table(
                    columns, item="item", annotator="annotator", label="label", weight="weight", time=timed
                )
            )
        return self._take([(plain_name(item), plain_name(annotator), plain_name(label), float(weight), when)])

    @property
    def refit_due_(self) -> bool:
        """Whether a full fit is due: a fifth more votes have come than the last one saw."""
        return self._begun and self._stream is not None and len(self._stream.late) > GROWTH * len(self._stream.fitted)

    def refit(self) -> Self:
        """A full fit of all votes so far: what `fit` of them at once gives."""
        return self._start(self.votes_, self.gold_)

    def adopt(self, fitted: Self) -> Self:
        """Go on from a model that was fitted to earlier `votes_` and `gold_` of this one; what came since then is brought
        up to it."""
        stream = self._opened()
        late, names = stream.since(len(fitted.votes_)), ([*stream.items], [*stream.annotators], [*stream.labels])
        gold = {item: label for item, label in self.gold_.items() if fitted.gold_.get(item) != label}
        self.__dict__.update(fitted.__dict__)
        self.gold_ = dict(fitted.gold_)
        return self._take(late, names, gold)

    def posterior_of(self, item: object) -> Floats:
        """How probable each label of an item is, shape (labels,), in the order of `votes_.labels`."""
        stream = self._opened()
        item = plain_name(item)
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
        if not self._begun:
            raise NotFittedError(f"{type(self).__name__} is not fitted yet: call fit")
        if self._stream is None:
            votes = self.votes_
            incidence = Incidence.of(votes, votes.codes_of(self.gold_))
            live = Live(self.rule_, incidence, prior=self._prior(self.rule_), tables_of=self._tables_of)
            self._stream = Stream.of(votes, live)
        return self._stream

    def _start(self, votes: Votes, known: Mapping[object, object], codes: Codes | None = None) -> Self:
        """A full fit. Nothing is changed where it fails."""
        self._fit_codes(votes, votes.codes_of(known) if codes is None else codes)
        self._stream = None
        self.gold_ = dict(known)
        return self

    def _take(
        self,
        given: Sequence[Arrived],
        names: tuple[Sequence[object], Sequence[object], Sequence[object]] = ((), (), ()),
        gold: Mapping[object, object] | None = None,
    ) -> Self:
        """Votes, names of items, annotators and labels, which may have no votes, and what is known: all of it or nothing."""
        stream, known = self._opened(), dict(gold or {})
        for vote in given:
            stream.check(vote)
        stream.check_names(*names)
        if known:
            refuse_labels(known, dict.fromkeys([*stream.labels, *names[2]]))
        if not all(label in stream.labels for label in (*names[2], *(vote[2] for vote in given))):
            ahead = stream.apart()
            ahead.keep_names(*names)
            for vote in given:
                ahead.keep(vote)
            return self._start(ahead.votes(), self.gold_ | known)
        self.gold_.update(known)
        for item, label in known.items():
            if item in stream.items:
                stream.know(item, label)
        stream.admit(names[0], names[1], self.gold_)
        for vote in given:
            stream.take(vote, self.gold_)
        self._forget()
        return self

    def __copy__(self) -> Self:
        """A deep copy: two models never share the votes that arrive."""
        return deepcopy(self)

    def _forget(self) -> None:
        """What was put together holds no more."""
        for name in RESULTS:
            self.__dict__.pop(name, None)

    def __getattr__(self, name: str) -> object:
        """Results that a vote has put out of date are put together again when they are asked for."""
        stream = self.__dict__.get("_stream")
        if stream is None:
            return super().__getattr__(name)
        if name not in RESULTS:
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        votes = stream.votes()
        incidence = Incidence.of(votes, votes.codes_of(self.gold_))
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
