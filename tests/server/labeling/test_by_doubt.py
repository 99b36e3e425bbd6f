"""A queue that goes by risk: what is new first, then what is most in doubt, kept as the risk changes."""

from functools import partial

from karat.server.labeling.actions.fill import reorder
from karat.server.labeling.actions.route import route

POLICY = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "overlap": 2, "queue": "most_doubtful", "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus"},
    },
}


def by_risk(place, risks: dict[str, float]) -> None:
    keys = {id_: place.one("SELECT n FROM items WHERE id = :id", id=id_) for id_ in risks}
    project = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    place.db.write_now(reorder, project, {keys[id_]: risk for id_, risk in risks.items()})


def test_the_riskiest_item_comes_first_even_for_somebody_who_looked_before(work):
    place = work(items=3, people=2, policy=POLICY)
    first, second = place.people
    for task in place.claim(first, 3):
        place.submit(first, task)
    a, b, c = place.items
    by_risk(place, {a: 0.1, b: 0.4, c: 0.2})

    assert [task.item.id for task in place.claim(second, 1)] == [b]

    by_risk(place, {a: 0.3, c: 0.2})
    assert [task.item.id for task in place.claim(second, 1)] == [a]
    place.check()


def test_an_item_whose_claim_ran_out_comes_back_where_its_risk_puts_it(work):
    place = work(items=2, people=2, policy=POLICY)
    first, second = place.people
    held, _ = place.claim(first, 2)
    place.clock.move(hours=1)
    place.expire()

    assert held.item.id in {task.item.id for task in place.claim(second, 2)}
    place.check()


def test_items_that_wait_for_more_answers_go_on_once_the_budget_is_spent(work):
    until = {"sure": 0.99, "most": 5, "budget": 100}
    label = {"do": "label", "until": until, "next": [{"to": "accept"}]}
    place = work(items=2, people=2, policy={**POLICY, "stages": {**POLICY["stages"], "label": label}})
    for task in place.claim(place.people[0], 2):
        place.submit(place.people[0], task)
    project = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    items = [place.one("SELECT n FROM items WHERE id = :id", id=id_) for id_ in place.items]

    place.db.write_now(route, project, items)
    assert [place.state(id_) for id_ in place.items] == ["open", "open"]
    (held,) = place.claim(place.people[1], 1)

    place.db.write_now(partial(route, is_spent=True), project, items)
    left = {"open" if id_ == held.item.id else "labeled" for id_ in place.items}
    assert {place.state(id_) for id_ in place.items} == left
    place.check()
