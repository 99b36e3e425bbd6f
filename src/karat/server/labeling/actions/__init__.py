"""What labeling changes, and what other features ask of it.

enqueue(tx, project, item_ns)            items were imported (with or without answers): offer those that want some
requeue(tx, scope, item_ns, more=1)      ask for more answers than there are
close(tx, project, item_ns)              items were deleted: nobody is given them any more
reopen(tx, project, item_ns)             deleted items came back
recount(tx, project, item_ns)            answers were written, excluded or changed past labeling
recount_later(tx, project)               the policy changed: the sweep brings every item to where it now belongs
resolve(tx, scope, {item: result}, …)    the results of items stand
release_all(tx, project, author)         a person's claims go back, e.g. on deactivation
"""

from karat.server.labeling.actions.claim import claim, open_item, release, release_all, renew
from karat.server.labeling.actions.draft import drop_draft, patch_draft
from karat.server.labeling.actions.expire import expire
from karat.server.labeling.actions.fill import (
    close,
    enqueue,
    recount,
    recount_later,
    recount_next,
    reopen,
    reprioritise,
    requeue,
)
from karat.server.labeling.actions.many import open_items, submit_many, undo_many
from karat.server.labeling.actions.resolve import resolve
from karat.server.labeling.actions.submit import submit
from karat.server.labeling.actions.undo import undo

__all__ = [
    "claim",
    "close",
    "drop_draft",
    "enqueue",
    "expire",
    "open_item",
    "open_items",
    "patch_draft",
    "recount",
    "recount_later",
    "recount_next",
    "release",
    "release_all",
    "renew",
    "reopen",
    "reprioritise",
    "requeue",
    "resolve",
    "submit",
    "submit_many",
    "undo",
    "undo_many",
]
