"""Whatever people do, in whatever order: no place is given twice, nothing is lost, every count is right."""

import random

import pytest

from karat.model.problem import Refused
from karat.server.access import enter_project
from karat.server.labeling import actions

STEPS = 100
POLICIES = {
    "in order": {"overlap": 2},
    "fewest labels": {"overlap": 3, "queue": "fewest_labels"},
    "mixed": {"overlap": 2, "queue": "shuffled"},
    "own skips again": {"overlap": 1, "skip": {"requeue": "me"}},
    "skips set aside": {"overlap": 2, "skip": {"requeue": "none"}},
}


def policy(**stage):
    return {
        "karat_policy": 1,
        "start": "label",
        "stages": {
            "label": {"do": "label", "claim": "10m", "next": [{"to": "accept"}], **stage},
            "accept": {"do": "resolve", "by": "consensus", "method": "majority"},
        },
    }


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", range(2))
def test_every_rule_holds_after_every_step_of_a_random_walk(work, name, seed):
    place = work(items=4, people=4, policy=policy(**POLICIES[name]))
    walk = Walk(place, random.Random(f"{name} {seed}"))

    for _ in range(STEPS):
        walk.step()

        place.check()


class Walk:
    """People who claim, answer, change their minds, fall asleep and come back."""

    def __init__(self, work, chance):
        self.work = work
        self.chance = chance
        self.held = []
        self.answered = []
        self.log = []

    def step(self):
        acts = (
            [self.claim] * 4
            + [self.submit] * 4
            + [self.skip, self.release, self.renew, self.undo, self.undo, self.edit]
        )
        acts += [self.sleep, self.late, self.requeue, self.more, self.resolve, self.recount, self.delete]
        act = self.chance.choice(acts)
        try:
            act()
        except Refused as error:
            assert error.status in (404, 409), error
            self.log.append(f"{act.__name__} refused")

    def claim(self):
        who = self.chance.choice(self.work.people)
        for task in self.work.claim(who, self.chance.randint(1, 3)):
            assert not any(w is who and t.item.id == task.item.id for w, t, live in self.held if live), "given twice"
            self.held.append([who, task, True])

    def pick(self):
        return self.chance.choice(self.held) if self.held else None

    def submit(self):
        if entry := self.pick():
            self.held.remove(entry)
            done = self.work.submit(entry[0], entry[1], self.chance.choice(["cards", "loans"]))
            assert done.receipt is not None
            self.answered.append(entry)

    def skip(self):
        if entry := self.pick():
            self.held.remove(entry)
            self.work.skip(entry[0], entry[1])

    def release(self):
        if entry := self.pick():
            self.held.remove(entry)
            self.work.db.write_now(actions.release, entry[0], entry[1].assignment.id)

    def renew(self):
        if entry := self.pick():
            self.work.db.write_now(actions.renew, entry[0], entry[1].assignment.id)
            entry[2] = True

    def undo(self):
        if self.answered:
            entry = self.chance.choice(self.answered)
            self.work.undo(entry[0], entry[1])
            self.answered.remove(entry)

    def edit(self):
        if self.answered:
            who, task, _ = self.chance.choice(self.answered)
            opened = self.work.db.write_now(actions.open_item, who, self.work.project, task.item.id)
            if opened.assignment is None:
                self.work.submit(who, opened, "other")
                self.answered = [e for e in self.answered if not (e[0] is who and e[1].item.id == task.item.id)]
                self.answered.append([who, opened, False])

    def sleep(self):
        self.work.clock.move(minutes=self.chance.choice([4, 11]))
        self.work.expire()
        for entry in self.held:
            entry[2] = False

    def late(self):
        late = [entry for entry in self.held if not entry[2]]
        if late:
            entry = self.chance.choice(late)
            self.held.remove(entry)
            self.work.submit(entry[0], entry[1])
            self.answered.append(entry)

    def requeue(self):
        self.on_item(lambda tx, scope, item: actions.requeue(tx, scope, [item]))

    def resolve(self):
        decided = self.chance.random() < 0.3
        self.on_item(lambda tx, scope, item: actions.resolve(tx, scope, {item: (1, 1)}, is_decided=decided))

    def recount(self):
        self.on_item(lambda tx, scope, item: actions.recount(tx, scope.project, [item]))

    def delete(self):
        """An item is in the bin for a moment, and comes back; its claims have ended."""
        for entry in self.held:
            entry[2] = False
        self.on_item(
            lambda tx, scope, item: (
                actions.close(tx, scope.project, [item]),
                actions.reopen(tx, scope.project, [item]),
            )
        )

    def more(self):
        self.work.add(1)

    def on_item(self, act):
        def run(tx):
            scope = enter_project(tx, self.work.manager, "items.change", project=self.work.project)
            items = tx.run("SELECT n FROM items WHERE project = :p ORDER BY n", p=scope.project)
            act(tx, scope, self.chance.choice(items)[0])

        self.work.db.write_now(run)
