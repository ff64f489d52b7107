"""What the pages that customers open have in common: their look, their language, how often they are answered, and their headers."""

import hashlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.clock import Clock
from bot.domain.people import Member
from bot.domain.repositories import StorageUnavailable, Store
from bot.i18n import LOCALES, Translator
from bot.turn import Links
from bot.views import survey_pages as views
from bot.web.throttle import Throttle, address_of

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = (_TEMPLATES / "style.css").read_text("utf-8")
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

Answer = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page stands on. `translators` words what the team is told; `org` is what the operator calls the company, `locale` the
    company's language and `link_to` makes the links into the chat; `wake` has the team told at once."""

    store: Store
    clock: Clock
    translators: Callable[[Member], Translator]
    link_to: Links
    org: str
    locale: str
    zone: ZoneInfo
    wake: Callable[[], None]

    def now(self) -> datetime:
        """The moment (UTC)."""
        return self.clock.now()


class Pages:
    """Makes pages of templates, in the language of who looks at them."""

    def __init__(self, ground: Ground, throttle: Throttle | None = None) -> None:
        self._ground = ground
        self._throttle = throttle or Throttle()
        self._translators = {locale: Translator(locale, ground.zone.key) for locale in LOCALES}
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        # Written once: whoever floods a page is to cost us little.
        self._too_many = {
            locale: self._written(t, "notice.html", views.too_many(t), ground.org)
            for locale, t in self._translators.items()
        }

    def throttled(self, answer: Answer) -> Answer:
        """`answer`, so often an address; and a page in its place while nothing can be read or stored."""

        async def throttled(request: web.Request) -> web.Response:
            t, org = self.translator(request), self._ground.org
            if not self._throttle.admits(address_of(request)):
                return _sent(self._too_many[t.locale], 429, {"Retry-After": "60"})
            try:
                return await answer(request)
            except StorageUnavailable:
                return self.page(request, "notice.html", views.unavailable(t), org, 503, **{"Retry-After": "60"})

        return throttled

    def translator(self, request: web.Request) -> Translator:
        """The language that they chose, else their browser's, else the company's."""
        chosen = request.query.get("lang", "")
        spoken = [
            part.split(";")[0].strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(",")
        ]
        wanted = (locale for locale in (chosen, *spoken) if locale in LOCALES)
        return self._translators[next(wanted, self._ground.locale)]

    def page(
        self, request: web.Request, template: str, page: Mapping[str, Any], org: str, status: int = 200, **headers: str
    ) -> web.Response:
        """One page; `page` fills the template."""
        return _sent(self._written(self.translator(request), template, page, org), status, headers)

    def _written(self, t: Translator, template: str, page: Mapping[str, Any], org: str) -> str:
        return self._templates.get_template(template).render(
            page,
            org=org,
            lang=t.locale,
            languages=(("vi", "Tiếng Việt"), ("en", "English")),
            style=Markup(_STYLE),
        )


def _sent(page: str, status: int, headers: Mapping[str, str]) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html", headers={**HEADERS, **headers})
