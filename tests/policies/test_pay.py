"""Pay from what was done: exact, the same in any order, never by volume alone, and nothing lost at the ends of periods."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.model.money import rounded, shown
from karat.model.pay import Formula, read_formula
from karat.policies.pay.line import Inputs, JudgedWork, accuracy, consistency, inputs_of, parts_of, total_of
from karat.policies.pay.tally import Back, Tallies, Window, Work, add_item, stands
from karat.policies.pay.words import said
from karat.quality.annotators.bins import median_bin

STEPS = [{"from": 0, "percent": 80}, {"from": 0.7, "percent": 100}, {"from": 0.9, "percent": 120}]
GOOD = {
    "per_hour": 1200,
    "per_100": 333,
    "difficulty": [{"from": 1.5, "percent": 125}, {"from": 3, "percent": 200}],
    "accuracy": {"steps": STEPS},
    "flag": 50,
    "flags_most": 3,
}
ALWAYS = Window("0", "9")


def formula(**more):
    found, problems = read_formula({**GOOD, **more})
    assert found is not None, problems
    return found


def handed(at, *, item=1, author=1, revision=1, replaces=0, ms=1000, state="submitted", apart=False, use="work"):
    return Work(item, author, item * 100 + author, revision, replaces, state, use, apart, ms, at)


def counted(work, *, window=ALWAYS, back=None, longest_ms=600_000):
    tallies = Tallies()
    for item in dict.fromkeys(one.item for one in work):
        add_item(tallies, [one for one in work if one.item == item], back or {}, window, longest_ms=longest_ms)
    return tallies


def judged(right, n, weight=1_000_000):
    return Inputs(answers=(0, 0, 0), judged=JudgedWork(verdicts=((1, weight, right), (0, weight, n - right))))


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"accuracy": None}, "per_100"),
        ({"accuracy": {"steps": [{"from": 0.9, "percent": 105}]}}, "per_100"),
        ({"accuracy": {"steps": []}}, "accuracy.steps"),
        (
            {"accuracy": {"steps": [{"from": 0.9, "percent": 120}, {"from": 0.8, "percent": 130}]}},
            "accuracy.steps[1].from",
        ),
        (
            {"accuracy": {"steps": [{"from": 0.8, "percent": 120}, {"from": 0.9, "percent": 110}]}},
            "accuracy.steps[1].percent",
        ),
        ({"accuracy": {"steps": [{"from": 0, "percent": 90}, {"from": 0.9, "percent": 110}]}}, "accuracy.steps"),
        ({"accuracy": {"steps": STEPS, "days": 0}}, "accuracy.days"),
        ({"difficulty": [{"from": 2, "percent": 50}]}, "difficulty[0].percent"),
        ({"per_100": 0}, "difficulty"),
        ({"per_hour": 0, "per_100": 0, "difficulty": []}, "per_hour"),
        ({"per_hour": -5}, "per_hour"),
        ({"per_hour": 12.5}, "per_hour"),
        ({"currency": "euro"}, "currency"),
        ({"longest": "1x"}, "longest"),
        ({"longest": "2d"}, "longest"),
        ({"flags_most": -1}, "flags_most"),
        ({"per_item": 4}, "per_item"),
        ({"karat_pay": 2}, "karat_pay"),
    ],
)
def test_a_formula_that_cannot_be_used_is_refused_where_it_is_wrong(wrong, path):
    found, problems = read_formula({**GOOD, **wrong})

    assert found is None
    assert problems[0].path == path
    assert problems[0].do


def test_a_formula_is_read_back_as_it_was_and_says_itself_in_words():
    words = " ".join(said(formula()))

    assert msgspec.json.decode(msgspec.json.encode(formula()), type=Formula) == formula()
    for part in (
        "12.00 EUR for each hour",
        "3.33 EUR for 100",
        "1.25 times",
        "80 % below 70 %",
        "120 % from 90 %",
        "0.50 EUR",
    ):
        assert part in words


def test_money_is_rounded_half_to_even_and_shown_with_its_decimals():
    from fractions import Fraction

    assert [rounded(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-2, 0, 0, 2]
    assert (shown(5, "KWD"), shown(-1234, "JPY")) == ("0.005 KWD", "-1234 JPY")


def test_few_judgements_move_nobodys_pay_and_many_only_where_the_whole_interval_says_so():
    pay = formula()
    found = [accuracy(judged(*of), pay).percent for of in ((0, 19), (0, 20), (14, 20), (30, 60), (20, 20), (60, 60))]

    assert found == [100, 80, 100, 80, 100, 120]
    assert accuracy(judged(0, 19), pay).low is None, "nothing is said of fewer than twenty"
    one_heavy = Inputs(answers=(0, 0, 0), judged=JudgedWork(verdicts=((1, 1_000_000, 30), (0, 200_000_000, 1))))
    assert accuracy(one_heavy, pay).percent == 100, (
        "a verdict that stands for two hundred makes the others worth little"
    )
    both = Inputs(answers=(0, 0, 0), judged=JudgedWork(verdicts=((1, 1_000_000, 40),), gold=(40, 1_000_000)))
    assert (accuracy(both, pay).n, accuracy(both, pay).percent) == (80, 120)
    assert consistency(Inputs(judged=JudgedWork(shared=(100, 0))), pay).percent == 100, (
        "a formula without it says nothing"
    )


def test_a_line_is_its_parts_and_quality_moves_labeling_alone():
    given = Inputs(
        label_ms=1_800_000,
        course_ms=360_000,
        review_ms=720_000,
        answers=(90, 10, 0),
        judged=judged(60, 60).judged,
        flags=7,
        corrections=-11,
    )
    parts = {part.of: part.amount for part in parts_of(given, formula())}

    assert parts == {
        "time": 600,
        "course": 120,
        "review": 240,
        "answers": 341,
        "accuracy": 188,
        "flags": 150,
        "corrections": -11,
    }
    assert total_of(parts_of(given, formula())) == sum(parts.values())


def test_time_beyond_the_longest_does_not_count_over_all_revisions_together():
    work = [handed("1", ms=500_000), handed("3", revision=2, replaces=1, ms=500_000)]
    first, second = (counted(work, window=window).people[1] for window in (Window("0", "2"), Window("2", "9")))

    assert (first.label_ms, second.label_ms, second.raw_ms) == (500_000, 100_000, 500_000)
    assert (first.bins, second.bins) == ({-1: 1}, {}), "an answer counts once, however often it is changed"


def test_what_is_taken_back_later_is_taken_back_with_the_next_period():
    work = [handed("1")]
    back = {101: [Back(1, "5")]}
    first, second = (
        counted(work, window=window, back=back).people[1] for window in (Window("0", "4"), Window("4", "9"))
    )

    assert (first.bins, second.bins) == ({-1: 1}, {-1: -1})
    assert stands(work, back[101], before="5") == 1
    assert stands([*work, handed("6", revision=2)], back[101], before="9") == 2, "handed in again"
    assert stands([handed("1", ms=0)], (), before="9") == 0, "nobody looked at it"
    assert stands([handed("1", state="skipped")], (), before="9") == 0


def test_gold_counts_as_work_of_usual_difficulty_and_the_course_by_its_time_alone():
    work = [handed("1", author=n, apart=True, ms=9000) for n in range(1, 5)]
    work += [handed("1", item=2, author=1, apart=True, use="practice", ms=7000)]
    own = counted(work).people[1]

    assert (own.bins, own.course_ms, own.label_ms) == ({-1: 1}, 7000, 9000)
    assert counted(work).times == {}, "how long others took over gold tells nothing"


def test_hard_items_are_told_apart_from_twenty_answers_on():
    hard = [handed("1", item=n, author=a, ms=40_000 if n % 5 == 0 else 10_000) for n in range(25) for a in (1, 2, 3)]
    tallies = counted(hard)
    few = counted(hard[: 19 * 3])

    assert median_bin(tallies.times) == 53
    assert inputs_of(tallies.people[1], formula(), tallies.times).answers == (20, 0, 5)
    assert inputs_of(few.people[1], formula(), few.times).answers == (19, 0, 0)


MOMENTS = st.integers(0, 9).map(lambda n: f"{n}")
WORKS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 4), MOMENTS, st.integers(0, 900_000), st.booleans()), max_size=40
)


def _story(drawn):
    """Revisions of each answer in the order of time, and what was taken back right after being handed in."""
    by_answer: dict[tuple[int, int], list] = {}
    back: dict[int, list] = {}
    for item, author, at, ms, is_back in sorted(drawn, key=lambda one: one[2]):
        said = by_answer.setdefault((item, author), [])
        gone = {one.revision for one in back.get(item * 100 + author, ())}
        head = next((one.revision for one in reversed(said) if one.revision not in gone), 0)
        said.append(handed(at, item=item, author=author, revision=len(said) + 1, replaces=head, ms=ms))
        if is_back:
            back.setdefault(item * 100 + author, []).append(Back(len(said), at))
    return [one for said in by_answer.values() for one in said], back


@settings(max_examples=60, deadline=None)
@given(WORKS, st.randoms(use_true_random=False), MOMENTS)
def test_lines_are_the_same_in_any_order_and_periods_add_up_to_the_whole(drawn, random, cut):
    work, back = _story(drawn)
    mixed = work[:]
    random.shuffle(mixed)
    pay, whole = formula(), Window("0", "99")

    once, again = counted(work, window=whole, back=back), counted(mixed, window=whole, back=back)
    parts = [counted(work, window=window, back=back) for window in (Window("0", cut), Window(cut, "99"))]

    assert once == again
    for author, own in once.people.items():
        line = parts_of(inputs_of(own, pay, once.times), pay)
        assert sum(part.amount for part in line) == total_of(line)
        pieces = [part.people[author] for part in parts if author in part.people]
        assert sum(sum(piece.bins.values()) for piece in pieces) == sum(own.bins.values())
        assert sum(piece.label_ms for piece in pieces) == own.label_ms
        assert all(n >= 0 for n in own.bins.values())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**12), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 500), st.integers(0, 20))
def test_no_money_is_lost_to_rounding(ms, answers, review_ms, right, flags):
    given = Inputs(
        label_ms=ms, review_ms=review_ms, answers=(answers, 0, 3), flags=flags, judged=judged(right, 500).judged
    )
    parts = parts_of(given, formula())

    assert all(isinstance(part.amount, int) for part in parts)
    exact = 1200 * (ms + review_ms) / 3_600_000 + 333 * (answers + 6) / 100
    base = sum(part.amount for part in parts if part.of in ("time", "review", "answers"))
    assert abs(base - exact) <= 1.5 + exact * 1e-12, "each of three parts is off by half a unit at most"
