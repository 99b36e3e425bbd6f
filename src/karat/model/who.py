"""Who may work at a stage, and what becomes of what they skip."""

import re
from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from karat.model.problem import Problem, shown

Role = Literal["annotator", "reviewer", "manager"]
MOST_NAMED = 1_000
KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Traits(msgspec.Struct, frozen=True):
    """What managers say of a person in their workspace."""

    person: str = ""
    """The id of the person as a member of the workspace."""
    groups: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


class Who(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who may work at a stage: whoever has the role and fits everything that is named."""

    role: Role | None = None
    """The least role; by default annotators label, and reviewers review and adjudicate."""
    people: tuple[str, ...] = ()
    """Ids of members; together with `groups`, one of these or a member of one of those."""
    groups: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    """All of them are needed."""
    languages: tuple[str, ...] = ()
    """One of them is enough."""
    language: str | None = None
    """The key of the items' metadata that says their language: each item goes to people who speak it."""

    @property
    def asks(self) -> bool:
        """Whether it asks for more than a role."""
        return bool(self.people or self.groups or self.skills or self.languages or self.language)

    def fits(self, traits: Traits) -> bool:
        """Whether a person may work there, whatever the item.

        >>> Who(groups=("doctors",), skills=("ecg",)).fits(Traits("p1", frozenset({"doctors"}), frozenset({"ecg"})))
        True
        >>> Who(people=("p2",), groups=("nurses",)).fits(Traits("p1", frozenset({"doctors"})))
        False
        """
        is_named = traits.person in self.people or not traits.groups.isdisjoint(self.groups)
        return (
            (is_named or not (self.people or self.groups))
            and traits.skills.issuperset(self.skills)
            and (not self.languages or not traits.languages.isdisjoint(self.languages))
            and (not self.language or bool(traits.languages))
        )


class SkipRule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What happens to a skipped item: offered to others, to the same person again, or set aside."""

    requeue: Literal["others", "me", "none"] = "others"
    after: int | None = None
    """How many people have to skip it before it goes to the stage `then`."""
    then: str | None = None
    """A stage at which people label, e.g. experts; they answer as many times as that stage asks."""


SKIP_REASONS: dict[str, str] = {
    "unclear": "I cannot tell",
    "broken": "It cannot be read or shown",
    "wrong": "It does not belong here",
    "personal": "It shows somebody I know",
    "other": "Another reason",
}
"""Why somebody may skip an item, in a project that has no list of its own."""
MOST_REASONS = 20
LONGEST_REASON = 100


def check_skip_reasons(reasons: Mapping[str, str]) -> list[Problem]:
    """What is wrong with a project's own reasons for a skip."""
    found: list[Problem] = []
    if len(reasons) > MOST_REASONS:
        do = "Leave out those that are seldom chosen."
        found.append(Problem("skip_reasons", str(len(reasons)), f"at most {MOST_REASONS}", do))
    for key, title in reasons.items():
        if not KEY.fullmatch(key):
            do = "Name it with a to z, 0 to 9 and _, beginning with a letter."
            found.append(Problem(f"skip_reasons.{key}", shown(key), "a key", do))
        if not 0 < len(title.strip()) <= LONGEST_REASON:
            expected = f"1 to {LONGEST_REASON} characters"
            found.append(Problem(f"skip_reasons.{key}", shown(title), expected, "Say it as a person would."))
    return found


def check_who(who: Who | None, path: str) -> list[Problem]:
    """What is wrong with who may work at a stage."""
    if who is None:
        return []
    found: list[Problem] = []
    for name in ("people", "groups", "skills", "languages"):
        given: tuple[str, ...] = getattr(who, name)
        if len(given) > MOST_NAMED or any(not one.strip() for one in given):
            do = "Name each by a word; leave the key out where anybody will do."
            found.append(Problem(f"{path}.{name}", shown(list(given[:3])), f"up to {MOST_NAMED} names", do))
    if who.language is not None and not who.language.strip():
        do = "Name the key of the items' metadata that says their language, or leave `language` out."
        found.append(Problem(f"{path}.language", shown(who.language), "a key of the metadata", do))
    return found


def check_skip(skip: SkipRule, own: str, labeling: Collection[str], path: str) -> list[Problem]:
    """What is wrong with a rule on skips at the stage `own`, where `labeling` stages are those at which people label."""
    if (skip.after is None) != (skip.then is None):
        do = "Write both, e.g. `skip: {after: 2, then: expert}`, or neither."
        return [Problem(path, "one of after and then", "both or neither", do)]
    if skip.after is None:
        return []
    found: list[Problem] = []
    others = [name for name in labeling if name != own]
    if not 1 <= skip.after <= 100:
        found.append(Problem(f"{path}.after", shown(skip.after), "1 to 100", "Say how many people have to skip it."))
    if skip.then not in others:
        do = "Name another stage at which people label, or leave `after` and `then` out."
        found.append(Problem(f"{path}.then", shown(skip.then), f"one of {', '.join(others)}", do))
    if skip.requeue != "others":
        do = "Leave `requeue` out: an item can only be skipped by several people if others get it."
        found.append(Problem(f"{path}.requeue", shown(skip.requeue), "others", do))
    return found
