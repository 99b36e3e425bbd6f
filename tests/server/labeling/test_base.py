"""What an answer says it was made from exists, on the same item, and may be seen by whoever names it."""

import pytest

from karat.model.response import Base
from tests.server.labeling.test_submit import body_of, path_of


def given(place, person):
    [task] = place.claim(person)
    return task


def test_an_answer_may_be_made_from_ones_own_earlier_one(work, team):
    place = work(items=1)
    task = given(place, place.people[0])
    place.submit(place.people[0], task)
    base = {"response": task.response.id, "revision": 1}
    answer = team.annotator.put(path_of(task, 2), json=body_of(task, "loans", base=base))
    assert answer.status_code == 201, answer.text


def test_what_others_said_cannot_be_named_and_reads_as_what_is_not_there(work):
    place = work(items=1, overlap=2, people=2)
    first, second = place.people[:2]
    theirs = given(place, first)
    place.submit(first, theirs)
    mine = given(place, second)
    bases = [Base(theirs.response.id, 1), Base("0b8a6c0e-0000-4000-8000-000000000000", 1)]
    for base in bases:
        done = place.submit(second, mine, base=base)
        assert done.receipt is None
        [problem] = done.problems
        assert (problem.path, problem.got) == ("base", f"{base.response} revision 1")
        assert problem.expected == "a revision of an answer to this item"


@pytest.mark.parametrize("revision", [0, -1, 7, 1 << 70])
def test_a_revision_that_is_not_there_is_refused_with_its_number(work, team, revision):
    place = work(items=1)
    task = given(place, place.people[0])
    place.submit(place.people[0], task)
    base = {"response": task.response.id, "revision": revision}
    answer = team.annotator.put(path_of(task, 2), json=body_of(task, "loans", base=base))
    assert answer.status_code == 422, answer.text
    assert str(revision) in answer.text
