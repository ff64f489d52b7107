"""People with Zalo on their phones, and the messages between them and the Official Account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal[
    "text", "image", "gif", "video", "audio", "sticker", "file", "link", "location", "form", "info", "template"
]


@dataclass(frozen=True, slots=True)
class SharedInfo:
    """What somebody has filled into the Official Account's form."""

    name: str = ""
    phone: str = ""
    address: str = ""
    city: str = ""
    district: str = ""


@dataclass(slots=True)
class ZaloPerson:
    """Somebody with Zalo. Ids are decimal strings: `user_id` is of this Official Account, `user_id_by_app` of the app. `phone` like
    84912345678. `interacted_at` (UTC) opens the window; None for who never did. `left` has unfollowed and done nothing since,
    `blocked` has blocked the account, `gone` is banned or long unseen; without `has_zalo` their number is nobody's on Zalo, with
    `takes_templates` off they take none."""

    user_id: str
    user_id_by_app: str
    name: str
    phone: str = ""
    role_hint: str = ""
    follows: bool = False
    interacted_at: datetime | None = None
    left: bool = False
    blocked: bool = False
    gone: bool = False
    has_zalo: bool = True
    takes_templates: bool = True
    shared: SharedInfo = field(default_factory=SharedInfo)
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Content:
    """A file that somebody sent: `url` serves its `body` while the stand-in runs."""

    name: str
    mime: str
    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class ZaloButton:
    """A button under a message of the account. `value` is what a tap says (`oa.query.show`, `oa.query.hide`), opens or dials."""

    title: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Form:
    """The account asks for somebody's name and phone."""

    title: str
    subtitle: str
    image_url: str


@dataclass(frozen=True, slots=True)
class SentTemplate:
    """An approved template as it arrived; `phone` where it was sent to a number, `tracking_id` as the sender called it."""

    template_id: str
    name: str
    data: Mapping[str, str]
    text: str
    price_vnd: int
    phone: str = ""
    tracking_id: str = ""
    stars: bool = False
    quick_replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZaloMessage:
    """One message of either side, as both see it now. `hidden` was said by a button and is not shown in the chat; `quota_type`
    tells what the account's message was counted as (`reply` is free); `admin_id` is who wrote it by hand, `reaction` the account's
    icon under it."""

    id: str
    user_id: str
    from_oa: bool
    at: datetime
    kind: Kind = "text"
    text: str = ""
    buttons: tuple[ZaloButton, ...] = ()
    content: Content | None = None
    url: str = ""
    latitude: str = ""
    longitude: str = ""
    form: Form | None = None
    template: SentTemplate | None = None
    quote: str = ""
    hidden: bool = False
    admin_id: str = ""
    quota_type: str = ""
    reaction: str = ""
    received_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def titles(self) -> list[str]:
        """What is written on its buttons, in order."""
        return [button.title for button in self.buttons]
