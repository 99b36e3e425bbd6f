"""How known answers are mixed into the work, and the course that somebody takes before they work."""

from typing import Literal

import msgspec

from karat.model.durations import is_duration
from karat.model.problem import Problem, shown


class GoldRule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How often somebody is given an item whose answer is known, without their knowing."""

    rate: float = 0.05
    """Of what an annotator is given, the share that is gold; in [0, 0.5]."""
    uses: int | None = None
    """To how many people one item is given before it is retired; null: to everybody."""
    plant: float = 0.0
    """Of gold on which answers begin as what a model said, the share on which that is made wrong, in [0, 0.5]: who hands it
    in as it is does not look. Answers to these count for no score of gold."""


class Exam(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A test that goes on until it is clear whether somebody is good or bad: Wald's sequential test."""

    good: float = 0.9
    """Who answers at least this share of items rightly should pass."""
    bad: float = 0.75
    """Who answers at most this share rightly should fail."""
    alpha: float = 0.05
    """How often somebody good may fail."""
    beta: float = 0.1
    """How often somebody bad may pass."""
    most: int = 40
    """After so many items whoever is not yet known fails."""
    right: float = 0.9
    """From which agreement with the key, 1 minus the mean distance of its fields, an answer is right."""
    tries: int = 3
    pause: str = "1d"
    """How long to wait after a failed test before the next."""


class Pilot(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The first ordinary items: the queue opens fully once they agree with the results."""

    items: int = 20
    agree: float = 0.7
    """The least mean agreement of the answers with the items' results."""


class Course(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What annotators pass before they work: practice, a test, a pilot; each may be left out."""

    guideline: str = ""
    """The address of what to read first."""
    practice: int = 5
    test: Exam | None = Exam()
    pilot: Pilot | None = None
    renew: Literal["nothing", "practice", "test"] = "nothing"
    """Where those who work begin again when a version of the guideline is in force that must be read."""


def check_gold(rule: GoldRule | None, course: Course | None) -> list[Problem]:
    """What is wrong with the two sections of a policy."""
    found: list[Problem] = []

    def hold(holds: bool, path: str, got: object, expected: str, do: str) -> None:
        if not holds:
            found.append(Problem(path, shown(got), expected, do))

    if rule is not None:
        hold(0 <= rule.rate <= 0.5, "gold.rate", rule.rate, "0 to 0.5", "Write a share, e.g. 0.05.")
        hold(0 <= rule.plant <= 0.5, "gold.plant", rule.plant, "0 to 0.5", "Write a share, e.g. 0.2.")
        hold(rule.uses is None or rule.uses >= 1, "gold.uses", rule.uses, "1 or more", "Or leave it out.")
    if course is None:
        return found
    hold(0 <= course.practice <= 100, "course.practice", course.practice, "0 to 100", "Say how many items to practise.")
    if course.test is not None:
        test = course.test
        both = f"{test.bad} and {test.good}"
        hold(
            0 < test.bad < test.good < 1, "course.test", both, "0 < bad < good < 1", "Write e.g. good: 0.9, bad: 0.75."
        )
        for name, chance in (("alpha", test.alpha), ("beta", test.beta)):
            hold(0 < chance < 0.5, f"course.test.{name}", chance, "above 0, below 0.5", "Write e.g. 0.05.")
        hold(1 <= test.most <= 1000, "course.test.most", test.most, "1 to 1000", "Say how many items at most.")
        hold(0 < test.right <= 1, "course.test.right", test.right, "above 0, up to 1", "Write e.g. 0.9.")
        hold(1 <= test.tries <= 100, "course.test.tries", test.tries, "1 to 100", "Say how often one may try.")
        is_pause = is_duration(test.pause)
        hold(is_pause, "course.test.pause", test.pause, "a duration from 1s to 366d", "Write e.g. `pause: 1d`.")
    if course.pilot is not None:
        pilot = course.pilot
        hold(1 <= pilot.items <= 1000, "course.pilot.items", pilot.items, "1 to 1000", "Say how many items.")
        hold(0 <= pilot.agree <= 1, "course.pilot.agree", pilot.agree, "0 to 1", "Write e.g. 0.7.")
    return found
