"""Computing pay again: too early, while it is under way, and after it was stopped on the way."""

import pytest

from karat.server.ledger import gathering, periods, work
from karat.server.ledger.schemas import NewPeriod
from tests.server.ledger.conftest import FORMULA


def test_whoever_computes_too_early_is_told_why_and_when(work, team):
    place = work(items=1)
    at = f"/projects/{place.project}/pay"
    team.manager.put(f"{at}/formula", json={"formula": FORMULA})
    team.server.clock.move(seconds=40)

    early = team.manager.post(f"{at}/periods", json={})
    [problem] = early.json()["problems"]
    team.server.clock.move(seconds=22)

    assert (early.status_code, early.json()["title"]) == (409, "This period began less than a minute ago")
    assert problem["do"].startswith(("Compute it in 20 seconds", "Compute it in 21 seconds"))
    assert team.manager.post(f"{at}/periods", json={}).status_code == 202


def test_a_period_that_is_being_computed_is_given_back_until_it_is_stopped(paid, team):
    place = paid(items=1)
    at = f"/projects/{place.project}/pay/periods"
    team.server.clock.move(minutes=2)
    begun, _ = team.server.db.write_now(periods.compute, place.manager, place.project, NewPeriod())

    again = team.manager.post(at, json={}).json()
    [shown] = team.manager.get(at).json()
    assert again == {"period": begun.period, "job": begun.job, "is_running": True}
    assert (shown["state"], shown["job_state"]) == ("computing", "queued")

    assert team.manager.post(f"/jobs/{begun.job}/cancel").status_code == 202
    assert team.manager.get(at).json()[0]["job_state"] == "cancelled"
    anew = team.manager.post(at, json={}).json()
    place.done(anew["job"])
    assert not anew["is_running"]
    assert [one["id"] for one in team.manager.get(at).json()] == [anew["period"]]


@pytest.mark.parametrize("how", ["cancelled", "died"])
def test_computing_that_was_stopped_midway_goes_on_and_comes_out_the_same_bit_for_bit(
    paid, team, monkeypatch, until, how
):
    place = paid(items=6)
    whole = place.compute()
    expected = team.server.db.read_now(periods.stored, place.one("SELECT n FROM pay_periods"))
    [before] = team.manager.get(f"/projects/{place.project}/pay/periods").json()
    seen = []
    _one_by_one(monkeypatch, seen)
    monkeypatch.setattr(work, "count_work", _stopping(work.count_work, seen, team, how))
    team.server.front.app.jobs._run.__self__.backoff_s = (0.01, 0.01)

    started = team.manager.post(f"/projects/{place.project}/pay/periods", json={"end_at": before["end_at"]}).json()
    job = lambda: team.manager.get(f"/jobs/{started['job']}").json()  # noqa: E731
    if how == "cancelled":
        assert until(job, lambda one: one["state"] == "cancelled")["progress"]["done"] >= 2
        assert team.manager.post(f"/jobs/{started['job']}/retry").status_code == 202
    place.done(started["job"])

    [after] = team.manager.get(f"/projects/{place.project}/pay/periods").json()
    assert (after["digest"], after["total"]) == (before["digest"], before["total"])
    assert team.server.db.read_now(periods.stored, place.one("SELECT n FROM pay_periods")) == expected
    assert whole != started["period"]
    assert len(set(seen)) == 6
    assert len(seen) < 12, "it went on where it stopped, and did not begin again"


def _one_by_one(monkeypatch, seen):
    """Items are read one by one, and what was counted is kept after each two."""
    monkeypatch.setattr(gathering, "CHUNK", 1)
    monkeypatch.setattr(work, "STEP_ITEMS", 2)


def _stopping(count, seen, team, how):
    def counted(given, *rest, **more):
        seen.append(given[0].item)
        if len(seen) == 4 and how == "died":
            raise RuntimeError("the disk said no")
        if len(seen) == 4:
            [(job,)] = team.server.db.read_now(lambda tx: tx.run("SELECT id FROM jobs WHERE state = 'running'"))
            assert team.manager.post(f"/jobs/{job}/cancel").status_code == 202
        count(given, *rest, **more)

    return counted
