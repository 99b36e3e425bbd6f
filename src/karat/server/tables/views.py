# ruff: noqa: S608 - the SQL is put together from constants
"""Views for whoever runs Karat and reads with SQL: names that stay, ids as people see them, and no secret in any of them.

They are of all workspaces of the installation: each has a column `workspace` to narrow by, and nobody but its operator is
meant to read them. Passwords, sessions, tokens, links, addresses of logins and webhooks stand in none.
"""

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa

from karat.server.tables.base import metadata


class View(msgspec.Struct, frozen=True):
    """A view: what its rows are, what each column says, and the SQL that both databases read alike."""

    name: str
    about: str
    columns: Mapping[str, str]
    sql: str

    @property
    def statement(self) -> str:
        """The statement that makes it."""
        return f"CREATE VIEW {self.name} ({', '.join(self.columns)}) AS {self.sql}"


_HOME = {"workspace": "id of the workspace", "project": "id of the project"}
_ITEM = {**_HOME, "item": "id of the item"}
_OF = "JOIN projects p ON p.n = {0}.project JOIN workspaces w ON w.n = p.workspace"
_ON = f"{_OF} JOIN items i ON i.n = {{0}}.item"
_AT = "when, in UTC"
_BY = "JOIN authors a ON a.n = {0}.author"


def _of(alias: str) -> str:
    return _OF.format(alias)


def _on(alias: str) -> str:
    return _ON.format(alias)


VIEWS: tuple[View, ...] = (
    View(
        "v_workspaces",
        "Workspaces.",
        {"workspace": "its id", "name": "its name", "created_at": _AT},
        "SELECT w.id, w.name, w.created_at FROM workspaces w",
    ),
    View(
        "v_projects",
        "Projects with the counts that are kept of them.",
        {
            **_HOME,
            "title": "its title",
            "state": "active, archived or bin",
            "schema_version": "that holds now",
            "policy_version": "that holds now",
            "items": "items that are not deleted",
            "labeled": "items with all their answers, or in review",
            "done": "items with a result",
            "responses": "answers that stand and count",
            "created_at": _AT,
            "changed_at": _AT,
        },
        "SELECT w.id, p.id, p.title, p.state, p.schema_version, p.policy_version, p.items, p.labeled, p.done, p.responses,"
        " p.created_at, p.changed_at FROM projects p JOIN workspaces w ON w.n = p.workspace",
    ),
    View(
        "v_authors",
        "Everybody who says something: people, models, rules, keys and the consensus.",
        {
            "workspace": "id of the workspace",
            "author": "id of the author",
            "type": "person, model, rule, gold, consensus or import",
            "name": "as shown",
            "version": "of a model or a rule",
            "created_at": _AT,
        },
        "SELECT w.id, a.id, a.type, a.name, a.version, a.created_at FROM authors a JOIN workspaces w ON w.n = a.workspace",
    ),
    View(
        "v_items",
        "Items that are not deleted, without their content.",
        {
            **_ITEM,
            "key": "the caller's key",
            "revision": "of the item",
            "state": "open, labeled, review or done",
            "stage": "where it stands in the workflow",
            "responses": "answers that stand and count",
            "disagreement": "mean distance between its authors, 0 to 1; null below two",
            "uncertainty": "chance that a result is wrong; null where none was learned",
            "split_group": "items that stay together in a split",
            "metadata": "JSON",
            "tags": "JSON",
            "created_at": _AT,
            "changed_at": _AT,
        },
        "SELECT w.id, p.id, i.id, i.key, i.revision, i.state, i.stage, i.responses, i.disagreement, i.uncertainty, i.split_group,"
        " i.metadata, i.tags, i.created_at, i.changed_at FROM items i JOIN projects p ON p.n = i.project"
        " JOIN workspaces w ON w.n = p.workspace WHERE i.deleted_at IS NULL",
    ),
    View(
        "v_metadata",
        "Each value of each item's metadata, a list as several rows.",
        {**_ITEM, "key": "of the metadata", "text": "null for numbers", "number": "null for texts"},
        f"SELECT w.id, p.id, i.id, k.text, f.txt, f.num FROM facts f {_on('f')} JOIN words k ON k.n = f.key AND k.kind = 'meta'"
        " WHERE f.author = 0 AND i.deleted_at IS NULL",
    ),
    View(
        "v_responses",
        "What stands of each answer: its newest revision that was not taken back.",
        {
            **_ITEM,
            "response": "id of the answer",
            "revision": "that stands; 0 where the only one was withdrawn",
            "author": "id of the author",
            "state": "submitted, skipped or withdrawn",
            "excluded": "JSON of why it does not count; null where it does",
            "active_ms": "time spent on all revisions, in milliseconds",
            "annotations": "JSON",
            "at": _AT,
        },
        f"SELECT w.id, p.id, i.id, r.id, r.head, a.id, r.state, r.excluded, r.active_ms, v.annotations, r.at FROM responses r"
        f" {_on('r')} {_BY.format('r')} LEFT JOIN revisions v ON v.response = r.n AND v.revision = r.head",
    ),
    View(
        "v_revisions",
        "Every revision of every answer, as it was handed in.",
        {
            **_ITEM,
            "response": "id of the answer",
            "revision": "from 1",
            "author": "id of the author",
            "item_revision": "of the item that was answered",
            "schema_version": "under which it was given",
            "guideline": "version in force; null where there was none",
            "state": "submitted or skipped",
            "cause": "author, migration, import, merge or undo",
            "annotations": "JSON",
            "skip": "JSON of the reason",
            "active_ms": "in milliseconds",
            "at": _AT,
        },
        "SELECT w.id, p.id, i.id, r.id, v.revision, a.id, v.item_revision, v.schema_version, v.guideline, v.state, v.cause,"
        f" v.annotations, v.skip, v.active_ms, v.at FROM revisions v JOIN responses r ON r.n = v.response {_on('r')}"
        f" {_BY.format('r')}",
    ),
    View(
        "v_labels",
        "How often each author gave each label or option to each item.",
        {**_ITEM, "author": "id of the author", "field": "or field.attribute", "label": "or option", "n": "how often"},
        f"SELECT w.id, p.id, i.id, a.id, f.text, l.text, m.n FROM marks m {_on('m')} {_BY.format('m')}"
        " JOIN words f ON f.n = m.field AND f.kind = 'field' JOIN words l ON l.n = m.label",
    ),
    View(
        "v_reviews",
        "Verdicts of reviewers on answers.",
        {
            **_ITEM,
            "review": "its id",
            "stage": "of the workflow",
            "response": "id of the answer",
            "revision": "that was judged",
            "author": "whose answer it is",
            "reviewer": "id of the author who judged",
            "verdict": "accepted, fixed or rejected",
            "defects": "JSON",
            "probability": "with which the item was drawn: weigh by 1 over it",
            "counts": "false where it came too late",
            "active_ms": "of the item, at its first row",
            "at": _AT,
        },
        "SELECT w.id, p.id, i.id, v.id, v.stage, r.id, v.revision, a.id, b.id, v.verdict, v.defects, v.probability, v.counts,"
        f" v.active_ms, v.at FROM reviews v {_on('v')} JOIN responses r ON r.n = v.response {_BY.format('v')}"
        " JOIN authors b ON b.n = v.reviewer",
    ),
    View(
        "v_consensus",
        "What the answers to an item say together, field by field.",
        {
            **_ITEM,
            "field": "of the schema",
            "method": "by which it was merged",
            "annotations": "JSON",
            "score": "how probable, or how far the answers agree",
            "posterior": "JSON of each option's probability",
            "tie": "whether it is one",
            "n": "answers",
            "at": _AT,
        },
        f"SELECT w.id, p.id, i.id, c.field, c.method, c.annotations, c.score, c.posterior, c.tie, c.n, c.at FROM consensus c {_on('c')}",
    ),
    View(
        "v_results",
        "The answer that is an item's result.",
        {
            **_ITEM,
            "response": "id of the answer",
            "revision": "of it",
            "chosen_by": "id of the author; null for the consensus",
            "at": _AT,
        },
        f"SELECT w.id, p.id, i.id, r.id, z.revision, a.id, z.at FROM resolutions z {_on('z')}"
        " JOIN responses r ON r.n = z.response LEFT JOIN authors a ON a.n = z.by",
    ),
    View(
        "v_claims",
        "Who was given which item, and what came of it.",
        {
            **_ITEM,
            "stage": "of the workflow",
            "author": "id of the author",
            "state": "claimed, done, skipped, expired or released",
            "at": _AT,
            "until": "when it ends, or ended",
        },
        f"SELECT w.id, p.id, i.id, s.stage, a.id, s.state, s.at, s.until FROM assignments s {_on('s')} {_BY.format('s')}",
    ),
    View(
        "v_routes",
        "Which way items took out of a stage where that hung on what was known of them, or on chance.",
        {
            **_ITEM,
            "stage": "that was left",
            "visit": "from 1",
            "way": "stage that it went to",
            "probability": "of the draw",
            "at": _AT,
        },
        f"SELECT w.id, p.id, i.id, t.stage, t.visit, t.way, t.probability, t.at FROM routes t {_on('t')}",
    ),
    View(
        "v_gold_answers",
        "How answers to items with a known answer did. Whoever reads it knows which items are gold.",
        {
            **_ITEM,
            "author": "id of the author",
            "given_as": "hidden, practice, test or work",
            "score": "1 - distance",
            "active_ms": "in milliseconds",
            "at": _AT,
        },
        f"SELECT w.id, p.id, i.id, a.id, g.use, g.score, g.active_ms, g.at FROM gold_answers g {_on('g')} {_BY.format('g')}",
    ),
    View(
        "v_threads",
        "Questions and comments, without their words.",
        {
            **_ITEM,
            "thread": "its id",
            "kind": "question or comment",
            "state": "open, answered, ruled or closed",
            "author": "who began it",
            "at": _AT,
            "changed_at": _AT,
        },
        f"SELECT w.id, p.id, i.id, t.id, t.kind, t.state, a.id, t.at, t.changed_at FROM threads t {_on('t')} {_BY.format('t')}",
    ),
    View(
        "v_events",
        "The raw events, in the order in which they were written. What each means stands in the reference of events.",
        {
            "seq": "grows; on PostgreSQL a smaller one may be committed later",
            "id": "of the event",
            "at": _AT,
            "workspace": "id of the workspace",
            "project": "id of the project; null where it is of none",
            "actor": "id of the author; null for Karat itself",
            "name": "of the event",
            "thing": "JSON {type, id, revision}",
            "data": "JSON, without content",
        },
        "SELECT e.seq, e.id, e.at, w.id, p.id, a.id, e.name, e.thing, e.data FROM events e JOIN workspaces w ON w.n = e.workspace"
        " LEFT JOIN projects p ON p.n = e.project LEFT JOIN authors a ON a.n = e.actor",
    ),
    View(
        "v_person_days",
        "The sums of each person and day: any share is sum / weight, for weight² / squared_weight values.",
        {
            **_HOME,
            "author": "id of the author",
            "what": "answers, right:<field>, agree:<field>, review, verdict:<verdict>, defect:<code>, judged …",
            "day": "UTC; empty where days are not told apart",
            "n": "how many",
            "sum": "of values times weights",
            "weight": "sum of weights",
            "squared_weight": "sum of their squares",
        },
        f"SELECT w.id, p.id, a.id, d.what, d.day, d.n, d.x, d.w, d.ww FROM person_days d {_of('d')} {_BY.format('d')} WHERE d.n > 0",
    ),
    View(
        "v_counts",
        "The counts of items that dashboards read.",
        {
            **_HOME,
            "what": "stage, label, key, slice, day, week, verdict, stayed or wide",
            "a": "stage, field, metadata key or verdict",
            "b": "state, label, or value ('text or =number)",
            "day": "UTC; empty where days are not told apart",
            "n": "items",
            "x": "stage: answers still wanted; label: how often given; slice: items with an answer; day, week: answers; stayed: ms",
            "y": "slice: items that are done",
        },
        f"SELECT w.id, p.id, c.what, c.a, c.b, c.day, c.n, c.x, c.y FROM rollups c {_of('c')} WHERE c.n > 0",
    ),
    View(
        "v_pairs",
        "How near each two authors are over the items that both answered.",
        {
            **_HOME,
            "field": "of the schema",
            "label": "looking at it alone; null for the field as a whole",
            "a": "id of an author",
            "b": "id of another",
            "n": "items that both answered",
            "differ": "of these, items on which they are not the same",
            "near": "mean of 1 - distance",
        },
        "SELECT w.id, p.id, f.text, l.text, a.id, b.id, s.n, s.differ, s.x / s.n FROM pair_sums s "
        f"{_of('s')} JOIN words f ON f.n = s.field LEFT JOIN words l ON l.n = s.label AND s.label > 0"
        " JOIN authors a ON a.n = s.a JOIN authors b ON b.n = s.b WHERE s.n > 0",
    ),
)
"""Every view, in the order in which the reference lists them."""


def grants(role: str) -> list[str]:
    """What lets a role of PostgreSQL read the views and nothing else, read-only."""
    name = '"' + role.replace('"', '""') + '"'
    return [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT ON {', '.join(view.name for view in VIEWS)} TO {name}",
        f"ALTER ROLE {name} SET default_transaction_read_only = on",
        f"ALTER ROLE {name} SET statement_timeout = '60s'",
    ]


def _make(_: sa.MetaData, connection: sa.Connection, **_more: object) -> None:
    for view in VIEWS:
        connection.exec_driver_sql(view.statement)


sa.event.listen(metadata, "after_create", _make)
