"""Identifiers are of the version they say, sort by time where they should, and are never given twice."""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from karat.model.ids import new_id, new_item_id


@pytest.mark.parametrize(("make", "version"), [(new_id, 7), (new_item_id, 4)])
def test_an_id_is_a_uuid_of_its_version_in_the_usual_writing(make, version):
    for _ in range(2_000):
        text = make()
        read = uuid.UUID(text)
        assert (read.version, read.variant, str(read)) == (version, uuid.RFC_4122, text)


def test_ids_sort_by_the_millisecond_in_which_they_were_made():
    made = [new_id() for _ in range(5_000)]
    times = [text[:13] for text in made]
    assert times == sorted(times)


@pytest.mark.parametrize("make", [new_id, new_item_id])
def test_threads_never_make_the_same_id(make):
    with ThreadPoolExecutor(8) as pool:
        made = [text for texts in pool.map(lambda _: [make() for _ in range(2_000)], range(8)) for text in texts]
    assert len(set(made)) == len(made)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_does_not_repeat_the_random_part_of_its_parent():
    new_item_id()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, "\n".join(new_item_id() for _ in range(50)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        theirs = pipe.read().split("\n")
    ours = {new_item_id() for _ in range(50)}
    assert len(theirs) == 50
    assert not ours & set(theirs)
