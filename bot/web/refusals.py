"""Calls that are turned away: counted, and told of once a minute."""

import logging
import time

from aiohttp import web

log = logging.getLogger(__name__)

LOGGED_EVERY = 60.0  # seconds


class Refusals:
    """Refusals of one kind; `what` names them in the log."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._last_logged = float("-inf")
        self.count = 0

    def refuse(self) -> web.Response:
        """One more: 401."""
        self.count += 1
        if time.monotonic() - self._last_logged > LOGGED_EVERY:
            self._last_logged = time.monotonic()
            log.warning("%s: %s so far", self._what, self.count)
        return web.Response(status=401)
