"""Panels that a project brings itself: kept by their hash, and sent as a document in which they can reach nothing.

The document runs in an opaque origin, by the `sandbox` of its own policy as much as by that of the frame: it has no cookie,
no storage and no way to the page around it but messages. Its policy names the hashes of the two scripts that may run, so
that neither can load another, and allows no connection of any kind.
"""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

import msgspec

from karat.model.problem import Problem, Refused
from karat.model.schema import Schema
from karat.server.access import Actor, Scope, enter_project, missing
from karat.server.database import Tx
from karat.server.projects import queries, rows, uses

MAX_PANEL_BYTES = 1_000_000
PRELUDE = (Path(__file__).parent / "panel.js").read_text("utf-8")
STYLE = (Path(__file__).parent / "panel.css").read_text("utf-8")
# What would end the element that the module stands in, or let the one behind it be read as part of it.
ENDS_SCRIPT = re.compile(r"</script|<script|<!--", re.IGNORECASE)


class PanelFile(msgspec.Struct, frozen=True):
    """An uploaded panel. `module` is what the schema names: its SHA-256 after line ends became U+000A.

    `size` is in bytes; `used_by` are the places of the schema in force that show it.
    """

    module: str
    size: int
    at: str
    used_by: tuple[str, ...] = ()


class Frame(msgspec.Struct, frozen=True):
    """The document of a panel and the policy it is sent with."""

    body: str
    policy: str


def add(tx: Tx, actor: Actor, project: str, body: bytes) -> PanelFile:
    """Keep a panel. The same file again changes nothing."""
    scope = enter_project(tx, actor, "project.change", project=project)
    content = _checked(body)
    size, module = len(content.encode()), hashlib.sha256(content.encode()).hexdigest()
    known = tx.run(
        "SELECT at FROM resources WHERE project = :p AND kind = 'panel' AND name = :name", p=scope.project, name=module
    )
    if known:
        return PanelFile(module, size, known[0][0], _uses(tx, scope, module))
    now = tx.now()
    tx.put(
        "INSERT INTO resources (project, kind, name, content, size, by, at)"
        " VALUES (:p, 'panel', :name, :content, :size, :by, :at)",
        p=scope.project,
        name=module,
        content=content,
        size=size,
        by=actor.login,
        at=now,
    )
    rows.audit(tx, scope, "panel.added", module=module, size=size)
    return PanelFile(module, size, now)


def listed(tx: Tx, scope: Scope) -> list[PanelFile]:
    """The panels of a project, the last uploaded first."""
    found = tx.run(
        "SELECT name, size, at FROM resources WHERE project = :p AND kind = 'panel' ORDER BY at DESC, name",
        p=scope.project,
    )
    _, schema = queries.schema_of(tx, scope.project)
    return [PanelFile(module, size, at, uses.of_panel(schema, module)) for module, size, at in found]


def remove(tx: Tx, actor: Actor, project: str, module: str) -> PanelFile:
    """Forget a panel that the schema in force does not show. Older versions of the schema show nothing in its place."""
    scope = enter_project(tx, actor, "project.change", project=project)
    uses.refuse_used(module, _uses(tx, scope, module))
    gone = tx.run(
        "DELETE FROM resources WHERE project = :p AND kind = 'panel' AND name = :name RETURNING size, at",
        p=scope.project,
        name=module,
    )
    if not gone:
        raise missing("panel", module)
    rows.audit(tx, scope, "panel.removed", module=module)
    return PanelFile(module, *gone[0])


def frame(tx: Tx, scope: Scope, module: str) -> Frame:
    """The document in which a panel of the project runs."""
    found = tx.run(
        "SELECT content FROM resources WHERE project = :p AND kind = 'panel' AND name = :name",
        p=scope.project,
        name=module,
    )
    if not found:
        raise missing("panel", module)
    return document(found[0][0])


@lru_cache(maxsize=64)
def document(content: str) -> Frame:
    """The page around a module, which stands in it word for word."""
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f"<title>Panel</title><style>{STYLE}</style><script>{PRELUDE}</script></head>"
        f'<body><script type="module">{content}</script></body></html>'
    )
    return Frame(body, policy_of(PRELUDE, content))


def policy_of(*scripts: str) -> str:
    """The policy under which these scripts run, and nothing else: no connection, no frame, no form, no origin."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:;"
        " media-src data: blob:; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
        " sandbox allow-scripts"
    )


def refuse_unknown(tx: Tx, project: int, schema: Schema) -> None:
    """A schema names only panels that were uploaded to its project."""
    wrong = [
        Problem(
            f"panels.{panel.key}.module",
            panel.module,
            "a panel that was uploaded to this project",
            "Upload the file first; a new project is made without the panel, which is then added to its schema.",
        )
        for panel in schema.panels.values()
        if not tx.run(
            "SELECT 1 FROM resources WHERE project = :p AND kind = 'panel' AND name = :name",
            p=project,
            name=panel.module,
        )
    ]
    if wrong:
        raise Refused(wrong, title="The schema names a panel that is not there")


def copy(tx: Tx, scope: Scope, source: int) -> None:
    """The panels of another project, for its clone."""
    tx.run(
        "INSERT INTO resources (project, kind, name, content, size, by, at)"
        " SELECT :p, kind, name, content, size, :by, :at FROM resources WHERE project = :source",
        p=scope.project,
        source=source,
        by=scope.actor.login,
        at=tx.now(),
    )


def _uses(tx: Tx, scope: Scope, module: str) -> tuple[str, ...]:
    return uses.of_panel(queries.schema_of(tx, scope.project)[1], module)


def _checked(body: bytes) -> str:
    if len(body) > MAX_PANEL_BYTES:
        problem = Problem("body", f"{len(body)} bytes", f"at most {MAX_PANEL_BYTES}", "Minify it, or leave parts out.")
        raise Refused([problem], status=413, title="The panel is too large")
    try:
        content = body.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        problem = Problem("body", f"byte {error.start}", "JavaScript in UTF-8", "Save the module as UTF-8.")
        raise Refused([problem], title="The panel cannot be read") from None
    ends = ENDS_SCRIPT.search(content)
    if ends or "\x00" in content or not content.strip():
        got = ends.group() if ends else "U+0000" if "\x00" in content else "nothing"
        do = r"Write such text otherwise, e.g. `<\/script`, `<\script` or `<\!--` in a string."
        raise Refused([Problem("body", got, "a module that can stand in a page", do)], title="The panel cannot be used")
    return content
