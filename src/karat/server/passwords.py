"""Passwords: Argon2id in threads, at most two at once, and the same work for accounts that do not exist."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from karat.model.problem import Problem, Refused

T = TypeVar("T")
# A hash takes 64 MB: two at once are 128 MB, while 64 people who sign in at once would be 4 GB.
AT_ONCE = 2
MAX_WAITING = 100
MIN_PASSWORD = 10


@cache
def _hash_of_nobody() -> str:
    return PasswordHash((Argon2Hasher(),)).hash("the password of an account that does not exist")


class Passwords:
    """Hashes and verifies off the event loop."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="karat-password")
        self._waiting = 0
        self._nobody = _hash_of_nobody()

    async def hash(self, password: str) -> str:
        """The Argon2id hash of a new password."""
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed. Without a hash it is not, after the same work."""
        matches = await self._run(lambda: self._hasher.verify(password, hashed or self._nobody))
        return matches and hashed is not None

    def close(self) -> None:
        """Finish what was begun."""
        self._threads.shutdown(cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            problem = Problem(
                "session", f"{self._waiting} others", "a moment with fewer people", "Try again in a few seconds."
            )
            raise Refused([problem], status=503, title="Too many people sign in at once")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def check_password(password: str, *, email: str, path: str = "password") -> None:
    """Refuse a password that is too easy to guess."""
    if len(password) < MIN_PASSWORD:
        problem = Problem(
            path,
            f"{len(password)} characters",
            f"at least {MIN_PASSWORD} characters",
            "Choose a longer one; a few words are good.",
        )
        raise Refused([problem], title="The password is too short")
    if password.lower() in (email.lower(), email.lower().partition("@")[0]) or len(set(password)) < 4:
        problem = Problem(
            path,
            "a password that is easy to guess",
            "one that is not the email, nor one character repeated",
            "Choose another.",
        )
        raise Refused([problem], title="The password is too easy to guess")
