"""The people of a project in numbers: kept by following events, the same as if counted anew."""

import csv
import io

import pytest

from karat.quality.annotators.bins import bin_ms, time_bin
from karat.quality.sums import Sums
from karat.server.team.charts import chart_of
from karat.server.team.counting import Given, count, write
from karat.server.team.giving import Verdict, given_by
from karat.server.team.meeting import Met
from karat.server.team.watching import Told, watches_of
from tests.server.items.conftest import SCHEMA, TEXTS, Shelf

NO_ANSWERS = ()


@pytest.fixture
def three(team):
    """Items that want three answers each, and who gives them."""
    from karat.testing.items import fill_items

    project = team.project(SCHEMA, overlap=3)
    return Shelf(team, project, fill_items(team.server.db, project, TEXTS))


def people(shelf):
    return shelf.team.reviewer.get(f"/projects/{shelf.project}/team").json()


def row_of(found, name):
    return next(row for row in found["people"] if row["author"]["name"] == name)


def answered(shelf, until):
    """Two say cards, one says loans, on two items."""
    team = shelf.team
    for n in (0, 1):
        for who, topic in ((team.owner, "cards"), (team.manager, "cards"), (team.reviewer, "loans")):
            shelf.answer(who, n, topic)
    return until(lambda: people(shelf), lambda found: not found["behind"] and len(found["people"]) == 3)


def test_an_answer_is_held_against_the_consensus_of_the_others(three, until):
    found = answered(three, until)

    odd, even = row_of(found, "Reviewer"), row_of(found, "Owner")
    assert (odd["answers"], odd["active_ms"], odd["median_ms"]) == (2, 2000, bin_ms(time_bin(1000)))
    # Of three fields all left two open, which is the same of each.
    assert (odd["accuracy"]["value"], odd["accuracy"]["n"]) == (pytest.approx(2 / 3), 2)
    assert odd["accuracy"]["low"] < 2 / 3 < odd["accuracy"]["high"]
    assert even["accuracy"]["value"] == 1.0, "the others are at odds over the topic, which tells nothing of this answer"
    assert (even["agreement"]["value"], odd["agreement"]["value"]) == (pytest.approx(2.5 / 3), pytest.approx(2 / 3))


def test_what_was_kept_is_what_counting_anew_gives(three, until):
    answered(three, until)
    three.answer(three.team.reviewer, 0, "cards")
    until(lambda: people(three), lambda found: not found["behind"])
    db = three.team.server.db

    def sums(tx):
        rows = tx.run("SELECT author, what, day, n, x, w, ww FROM person_days WHERE n <> 0 ORDER BY 1, 2, 3")
        return {tuple(row[:3]): pytest.approx(tuple(row[3:]), abs=1e-9) for row in rows}

    kept = db.read_now(sums)

    def anew(tx):
        tx.run("DELETE FROM person_days")
        tx.run("DELETE FROM given")
        project, items = tx.run("SELECT n FROM projects")[0][0], [row[0] for row in tx.run("SELECT n FROM items")]
        write(tx, project, count(tx, project, items))
        write(tx, project, count(tx, project, items))  # counting again moves nothing

    db.write_now(anew)
    now = {key: one.expected for key, one in db.read_now(sums).items()}
    assert now == kept, "but for the last bit of a sum, which depends on the order"
    assert len(kept) > 10


def test_items_that_are_deleted_together_take_their_answers_along(three, until):
    answered(three, until)
    done = three.bulk(action="delete", filter={"all": [{"key": {"op": "le", "value": "item-0000001"}}]}).json()

    until(lambda: [row["answers"] for row in people(three)["people"]], lambda found: found == [])
    three.team.manager.post(f"/operations/{done['id']}/undo")
    until(lambda: sorted(row["answers"] for row in people(three)["people"]), lambda found: found == [2, 2, 2])


def test_only_who_may_see_reports_sees_the_people(three, until):
    answered(three, until)
    at = f"/projects/{three.project}/team"
    id_ = three.team.reviewer.get(at).json()["people"][0]["author"]["id"]
    for path in (at, f"{at}/tables/people", f"{at}/people/{id_}"):
        assert three.team.annotator.get(path).status_code == 403
        assert three.team.stranger.get(path).status_code == 404
        assert three.team.manager.get(path).status_code == 200


def test_a_person_has_a_page_and_tables_have_every_sum(three, until):
    answered(three, until)
    at = f"/projects/{three.project}/team"
    odd = row_of(people(three), "Reviewer")

    page = three.team.manager.get(f"{at}/people/{odd['author']['id']}").json()
    days = list(csv.DictReader(io.StringIO(three.team.manager.get(f"{at}/tables/days").text)))

    assert page["row"] == odd
    assert {one["field"]: one["accuracy"]["value"] for one in page["fields"]}["topic"] == 0.0
    assert [(day["answers"], day["right"]) for day in page["days"]] == [(2, pytest.approx(2 / 3))]
    assert {row["what"] for row in days if row["name"] == "Reviewer"} >= {"answers", "right:topic", "agree:topic"}
    assert three.team.manager.get(f"{at}/tables/nothing").status_code == 422


def test_verdicts_weigh_by_the_chance_of_their_draw_and_reviewers_are_judged_too():
    def verdict(reviewer, said, chance, codes=()):
        return Verdict(5, 1, 7, reviewer, said, codes, chance, True, 4000, "2026-01-01")

    verdicts = [verdict(8, "accepted", 0.2), verdict(9, "rejected", 1.0, ("missing",))]
    found = given_by(NO_ANSWERS, verdicts, merging=None).sums

    day = "2026-01-01"
    assert found[7, "review", day] == Sums(n=2, x=5.0, w=6.0, ww=26.0)
    assert found[7, "defect:missing", day].w == 1.0
    assert found[8, "checked", day] == Sums.of(1.0), "a later reviewer did not share the verdict"
    assert (9, "checked", day) not in found
    assert found[8, "judged", day].x == 4000


def test_a_chart_sees_a_fall_and_says_how_often_it_errs():
    days = [(f"2026-01-{day:02}", 40, 38.0) for day in range(1, 13)] + [
        (f"2026-01-{day}", 40, 22.0) for day in (13, 14)
    ]

    chart = chart_of(days)

    assert chart.falling_since in ("2026-01-13", "2026-01-14")
    assert chart.run_length == 370
    assert chart_of(days[:12]).falling_since is None
    assert [point.n for point in chart_of([("a", 5, 5.0), ("b", 10, 9.0), ("c", 9, 9.0)]).points] == [24]


def test_labels_batches_and_slices_have_charts_that_open_their_items(three, until):
    answered(three, until)
    db, project = three.team.server.db, three.project

    def days(tx):
        """As if many days had been counted: the label falls at the end, the slice stays."""
        key = tx.run("SELECT n FROM projects WHERE id = :id", id=project)[0][0]
        for what, late in (("label:topic=cards", 20.0), ("slice:site=north", 38.0)):
            for day in range(1, 15):
                x = 38.0 if day < 13 else late
                tx.run(
                    "INSERT INTO person_days (project, author, what, day, n, x, w, ww) VALUES (:p, 0, :what, :day, 40, :x, 40, 40)",
                    p=key,
                    what=what,
                    day=f"2026-01-{day:02}",
                    x=x,
                )

    db.write_now(days)
    found = three.team.reviewer.get(f"/projects/{project}/team/charts").json()

    label, part = (next(row for row in found["charts"] if row["of"] == of) for of in ("label", "slice"))
    assert (label["chart"]["falling_since"] is not None, part["chart"]["falling_since"]) == (True, None)
    assert found["charts"][0] == label, "alarms come first"
    assert (label["items"], part["items"]) == (
        {"all": [{"label": {"field": "topic", "label": "cards"}}]},
        {"all": [{"metadata": {"key": "site", "op": "eq", "value": "north"}}]},
    )
    sums = {one["of"]: one for one in found["sums"]}
    assert sums["label"]["points"] == 14
    assert found["expected"] == pytest.approx(sum(one["points"] for one in found["sums"]) / 370)
    assert found["next_round"] == pytest.approx(len(found["charts"]) / 370)
    assert three.team.annotator.get(f"/projects/{project}/team/charts").status_code == 403


def test_what_is_said_of_somebody_opens_its_items(three, until):
    answered(three, until)
    odd = row_of(people(three), "Reviewer")["author"]["id"]
    at = f"/projects/{three.project}/team/people/{odd}/evidence"

    assert len(three.team.manager.get(at, params={"of": "falling"}).json()["items"]) == 2
    assert len(three.team.manager.get(at, params={"of": "pace"}).json()["items"]) == 2
    assert three.team.manager.get(at, params={"of": "copying"}).json()["items"] == []
    assert three.team.manager.get(at, params={"of": "weather"}).status_code == 422
    assert three.team.annotator.get(at).status_code == 403


def test_what_is_watched_goes_on_from_item_to_item_once_for_each(work):
    place = work(items=1, people=1)
    key = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    right, wrong = Told(7, 0.95, 3, 1, 0.95), Told(7, 0.1, 3, 2, 0.1)
    given = [
        Given(item, [(7, "answers", "2026-01-01", 1, 1.0, 1.0, 1.0)], [right if item % 3 else wrong], met)
        for item, met in ((n, [Met(7, 8, True, (0.0, 0.0), 3, 2)]) for n in range(900, 960))
    ]

    place.db.write_now(write, key, given)
    place.db.write_now(write, key, given)
    watch = place.db.read_now(watches_of, key)[7]
    ((n, same_wrong, since),) = place.rows("SELECT n, same_wrong, since FROM pairs")

    assert (watch.steps.n, watch.guessing.n, watch.guesses) == (60, 60, None), "told twice, it counts once"
    assert (n, same_wrong, since is not None) == (60, 60.0, True)
