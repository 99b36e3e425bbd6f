"""Slows down guessing by address and account together, so that nobody can lock somebody else out."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

from karat.model.ids import Clock
from karat.model.problem import Problem, Refused

FORGET_S = 900.0
KEPT = 20_000


@dataclass(frozen=True)
class Limit:
    """So many attempts are free; each further one waits twice as long, up to `longest_s`."""

    free: int
    longest_s: float


PAIR = Limit(free=5, longest_s=300.0)
# One address tries many accounts: a shared office has many people behind one, so it is more generous.
ADDRESS = Limit(free=60, longest_s=60.0)


class Throttled(Refused):
    """429, with the seconds after which another attempt is looked at."""

    def __init__(self, wait_s: float) -> None:
        self.retry_after = max(1, round(wait_s))
        problem = Problem("session", "too many attempts", f"a pause of {self.retry_after} s", "Wait, then try again.")
        super().__init__([problem], status=429, title="Too many attempts")


class Throttle:
    """Counts failed attempts in this process's memory; forgotten after 15 quiet minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tried: OrderedDict[tuple[str, ...], tuple[int, float]] = OrderedDict()

    def attempt(self, address: str, account: str) -> None:
        """Count an attempt before it is made, so that many at once do not slip through; raises `Throttled`."""
        now = self._clock.now().timestamp()
        network = network_of(address)
        keys: list[tuple[tuple[str, ...], Limit]] = [((network, account.strip().lower()), PAIR), ((network,), ADDRESS)]
        wait = max(self._wait(key, limit, now) for key, limit in keys)
        if wait > 0:
            raise Throttled(wait)
        for key, _ in keys:
            self._tried[key] = (self._count(key, now) + 1, now)
            self._tried.move_to_end(key)
        while len(self._tried) > KEPT:
            self._tried.popitem(last=False)

    def succeeded(self, address: str, account: str) -> None:
        """The attempt was right: it counts no more."""
        network = network_of(address)
        self._tried.pop((network, account.strip().lower()), None)
        count, at = self._tried.get((network,), (0, 0.0))
        if count:
            self._tried[(network,)] = (count - 1, at)

    def forgive(self, address: str, account: str) -> None:
        """The last attempt was no guess. Those before it still count, or asking again between two guesses would undo them."""
        network = network_of(address)
        for key in ((network, account.strip().lower()), (network,)):
            count, at = self._tried.get(key, (0, 0.0))
            if count:
                self._tried[key] = (count - 1, at)

    def _count(self, key: tuple[str, ...], now: float) -> int:
        count, at = self._tried.get(key, (0, 0.0))
        return count if now - at < FORGET_S else 0

    def _wait(self, key: tuple[str, ...], limit: Limit, now: float) -> float:
        over = self._count(key, now) - limit.free
        if over < 0:
            return 0.0
        return self._tried[key][1] + min(limit.longest_s, 2.0 ** min(over, 20)) - now


def network_of(address: str) -> str:
    """What one attacker has: an IPv4 address, or the /64 of an IPv6 one.

    >>> network_of("2001:db8::1") == network_of("2001:db8::2")
    True
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False))
