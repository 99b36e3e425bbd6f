"""A project with a pay formula that two people work on."""

import pytest

FORMULA = {
    "per_hour": 3600,
    "per_100": 500,
    "accuracy": {"steps": [{"from": 0, "percent": 80}, {"from": 0.7, "percent": 100}, {"from": 0.9, "percent": 120}]},
    "flag": 50,
}


@pytest.fixture
def paid(work, team, until):
    """`paid(items=3)`: a project with a formula, answered by two, and `paid.compute()`."""

    def make(*, items=3, formula=FORMULA, **more):
        place = work(items=items, people=2, overlap=2, **more)
        place.put = lambda given, base=0: team.manager.put(
            f"/projects/{place.project}/pay/formula", json={"formula": given, "base": base}
        )
        assert place.put(formula).status_code == 200
        for who in place.people:
            for task in place.claim(who, items):
                place.submit(who, task, active_ms=60_000)

        def compute(*, minutes=2):
            team.server.clock.move(minutes=minutes)
            started = team.manager.post(f"/projects/{place.project}/pay/periods", json={})
            assert started.status_code == 202, started.text
            return done(started.json()["job"]) and started.json()["period"]

        def done(job):
            state = until(
                lambda: team.manager.get(f"/jobs/{job}").json(), lambda one: one["state"] in ("done", "failed")
            )
            assert state["state"] == "done", state
            return state

        place.compute, place.done = compute, done
        place.lines = lambda period: team.manager.get(f"/pay/periods/{period}/lines").json()
        place.close = lambda period: team.manager.post(f"/pay/periods/{period}/close")
        return place

    return make
