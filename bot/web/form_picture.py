"""The picture on the form by which the Official Account asks for somebody's phone number."""

import io
from functools import cache

from aiohttp import web
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 540
PAPER, FIGURE = "#0068ff", "#ffffff"
HEADERS = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


class FormPicture:
    """`GET <path>`: a person, as phones show a contact. It tells nobody anything, so anybody may see it."""

    def __init__(self, path: str) -> None:
        self._path = path

    def routes(self) -> list[web.RouteDef]:
        """Where it is."""
        return [web.get(self._path, self.show)]

    async def show(self, _: web.Request) -> web.Response:
        """The picture."""
        return web.Response(body=_drawn(), content_type="image/png", headers=HEADERS)


@cache
def _drawn() -> bytes:
    """Head and shoulders; drawn in a few milliseconds, once."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    middle = WIDTH // 2
    draw.ellipse((middle - 90, 90, middle + 90, 270), fill=FIGURE)
    draw.pieslice((middle - 170, 300, middle + 170, 640), 180, 360, fill=FIGURE)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
