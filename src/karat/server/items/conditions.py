# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""Conditions as SQL over items' own columns, `marks`, `facts` and `disagreements`; nothing else is read.

A condition becomes a `Clause`: a `test` of the item `i`, and, where an index has the items that satisfy it side by side,
a `probe` that selects their keys. The tests are scalar subqueries, since PostgreSQL turns EXISTS into a join over all
marks, and `+project` keeps SQLite from walking a range where the item is known.
"""

from collections.abc import Sequence

import msgspec

from karat.kinds import KINDS
from karat.model.contents import CONTENTS, content_of
from karat.model.problem import Problem, refuse, shown
from karat.model.schema import Field, Schema
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.item_ids import numbers
from karat.server.items import filters
from karat.server.items import work_conditions as work
from karat.server.items.clauses import Clause
from karat.server.items.filters import Condition
from karat.server.items.texts import as_text, comparable, escaped, starting_with
from karat.server.search.index import answers_with_terms
from karat.server.search.words import AUTHORS, TAGS, WordKind, known_words

NOWHERE = -1
"""The number of a word or an item that the project does not have: nothing matches it."""

EVERY_STATE = "'open', 'labeled', 'review', 'done'"
OPS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}

# What reading a condition needs beyond seeing items: a filter must not tell what its asker may not look at.
NEEDS: dict[type[Condition], str] = {
    filters.AuthorIs: "responses.see",
    filters.LabelIs: "responses.see",
    filters.Answer: "responses.see",
    filters.Responses: "responses.see",
    filters.Disagreement: "reports.see",
    filters.Answered: "responses.see",
    filters.Reviewed: "responses.see",
    filters.Differ: "reports.see",
}


def _words(stream: dict[str, object]) -> str:
    """What is read in a stream that was stored."""
    ref = stream.get("ref")
    text = ref.get("inline") if isinstance(ref, dict) else None
    return content_of(str(stream.get("kind"))).words(text) if isinstance(text, str) else ""


def compile_conditions(tx: Tx, scope: Scope, schema: Schema, conditions: Sequence[Condition]) -> list[Clause]:
    """The conditions as clauses; refused where one names what is not there, or what the asker may not read."""
    problems: list[Problem] = []
    clauses: list[Clause] = []
    for index, condition in enumerate(conditions):
        path = f"filter.all[{index}]"
        needed = NEEDS.get(type(condition), "items.see")
        if not scope.has(needed):
            problems.append(
                Problem(path, shown(condition), "a condition that your role may read", f"It needs the right {needed}.")
            )
            continue
        compiler = _Compiler(tx, scope, schema, f"c{index}_", path, problems)
        clause = compiler.clause(condition)
        if clause is not None:
            clauses.append(clause)
    refuse(problems, title="The filter cannot be used here")
    return clauses


class _Compiler:
    """Makes one clause; parameters begin with the clause's own prefix."""

    def __init__(self, tx: Tx, scope: Scope, schema: Schema, prefix: str, path: str, problems: list[Problem]) -> None:
        self.tx = tx
        self.project = scope.project
        self.workspace = scope.workspace
        self.schema = schema
        self.prefix = prefix
        self.path = path
        self.problems = problems
        self.values: dict[str, object] = {}

    def clause(self, condition: Condition) -> Clause | None:
        match condition:
            case filters.Metadata(key=key, op=op, value=value):
                return self.facts(self.word("meta", key), op, value, "AND {a}author = 0")
            case filters.States(states=states):
                names = self.list_of(states)
                return self.column(f"i.state IN ({names})", f"state IN ({names})")
            case filters.Stages(stages=stages):
                names = self.list_of(stages)
                # The index goes by state and then by stage: with every state named it is sought in four places.
                return self.column(f"i.stage IN ({names})", f"state IN ({EVERY_STATE}) AND stage IN ({names})")
            case filters.Changed() | filters.Answered() | filters.Reviewed():
                return work.when(self, condition)
            case filters.Differ():
                return work.differ(self, condition)
            case filters.AuthorIs(author=author, answered=answered):
                return self.author(author, answered=answered)
            case filters.LabelIs():
                return self.label(condition)
            case filters.Answer():
                return self.answer(condition)
            case filters.Tag(tag=tag):
                return self.marks(self.own(TAGS), self.word("tag", tag), None)
            case filters.Key(op=op, value=value):
                return self.key(op, value)
            case filters.Contains(contains=text, stream=stream):
                return self.text(text, stream)
            case filters.Responses(op=op, value=value):
                test = f"i.responses {OPS[op]} {self.value(value)}"
                # The index holds items with at least one answer; where none also satisfies it, it cannot be walked.
                has_none = {
                    "eq": value == 0,
                    "ne": value != 0,
                    "lt": value > 0,
                    "le": value >= 0,
                    "gt": value < 0,
                    "ge": value <= 0,
                }
                return self.column(test, None if has_none[op] else test.replace("i.", "") + " AND responses > 0")
            case filters.Disagreement():
                return self.disagreement(condition)
            case filters.Ids(ids=ids):
                names = self.list_of(list(numbers(self.tx, ids).values()) or [NOWHERE])
                return self.column(f"i.n IN ({names})", f"n IN ({names})")

    def facts(self, key: str, op: filters.Text, value: object, more: str = "") -> Clause:
        """A text or a number of `facts`; `more` narrows the rows, with `{a}` for their alias."""
        if op == "exists" and value is False:
            return Clause(test=f"{self.seek(key, '', more)} IS NULL", values=self.values)
        if op == "ne":
            return Clause(test=f"{self.seek(key, self.compared('eq', value), more)} IS NULL", values=self.values)
        compared = "" if op == "exists" else self.compared(op, value)
        narrow = compared.format(a="") + " " + more.format(a="")
        probe = f"SELECT item FROM facts WHERE project = :project AND key = {key} {narrow}"
        # An index cannot find what is inside a text: reading them all to find few would be no start.
        is_found = op not in ("contains",)
        return Clause(
            test=f"{self.seek(key, compared, more)} IS NOT NULL", values=self.values, probe=probe if is_found else None
        )

    def seek(self, key: str, compared: str, more: str) -> str:
        # Equality finds its row by the full key of an index; a range looks at the few rows of the item.
        project = (
            "f.project = :project"
            if compared.startswith(("AND {a}txt = ", "AND {a}num = "))
            else "+f.project = :project"
        )
        narrow = compared.format(a="f.") + " " + more.format(a="f.")
        return f"(SELECT 1 FROM facts f WHERE f.item = i.n AND {project} AND f.key = {key} {narrow} LIMIT 1)"

    def compared(self, op: filters.Text, value: object) -> str:
        if op == "in":
            values = value if isinstance(value, list) else [value]
            numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
            texts = [as_text(v) for v in values if isinstance(v, str | bool)]
            parts = [f"{{a}}num IN ({self.list_of([float(n) for n in numbers])})"] if numbers else []
            parts += [f"{{a}}txt IN ({self.list_of(texts)})"] if texts else []
            return f"AND ({' OR '.join(parts)})"
        if op == "contains":
            return f"AND {{a}}txt {self.like()} {self.value('%' + escaped(str(value)) + '%')} ESCAPE '\\'"
        if op == "starts":
            low, high = starting_with(str(value))
            upper = f" AND {{a}}txt < {self.value(high)}" if high is not None else ""
            return f"AND {{a}}txt >= {self.value(low)}{upper}"
        if isinstance(value, str | bool):
            return f"AND {{a}}txt {OPS[op]} {self.value(as_text(value))}"
        return f"AND {{a}}num {OPS[op]} {self.value(float(value) if isinstance(value, int | float) else value)}"

    def author(self, author: str, *, answered: bool) -> Clause:
        own, number = self.own(AUTHORS), self.author_key(author, "author" if answered else "not_author")
        clause = self.marks(own, self.value(number), None)
        if answered:
            return clause
        return Clause(test=clause.test.replace("IS NOT NULL", "IS NULL"), values=self.values)

    def label(self, condition: filters.LabelIs) -> Clause | None:
        field = self.field(condition.field)
        if field is None:
            return None
        author = None if condition.author is None else self.author_key(condition.author, "label.author")
        return self.marks(self.word("field", condition.field), self.word("label", condition.label), author)

    def answer(self, condition: filters.Answer) -> Clause | None:
        field = self.field(condition.field)
        if field is None:
            return None
        word = self.word("field", condition.field)
        if field.kind in KINDS and KINDS[field.kind].role == "what" and not answers_with_terms(KINDS[field.kind]):
            return self.facts(word, condition.op, condition.value, "AND {a}author <> 0")
        return self.answer_by_label(condition, word)

    def answer_by_label(self, condition: filters.Answer, word: str) -> Clause | None:
        if condition.op == "exists":
            found = f"(SELECT 1 FROM marks m WHERE m.item = i.n AND +m.project = :project AND m.field = {word} LIMIT 1)"
            is_there = "IS NULL" if condition.value is False else "IS NOT NULL"
            return Clause(test=f"{found} {is_there}", values=self.values)
        if condition.op not in ("eq", "ne", "in"):
            self.say(
                "answer.op",
                condition.op,
                "eq, ne, in or exists",
                f"`{condition.field}` is answered with labels, which have no order.",
            )
            return None
        given = condition.value if isinstance(condition.value, list) else [condition.value]
        known = known_words(self.tx, self.project, "label", [str(v) for v in given])
        labels = self.list_of([*known.values()] or [NOWHERE])
        found = f"(SELECT 1 FROM marks m WHERE m.project = :project AND m.field = {word} AND m.label IN ({labels}) AND m.item = i.n LIMIT 1)"
        if condition.op == "ne":
            return Clause(test=f"{found} IS NULL", values=self.values)
        probe = f"SELECT item FROM marks WHERE project = :project AND field = {word} AND label IN ({labels})"
        return Clause(test=f"{found} IS NOT NULL", values=self.values, probe=probe)

    def marks(self, field: str, label: str, author: int | None) -> Clause:
        by = "" if author is None else f" AND author = {self.value(author)}"
        found = f"(SELECT 1 FROM marks WHERE project = :project AND field = {field} AND label = {label} AND item = i.n{by} LIMIT 1)"
        probe = f"SELECT item FROM marks WHERE project = :project AND field = {field} AND label = {label}{by}"
        return Clause(test=f"{found} IS NOT NULL", values=self.values, probe=probe)

    def key(self, op: str, value: str | list[str]) -> Clause:
        if op == "in":
            test = f"i.key IN ({self.list_of(value if isinstance(value, list) else [value])})"
        elif op == "contains":
            return self.column(f"i.key {self.like()} {self.value('%' + escaped(str(value)) + '%')} ESCAPE '\\'", None)
        elif op == "starts":
            low, high = starting_with(str(value))
            test = f"i.key >= {self.value(low)}" + (f" AND i.key < {self.value(high)}" if high is not None else "")
        else:
            test = f"i.key {OPS[op]} {self.value(value)}"
        return self.column(test, None if op == "ne" else test.replace("i.", ""))

    def text(self, text: str, stream: str | None) -> Clause | None:
        texts = [name for name, spec in self.schema.streams.items() if spec.kind in CONTENTS]
        if stream is not None and stream not in texts:
            self.say(
                "text.stream",
                stream,
                f"one of {', '.join(texts)}" if texts else "a project with texts",
                "Name a stream whose content is text.",
            )
            return None
        wanted = text.lower()

        def verify(streams: str) -> bool:
            found = msgspec.json.decode(streams)
            chosen = [found.get(stream)] if stream is not None else [found.get(name) for name in texts]
            return any(isinstance(s, dict) and wanted in _words(s).lower() for s in chosen)

        piece = comparable(text)
        test = f"i.streams {self.like()} {self.value('%' + escaped(piece) + '%')} ESCAPE '\\'" if piece else "1 = 1"
        return Clause(test=test, values=self.values, verify=verify)

    def disagreement(self, condition: filters.Disagreement) -> Clause | None:
        op, value = OPS[condition.op], self.value(condition.value)
        if condition.field is None:
            test = f"i.disagreement {op} {value}"
            return self.column(
                f"i.disagreement IS NOT NULL AND {test}", f"disagreement IS NOT NULL AND {test.replace('i.', '')}"
            )
        if self.field(condition.field) is None:
            return None
        field = self.word("field", condition.field)
        rows = f"FROM disagreements d WHERE d.item = i.n AND d.field = {field} AND d.project = :project LIMIT 1"
        test = f"i.disagreement IS NOT NULL AND coalesce((SELECT d.distance {rows}), 0) {op} {value}"
        # Items that agree have no row, so only a question for those above something starts there.
        is_above = condition.op in ("gt", "ge") and condition.value > 0
        probe = f"SELECT item FROM disagreements WHERE project = :project AND field = {field} AND distance {op} {value}"
        return Clause(test=test, values=self.values, probe=probe if is_above else None)

    def column(self, test: str, probe: str | None) -> Clause:
        """A condition on the item's own row; `probe` is the same without the alias, where an index has it."""
        if probe is not None:
            probe = f"SELECT n AS item FROM items WHERE project = :project AND deleted_at IS NULL AND {probe}"
        return Clause(test=test, values=self.values, probe=probe)

    def field(self, name: str) -> Field | None:
        top, _, attribute = name.partition(".")
        field = self.schema.fields.get(top)
        if field is not None and attribute:
            found = [field.attributes, *(label.attributes for label in field.labels.values())]
            field = next((a[attribute] for a in found if attribute in a), None)
        if field is None or not field.searchable:
            names = ", ".join(key for key, f in self.schema.fields.items() if f.searchable)
            self.say("field", name, f"one of {names}", "Name a field of the schema that is searchable.")
            return None
        return field

    def has_field(self, name: str) -> bool:
        if name in self.schema.fields:
            return True
        self.say("field", name, f"one of {', '.join(self.schema.fields)}", "Name a field of the schema.")
        return False

    def author_key(self, author: str, path: str) -> int:
        rows = self.tx.run(
            "SELECT n FROM authors WHERE id = :id AND workspace = :workspace", id=author, workspace=self.workspace
        )
        if not rows:
            self.say(path, author, "the id of an author of this workspace", "Take it from the facets of the project.")
            return NOWHERE
        n: int = rows[0][0]
        return n

    def own(self, text: str) -> str:
        return self.word("own", text)

    def word(self, kind: WordKind, text: str) -> str:
        return self.value(known_words(self.tx, self.project, kind, [text]).get(text, NOWHERE))

    def list_of(self, values: Sequence[object]) -> str:
        return ", ".join(self.value(value) for value in values)

    def value(self, value: object) -> str:
        name = f"{self.prefix}{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def like(self) -> str:
        return "LIKE" if self.tx.is_sqlite else "ILIKE"

    def say(self, path: str, got: object, expected: str, do: str) -> None:
        self.problems.append(Problem(f"{self.path}.{path}", shown(got), expected, do))
