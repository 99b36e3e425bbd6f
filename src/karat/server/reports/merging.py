"""The work of a merging process: what is learned of a project from all its answers, and its items settled by it.

Where what was learned still holds, only the items that have changed since are settled. Memory: 12 bytes a vote while
answers are read, and at most some 200 MB beside them while they are learned from; the answers themselves are never kept.
"""

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from karat.quality.consensus import ProjectLearner, Watch
from karat.server.changed_items import Place, changed_since, place_now
from karat.server.database import Database, Tx, named
from karat.server.database.reading import open_for_reading
from karat.server.reports.golden import golden_after
from karat.server.reports.knowing import Learning, known_by, learning_of
from karat.server.reports.reading import Answered, answered, answered_after
from karat.server.reports.weighing import Weighed, merged_of, rules_of, weigh_one

if TYPE_CHECKING:
    from karat.server.processes.channel import Channel

READ_AT_ONCE = 500
MOST_EVENTS = 100_000
SETTLED_AT_ONCE = 100
TOLD_S = 0.5


class MergePlan(msgspec.Struct, frozen=True):
    """What the process is told."""

    project: int
    job: str
    full: bool
    """Learn anew even if what is known still holds."""


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """How many items it has read to learn from them."""

    items: int


class Learned(msgspec.Struct, frozen=True, tag="learned"):
    """What it has learned."""

    learning: Learning
    fields: str
    """Knowledge, as JSON: a part of each is the model's own, which only JSON can carry unread."""


class Settled(msgspec.Struct, frozen=True, tag="settled"):
    """Some items, and up to which one all are settled; 0 where only those that have changed are."""

    weighed: list[Weighed]
    upto: int


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """Everything is said: what holds from now on."""

    learning: Learning


Says = Looked | Learned | Settled | Finished


def work(channel: "Channel") -> None:
    """Learn where that is due, then settle what has to be."""
    plan = channel.arguments(MergePlan)
    db = open_for_reading(channel.settings())
    try:
        merging = _Merging(channel, db, plan)
        channel.send(Finished(merging.run()))
    finally:
        db.close()


class _Merging:
    def __init__(self, channel: "Channel", db: Database, plan: MergePlan) -> None:
        self.channel = channel
        self.db = db
        self.plan = plan
        self.project = plan.project
        self.rules = db.read_now(rules_of, plan.project)

    def run(self) -> Learning:
        """What holds when it is done."""
        last = self.db.read_now(learning_of, self.project)
        if last is not None and last.job == self.plan.job:
            return self._settle_all(last)  # an earlier run of this job has learned it
        why = "asked for" if self.plan.full else self._why_not(last)
        if last is None or why:
            return self._settle_all(self._learn(why))
        return self._update(last)

    def _why_not(self, last: Learning | None) -> str:
        """The reason why what is known cannot stay; empty where it can."""
        if last is None:
            return "nothing was learned yet"
        if self.rules.known is None:
            return f"the method was {last.method}"
        if last.schema_version != self.rules.schema_version:
            return f"the schema was version {last.schema_version}"
        changed = self._changed(last)
        if changed is None:
            return "too much has changed to say of which items"
        answers = self.db.read_now(_answers, self.project)
        return self._watched(last, changed).why(answers=answers, learned_from=last.answers) or ""

    def _watched(self, last: Learning, changed: Sequence[int]) -> Watch:
        """What came since it was learned, up to now."""
        fields = self.rules.known.fields if self.rules.known else {}
        watch = Watch(self.rules.schema, fields, last.seen)
        for item in self._read(changed):
            watch.add(item.responses, merged_of(item, self.rules))
        return watch

    def _learn(self, why: str) -> Learning:
        place, answers, at = self.db.read_now(_now, self.project)
        learner = ProjectLearner(self.rules.schema, method=self.rules.method)
        items, told = 0, time.monotonic()
        for item in self._all():
            learner.add(item.responses)
            items += 1
            if time.monotonic() - told > TOLD_S:
                told = time.monotonic()
                self.channel.send(Looked(items))
        self.channel.send(Looked(items))
        for item in self._golden():
            learner.add(item.responses)
        fields = list(learner.learn().values())
        del learner
        learning = Learning(
            run=self.plan.job, method=self.rules.method, at=at, why=why, seq=place.seq, xid=place.xid,
            schema_version=self.rules.schema_version, items=items, answers=answers, job=self.plan.job,
        )  # fmt: skip
        self.channel.send(Learned(learning, msgspec.json.encode(fields).decode()))
        self.rules = msgspec.structs.replace(self.rules, known=known_by(learning, fields, self.rules.schema))
        return learning

    def _settle_all(self, learning: Learning) -> Learning:
        """Every item behind the last that is settled, then those in which something has changed meanwhile."""
        self._settle(self._all(after=learning.settled_to), in_order=True)
        return msgspec.structs.replace(self._update(learning), job="", settled_to=0, settled=0, resolved=0, ties=0)

    def _update(self, learning: Learning) -> Learning:
        """Settle the items that have changed since; where these are too many, who follows the events has done so."""
        place = self.db.read_now(place_now)
        changed = self._changed(learning) or []
        self._settle(self._read(changed), in_order=False)
        seen = self._watched(learning, changed).seen
        return msgspec.structs.replace(learning, seq=place.seq, xid=place.xid, seen=seen)

    def _settle(self, items: Iterator[Answered], *, in_order: bool) -> None:
        while some := list(islice(items, SETTLED_AT_ONCE)):
            self.channel.send(Settled([weigh_one(item, self.rules) for item in some], some[-1].n if in_order else 0))

    def _changed(self, last: Learning) -> list[int] | None:
        found = self.db.read_now(changed_since, self.project, last.place, most=MOST_EVENTS, ignoring="item.resolved")
        return None if found is None else sorted(found)

    def _all(self, after: int = 0) -> Iterator[Answered]:
        """The items with answers, chunk by chunk, each chunk in a snapshot of its own."""
        while chunk := self.db.read_now(answered_after, self.project, after, least=1, limit=READ_AT_ONCE):
            yield from chunk
            after = chunk[-1].n

    def _golden(self) -> Iterator[Answered]:
        """Gold of which somebody said something without knowing that it is."""
        after = 0
        while chunk := self.db.read_now(golden_after, self.project, after, limit=READ_AT_ONCE):
            yield from (item for item in chunk if len(item.responses) > 1)
            after = chunk[-1].n

    def _read(self, items: Sequence[int]) -> Iterator[Answered]:
        for start in range(0, len(items), READ_AT_ONCE):
            yield from self.db.read_now(_standing, self.project, items[start : start + READ_AT_ONCE])


def _standing(tx: Tx, project: int, items: Sequence[int]) -> list[Answered]:
    """Those of the items that are not deleted."""
    names, values = named(items)
    rows = tx.run(f"SELECT n FROM items WHERE n IN ({names}) AND deleted_at IS NULL ORDER BY n", **values)  # noqa: S608 - names of parameters only
    return answered(tx, project, [row[0] for row in rows])


def _answers(tx: Tx, project: int) -> int:
    return int(tx.run("SELECT responses FROM projects WHERE n = :n", n=project)[0][0])


def _now(tx: Tx, project: int) -> tuple[Place, int, str]:
    """Where the events stand, how many answers there are, and the time."""
    return place_now(tx), _answers(tx, project), tx.now()
