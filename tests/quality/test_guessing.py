"""The sequential test for people who answer without looking."""

import numpy as np
import pytest

from karat.quality.annotators.guessing import Guessing


def _asked_until(random: np.random.Generator, *, labels: int, right: float, most: int) -> int | None:
    test = Guessing(labels=labels)
    for n in range(1, most + 1):
        truth = int(random.integers(labels))
        is_right = random.random() < right
        answer = truth if is_right else (truth + int(random.integers(1, labels))) % labels
        test.add(answer, np.eye(labels)[truth].tolist())
        if test.guesses:
            return n
    return None


@pytest.mark.parametrize("labels", [2, 5])
def test_whoever_is_right_as_often_as_the_floor_is_seldom_taken_for_a_guesser(labels: int) -> None:
    random = np.random.default_rng(labels)
    floor = 1 / labels + 0.5 * (1 - 1 / labels)
    called = [_asked_until(random, labels=labels, right=floor, most=150) for _ in range(300)]
    # 2 % are stated; of 300, 14 or more would come of it once in 100 times.
    assert sum(n is not None for n in called) < 14


@pytest.mark.parametrize(("labels", "share"), [(2, 0.5), (5, 0.95)])
def test_a_guesser_is_found_within_thirty_answers(labels: int, share: float) -> None:
    random = np.random.default_rng(labels)
    called = [_asked_until(random, labels=labels, right=1 / labels, most=30) for _ in range(200)]
    assert np.mean([n is not None for n in called]) >= share


def test_what_nobody_knows_tells_little_of_anybody() -> None:
    test = Guessing(labels=2)
    assert test.add(0, [0.5, 0.5]) == pytest.approx(0)


@pytest.mark.parametrize("wrong", [{"labels": 1}, {"labels": 2, "floor": 1.0}, {"labels": 2, "false_removal": 0.7}])
def test_settings_that_make_no_sense_are_named(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="="):
        Guessing(**wrong)  # type: ignore[arg-type]
