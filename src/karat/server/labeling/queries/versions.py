"""Schemas and policies as values, read once for each version and kept: a version never changes."""

from collections.abc import Callable, Collection
from typing import TypeVar
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa

from karat.kinds import KINDS
from karat.model.policy import Policy
from karat.model.schema import Schema, read_schema
from karat.model.who import Traits
from karat.server.access import ROLES, Role
from karat.server.database import Tx

T = TypeVar("T")
MOST_KEPT = 1_000
_kept: WeakKeyDictionary[sa.Engine, dict[tuple[str | int, ...], object]] = WeakKeyDictionary()


class Rules(msgspec.Struct, frozen=True):
    """What holds in a project now."""

    policy: Policy
    policy_version: int
    schema_version: int
    asks_traits: bool = False
    """Whether some stage asks for more of people than a role."""
    has_batches: bool = False
    """Whether items of the project were given to people by hand."""
    is_held: bool = False
    """Whether nothing is accepted now: a board has not signed, or too much was answered since it did."""

    def stages_for(self, role: Role, *, do: Collection[str] = ("label",), traits: Traits | None = None) -> list[str]:
        """The stages of some sorts at which a person of this role may work, in the order of the policy.

        Without `traits`: those at which some person of the role may.
        """
        rank = ROLES.index(role)
        stages = self.policy.stages.items()
        return [
            name
            for name, stage in stages
            if stage.do in do
            and ROLES.index(stage.role) <= rank
            and (traits is None or stage.who is None or stage.who.fits(traits))
        ]


def rules_of(tx: Tx, project: int) -> Rules:
    """The project's policy and the versions that hold now."""
    (schema_version, policy_version, batched, held), *_ = tx.run(
        "SELECT schema_version, policy_version, batched, coalesce(responses > accept_upto, false) FROM projects"
        " WHERE n = :project",
        project=project,
    )
    has_batches, is_held = bool(batched), bool(held)

    def read() -> Rules:
        policy = _policy(tx, project, policy_version)
        return Rules(policy, policy_version, schema_version, policy.asks_traits, has_batches, is_held)

    return _remembered(tx, ("rules", project, policy_version, schema_version, has_batches, is_held), read)


def schema_at(tx: Tx, project: int, version: int) -> Schema | None:
    """One version of a project's schema; None where there is no such version."""
    return _remembered(tx, ("schema", project, version), lambda: _schema(tx, project, version))


def _policy(tx: Tx, project: int, version: int) -> Policy:
    found = tx.run(
        "SELECT document FROM policies WHERE project = :project AND version = :version",
        project=project,
        version=version,
    )
    return msgspec.json.decode(found[0][0], type=Policy)


def _schema(tx: Tx, project: int, version: int) -> Schema | None:
    found = tx.run(
        "SELECT document FROM schemas WHERE project = :project AND version = :version", project=project, version=version
    )
    if not found:
        return None
    schema, problems = read_schema(msgspec.json.decode(found[0][0]), KINDS)
    if schema is None:
        raise ValueError(f"version {version} of the schema of project {project} cannot be read: {problems}")
    return schema


def _remembered(tx: Tx, key: tuple[str | int, ...], read: Callable[[], T]) -> T:
    kept = _kept.setdefault(tx.connection.engine, {})
    found = kept.get(key)
    if found is None:
        found = read()
        if len(kept) >= MOST_KEPT:
            kept.clear()
        if tx.writes:
            # A version that this very transaction made may yet be rolled back, and its number given to another.
            tx.after(lambda: kept.__setitem__(key, found))
        else:
            kept[key] = found
    return found  # type: ignore[return-value]  # the key's first part says which type it holds
