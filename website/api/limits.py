"""How often one reader may ask: so many requests a minute, counted in the memory of each process for a minute."""

import ipaddress
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

WINDOW = 60  # seconds
HOUSEHOLD = 64  # bits of an IPv6 address that one subscriber has for themselves


@dataclass(frozen=True)
class Allowance:
    """What is left of a reader's requests: the limit, how many are left (below zero: too many), and seconds to the next minute."""

    limit: int
    left: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """The same as headers of an answer."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.left, 0)),
            "RateLimit-Reset": str(self.reset),
        }


def count(request: HttpRequest) -> Allowance | None:
    """Counts a request; None where there is no limit."""
    limit = settings.API_RATE
    if limit <= 0:
        return None
    now = int(time.time())
    window, reset = now // WINDOW, WINDOW - now % WINDOW
    key = f"{reader(request)}|{window}"
    counts = caches["limits"]
    counts.add(key, 0, timeout=WINDOW)
    try:
        used = counts.incr(key)
    except ValueError:  # it went between the two
        used = 1
    return Allowance(limit, limit - used, reset)


def reader(request: HttpRequest) -> str:
    """Who asks, by network address: the one that we see, or that the outermost of our own proxies saw.

    Each proxy adds at the right the address that it was asked from, so what a reader sends stands further left and is not read.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.PROXIES <= len(told):
        seen = told[-settings.PROXIES]
    try:
        known = ipaddress.ip_address(seen)
    except ValueError:
        return "unknown"
    if known.version == 6:
        return str(ipaddress.ip_network((known, HOUSEHOLD), strict=False).network_address)
    return str(known)
