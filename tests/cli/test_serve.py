"""What a server says when it starts, and to whom."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from karat.testing.server import free_port


@contextmanager
def started(*words: str, **environment: str) -> Iterator[str]:
    """What `karat` printed until it was ready."""
    karat = Path(sys.executable).parent / "karat"
    command = [str(karat), *words, "--port", str(free_port())]
    given = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    process = subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    try:
        until = time.monotonic() + 120
        while "Ctrl+C stops it." not in said and time.monotonic() < until and process.poll() is None:
            said.append(process.stdout.readline().rstrip("\n"))
        yield "\n".join(said)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def test_the_first_start_shows_a_link_and_the_second_a_new_one(tmp_path):
    with started("serve", "--data", str(tmp_path)) as first:
        pass
    with started("serve", "--data", str(tmp_path)) as second:
        pass

    links = [re.search(r"http://127\.0\.0\.1:\d+/links/\S+", said) for said in (first, second)]
    assert all(links), first + second
    assert links[0][0].rsplit("/", 1)[1] != links[1][0].rsplit("/", 1)[1]


def test_a_services_output_never_holds_the_link(tmp_path):
    with started("serve", "--data", str(tmp_path), JOURNAL_STREAM="8:1234") as said:
        pass

    file = tmp_path / "first-sign-in"
    assert "/links/" not in said
    assert "/links/" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0


def test_the_demo_has_two_projects_and_its_second_start_draws_nothing(tmp_path):
    with started("demo", "--data", str(tmp_path)) as first:
        pass
    with started("demo", "--data", str(tmp_path)) as second:
        pass

    assert "Drawing the demo" in first
    assert "is ready on http://127.0.0.1" in first
    assert "Drawing the demo" not in second
    with closing(sqlite3.connect(tmp_path / "karat.db")) as db:
        told = {
            "guidelines": db.execute("SELECT count(*) FROM guidelines").fetchone()[0],
            "threads": dict(db.execute("SELECT state, count(*) FROM threads GROUP BY state").fetchall()),
            "to review": db.execute("SELECT count(*) FROM items WHERE stage IN ('review', 'decide')").fetchone()[0] > 0,
            "periods": dict(db.execute("SELECT state, lines FROM pay_periods").fetchall()),
            "contests": dict(db.execute("SELECT state, count(*) FROM pay_contests GROUP BY state").fetchall()),
        }
    assert told == {
        "guidelines": 1,
        "threads": {"open": 2, "ruled": 1},
        "to review": True,
        "periods": {"closed": 3, "draft": 3},
        "contests": {"corrected": 1, "open": 1},
    }


def test_python_runs_karat_as_a_module():
    done = subprocess.run([sys.executable, "-m", "karat", "--help"], capture_output=True, text=True, timeout=60)

    assert (done.returncode, "Label data of every kind" in done.stdout) == (0, True)
