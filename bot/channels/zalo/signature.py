"""Whether a call of the webhook is Zalo's: the signature over the body exactly as it came."""

import hmac
import json
import logging
import re
from collections.abc import Iterable
from hashlib import sha256
from itertools import islice
from typing import Any

log = logging.getLogger(__name__)

# ZALO: assumed [M], the sign stands before the digits with or without spaces, or not at all.
_HEADER = re.compile(r"\s*(?:mac\s*=\s*)?([0-9a-fA-F]{64})\s*")
# ZALO: assumed [M], what the console posts when the address is entered, signed for other ids than ours or not at all.
SAMPLE_TEXT = "This is testing message"
LONGEST_SAMPLE = 4096
# A body is not read before its signature has been found good: to read a megabyte of brackets takes half a second, in which nobody
# else is served. So the moment that is part of what was signed is looked for in its bytes.
_MOMENT = re.compile(rb'"timestamp"\s*:\s*"?([0-9]{1,20})')
_MOST_MOMENTS = 4


class Seal:
    """What Zalo signs with. Without the webhook's own secret, the app's is taken for it, which some say it is (ZALO: assumed [L]).
    Raises ValueError where there is neither: anybody could forge events."""

    def __init__(self, app_id: str, oa_secret: str, app_secret: str = "") -> None:
        if not oa_secret and app_secret:
            log.warning("ZALO_OA_SECRET is not set: events are checked with ZALO_APP_SECRET instead")
        if not (app_id and (oa_secret or app_secret)):
            raise ValueError("a webhook without a secret would take in events that anybody forged")
        self._app_id = app_id
        self._secret = oa_secret or app_secret

    def is_genuine(self, raw: bytes, header: str) -> bool:
        """Whether this body was signed for our app with our secret."""
        given = _HEADER.fullmatch(header)
        if given is None:
            return False
        expected = (sealed(self._app_id, raw, moment, self._secret) for moment in _moments(raw))
        if not any(hmac.compare_digest(given[1].lower(), one) for one in expected):
            return False
        body = parsed(raw)
        return body is not None and str(body.get("app_id", "")) == self._app_id


def sealed(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """The signature of a body, as hex digits: a plain hash over the bytes as they are sent (no HMAC, nothing written anew)."""
    return sha256(b"".join((app_id.encode(), raw, timestamp.encode(), secret.encode()))).hexdigest()


def _moments(raw: bytes) -> Iterable[str]:
    """What may be the body's own `timestamp`: a person's words may look like one."""
    found = (match[1].decode() for match in islice(_MOMENT.finditer(raw), _MOST_MOMENTS))
    return dict.fromkeys((*found, ""))


def parsed(raw: bytes) -> dict[str, Any] | None:
    """A body as JSON; None where it is no object. Lone surrogates pass, as whoever signed it let them."""
    try:
        body = json.loads(raw.decode())
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def is_probe(raw: bytes) -> bool:
    """Whether the console only tries the address: nothing comes of it, and it wants to hear 200."""
    if len(raw) > LONGEST_SAMPLE:
        return False
    body = parsed(raw)
    if not raw.strip() or body == {}:
        return True
    message = body.get("message") if body else None
    return isinstance(message, dict) and message.get("text") == SAMPLE_TEXT
