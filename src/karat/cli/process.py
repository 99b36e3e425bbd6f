"""One server process from start to end: what it says in the terminal, and what it fills a demo with."""

import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog
import uvicorn

import karat
from karat.cli.output import say
from karat.cli.welcome import SETUP, Welcome, first_owner, prepare, token_for_setup
from karat.demo import course, payday, records, schemas, story
from karat.sdk import Client
from karat.server.app import create_app
from karat.server.front import Front
from karat.server.observe import configure_logs
from karat.server.projects import actions as projects
from karat.server.projects.schemas import NewProject
from karat.server.settings import Settings
from karat.server.state import App

log = structlog.get_logger()

KEEP_ALIVE_S = 75
GRACE_S = 20


def run(settings: Settings, *, workspace: str, fill: bool, link_file: Path | None = None) -> None:
    """Serve until interrupted. `fill` puts the demo's two projects into an installation that has not had them.

    The first sign-in link goes to the terminal, or to `link_file`, which only its owner can read: a service's output is
    a log, and a link in a log would let its readers in.
    """
    configure_logs()
    # The database holds hashes of passwords: nobody else of this machine reads what the server writes.
    os.umask(0o077)
    started = time.monotonic()
    listening = _listen(settings)
    application = create_app(settings)

    def ready() -> None:
        app: App = application.api.state.app
        welcome = prepare(app.db, settings, workspace=workspace)
        filled = settings.data / "demo.filled"
        if fill and not filled.exists():
            say("Drawing the demo …")
            try:
                fill_demo(app, settings, welcome)
                filled.touch()
            except Exception as error:  # whatever it was, the server runs and must say where
                log.exception("demo.failed")
                say(f"The demo could not be drawn: {error}. The next start tries again; everything else works.")
        greet(settings, welcome, link_file, seconds=time.monotonic() - started)

    config = uvicorn.Config(
        application,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
        proxy_headers=False,  # the edge believes trusted proxies only
    )
    _Server(config, application, ready).run(sockets=[listening])


def greet(settings: Settings, welcome: Welcome, link_file: Path | None, *, seconds: float) -> None:
    """Where to go, and the link for the first time."""
    say(f"\nKarat {karat.__version__} is ready on {settings.base_url}  ({seconds:.1f} s)")
    if welcome.link and link_file:
        descriptor = os.open(link_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{welcome.link}\n")
        say(f"\n  The link for the first sign-in is in {link_file}; it works once, for an hour.\n")
    elif welcome.link:
        say(f"\n  First sign-in, works once, for an hour:\n  {welcome.link}\n")
    say("Ctrl+C stops it.")


def fill_demo(app: App, settings: Settings, welcome: Welcome) -> None:
    """Two projects, imported as anyone would import them."""
    token = token_for_setup(app.db, welcome.workspace)
    with (
        Client(f"http://127.0.0.1:{settings.port}{settings.prefix}", token=token) as client,
        tempfile.TemporaryDirectory() as folder,
    ):
        root = Path(folder)
        owner = app.db.read_now(first_owner, welcome.workspace)
        records.write_street(root / "street")
        records.write_messages(root / "messages")
        known = {row.title for row in client.projects()}
        for title, text, schema, source in (
            ("Street objects", "Boxes on drawn street scenes, three people each.", schemas.STREET, root / "street"),
            ("Shop messages", "Topic, tone and entities of messages to a shop.", schemas.MESSAGES, root / "messages"),
        ):
            if title in known:
                continue
            new = NewProject(title=title, description=text, schema_yaml=schema, overlap=3)
            begun = payday.then(app.db, payday.BEGAN, projects.create, owner, welcome.workspace, new)
            project = client.project(begun.id)
            project.update(policy=story.POLICY)
            project.import_from(source).wait()
            if schema is schemas.MESSAGES:
                payday.pay(app.db, project, welcome.workspace, owner)
                story.tell(project)
            project.set_slices(story.SLICES[schema is schemas.MESSAGES])
            project.refresh_reports().wait()
            project.compare_slices().wait()
            project.resolve().wait()
            if schema is schemas.MESSAGES:
                course.teach(client, project)
        # Its own comes last: it is the newest, and the list begins with that.
        for made in reversed([made for made in client.tokens() if made.name == SETUP]):
            client.revoke_token(made.id)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((settings.host, settings.port))
    return listening


class _Server(uvicorn.Server):
    """Calls `ready` from a thread of its own once requests are answered."""

    def __init__(self, config: uvicorn.Config, application: Front, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._application = application
        self._ready = ready

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams of events first: they would be waited for until the grace is over."""
        self._application.api.state.app.live.close()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer, then say so."""
        await super().startup(sockets)
        if self.started:
            threading.Thread(target=self._ready, name="karat-ready", daemon=True).start()
