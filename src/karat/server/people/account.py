"""A person's own password and second factor."""

import hmac
import time

import pyotp

from karat.model.problem import Problem, Refused
from karat.server.access import Actor
from karat.server.database import Tx
from karat.server.people import queries, tokens
from karat.server.people.actions import end_links_to, end_sessions, note_everywhere
from karat.server.people.schemas import Totp

STEP_S = 30
# A code may come one step early or late: clocks differ, and typing takes time.
STEPS_OFF = 1


def set_password(tx: Tx, actor: Actor, hashed: str, *, revokes_tokens: bool) -> None:
    """Change the password; every other session and every open reset link ends, and the tokens where that was asked for."""
    tx.run("UPDATE logins SET password = :hash WHERE n = :n", hash=hashed, n=actor.login)
    end_sessions(tx, actor.login, keep=actor.session)
    end_links_to(tx, actor.login)
    if revokes_tokens:
        tokens.revoke_all(tx, actor.login, actor=actor, why="password")
    note_everywhere(tx, "password.changed", actor.login, actor=actor)


def begin_totp(tx: Tx, actor: Actor) -> Totp:
    """A new secret, which counts once a code of it was confirmed."""
    if queries.account_of(tx, actor.login).totp is not None:
        problem = Problem("totp", "on", "off", "Take the second factor away first.")
        raise Refused([problem], status=409, title="A second factor is set up already")
    secret = pyotp.random_base32()
    tx.run("UPDATE logins SET totp_pending = :secret WHERE n = :n", secret=secret, n=actor.login)
    return Totp(secret, pyotp.TOTP(secret).provisioning_uri(name=actor.email, issuer_name="Karat"))


def confirm_totp(tx: Tx, actor: Actor, code: str) -> None:
    """Turn the second factor on with the first code from the authenticator."""
    pending = tx.run("SELECT totp_pending FROM logins WHERE n = :n", n=actor.login)[0][0]
    step = matching_step(pending, code, at=tx.clock.now().timestamp()) if pending else None
    if step is None:
        raise wrong_code()
    tx.run(
        "UPDATE logins SET totp = totp_pending, totp_pending = NULL, totp_used = :step WHERE n = :n",
        step=step,
        n=actor.login,
    )
    note_everywhere(tx, "totp.on", actor.login, actor=actor)


def end_totp(tx: Tx, actor: Actor) -> None:
    """Take the second factor away."""
    tx.run("UPDATE logins SET totp = NULL, totp_pending = NULL, totp_used = NULL WHERE n = :n", n=actor.login)
    note_everywhere(tx, "totp.off", actor.login, actor=actor)


def use_code(tx: Tx, login: int, code: str) -> bool:
    """Whether a code is right now and was not used before; it is used from here on."""
    account = queries.account_of(tx, login)
    step = matching_step(account.totp, code, at=tx.clock.now().timestamp()) if account.totp else None
    if step is None:
        return False
    return bool(
        tx.run(
            "UPDATE logins SET totp_used = :step WHERE n = :n AND (totp_used IS NULL OR totp_used < :step) RETURNING n",
            step=step,
            n=login,
        )
    )


def matching_step(secret: str, code: str, *, at: float | None = None) -> int | None:
    """The time step (RFC 6238, 30 s) whose code this is, within one step of `at`."""
    now = int((time.time() if at is None else at) // STEP_S)
    given = code.strip().replace(" ", "")
    totp = pyotp.TOTP(secret)
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given.encode()):
            return step
    return None


def wrong_code() -> Refused:
    """422: not the code of this moment, or one that was used."""
    problem = Problem(
        "code",
        "a code that does not hold",
        "the six digits that the authenticator shows now",
        "Wait for the next code and try again.",
    )
    return Refused([problem], title="The code is wrong")
