"""How often one reader may do something: so many times a minute, counted in the memory of each process for a minute."""

import ipaddress
import re
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

WINDOW = 60  # seconds
PORT = re.compile(
    r"^\[?(\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f:.]+(?=\]))\]?(:\d+)?$"
)  # an address with its port, as some proxies write it
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


def count(request: HttpRequest, what: str, limit: int) -> Allowance | None:
    """Counts a request for `what`, of which `limit` are allowed a minute; None where that is 0: there is no limit."""
    if limit <= 0:
        return None
    now = int(time.time())
    window, reset = now // WINDOW, WINDOW - now % WINDOW
    key = f"{what}|{reader(request)}|{window}"
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
        known = ipaddress.ip_address(PORT.sub(r"\1", seen))
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:  # an IPv4 address as a socket of both kinds tells it
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, HOUSEHOLD), strict=False).network_address)
    return str(known)
