"""The tables of the product. Content rows carry `project`; ids that people see are UUID text, integer keys stay inside."""

from karat.server.tables.audit import audit, events, idempotency, operations
from karat.server.tables.base import metadata
from karat.server.tables.boards import differing, pair_sums, rolled, rolling, rollups
from karat.server.tables.gold import gold, gold_answers, gold_batches, gold_returns, gold_swaps, standings
from karat.server.tables.guidelines import guideline_reads, guidelines, shown_items
from karat.server.tables.items import blobs, facts, item_changes, item_revisions, items, marks, secrets, words
from karat.server.tables.jobs import job_log, job_runners, job_steps, jobs
from karat.server.tables.notices import deliveries, notice_choices, notices, presence, webhooks
from karat.server.tables.people import (
    authors,
    links,
    logins,
    memberships,
    sessions,
    team_members,
    teams,
    tokens,
    workspaces,
)
from karat.server.tables.projects import policies, projects, resources, schemas, views
from karat.server.tables.reports import cursors, disagreements, overdue, reports
from karat.server.tables.responses import consensus, drafts, resolutions, responses, revisions
from karat.server.tables.review import judgements, reviews
from karat.server.tables.rulings import appeals, messages, precedents, thread_people, threads
from karat.server.tables.team import counting, given, person_days, rule_actions
from karat.server.tables.uploads import upload_files, uploads
from karat.server.tables.views import VIEWS
from karat.server.tables.vocabularies import entries, entry_terms, vocabularies
from karat.server.tables.work import (
    assignments,
    batch_items,
    batches,
    exceptions,
    low_water,
    queue,
    recounts,
    routes,
    turns,
)

__all__ = [
    "VIEWS",
    "appeals",
    "assignments",
    "audit",
    "authors",
    "batch_items",
    "batches",
    "blobs",
    "consensus",
    "counting",
    "cursors",
    "deliveries",
    "differing",
    "disagreements",
    "drafts",
    "entries",
    "entry_terms",
    "events",
    "exceptions",
    "facts",
    "given",
    "gold",
    "gold_answers",
    "gold_batches",
    "gold_returns",
    "gold_swaps",
    "guideline_reads",
    "guidelines",
    "idempotency",
    "item_changes",
    "item_revisions",
    "items",
    "job_log",
    "job_runners",
    "job_steps",
    "jobs",
    "judgements",
    "links",
    "logins",
    "low_water",
    "marks",
    "memberships",
    "messages",
    "metadata",
    "notice_choices",
    "notices",
    "operations",
    "overdue",
    "pair_sums",
    "person_days",
    "policies",
    "precedents",
    "presence",
    "projects",
    "queue",
    "recounts",
    "reports",
    "resolutions",
    "resources",
    "responses",
    "reviews",
    "revisions",
    "rolled",
    "rolling",
    "rollups",
    "routes",
    "rule_actions",
    "schemas",
    "secrets",
    "sessions",
    "shown_items",
    "standings",
    "team_members",
    "teams",
    "thread_people",
    "threads",
    "tokens",
    "turns",
    "upload_files",
    "uploads",
    "views",
    "vocabularies",
    "webhooks",
    "words",
    "workspaces",
]
