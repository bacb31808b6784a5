"""Rate limits per reader, counted by network address in the memory of each process."""

import ipaddress
import math
import re
import threading

from django.core.cache import caches
from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle

# Some proxies add the port to the address.
ADDRESS_WITH_PORT_PATTERN = re.compile(r"^\[?(\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f:.]+(?=\]))\]?(:\d+)?$")
IPV6_SUBSCRIBER_BITS = 64  # one subscriber has a network of this prefix length


class ReaderThrottle(SimpleRateThrottle, threading.local):
    """Limit how often one reader may do something in any minute; 0: no limit.

    Ninja keeps the state of the current request on the throttle, which all threads share. Hence `threading.local`.
    """

    cache = caches["limits"]

    def __init__(self, scope: str, times_a_minute: int) -> None:
        super().__init__(f"{times_a_minute}/m")
        self.scope = scope

    def get_cache_key(self, request: HttpRequest) -> str | None:
        if not self.num_requests:
            return None
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}

    def get_ident(self, request: HttpRequest) -> str:
        """Return the reader's network address, as the site or its outermost proxy saw it.

        Readers without a valid address share one limit, and so do all addresses of one IPv6 subscriber.
        """
        try:
            address = ipaddress.ip_address(ADDRESS_WITH_PORT_PATTERN.sub(r"\1", super().get_ident(request) or ""))
        except ValueError:
            return "unknown"
        if isinstance(address, ipaddress.IPv6Address):
            if address.ipv4_mapped:  # a dual-stack socket reports IPv4 addresses like this
                return str(address.ipv4_mapped)
            return str(ipaddress.ip_network((address, IPV6_SUBSCRIBER_BITS), strict=False).network_address)
        return str(address)

    def seconds_to_wait(self) -> int:
        """Return the seconds until a reader who was just refused may try again."""
        return math.ceil(self.wait() or self.duration or 0)
