"""Signing in and one's own account over HTTP."""

from litestar import Response, delete, get, patch, post, put
from litestar.types import ControllerRouterHandler

from karat.model.problem import Problem, Refused
from karat.server.access import Actor, in_person
from karat.server.database import Database
from karat.server.passwords import check_password
from karat.server.people import account, actions, group_routes, links, queries, sign_in, workspace_routes
from karat.server.people.schemas import (
    ChangeMe,
    ChangePassword,
    Code,
    Confirm,
    LinkState,
    Me,
    Session,
    SignIn,
    SpendLink,
    Totp,
)
from karat.server.state import App, Asked
from karat.server.wire import decode


@post("/session", opt={"public": True, "body": SignIn, "returns": Me})
async def start_session(request: Asked, body: bytes, app: App) -> Response[Me]:
    """Sign in. 401 of type `totp-required` asks for the code of the second factor."""
    return await sign_in.sign_in(app, sign_in.Visitor.of(request), decode(body, SignIn))


@delete("/session", opt={"right": "me.change"}, status_code=204)
async def end_session(request: Asked, actor: Actor, app: App) -> Response[None]:
    """Sign out."""
    await app.db.write(actions.end_session, actor, in_person(actor))
    app.sessions.forget()
    gone = sign_in.cookie(app, "", visitor=sign_in.Visitor.of(request))
    return Response(None, status_code=204, cookies=[gone])


@get("/links/{token:str}", opt={"public": True})
async def read_link(token: str, db: Database) -> LinkState:
    """What a link is for and whether it can still be used. Reading never spends it."""
    return await db.read(links.state, token)


@post("/links/{token:str}", opt={"public": True, "body": SpendLink, "returns": Me})
async def spend_link(token: str, request: Asked, body: bytes, app: App) -> Response[Me]:
    """Use a link: set a password or join, and be signed in. It works once."""
    actor = await app.sessions.actor_of(request.scope)
    return await sign_in.spend(app, sign_in.Visitor.of(request), token, decode(body, SpendLink), actor=actor)


@get("/me", opt={"right": "me.see"})
async def read_me(actor: Actor, db: Database) -> Me:
    """Who is signed in, and where they belong."""
    return await db.read(queries.me, actor)


@patch("/me", opt={"right": "me.change", "body": ChangeMe})
async def change_me(body: bytes, actor: Actor, app: App) -> Me:
    """Change one's own name or settings."""
    in_person(actor)
    me = await app.db.write(actions.change_me, actor, decode(body, ChangeMe))
    app.sessions.forget()
    return me


@post("/me/password", opt={"right": "me.change", "body": ChangePassword}, status_code=204)
async def change_password(body: bytes, actor: Actor, app: App) -> None:
    """Change one's own password; every other session ends, and every API token with `revoke_tokens`."""
    in_person(actor)
    given = decode(body, ChangePassword)
    await _confirm(app, actor, given.current, path="current")
    check_password(given.new, email=actor.email, path="new")
    hashed = await app.passwords.hash(given.new)
    await app.db.write(account.set_password, actor, hashed, revokes_tokens=given.revoke_tokens)
    app.sessions.forget()


@get("/me/sessions", opt={"right": "me.change"})
async def list_sessions(actor: Actor, db: Database) -> list[Session]:
    """Where one is signed in."""
    in_person(actor)
    return await db.read(queries.sessions, actor)


@delete("/me/sessions/{session:str}", opt={"right": "me.change"}, status_code=204)
async def end_one_session(session: str, actor: Actor, app: App) -> None:
    """Sign out another browser of one's own."""
    in_person(actor)
    await app.db.write(actions.end_session, actor, session)
    app.sessions.forget()


@post("/me/totp", opt={"right": "me.change", "secret": True}, status_code=200)
async def begin_totp(actor: Actor, db: Database) -> Totp:
    """Begin to set up a second factor; it counts once a code was confirmed."""
    in_person(actor)
    return await db.write(account.begin_totp, actor)


@put("/me/totp", opt={"right": "me.change", "body": Code}, status_code=204)
async def confirm_totp(body: bytes, actor: Actor, db: Database) -> None:
    """Turn the second factor on with a code of it."""
    in_person(actor)
    await db.write(account.confirm_totp, actor, decode(body, Code).code)


@delete("/me/totp", opt={"right": "me.change", "body": Confirm}, status_code=204)
async def end_totp(body: bytes, actor: Actor, app: App) -> None:
    """Take the second factor away, with the password."""
    in_person(actor)
    await _confirm(app, actor, decode(body, Confirm).password, path="password")
    await app.db.write(account.end_totp, actor)


async def _confirm(app: App, actor: Actor, password: str, *, path: str) -> None:
    """The password asked again, slowed down like signing in."""
    app.throttle.attempt(actor.address, actor.email)
    hashed = (await app.db.read(queries.account_of, actor.login)).password
    if not await app.passwords.verify(password, hashed):
        problem = Problem(
            path, "not the password", "the password that holds now", "Check it; an owner can make a reset link."
        )
        raise Refused([problem], title="The password is wrong")
    app.throttle.succeeded(actor.address, actor.email)


ROUTES: list[ControllerRouterHandler] = [
    start_session,
    end_session,
    read_link,
    spend_link,
    read_me,
    change_me,
    change_password,
    list_sessions,
    end_one_session,
    begin_totp,
    confirm_totp,
    end_totp,
    *workspace_routes.ROUTES,
    *group_routes.ROUTES,
]
