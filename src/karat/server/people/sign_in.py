"""How somebody comes in: the checks of signing in and of links, in the order that tells a guesser nothing."""

from dataclasses import dataclass

from litestar import Response
from litestar.datastructures import Cookie

from karat.model.problem import Problem, Refused
from karat.server.access import Actor
from karat.server.database import Tx
from karat.server.passwords import check_password
from karat.server.people import account, actions, links, queries
from karat.server.people.schemas import Me, SignIn, SpendLink
from karat.server.session import COOKIE
from karat.server.state import App, Asked


class CodeNeeded(Refused):
    """401 of a type that tells the page to ask for the second factor."""

    type = "totp-required"


@dataclass(frozen=True)
class Visitor:
    """The browser that somebody comes in with."""

    address: str
    agent: str
    is_https: bool

    @classmethod
    def of(cls, request: Asked) -> "Visitor":
        """Who asks, as the edge saw them."""
        client = request.scope.get("client")
        address = client[0] if client else ""
        return cls(address, request.headers.get("user-agent", ""), request.scope["scheme"] == "https")


async def sign_in(app: App, visitor: Visitor, given: SignIn) -> Response[Me]:
    """Check an email, a password and a code, and start a session."""
    login = await check(app, visitor, given)
    return await enter(app, visitor, login)


async def check(app: App, visitor: Visitor, given: SignIn) -> int:
    """The account that email, password and code belong to."""
    app.throttle.attempt(visitor.address, given.email)
    found = await app.db.read(queries.account, given.email)
    # The same work is done for an account that does not exist, or time would tell which do.
    right = await app.passwords.verify(given.password, found.password if found else None)
    if not right or found is None:
        if found is not None:
            # Not awaited: an answer that takes a commit longer would tell that there is an account.
            app.sessions.behind(
                app.db.write(
                    actions.note_everywhere, "session.failed", found.login, address=visitor.address, why="password"
                )
            )
        raise wrong_password()
    if found.totp is not None:
        await _check_code(app, visitor, found.login, given)
    if not await app.db.read(queries.is_member_somewhere, found.login):
        problem = Problem(
            "session", "a membership that was ended", "an active membership", "Ask an owner of the workspace."
        )
        raise Refused([problem], status=403, title="This account is not active")
    app.throttle.succeeded(visitor.address, given.email)
    return found.login


async def spend(app: App, visitor: Visitor, secret: str, given: SpendLink, *, actor: Actor | None) -> Response[Me]:
    """Use a link and start a session."""
    link = await app.db.read(_open_link, secret)
    if link.purpose != "invite":
        stored = await app.db.read(_email_of, link.login)
        password = await _new_password(app, given, email=given.email or stored)
        login = await app.db.write(links.spend_for_account, secret, given, password=password, address=visitor.address)
    else:
        login = await _join(app, visitor, secret, link, given, actor=actor)
    app.sessions.forget()
    return await enter(app, visitor, login)


async def enter(app: App, visitor: Visitor, login: int) -> Response[Me]:
    """A session's cookie and who it is for."""
    secret = await app.db.write(
        actions.start_session, login, agent=visitor.agent, address=visitor.address, days=app.settings.session_days
    )
    me = await app.db.read(lambda tx: queries.me(tx, queries.as_actor(tx, login)))
    return Response(me, status_code=201, cookies=[cookie(app, secret, visitor=visitor)])


def cookie(app: App, secret: str, *, visitor: Visitor) -> Cookie:
    """The session's cookie: never readable by scripts, not sent from other sites' forms, encrypted but on loopback."""
    return Cookie(
        COOKIE,
        value=secret,
        path=app.settings.prefix or "/",
        max_age=app.settings.session_days * 86400 if secret else 0,
        httponly=True,
        samesite="lax",
        secure=visitor.is_https,
    )


def wrong_password() -> Refused:
    """401 that does not say which of the two was wrong."""
    problem = Problem(
        "password",
        "an email and password that do not belong together",
        "those of an account",
        "Check both; an owner can make a reset link.",
    )
    return Refused([problem], status=401, title="The email or the password is wrong")


async def _join(
    app: App, visitor: Visitor, secret: str, link: links.Link, given: SpendLink, *, actor: Actor | None
) -> int:
    email = _invited_email(link, given, actor)
    if actor is not None and actor.session and given.password is None and actor.email == email:
        return await app.db.write(links.spend_invite, secret, login=actor.login, new=None, address=visitor.address)
    if await app.db.read(queries.account, email):
        try:
            login = await check(app, visitor, SignIn(email, given.password or "", given.code))
        except Refused as refused:
            raise _not_signed_out(refused) from None
        return await app.db.write(links.spend_invite, secret, login=login, new=None, address=visitor.address)
    # Counted like a sign-in: whoever holds an invite could else ask without end which addresses have no account.
    app.throttle.attempt(visitor.address, email)
    if not given.name:
        problem = Problem("name", "null", "the name that others will see", "Write your name.")
        raise Refused([problem])
    password = await _new_password(app, given, email=email)
    joined = await app.db.write(
        links.spend_invite, secret, login=None, new=(email, given.name, password), address=visitor.address
    )
    app.throttle.succeeded(visitor.address, email)
    return joined


def _invited_email(link: links.Link, given: SpendLink, actor: Actor | None) -> str:
    mine = actor.email if actor is not None and given.password is None else None
    email = (given.email or link.email or mine or "").strip().lower()
    if not email:
        problem = Problem("email", "null", "an email address", "Write the address to sign in with.")
        raise Refused([problem])
    if link.email and email != link.email:
        problem = Problem("email", email, link.email, "This invite is for that address only.")
        raise Refused([problem])
    return email


async def _new_password(app: App, given: SpendLink, *, email: str) -> str:
    check_password(given.password or "", email=email)
    return await app.passwords.hash(given.password or "")


async def _check_code(app: App, visitor: Visitor, login: int, given: SignIn) -> None:
    if not given.code:
        # The password was right: asking for the code is no failed attempt.
        app.throttle.forgive(visitor.address, given.email)
        problem = Problem("code", "null", "the six digits of the second factor", "Send them as `code`.")
        raise CodeNeeded([problem], status=401, title="A code is needed")
    if not await app.db.write(account.use_code, login, given.code):
        await app.db.write(actions.note_everywhere, "session.failed", login, address=visitor.address, why="code")
        problem = Problem(
            "code", "a code that does not hold", "the six digits that are shown now", "Wait for the next code."
        )
        raise CodeNeeded([problem], status=401, title="The code is wrong or was used")


def _not_signed_out(refused: Refused) -> Refused:
    """Joining with a wrong password is a mistake in the form: 401 would say that a session ended."""
    if refused.status != 401 or isinstance(refused, CodeNeeded):
        return refused
    return Refused(refused.problems, title="There is an account with this email, and this is not its password")


def _open_link(tx: Tx, secret: str) -> links.Link:
    link = links.find(tx, secret)
    links.refuse_closed(link, tx.now())
    return link


def _email_of(tx: Tx, login: int | None) -> str:
    return queries.as_actor(tx, login).email if login is not None else ""
