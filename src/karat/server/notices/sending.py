"""Sending what waits: e-mail over SMTP, and events to the addresses that asked for them. Both are tried again for days."""

import asyncio
import datetime as dt
import hashlib
import hmac
import smtplib
import ssl
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import httpx
import structlog

from karat.model.ids import stamp
from karat.model.problem import Refused
from karat.server.database import Database, Tx
from karat.server.media.fetching import web_client
from karat.server.media.places import Places
from karat.server.settings import Settings

log = structlog.get_logger()
GATHER_S = 60
"""Notices of so long come in one e-mail."""
DAILY_HOUR = 6
"""Hour of the day, UTC, at which a day's notices are sent."""
MOST_TRIES = 8
FIRST_WAIT_S = 30
AT_ONCE = 20
LEASE_S = 120
SMTP_TIMEOUT_S = 20
WORDS = {
    "mention": "You were named in a thread",
    "answer": "Your question was answered",
    "ruling": "Your question was ruled",
    "question": "A question was asked",
    "sent-back": "An answer of yours was sent back",
    "appeal": "A verdict was appealed",
    "appeal-decided": "Your appeal was decided",
    "guideline": "A guideline has changed",
    "acted": "Something was done about your work; here is why",
    "acted-undone": "What was done about your work was undone",
    "rule-acted": "A rule has acted",
    "given": "Items were given to you",
    "late": "The deadline of items that you gave out has passed",
    "course": "Where you stand in the course has changed",
    "pay": "A pay period was closed: your line is there",
    "pay-contest": "A pay line was contested",
    "pay-decided": "What you said against your pay was decided",
    "budget": "The forecast of a project is over its budget",
    "board-asked": "A report of fairness waits for you to sign it, or to waive",
    "board-blocked": "Items wait to be accepted until the board has spoken",
    "board-opened": "Items are accepted again",
    "board-short": "The board has too few people left to sign",
    "job-done": "A job of yours is done",
    "job-failed": "A job of yours has failed",
}


class Parcel(NamedTuple):
    """An event that is due at an address."""

    n: int
    id: str
    url: str
    secret: str
    name: str
    body: str
    tries: int


class Letter(NamedTuple):
    """The notices that are due to one person."""

    notices: list[int]
    email: str
    lines: list[str]
    tries: int


class Sender:
    """What one process sends, in threads of its own."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings

    async def step(self, holder: str) -> None:
        """Send what is due. `holder` names this process in the log."""
        if await self._db.read(is_due):
            for parcel in await self._db.write(take_parcels):
                status, error = await asyncio.to_thread(self.post, parcel)
                await self._db.write(posted, parcel, status, error)
                if error:
                    log.info("webhook.failed", delivery=parcel.id, error=error, process=holder)
        can_mail = bool(self._settings.smtp)
        if can_mail and await self._db.read(is_mail_due):
            for letter in await self._db.write(take_letters):
                error = await asyncio.to_thread(self.mail, letter)
                await self._db.write(mailed, letter, error)
                if error:
                    log.warning("mail.failed", error=error, process=holder)

    def post(self, parcel: Parcel) -> tuple[int | None, str]:
        """Send an event to its address, signed; (status, what went wrong or empty)."""
        at = stamp(dt.datetime.now(dt.UTC))
        headers = {
            "content-type": "application/json",
            "karat-id": parcel.id,
            "karat-event": parcel.name,
            "karat-timestamp": at,
            "karat-signature": f"v1={signature(parcel.secret, at, parcel.id, parcel.body)}",
        }
        try:
            # The same network as imports use: an address is checked after its name was resolved, and no redirect followed.
            with web_client(Places(hosts=self._settings.import_hosts)) as client:
                answer = client.post(parcel.url, content=parcel.body.encode(), headers=headers)
        except (httpx.HTTPError, Refused) as error:
            return None, f"{type(error).__name__}: {error}"[:300]
        return answer.status_code, "" if answer.is_success else f"answered {answer.status_code}"

    def mail(self, letter: Letter) -> str:
        """Send a letter; what went wrong, or empty."""
        message = EmailMessage()
        message["Subject"] = "Karat: 1 notice" if len(letter.lines) == 1 else f"Karat: {len(letter.lines)} notices"
        message["From"] = self._settings.smtp_from
        message["To"] = letter.email
        message["Auto-Submitted"] = "auto-generated"
        base = self._settings.base_url
        message.set_content(
            "\n".join([*letter.lines, "", f"{base}/notices", "", f"Change what you get: {base}/notices"])
        )
        try:
            with connected(self._settings.smtp) as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            return f"{type(error).__name__}: {error}"[:300]
        return ""


def signature(secret: str, at: str, id_: str, body: str) -> str:
    """HMAC-SHA256 over time, id and body, in hexadecimal: whoever knows the secret can tell that it is ours, and when."""
    return hmac.new(secret.encode(), f"{at}.{id_}.{body}".encode(), hashlib.sha256).hexdigest()


def connected(address: str) -> smtplib.SMTP:
    """A connection to `smtp://user:password@host:587` (with STARTTLS), `smtps://…:465`, or `smtp+plain://…` without."""
    parts = urlsplit(address)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        tls = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SMTP_TIMEOUT_S, context=tls)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=SMTP_TIMEOUT_S)
        if parts.scheme == "smtp":
            server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def due_at(mail: str, now: dt.datetime) -> str | None:
    """When a notice that is made now is sent by e-mail; None where it is not."""
    if mail == "each":
        return stamp(now + dt.timedelta(seconds=GATHER_S))
    if mail == "daily":
        day = now.replace(hour=DAILY_HOUR, minute=0, second=0, microsecond=0)
        return stamp(day if day > now else day + dt.timedelta(days=1))
    return None


_DUE = (
    "FROM deliveries d JOIN webhooks h ON h.n = d.webhook WHERE d.state = 'waiting' AND d.next_at <= :now AND h.active"
)
"""What waits for an address that is switched off is kept, and due once it is on again."""


def is_due(tx: Tx) -> bool:
    """Whether an event is due at an address."""
    return bool(tx.run(f"SELECT 1 {_DUE} LIMIT 1", now=tx.now()))


def take_parcels(tx: Tx) -> list[Parcel]:
    """Events that are due, kept from other processes for a while."""
    locked = "" if tx.is_sqlite else " FOR UPDATE OF d SKIP LOCKED"
    rows = tx.run(
        f"SELECT d.n {_DUE} ORDER BY d.next_at LIMIT :limit{locked}",
        now=tx.now(),
        limit=AT_ONCE,
    )
    until = stamp(tx.clock.now() + dt.timedelta(seconds=LEASE_S))
    found: list[Parcel] = []
    for (n,) in rows:
        tx.run("UPDATE deliveries SET next_at = :until WHERE n = :n", until=until, n=n)
        found += [
            Parcel(*row)
            for row in tx.run(
                "SELECT d.n, d.id, h.url, h.secret, d.name, d.body, d.tries FROM deliveries d JOIN webhooks h ON h.n = d.webhook"
                " WHERE d.n = :n",
                n=n,
            )
        ]
    return found


def posted(tx: Tx, parcel: Parcel, status: int | None, error: str) -> None:
    """Write down what came of it, and when it is tried again."""
    tries = parcel.tries + 1
    state = "sent" if not error else "failed" if tries >= MOST_TRIES else "waiting"
    tx.run(
        "UPDATE deliveries SET state = :state, tries = :tries, status = :status, error = :error, next_at = :next WHERE n = :n",
        state=state,
        tries=tries,
        status=status,
        error=error,
        next=_again(tx, tries),
        n=parcel.n,
    )


def is_mail_due(tx: Tx) -> bool:
    """Whether an e-mail is due."""
    return bool(tx.run("SELECT 1 FROM notices WHERE mail = 'waiting' AND mail_at <= :now LIMIT 1", now=tx.now()))


def take_letters(tx: Tx) -> list[Letter]:
    """What is due, person by person; a person's address stands in their account."""
    rows = tx.run(
        "SELECT o.n, o.login, o.name, o.tries, l.email, p.title FROM notices o JOIN logins l ON l.n = o.login"
        " LEFT JOIN projects p ON p.n = o.project WHERE o.mail = 'waiting' AND o.mail_at <= :now ORDER BY o.n LIMIT 500",
        now=tx.now(),
    )
    until = stamp(tx.clock.now() + dt.timedelta(seconds=LEASE_S))
    tx.many("UPDATE notices SET mail_at = :until WHERE n = :n", [{"n": row[0], "until": until} for row in rows])
    found: dict[int, Letter] = {}
    for n, login, name, tries, email, title in rows:
        letter = found.setdefault(login, Letter([], email, [], tries))
        letter.notices.append(n)
        letter.lines.append(f"{WORDS.get(name, name)}{f' ({title})' if title else ''}.")
    return list(found.values())


def mailed(tx: Tx, letter: Letter, error: str) -> None:
    """Write down what came of it."""
    tries = letter.tries + 1
    state = "sent" if not error else "failed" if tries >= MOST_TRIES else "waiting"
    tx.many(
        "UPDATE notices SET mail = :state, tries = :tries, mail_at = :next WHERE n = :n",
        [{"n": n, "state": state, "tries": tries, "next": _again(tx, tries)} for n in letter.notices],
    )


def _again(tx: Tx, tries: int) -> str:
    """Half a minute, two, eight … up to some days."""
    return stamp(tx.clock.now() + dt.timedelta(seconds=FIRST_WAIT_S * 4 ** (tries - 1)))
