"""The views for SQL, and the tables to take along: read on both databases, without a secret in either."""

import io
import re

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from karat.model.problem import Refused
from karat.server.boards.tables import TABLES
from karat.server.database import connect
from karat.server.settings import Settings
from karat.server.tables.views import VIEWS, grants
from karat.server.team.tables import NAMES
from karat.server.view_reading import read_views
from tests.server.review.judging import POLICY

SECRETS = re.compile(r"\b(logins|sessions|tokens|links|secrets|webhooks|memberships|idempotency|uploads)\b")


@pytest.fixture
def lived(work, team, until):
    """A project in which something was answered and reviewed, by somebody whose name a spreadsheet would compute."""
    place = work(items=3, people=2, policy=POLICY)
    for person in place.people:
        for task in place.claim(person, 1):
            place.submit(person, task)
    team.server.db.write_now(lambda tx: tx.run("UPDATE authors SET name = '=1+1' WHERE name = 'Annotator'"))
    [task] = team.reviewer.post(f"/projects/{place.project}/claims", json={"do": "review"}).json()["tasks"]
    response = team.reviewer.get(f"/items/{task['item']['id']}").json()["responses"][0]
    verdict = {"response": response["id"], "revision": 1, "verdict": "rejected", "defects": [{"code": "missing"}]}
    judged = team.reviewer.post(f"/assignments/{task['assignment']['id']}/review", json={"verdicts": [verdict]})
    assert judged.status_code == 200, judged.text
    until(
        lambda: team.manager.get(f"/projects/{place.project}/flow").json(),
        lambda flow: flow["weeks"] and not flow["behind"],
    )
    return place


def test_every_view_can_be_read_and_says_whose_rows_they_are(lived):
    def read(tx):
        return {
            view.name: [dict(zip(view.columns, row, strict=True)) for row in tx.run(f"SELECT * FROM {view.name}")]
            for view in VIEWS
        }

    rows = lived.db.read_now(read)

    assert {"v_items", "v_responses", "v_revisions", "v_labels", "v_reviews", "v_events", "v_counts", "v_claims"} <= {
        name for name, found in rows.items() if found
    }
    assert len(rows["v_items"]) == 3
    assert {row["project"] for row in rows["v_responses"]} == {lived.project}
    assert all(row["workspace"] for name in rows for row in rows[name])
    assert [row["verdict"] for row in rows["v_reviews"]] == ["rejected"]
    assert all(about for view in VIEWS for about in (view.about, *view.columns.values()))


def test_no_view_reads_a_table_of_secrets():
    assert [view.name for view in VIEWS if SECRETS.search(view.sql)] == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM logins",
        "SELECT hash FROM tokens",
        "WITH v_items AS (SELECT password FROM logins) SELECT * FROM v_items",
        "SELECT (SELECT max(email) FROM logins) FROM v_items",
        "SELECT login FROM authors",
        "DELETE FROM items",
        "PRAGMA user_version",
        "ATTACH 'x.db' AS x",
    ],
)
def test_a_select_of_ones_own_reads_the_views_and_nothing_else(tmp_path, statement):
    settings = Settings(data=tmp_path)
    connect(settings).close()

    assert list(read_views(settings, "SELECT count(*) AS n FROM v_items").rows) == [(0,)]
    with pytest.raises(Refused):
        read_views(settings, statement)


def test_a_role_that_may_read_views_may_read_nothing_else(lived):
    db = lived.db
    if db.dialect == "sqlite":
        assert grants('a"b')[0].endswith('"a""b"')
        return
    with db.engine().connect() as connection:
        connection.execute(sa.text("DROP ROLE IF EXISTS karat_reader"))
        connection.execute(sa.text("CREATE ROLE karat_reader"))
        for statement in grants("karat_reader"):
            connection.execute(sa.text(statement))
        connection.execute(sa.text("SET LOCAL ROLE karat_reader"))

        assert connection.execute(sa.text("SELECT count(*) FROM v_items")).scalar() == 3
        for table in ("items", "logins", "tokens"):
            nested = connection.begin_nested()
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                connection.execute(sa.text(f"SELECT * FROM {table}"))
            nested.rollback()
        connection.rollback()


def test_every_table_comes_as_csv_and_as_parquet(lived, team):
    at = f"/projects/{lived.project}/reports/tables"
    for name in (*TABLES, *NAMES):
        text, binary = team.reviewer.get(f"{at}/{name}"), team.reviewer.get(f"{at}/{name}?format=parquet")
        read = pq.read_table(io.BytesIO(binary.content))
        lines = text.text.splitlines()

        assert (text.status_code, binary.status_code) == (200, 200), (text.text, binary.text)
        assert lines[0].split(",") == read.column_names
        assert read.num_rows == len(lines) - 1
        assert not re.search(r"(^|,)=1", text.text, re.MULTILINE), "a spreadsheet would compute the name"
    assert "'=1+1" in team.reviewer.get(f"{at}/people").text
    assert team.annotator.get(f"{at}/people").status_code == 403
    assert team.reviewer.get(f"{at}/people?format=xlsx").status_code == 422
