"""Made-up worlds of votes, of which all is known: spammers, experts, adversaries, rare labels, hard items, copied votes.

    python -m bench.consensus_worlds [--seeds 6]

Each seed draws the size of a world (300 or 1,000 items, 15 to 100 annotators, 3 to 8 votes an item, 2 to 5 labels) and
skills of Beta(6, 2); each kind of world changes something in it. Printed are the accuracy and the calibration error of some
models, and of the default with the labels of 100 items known, judged on the others.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.scoring import accuracy, calibration_error
from karat.quality import Consensus, DawidSkene, MajorityVote, OneCoin, Votes

Floats = np.ndarray
GOLD = 100


@dataclass
class World:
    """What there is to change before and after the votes are given."""

    random: np.random.Generator
    labels: int
    truth: np.ndarray
    confusion: Floats
    """Shape (annotators, true labels, labels given)."""
    item: np.ndarray
    annotator: np.ndarray

    def votes_by(self, shares: Floats) -> np.ndarray:
        """Each vote drawn by its own shares of the labels."""
        return np.asarray((shares.cumsum(axis=1) > self.random.random(len(shares))[:, None]).argmax(axis=1))

    def shown(self) -> Floats:
        """The shares of each vote, where annotators err on their own."""
        return np.asarray(self.confusion[self.annotator, self.truth[self.item]])

    def another(self, labels: np.ndarray) -> np.ndarray:
        return (labels + self.random.integers(1, self.labels, len(labels))) % self.labels

    def source(self, right: float) -> np.ndarray:
        """Labels of somebody from whom others copy, shape (items,)."""
        return np.where(self.random.random(len(self.truth)) < right, self.truth, self.another(self.truth))


def drawn(seed: int, prevalence: Callable[[int], Floats] | None = None) -> World:
    """A world in which annotators of different skill err independently and evenly."""
    random = np.random.default_rng(seed)
    labels, items = int(random.integers(2, 6)), int(random.choice([300, 1000]))
    annotators, each = int(random.choice([15, 40, 100])), int(random.choice([3, 5, 8]))
    common = np.full(labels, 1 / labels) if prevalence is None else prevalence(labels)
    truth = random.choice(labels, items, p=common)
    annotator = np.concatenate([random.choice(annotators, each, replace=False) for _ in range(items)])
    confusion = even(random.beta(6, 2, annotators), labels)
    return World(random, labels, truth, confusion, np.repeat(np.arange(items), each), annotator)


def even(skill: Floats, labels: int) -> Floats:
    """Confusions of annotators who take all wrong labels for the right one equally often."""
    confusion = np.repeat(((1 - skill) / (labels - 1))[:, None], labels * labels, axis=1).reshape(-1, labels, labels)
    confusion[:, np.arange(labels), np.arange(labels)] = skill[:, None]
    return confusion


Made = tuple[World, np.ndarray]


def independent(seed: int) -> Made:
    world = drawn(seed)
    return world, world.votes_by(world.shown())


def rare_labels(seed: int) -> Made:
    """One label is that of 19 items in 20."""
    world = drawn(seed, lambda labels: np.array([0.95] + [0.05 / (labels - 1)] * (labels - 1)))
    return world, world.votes_by(world.shown())


def spammers(seed: int) -> Made:
    """Two annotators in five answer by a habit, whatever the item shows."""
    world = drawn(seed)
    spam = world.random.random(len(world.confusion)) < 0.4
    world.confusion[spam] = world.random.dirichlet(np.ones(world.labels), int(spam.sum()))[:, None, :]
    return world, world.votes_by(world.shown())


def experts(seed: int) -> Made:
    """One annotator in five is right 97 times in 100, the others about half the time."""
    world = drawn(seed)
    expert = world.random.random(len(world.confusion)) < 0.2
    world.confusion = even(np.where(expert, 0.97, world.random.beta(6, 5, len(expert))), world.labels)
    return world, world.votes_by(world.shown())


def adversaries(seed: int) -> Made:
    """One annotator in seven is right 5 times in 100."""
    world = drawn(seed)
    enemy = world.random.random(len(world.confusion)) < 1 / 7
    world.confusion[enemy] = even(np.full(int(enemy.sum()), 0.05), world.labels)
    return world, world.votes_by(world.shown())


def biased(seed: int) -> Made:
    """A quarter of all votes is for one label."""
    world = drawn(seed)
    return world, world.votes_by(0.75 * world.shown() + 0.25 * np.eye(world.labels)[0])


def hard_items(seed: int) -> Made:
    """On three items in ten all annotators are right half as far above chance."""
    world = drawn(seed)
    hard = (world.random.random(len(world.truth)) < 0.3)[world.item]
    return world, world.votes_by(np.where(hard[:, None], (world.shown() + 1 / world.labels) / 2, world.shown()))


def look_alikes(seed: int) -> Made:
    """One item in five looks like one of another label, to some or to nearly all."""
    world = drawn(seed)
    strength = world.random.random(len(world.truth)) * (world.random.random(len(world.truth)) < 0.2)
    fooled = world.random.random(len(world.item)) < strength[world.item]
    seen = np.where(fooled, world.another(world.truth)[world.item], world.truth[world.item])
    return world, world.votes_by(world.confusion[world.annotator, seen])


def copying(seed: int) -> Made:
    """Three annotators in ten copy four votes in five from one source that is right three times in four."""
    world = drawn(seed)
    copied = (world.annotator < 0.3 * len(world.confusion)) & (world.random.random(len(world.item)) < 0.8)
    return world, np.where(copied, world.source(0.75)[world.item], world.votes_by(world.shown()))


def collusion(seed: int) -> Made:
    """One annotator in five gives the labels of one source that knows nothing."""
    world = drawn(seed)
    colluding = world.annotator < 0.2 * len(world.confusion)
    return world, np.where(colluding, world.source(1 / world.labels)[world.item], world.votes_by(world.shown()))


def pairs(seed: int) -> Made:
    """Annotators sit in twos and give seven votes in ten together."""
    world = drawn(seed)
    together = np.stack([world.source(0.75) for _ in range(len(world.confusion) // 2 + 1)])
    joint = world.random.random(len(world.item)) < 0.7
    return world, np.where(joint, together[world.annotator // 2, world.item], world.votes_by(world.shown()))


INDEPENDENT = [independent, rare_labels, spammers, experts, adversaries, biased]
DEPENDENT = [hard_items, look_alikes, copying, collusion, pairs]


def votes_of(made: Made) -> Votes:
    world, said = made
    table = {"i": world.item, "a": world.annotator, "l": said}
    return Votes.from_table(table, item="i", annotator="a", label="l", labels=range(world.labels))


def scored(posterior: Floats, truth: np.ndarray) -> tuple[float, float]:
    """The accuracy and the calibration error of a posterior, 0 to 1."""
    return float(accuracy(posterior, truth).mean()), calibration_error(posterior, truth)


def print_worlds(seeds: int) -> None:
    """Accuracy and calibration error of each model in each kind of world."""
    models = {"vote": MajorityVote, "one coin": OneCoin, "Dawid-Skene": DawidSkene, "Consensus": Consensus}
    print(f"made-up worlds, mean of {seeds} each: accuracy and calibration error, %; with the gold of {GOLD} items")
    print(f"{'':13}" + "".join(f"{name:>16}" for name in [*models, "with gold"]))
    means = []
    for kind in INDEPENDENT + DEPENDENT:
        rows = []
        for seed in range(5000, 5000 + seeds):
            made = kind(seed)
            votes, truth = votes_of(made), made[0].truth
            row = [scored(make().fit(votes).posterior_, truth) for make in models.values()]
            gold: dict[object, object] = dict(enumerate(truth[:GOLD].tolist()))
            rows.append([*row, scored(Consensus().fit(votes, gold).posterior_[GOLD:], truth[GOLD:])])
        mean = 100 * np.mean(rows, axis=0)
        means.append(mean)
        print(f"{kind.__name__:13}" + "".join(f"{f'{a:.1f} {e:.1f}':>16}" for a, e in mean), flush=True)
    for name, part in (("independent", means[: len(INDEPENDENT)]), ("dependent", means[len(INDEPENDENT) :])):
        print(f"{name + ' *':13}" + "".join(f"{f'{a:.1f} {e:.1f}':>16}" for a, e in np.mean(part, axis=0)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=6)
    given = parser.parse_args()
    print_worlds(given.seeds)


if __name__ == "__main__":
    main()
