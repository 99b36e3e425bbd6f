"""A real server, a real Chrome, and people signed in: what every browser test starts from.

    def test_something(house, watched):
        ann = house.join("Ann")
        page = house.open(ann, f"/p/{project.id}/label")

`house` is a server with an empty data folder that `karat serve` started, one for each file of tests. It can be killed and
started again on its port and data. `watched` collects what no page may do: write to the console, ask and be refused, or
speak to anybody but this server.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from karat.sdk import Client
from karat.testing.server import free_port

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The product works offline: whatever is not on this machine does not exist.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SIZE = {"width": 1440, "height": 900}
PASSWORD = "a long enough password"
# Generous, since other tests may keep the machine busy; nothing waits longer than it must.
PATIENCE_MS = int(os.environ.get("KARAT_PATIENCE_MS", "45000"))
START_S = 180.0
DATA = Path(os.environ.get("KARAT_DATA") or Path(__file__).parents[3] / "shared" / "data")

expect.set_options(timeout=PATIENCE_MS)

OPEN: list[BrowserContext] = []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """What a failed test left on its screens is told beside it, and goes to $KARAT_SCREENSHOTS as pictures."""
    outcome = yield
    folder = os.environ.get("KARAT_SCREENSHOTS")
    report = outcome.get_result()
    if call.when == "call" and report.failed:
        for number, page in enumerate(page for context in OPEN for page in context.pages):
            # A page that hangs must not hide why the test failed.
            try:
                report.sections.append(
                    (f"screen {number}: {page.url}", page.locator("body").aria_snapshot(timeout=5000))
                )
                if folder:
                    page.screenshot(path=str(Path(folder) / f"failed-{item.name[:60]}-{number}.png"), timeout=5000)
            except PlaywrightError as error:
                report.sections.append((f"screen {number} could not be read", str(error)))


@dataclass
class Person:
    """Somebody who has joined, with the cookie of a session."""

    name: str
    email: str
    cookie: str
    id: str


@dataclass
class House:
    """A server process and who lives in it."""

    data: Path
    browser: Browser
    command: str = "serve"
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    owner: Person | None = None
    client: Client | None = None
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """What the server has written to its terminal."""
        return (self.data.parent / "terminal.txt").read_text("utf-8")

    def start(self) -> "House":
        self.data.parent.mkdir(parents=True, exist_ok=True)
        command = [
            str(Path(sys.executable).with_name("karat")),
            self.command,
            "--data",
            str(self.data),
            "--port",
            str(self.port),
        ]
        with (self.data.parent / "terminal.txt").open("wb") as terminal:
            # Programs of this machine may be told by webhooks: a test listens as one.
            env = {**os.environ, "KARAT_IMPORT_HOSTS": "http://127.0.0.1"}
            self.process = subprocess.Popen(command, stdout=terminal, stderr=subprocess.STDOUT, env=env)
        self._until(lambda: "Ctrl+C stops it." in self.said)
        return self

    def kill(self) -> None:
        """Ends it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)
        if self.client is not None:
            self.client.close()

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _until(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + START_S
        while not holds():
            if self.process is None or self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{self.said}")
            try:
                urlopen(f"{self.url}/healthz", timeout=0.2).close()
            except (URLError, OSError):
                time.sleep(0.05)

    @property
    def link(self) -> str:
        """The one-time link that the terminal shows."""
        found = re.search(r"http://127\.0\.0\.1:\d+/links/\S+", self.said)
        assert found, self.said
        return found.group()

    def claim(self) -> "House":
        """The owner signs in by the link of the terminal, and gets a client."""
        self.owner = self.spend(self.link, "Olu Adeyemi", "olu@example.com")
        with self._http(self.owner.cookie) as http:
            workspace = http.get("/me").json()["workspaces"][0]["id"]
            made = http.post(
                f"/workspaces/{workspace}/tokens",
                json={"name": "tests", "scopes": ["read", "write", "admin"], "expires_days": 1},
            )
        self.client = Client(self.url, token=made.json()["token"])
        return self

    def join(self, name: str, role: str = "annotator") -> Person:
        """A new person, by an invitation."""
        return self.spend(self.client.invite(role=role).url, name, f"{name.split()[0].lower()}@example.com")

    def spend(self, link: str, name: str, email: str) -> Person:
        """Somebody who comes in by a link and sets a password."""
        with self._http() as http:
            answer = http.post(
                f"/links/{link.rsplit('/', 1)[1]}", json={"name": name, "email": email, "password": PASSWORD}
            )
            assert answer.status_code < 300, answer.text
            return Person(name, email, http.cookies["karat_session"], answer.json()["id"])

    def _http(self, cookie: str | None = None) -> httpx.Client:
        cookies = {"karat_session": cookie} if cookie else {}
        return httpx.Client(
            base_url=f"{self.url}/api/v1", headers={"Origin": self.url}, cookies=cookies, trust_env=False, timeout=60
        )

    def asks(self, person: Person) -> httpx.Client:
        """The API as this person."""
        return self._http(person.cookie)

    def context(self, person: Person | None = None, **options) -> BrowserContext:
        """A browser of one's own, signed in."""
        made = self.browser.new_context(base_url=self.url, viewport=SIZE, **options)
        made.set_default_timeout(PATIENCE_MS)
        made.set_default_navigation_timeout(PATIENCE_MS)
        if person:
            made.add_cookies(
                [
                    {
                        "name": "karat_session",
                        "value": person.cookie,
                        "url": self.url,
                        "httpOnly": True,
                        "sameSite": "Lax",
                    }
                ]
            )
        self.contexts.append(made)
        OPEN.append(made)
        return made

    def open(self, person: Person | None, path: str, **options) -> Page:
        """A page in a browser of one's own."""
        page = self.context(person, **options).new_page()
        page.goto(path)
        return page

    def leave(self) -> None:
        """Closes the windows that a test opened."""
        for context in self.contexts:
            context.close()
            OPEN.remove(context)
        self.contexts.clear()


@dataclass
class Watch:
    """What pages did that no page may do."""

    complaints: list[str] = field(default_factory=list)

    def page(self, page: Page, *, allowed: str = r"$^") -> Page:
        """From now on writes down errors of this page, but for those that `allowed` fits."""
        may = re.compile(allowed)

        def complain(text: str) -> None:
            if not may.search(text):
                self.complaints.append(text)

        page.on(
            "console",
            lambda said: (
                complain(f"console {said.type}: {said.text} {said.location.get('url', '')}")
                if said.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda error: complain(f"page error: {error}"))
        page.on(
            "requestfailed",
            lambda asked: (
                complain(f"failed: {asked.method} {asked.url} {asked.failure}")
                if asked.failure != "net::ERR_ABORTED"
                else None
            ),
        )
        page.on(
            "response",
            lambda got: complain(f"{got.status}: {got.request.method} {got.url}") if got.status >= 400 else None,
        )
        page.on(
            "request",
            lambda asked: (
                complain(f"foreign: {asked.url}")
                if not re.match(r"(http://127\.0\.0\.1:\d+/|data:|blob:)", asked.url)
                else None
            ),
        )
        return page

    def check(self) -> None:
        assert not self.complaints, "\n".join(self.complaints)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The Chrome that `make test` found."""
    path = os.environ.get("KARAT_CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("no Chrome was found; set KARAT_CHROME to one, or run `make test`, which finds or installs it")
    opened = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def new_house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server that nobody has signed in to yet, for the tests of one file."""
    house = House(tmp_path_factory.mktemp("karat") / "data", browser).start()
    yield house
    house.leave()
    house.stop()


@pytest.fixture(scope="module")
def settled(new_house: House) -> House:
    return new_house.claim()


@pytest.fixture
def house(settled: House) -> Iterator[House]:
    """A server with its owner; the windows of a test are closed behind it."""
    yield settled
    settled.leave()


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """`karat demo` with its owner signed in."""
    house = House(tmp_path_factory.mktemp("demo") / "data", browser, command="demo").start().claim()
    yield house
    house.leave()
    house.stop()


@pytest.fixture
def watched() -> Iterator[Watch]:
    """Fails the test at its end if a page did what no page may do."""
    watch = Watch()
    yield watch
    watch.check()


@pytest.fixture
def pictures() -> Callable[[Page, str], None]:
    """Keeps a screenshot in $KARAT_SCREENSHOTS, if that is set: to be looked at by people."""
    folder = os.environ.get("KARAT_SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return keep


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """A file or folder of the real data; a test skips where it is absent."""

    def find(name: str) -> Path:
        if not (DATA / name).exists():
            pytest.skip(f"the real data {name} is not in {DATA}; set KARAT_DATA to where it is")
        return DATA / name

    return find


@pytest.fixture
def surface() -> Callable[[Page], Locator]:
    """The picture or text on the labeling screen, when it is there."""

    def find(page: Page) -> Locator:
        shown = page.locator('[data-panel="surface"] [tabindex="0"]').first
        expect(shown).to_be_visible()
        expect(page.locator('[data-panel="surface"] .waiting')).to_have_count(0)
        return shown

    return find
