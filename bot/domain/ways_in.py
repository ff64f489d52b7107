"""The ways into a talk with us, as links that are given to people."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.referrals import PAYLOAD

# ZALO: assumed [M]. This opens the talk with an Official Account; a link carries no words into it.
_OFFICIAL_ACCOUNT = "https://zalo.me/{oa_id}"
_ON_THIS_MACHINE = ("http://127.0.0.1", "http://localhost")


@dataclass(frozen=True, slots=True)
class WaysIn:
    """`telegram` makes the address of the private chat that begins with `/start <payload>`; `oa_id` tells the number of our Official
    Account on Zalo: both give "" where there is none, or it is not known yet. `pages` is where people reach our own pages, "" where
    they do not."""

    telegram: Callable[[str], str] = lambda _: ""
    oa_id: Callable[[], str] = lambda: ""
    pages: str = ""

    def link_to(self, payload: str) -> str:
        """The address that leads to `/start <payload>`: a personal link leads to a page where a friend chooses between Telegram and
        Zalo, wherever there is a choice."""
        if payload.startswith(PAYLOAD) and self.zalo and self._has_pages:
            return f"{self.pages}/r/{payload.removeprefix(PAYLOAD)}"
        return self.telegram(payload)

    @property
    def zalo(self) -> str:
        """The address of the talk with our Official Account; "" where there is none."""
        return _OFFICIAL_ACCOUNT.format(oa_id=self.oa_id()) if self.oa_id() else ""

    @property
    def _has_pages(self) -> bool:
        return self.pages.startswith(("https://", *_ON_THIS_MACHINE))
