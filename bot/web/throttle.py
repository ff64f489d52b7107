"""How often a page is answered: so often an address, so often in all; in memory, and never more of it than the answers of a minute."""

import time
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import web

WINDOW = 60.0  # seconds
AN_ADDRESS = 60
IN_ALL = 600


class Throttle:
    """Counts what is answered within a minute. `tick` is a clock in seconds that only goes forward."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._since = tick()
        self._answered: Counter[str] = Counter()

    def admits(self, address: str) -> bool:
        """Whether one more is answered; what is refused does not count."""
        if self._tick() - self._since >= WINDOW:
            self._since = self._tick()
            self._answered.clear()
        if self._answered[address] >= AN_ADDRESS or self._answered.total() >= IN_ALL:
            if not self._answered[address]:
                del self._answered[address]
            return False
        self._answered[address] += 1
        return True


def address_of(request: web.Request) -> str:
    """Who calls. Behind a proxy on a network of ours it is whom the proxy names; of IPv6 the network, for a home has all of it."""
    caller = _address(request.remote or "")
    if caller is not None and (caller.is_loopback or caller.is_private):
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        caller = _address(forwarded) or caller
    if isinstance(caller, IPv6Address):
        return str(IPv6Network((caller, 64), strict=False))
    return str(caller)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    # a server that listens for both sees 203.0.113.7 as ::ffff:203.0.113.7, and all of those are in one /64
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
