"""What rules and managers do about people, in the one place where it is written down: it holds until it is undone.

write_down(tx, scope, author, Done("pause", reason))   and what they hold goes to others
end(tx, scope, id)                                     it holds no longer
resume(tx, scope, author)                              every pause of theirs in the project ends
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.actions.claim import release_all
from karat.server.tell import tell

Did = Literal["pause", "raise_review", "requeue", "train", "notify"]


class Done(msgspec.Struct, frozen=True):
    """Something that is done about somebody."""

    did: Did
    reason: str
    """In words, for the person concerned."""
    rule: str = ""
    """The measure of the rule that asks for it; empty where somebody did it by hand."""
    evidence: Mapping[str, object] = {}
    share: float = 1.0
    """Of `raise_review`."""
    before: Mapping[str, object] = {}
    """What undoing puts back."""


def write_down(tx: Tx, scope: Scope, author: int, done: Done) -> str:
    """Write down what was done about an author; its id."""
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO rule_actions (id, project, author, did, share, rule, evidence, reason, before, by, at) VALUES"
        " (:id, :project, :author, :did, :share, :rule, :evidence, :reason, :before, :by, :now)",
        id=id_,
        project=scope.project,
        author=author,
        did=done.did,
        share=done.share,
        rule=done.rule,
        evidence=msgspec.json.encode(done.evidence).decode(),
        reason=done.reason,
        before=msgspec.json.encode(done.before).decode(),
        by=scope.author,
        now=tx.now(),
    )
    if done.did == "pause":
        # What they hold goes to others; what they have drawn is kept as a draft.
        release_all(tx, author, project=scope.project)
    tell(tx, scope, "rule.acted", thing="action", id=id_, did=done.did)
    return id_


def end(tx: Tx, scope: Scope, action: str) -> bool:
    """Let something hold no longer; False where it was undone before."""
    ended = tx.run(
        "UPDATE rule_actions SET undone_at = :now, undone_by = :by WHERE id = :id AND undone_at IS NULL RETURNING did",
        now=tx.now(),
        by=scope.author,
        id=action,
    )
    if ended:
        tell(tx, scope, "rule.undone", thing="action", id=action, did=ended[0][0])
    return bool(ended)


def resume(tx: Tx, scope: Scope, author: int) -> int:
    """End every pause of somebody in the project; how many there were."""
    rows = tx.run(
        "SELECT id FROM rule_actions WHERE project = :project AND author = :author AND did = 'pause' AND undone_at IS NULL",
        project=scope.project,
        author=author,
    )
    return sum(end(tx, scope, id_) for (id_,) in rows)
