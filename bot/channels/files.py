"""Files that lie with one channel and are shown on another: fetched there, and sent on as files of our own."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from ipaddress import ip_address
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from markupsafe import Markup
from yarl import URL

from bot.domain.delivery import Audience, NotCarried, Trouble, Undeliverable
from bot.domain.timeline import StoredFile
from bot.messages import File, Reply

# Telegram hands out no more, and of others we take no more.
LARGEST = 20 * 1024 * 1024
PATIENCE = 20.0  # seconds; well within a delivery's lease
MOST_REDIRECTS = 3
# Where the place of a file cannot be reached so often, the words go without it.
MOST_TRIES = 5
# These are no files: their `file_id` says it all, on every channel.
PLACES = frozenset(("location",))
# How a file is called whose place does not say it.
_SUFFIXES = {
    "photo": ".jpg",
    "voice": ".aac",
    "audio": ".mp3",
    "video": ".mp4",
    "video_note": ".mp4",
    "animation": ".gif",
}
_CHUNK = 1 << 16

Download = Callable[[StoredFile], Awaitable[File]]


class FilesAcross:
    """Fetches a file by the channel where it lies. `words` tells a member what did not come along, and why."""

    def __init__(self, downloads: Mapping[str, Download], words: Callable[[StoredFile, NotCarried], Markup]) -> None:
        self._downloads = downloads
        self._words = words

    async def fetch(self, stored: StoredFile) -> File:
        """The file itself. Raises Undeliverable: REFUSED with a `NotCarried` for what can never be had, NEVER_SENT for what cannot be
        had just now; nothing has been sent by then."""
        if stored.channel not in self._downloads:
            raise not_carried(NotCarried.GONE)
        return await self._downloads[stored.channel](stored)

    async def carried(self, reply: Reply, channel: str, audience: Audience, attempts: int) -> Reply:
        """The reply with a file that lies with another channel as a file of ours. A member gets the words at any rate, with a line on
        what did not come along; what a customer is sent goes whole or not at all. Raises Undeliverable as `fetch`."""
        stored = reply.stored_file
        if stored is None or stored.channel == channel or stored.kind in PLACES:
            return reply
        try:
            file = await self.fetch(stored)
        except Undeliverable as failure:
            return self._without(reply, stored, failure, audience, attempts)
        if stored.kind == "photo":
            return replace(reply, stored_file=None, picture=file)
        return replace(reply, stored_file=None, document=file)

    def without(self, reply: Reply, stored: StoredFile, why: NotCarried) -> Reply:
        """The reply with a line on its file instead of the file."""
        words = filter(None, [reply.text, self._words(stored, why)])
        return replace(reply, text=Markup("\n\n").join(words), stored_file=None)

    def _without(
        self, reply: Reply, stored: StoredFile, failure: Undeliverable, audience: Audience, attempts: int
    ) -> Reply:
        is_over = failure.trouble is Trouble.REFUSED or attempts >= MOST_TRIES
        if not is_over:
            raise failure
        why = next((one for one in NotCarried if one == failure.detail), NotCarried.GONE)
        if audience is not Audience.MEMBER:
            raise not_carried(why) from failure
        return self.without(reply, stored, why)


def not_carried(why: NotCarried) -> Undeliverable:
    """A file can never go where it is to."""
    return Undeliverable(Trouble.REFUSED, why)


def named(stored: StoredFile, place: str = "") -> str:
    """How the file is called: as it was sent, else as its place says, else by its kind."""
    last = PurePosixPath(unquote(urlsplit(place).path)).name
    has_suffix = bool(PurePosixPath(last).suffix)
    return stored.name or (last if has_suffix else f"{stored.kind}{_SUFFIXES.get(stored.kind, '')}")


class _Public(ThreadedResolver):
    """Finds the addresses of names, but none of this machine or a network of ours: an address that others gave us leads out."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = [one for one in await super().resolve(host, port, family) if _is_public(one["host"])]
        if not found:
            raise OSError("no public address")
        return found


class WebFiles:
    """Fetches files whose `file_id` is their https address on the public net, as Zalo gives it. `insecure`: http on any network will
    do, for a stand-in on this machine."""

    def __init__(self, *, insecure: bool = False) -> None:
        self._insecure = insecure
        self._schemes = ("https", "http") if insecure else ("https",)
        self._session: aiohttp.ClientSession | None = None

    async def download(self, stored: StoredFile) -> File:
        """The file. Raises Undeliverable as `FilesAcross.fetch`."""
        try:
            async with asyncio.timeout(PATIENCE):
                content = await self._content(stored.file_id)
        except (aiohttp.InvalidURL, ValueError):
            raise not_carried(NotCarried.GONE) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            # from None: the address may be a secret of the customer's
            raise Undeliverable(Trouble.NEVER_SENT, type(error).__name__) from None
        return File(named(stored, stored.file_id), content)

    async def _content(self, address: str) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            if not self._may_lead(address):
                raise not_carried(NotCarried.GONE)
            async with self._client().get(address, allow_redirects=False) as response:
                if response.status in (301, 302, 303, 307, 308):
                    address = urljoin(address, response.headers.get("Location", ""))
                    continue
                if response.status in (408, 425, 429) or response.status >= 500:
                    raise Undeliverable(Trouble.NEVER_SENT, f"HTTP {response.status}")
                if response.status != 200:
                    raise not_carried(NotCarried.GONE)
                return await _read(response)
        raise not_carried(NotCarried.GONE)

    def _may_lead(self, address: str) -> bool:
        url = URL(address)  # as the client reads it: digits of other scripts, for one, are digits
        return url.scheme in self._schemes and (self._insecure or _is_public(url.host or ""))

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver: AbstractResolver | None = None if self._insecure else _Public()
            connector = aiohttp.TCPConnector(resolver=resolver)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def _is_public(host: str) -> bool:
    """Whether it may lie outside of our own networks; of a name only its addresses can tell."""
    try:
        found = ip_address(host)
    except ValueError:
        return bool(host)
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast


async def _read(response: aiohttp.ClientResponse) -> bytes:
    if (response.content_length or 0) > LARGEST:
        raise not_carried(NotCarried.TOO_BIG)
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise not_carried(NotCarried.TOO_BIG)
    return bytes(content)
