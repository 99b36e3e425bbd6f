"""What a person stated is theirs: no figure, no difference of figures and no answer of the server tells it."""

import itertools

import msgspec

from karat.server.fairness.crossing import Known
from karat.server.fairness.grouped import GroupBody, Stated, new_groups
from karat.server.fairness.grouping import Place, blocks_of, may_publish, people_shown, rounded
from karat.server.fairness.reading import Gathered

K = 5


def stated(**sizes):
    """So many people of each value; `unstated` have stated nothing."""
    values = [("" if value == "unstated" else value) for value, n in sizes.items() for _ in range(n)]
    return dict(enumerate(values))


def places(values, counted="1"):
    return {(author, ""): Place(value, counted) for author, value in values.items()}


def published(before, now, *, gone=None, k=K):
    """Whether figures of `now` may stand beside those of `before`."""
    values = [{author: place.value for author, place in people.items()} for people in (before, now)]
    parts = [[[(value, "") for value in block] for block in blocks_of(one, k)] for one in values]
    return may_publish(before, gone or {}, now, *parts, k)


def test_no_figure_is_of_fewer_than_k_people_whatever_the_groups_are():
    sizes = list(itertools.product(range(9), range(0, 9, 2), range(0, 9, 3), (0, 3, 6)))

    wrong = [
        (a, b, c, rest)
        for a, b, c, rest in sizes
        for values in [stated(a=a, b=b, c=c, unstated=rest)]
        for block in blocks_of(values, K)
        if sum(value in block for value in values.values()) < K
    ]

    assert wrong == []


def test_what_is_left_when_published_figures_are_taken_from_all_is_of_k_people_and_two_values():
    blocks = [blocks_of(stated(a=12, b=7, c=small, unstated=9), K) for small in (1, 2, 3, 4)]

    assert [sorted(sorted(block) for block in one) for one in blocks] == [
        [
            [
                "",
            ],
            ["a"],
            ["b", "c"],
        ]
    ] * 4
    assert blocks_of(stated(a=12, b=2, unstated=1), K) == [], "all that is left would be merged with the only group"
    assert blocks_of(stated(a=12), K) == [], "one group of all has nobody to be compared with"


def test_somebody_who_states_withdraws_or_changes_alone_makes_no_new_figure():
    before = places(stated(a=8, b=9))
    joined = {**before, (99, ""): Place("a", "1")}
    moved = {**before, (0, ""): Place("b", "1")}
    left = {**before, (0, ""): Place("", "1")}

    assert not published(before, joined)
    assert not published(before, moved)
    assert not published(before, left, gone={"a": 1})
    five = {(n, ""): Place("a", "1") for n in range(90, 95)}
    assert not published(before, {**before, **five}), "of five who come alone it would tell that all are of one group"
    assert published(before, {**before, **five, **{(n, ""): Place("b", "1") for n in range(80, 85)}}), "five of each"
    assert published(before, before), "nothing changed"


def test_one_persons_new_answers_alone_make_no_new_figure():
    """Else the group whose figure moved on the day when only one person worked would be theirs."""
    before = places(stated(a=8, b=9))
    one = {**before, (0, ""): Place("a", "2")}
    most = {at: Place(place.value, "2") for at, place in before.items()}

    assert not published(before, one)
    assert published(before, most)


def test_a_group_that_grows_to_k_is_not_shown_where_it_would_tell_who_came():
    """Merged with another before: the difference of the two figures would be the one who came."""
    before, grown = stated(a=9, b=7, c=4), stated(a=9, b=7, c=4) | {99: "c"}

    assert [sorted(block) for block in blocks_of(grown, K)] == [["a"], ["b"], ["c"]]
    assert not published(places(before), places(grown))


def test_a_group_that_is_shown_for_the_first_time_does_not_tell_who_came():
    """Nobody was shown before, since there were four: the fifth alone must not be what makes it appear."""

    empty = Gathered([])
    four, five = stated(a=4, b=9), stated(a=4, b=9) | {99: "a"}
    counted = places(four, "")

    def shown(values, before):
        known = {"": Known(before, {}, [])} if before else {}
        made = new_groups([Stated(1, values, known)], [], empty, [], K)
        return [msgspec.json.decode(one.tables[0].body, type=GroupBody).blocks for one in made]

    assert shown(four, {}) == [[]], "nothing is shown, and who was there is kept"
    assert shown(five, counted) == [], "one more is not enough to show anything"
    assert shown(five, {}) == [[["a"], ["b"]]], "nothing was ever looked at: there is no before"
    assert shown(five | dict.fromkeys(range(100, 104), "b"), counted) == [[["a"], ["b"]]], "five more are"


def test_figures_are_rounded_outward_and_people_are_told_in_bands():
    assert [rounded(0.512), rounded(0.512, up=False), rounded(0.512, up=True)] == [0.5, 0.5, 0.55]
    assert [people_shown(n) for n in (5, 9, 10, 49)] == [5, 5, 10, 20]
