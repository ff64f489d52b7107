"""The files that people send, served at the stand-in's own address as Zalo serves them from its photo servers."""

import secrets
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.zalo.messages import Content


class Contents:
    """All files, by the path of their address. `address` is where the server answers; nothing can be sent before it is known."""

    def __init__(self) -> None:
        self.address = ""
        self._by_path: dict[str, Content] = {}

    def keep(self, name: str, mime: str, body: bytes) -> Content:
        """Store a file and give it an address. Raises ValueError while the server's own is not known."""
        if not self.address:
            raise ValueError("put the stand-in's address into ZaloServer.address first")
        path = f"/content/{secrets.token_hex(8)}/{quote(name)}"
        content = Content(name, mime, body, self.address.rstrip("/") + path)
        self._by_path[path] = content
        return content

    async def serve(self, request: web.Request) -> web.Response:
        """Anybody who knows the address gets the file; no token is asked for."""
        content = self._by_path.get(request.raw_path.partition("?")[0])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content.body, content_type=content.mime)
