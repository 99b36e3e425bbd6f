"""Planted wrong suggestions: they look like the model's, count for nothing but trust, and never become a result."""

import msgspec

from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.server.gold.following import score_in
from karat.server.labeling.actions.planting import planted_in
from karat.server.labeling.queries.given import Suggested
from tests.server.gold.keyed import keyed


def policy(begin, plant):
    return {
        "start": "label",
        "stages": {
            "label": {"do": "label", "begin": begin, "next": [{"to": "accept"}]},
            "accept": {"do": "resolve", "by": "consensus"},
        },
        "gold": {"rate": 0.5, "plant": plant},
    }


def suggested(place):
    """Let a model say `cards` of every item."""

    def write(tx):
        workspace, project = tx.run("SELECT workspace, n FROM projects WHERE id = :id", id=place.project)[0]
        author = tx.run(
            "INSERT INTO authors (id, workspace, type, name, version, created_at) VALUES (:id, :w, 'model', 'clip', '1', :now)"
            " RETURNING n",
            id=tx.new_id(),
            w=workspace,
            now=tx.now(),
        )[0][0]
        said = [{"id": "topic", "field": "topic", "kind": "choice", "version": 1, "value": "cards"}]
        for (item,) in tx.run("SELECT n FROM items WHERE project = :p", p=project):
            n = tx.run(
                "INSERT INTO responses (id, project, item, author, head, state, active_ms, at) VALUES (:id, :p, :item, :author,"
                " 1, 'submitted', 0, :now) RETURNING n",
                id=tx.new_id(),
                p=project,
                item=item,
                author=author,
                now=tx.now(),
            )[0][0]
            tx.run(
                "INSERT INTO revisions (response, revision, project, item_revision, schema_version, state, covers, annotations,"
                " cause, active_ms, at, by, body_hash) VALUES (:n, 1, :p, 1, 1, 'submitted', :covers, :said, 'import', 0,"
                " :now, :author, '')",
                n=n,
                p=project,
                said=msgspec.json.encode(said).decode(),
                covers='{"topic": null}',
                now=tx.now(),
                author=author,
            )

    place.db.write_now(write)


def test_a_planted_suggestion_looks_as_the_others_and_who_takes_it_is_known_to_trust(work, team):
    place = work(items=3, people=1, policy=policy("model clip", 0.5))
    gold = keyed(place, team)
    place.add(12)
    suggested(place)
    secret = "INSERT INTO secrets (name, value) VALUES ('draws', :v) ON CONFLICT DO NOTHING"
    place.db.write_now(lambda tx: tx.put(secret, v="07" * 32))

    seen = {}
    while tasks := place.claim(place.people[0], 1):
        given = tasks[0].given
        (one,) = msgspec.json.decode(given.annotations)
        seen[tasks[0].item.id] = (one["value"], sorted(one), given.base.revision)
        assert place.submit(place.people[0], tasks[0], one["value"], base=given.base).receipt is not None
    key = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    place.db.write_now(score_in, key, [row[0] for row in place.rows("SELECT item FROM gold")])

    planted = {id_ for id_, (value, *_) in seen.items() if value != "cards"}
    assert 0 < len(planted) < 3
    assert planted <= gold
    assert len({(tuple(keys), revision) for _, keys, revision in seen.values()}) == 1, "nothing tells one from another"
    trust = place.rows("SELECT taken, count(*) FROM plants WHERE wrong GROUP BY taken")
    assert [(bool(taken), n) for taken, n in trust] == [(True, len(planted))]
    assert place.one("SELECT count(*) FROM gold_answers WHERE use = 'planted'") == len(planted)
    results = place.rows("SELECT annotations FROM consensus c JOIN items i ON i.n = c.item")
    assert not any("loans" in body or "other" in body for (body,) in results)


def test_what_is_planted_is_neither_what_was_suggested_nor_the_key():
    fields = {
        "things": {"kind": "box", "on": "photo", "labels": {"car": {}, "bus": {}, "bike": {}}},
        "sky": {"kind": "choice", "options": {"sun": {}, "rain": {}}},
    }
    schema, _ = read_schema({"karat_schema": 1, "streams": {"photo": {"kind": "image"}}, "fields": fields}, KINDS)
    said = Suggested(
        "r",
        1,
        [
            {"id": "a", "field": "things", "kind": "box", "label": "car", "value": {}},
            {"id": "sky", "field": "sky", "kind": "choice", "label": None, "value": "sun"},
        ],
    )
    key = [
        {"id": "k", "field": "things", "label": "bus", "value": {}},
        {"id": "sky", "field": "sky", "label": None, "value": "rain"},
    ]

    assert planted_in(said, key, schema, 0.99) == {"a": {"label": "bike"}}, "of two options neither is left"
    assert planted_in(Suggested("r", 1, []), key, schema, 0.5) is None
