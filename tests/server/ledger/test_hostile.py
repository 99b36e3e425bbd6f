"""What nobody should send: formulas that are none, periods that overlap, currencies with other decimals."""

import csv
import io
import json

import pytest

GOOD = {"per_hour": 3600}
STEP = {"from": 0.5, "percent": 110}
HOSTILE = [
    {"per_hour": "__import__('os').system('id')"},
    {"per_hour": "1/0"},
    {"per_hour": -1},
    {"per_hour": 10**30},
    {"per_hour": 1e300},
    {"per_hour": True},
    {"per_hour": None},
    {"per_hour": 0},
    {**GOOD, "bonus": 5},
    {**GOOD, "karat_pay": 2},
    {**GOOD, "longest": "9" * 6000 + "d"},
    {**GOOD, "longest": "0s"},
    {**GOOD, "currency": "EUR; DROP TABLE pay_lines"},
    {**GOOD, "currency": "ÄÖÜ"},
    {**GOOD, "flag": 5, "flags_most": -1},
    {**GOOD, "accuracy": {"steps": [{**STEP, "from": 1e308}]}},
    {**GOOD, "accuracy": {"steps": [{**STEP, "percent": 10**9}]}},
    {**GOOD, "accuracy": {"steps": [{**STEP, "percent": -50}]}},
    {**GOOD, "accuracy": {"steps": [STEP] * 500}},
    {**GOOD, "accuracy": {"steps": [STEP], "days": 10**12}},
    {**GOOD, "accuracy": {"steps": {"0": 1}}},
    {**GOOD, "per_100": 5, "difficulty": [{"from": 0, "percent": 100}]},
    {"per_100": 500},
    [],
    "per_hour",
    None,
]
RAW = [
    '{"per_hour": NaN}',
    '{"per_hour": Infinity}',
    '{"per_hour": 1e999}',
    "[" * 5000,
    '{"per_hour": 1',
    '{"per_hour": "\\u0000"}',
]


def test_a_hostile_formula_is_refused_with_its_place_and_nothing_is_written(work, team):
    place = work(items=1)
    at = f"/projects/{place.project}/pay"

    for given in HOSTILE:
        for path, ask in ((f"{at}/formula", team.manager.put), (f"{at}/preview", team.manager.post)):
            refused = ask(path, json={"formula": given})
            assert refused.status_code == 422, (given, refused.text)
            assert refused.json()["problems"][0]["path"].startswith("formula"), refused.text
            assert len(refused.text) < 2_000
    for raw in RAW:
        body = f'{{"formula": {raw}, "base": 0}}'
        refused = team.manager.put(f"{at}/formula", content=body, headers={"content-type": "application/json"})
        assert refused.status_code in (400, 422), (raw[:30], refused.text)
    assert place.one("SELECT count(*) FROM pay_formulas") == 0


@pytest.mark.parametrize(("currency", "amounts", "word"), [("JPY", "120.0", "3600 JPY"), ("KWD", "0.12", "3.600 KWD")])
def test_a_currency_has_the_decimals_that_it_has(paid, team, currency, amounts, word):
    place = paid(items=2, formula={**GOOD, "currency": currency})
    period = place.compute()
    rule = team.annotator.get(f"/projects/{place.project}/pay/formula").json()

    rows = list(csv.DictReader(io.StringIO(team.manager.get(f"/pay/periods/{period}/table").text)))

    assert [row["amount"] for row in rows] == [amounts] * 2
    assert rule["now"]["words"][0].startswith(word)
    assert (rule["decimals"]["JPY"], rule["decimals"]["KWD"], "EUR" in rule["decimals"]) == (0, 3, False)


def test_periods_neither_overlap_nor_leave_a_gap_whatever_the_zone_and_a_closed_one_stays(paid, team):
    place = paid(items=2)
    at = f"/projects/{place.project}/pay/periods"
    first = place.compute()
    closed = place.close(first).json()
    lines = place.lines(first)
    team.server.clock.move(hours=1)
    earlier = team.manager.post(at, json={"end_at": closed["begin_at"]})
    same = team.manager.post(at, json={"end_at": closed["end_at"]})
    ends = place.one("SELECT max(end_at) FROM pay_periods")
    zoned = ends[:14] + "59:59+05:30"
    far = team.manager.post(at, json={"end_at": zoned})

    second = place.compute()
    [newer, older] = team.manager.get(at).json()

    assert {one.status_code for one in (earlier, same, far)} == {422}
    assert earlier.json()["problems"][0]["path"] == "end_at"
    assert (newer["id"], newer["begin_at"]) == (second, older["end_at"])
    assert older == closed
    assert place.lines(first) == lines
    assert json.dumps(lines).count('"amount"') > 0
