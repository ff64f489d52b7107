"""What Zalo tells of, and what each of it is to us: one table, EVENTS."""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from hashlib import sha256
from typing import Any

from bot.domain.timeline import StoredFile
from bot.messages import Incoming, Peer, SharedContact, clean

CHANNEL = "zalo"
# ZALO: assumed [M], the form's number can be edited before it is sent; who is merged with whom is the rep's word then.
SUBMITTED_PHONE_IS_PROVEN = False
# ZALO: assumed [M], a template is in use in these states.
IN_USE = ("ENABLE", "ENABLED", "APPROVED")


class Unreadable(ValueError):
    """It lacks what an event of its name must have."""


@dataclass(frozen=True, slots=True)
class Said:
    """A person did something; several pictures sent at once are as many messages."""

    parts: Sequence[Incoming]


@dataclass(frozen=True, slots=True)
class Opened:
    """A person opened the chat, and may be written to."""

    person: str


@dataclass(frozen=True, slots=True)
class Left:
    """A person unfollowed, and cannot be written to."""

    person: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Messages of ours reached a phone, or were seen there."""

    message_refs: Sequence[str]
    seen: bool


@dataclass(frozen=True, slots=True)
class ByHand:
    """A colleague wrote to a person in Zalo's own app, unless it turns out to be a message of ours."""

    person: str
    message_ref: str
    text: str
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """Stars for a template of ours. It names no person."""

    message_ref: str
    tracking_id: str
    rate: int
    note: str
    feedbacks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picked:
    """A tapped reply under a template of ours. It names no person."""

    message_ref: str
    tracking_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the account that the operator should know; `level` is the log's."""

    level: int
    text: str
    template_id: str = ""  # of a template that cannot be used any more


Happening = Said | Opened | Left | Reached | ByHand | Rated | Picked | Remark


@dataclass(frozen=True)
class Event:
    """One event as Zalo wrote it. `at` (UTC) is when it happened, None where that cannot be read."""

    name: str
    body: Mapping[str, Any]

    @cached_property
    def message(self) -> Mapping[str, Any]:
        """Its message; empty where it has none."""
        return _object(self.body.get("message"))

    @cached_property
    def message_id(self) -> str:
        """The message's id, wherever it stands."""
        return text_of(self.message.get("msg_id")) or text_of(self.body.get("msg_id"))

    @cached_property
    def attachments(self) -> Sequence[Mapping[str, Any]]:
        """What is attached to its message, each with its payload alone."""
        given = self.message.get("attachments")
        return [_object(_object(one).get("payload")) for one in given] if isinstance(given, list) else []

    @cached_property
    def at(self) -> datetime | None:
        """When it happened: UTC."""
        try:
            return datetime.fromtimestamp(int(text_of(self.body.get("timestamp"))) / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    @cached_property
    def key(self) -> str:
        """The same each time that it is delivered, and of no other event."""
        if self.name.startswith(("user_send_", "oa_send_")) and self.message_id:
            return f"{self.name}:{self.message_id}"
        return f"{self.name}:{sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()[:32]}"

    @property
    def is_known(self) -> bool:
        """Whether its name is in the table."""
        return self.name in EVENTS or self.name.startswith(IGNORED)

    @property
    def is_interaction(self) -> bool:
        """Whether it opens the window in which the person may be written to."""
        return self.name in INTERACTIONS

    @cached_property
    def happening(self) -> Happening | None:
        """What it is to us; None where it is nothing. Raises Unreadable."""
        read = EVENTS.get(self.name)
        return read(self) if read else None

    @property
    def lane(self) -> str:
        """Those of the same lane are worked off in order: what a person does; all else is in nobody's way. Raises Unreadable."""
        match self.happening:
            case Said(parts):
                return parts[0].peer.user_id
            case Opened(person) | Left(person):
                return person
        return self.key

    def person(self, *places: str) -> str:
        """The person's id at the first of these places that has one. Raises Unreadable."""
        for place in places:
            if found := text_of(_object(self.body.get(place)).get("id")):
                return found
        if found := text_of(self.body.get("user_id")):
            return found
        raise Unreadable(f"{self.name} names nobody")


def read(body: Mapping[str, Any]) -> Event:
    """The event of a body. Raises Unreadable where it has no name."""
    name = text_of(body.get("event_name"))
    if not name:
        raise Unreadable("an event without a name")
    return Event(name, body)


def text_of(value: object) -> str:
    """A text, or a number as text: ids and phones come as either. Anything else is ""."""
    return clean(str(value)).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


# What persons do ------------------------------------------------------------------------------------------------------


def _said(event: Event, number: int = 0, **what: Any) -> Incoming:
    """What the sender did; `number` tells apart what came in one event."""
    person = event.person("sender", "follower")
    quoted = text_of(event.message.get("quote_msg_id")) or text_of(event.message.get("quote_message_id"))
    return Incoming(
        f"{event.key}:{number}" if number else event.key,
        Peer(CHANNEL, person, person),
        message_ref=event.message_id,
        reply_to=quoted,
        **what,
    )


def _text(event: Event) -> Said:
    return Said((_said(event, text=_words(event)),))


def _words(event: Event) -> str:
    text = event.message.get("text")
    return text if isinstance(text, str) else ""


def _files(event: Event, kind: str) -> Said:
    files = [file for file in (_file(one, kind) for one in event.attachments) if file]
    if not files:
        return _text(event)
    first, *others = files
    more = (_said(event, number, file=file) for number, file in enumerate(others, 1))
    return Said((_said(event, text=_words(event), file=first), *more))


def _file(payload: Mapping[str, Any], kind: str) -> StoredFile | None:
    url = text_of(payload.get("url"))
    return StoredFile(CHANNEL, url, kind, text_of(payload.get("name"))) if re.match("https?://", url) else None


def _not_kept(event: Event) -> Said:
    """Nothing that a timeline can hold, and answered so."""
    return Said((_said(event),))


def _link(event: Event) -> Said:
    said = [_words(event).strip()]
    for payload in event.attachments:
        for part in (text_of(payload.get("description")), text_of(payload.get("url"))):
            if part not in said[0]:
                said.append(part)
    return Said((_said(event, text="\n".join(dict.fromkeys(filter(None, said)))),))


def _location(event: Event) -> Said:
    for payload in event.attachments:
        place = _object(payload.get("coordinates"))
        try:
            latitude, longitude = (float(place[name]) for name in ("latitude", "longitude"))
        except (KeyError, TypeError, ValueError):
            continue
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return Said((_said(event, file=StoredFile(CHANNEL, f"{latitude},{longitude}", "location")),))
    return _not_kept(event)


def _business_card(event: Event) -> Said:
    """ZALO: assumed [L], the card is like a link whose description holds its fields, perhaps as JSON."""
    for payload in event.attachments:
        fields = {**_described(payload.get("description")), **payload}
        phone = text_of(fields.get("phone")) or text_of(fields.get("phone_number"))
        if phone:
            name = next(filter(None, (text_of(fields.get(key)) for key in ("name", "display_name", "title"))), "")
            return Said((_said(event, contact=SharedContact(name, phone)),))
    return _not_kept(event)


def _described(description: object) -> Mapping[str, Any]:
    if isinstance(description, str):
        try:
            return _object(json.loads(description))
        except (ValueError, RecursionError):
            return {}
    return _object(description)


def _follow(event: Event) -> Said:
    return Said((_said(event, text="/start"),))


def _submitted(event: Event) -> Said:
    info = _object(event.body.get("info"))
    phone = text_of(info.get("phone"))
    if not phone:
        return _not_kept(event)
    contact = SharedContact(text_of(info.get("name")), phone, own=True, proven=SUBMITTED_PHONE_IS_PROVEN)
    return Said((_said(event, contact=contact),))


def _left(event: Event) -> Left:
    return Left(event.person("follower", "sender"))


def _opened(event: Event) -> Opened:
    return Opened(event.person("follower", "sender"))


# What becomes of our messages -----------------------------------------------------------------------------------------


def _received(event: Event) -> Reached:
    if not event.message_id:
        raise Unreadable("which message was received is not said")
    return Reached((event.message_id,), seen=False)


def _seen(event: Event) -> Reached:
    given = event.message.get("msg_ids")
    refs = [text_of(one) for one in given] if isinstance(given, list) else [event.message_id]
    if not any(refs):
        raise Unreadable("which messages were seen is not said")
    return Reached(tuple(filter(None, refs)), seen=True)


def _echo(event: Event, kind: str = "") -> ByHand | None:
    """ZALO: assumed [M], what was sent through the API names no admin."""
    if not text_of(_object(event.body.get("sender")).get("admin_id")):
        return None
    file = next((file for file in (_file(one, kind) for one in event.attachments) if kind and file), None)
    return ByHand(event.person("recipient"), event.message_id, clean(_words(event)), file)


def _rated(event: Event) -> Rated:
    message = event.message
    try:
        rate = int(text_of(message.get("rate")))
    except ValueError:
        raise Unreadable("a rating without stars") from None
    given = message.get("feedbacks")
    feedbacks = tuple(filter(None, map(text_of, given))) if isinstance(given, list) else ()
    return Rated(event.message_id, text_of(message.get("tracking_id")), rate, text_of(message.get("note")), feedbacks)


def _picked(event: Event) -> Picked:
    label = text_of(event.message.get("data"))
    if not label:
        raise Unreadable("a reply without words")
    return Picked(event.message_id, text_of(event.message.get("tracking_id")), label)


# What becomes of the account ------------------------------------------------------------------------------------------


def _quota(event: Event) -> Remark:
    before, after = (_object(event.body.get("quota")).get(name) for name in ("prev_value", "new_value"))
    fell = isinstance(before, int) and isinstance(after, int) and after < before
    level = logging.WARNING if fell else logging.INFO
    return Remark(level, f"Zalo's daily quota of templates was {text_of(before)} and is {text_of(after)}")


def _template(event: Event, what: str) -> Remark:
    change = _object(event.body.get(what)) or _object(event.body.get("status"))
    after = next((text_of(change[name]) for name in (f"new_{what}", "new_status", "new_value") if name in change), "")
    good = what == "status" and after.upper() in IN_USE
    which = text_of(event.body.get("template_id"))
    text = f"Zalo template {which}: {what} is now {after or '?'}"
    return Remark(logging.INFO if good else logging.WARNING, text, "" if good or what != "status" else which)


Reader = Callable[[Event], Happening | None]
_KINDS = {"image": "photo", "gif": "animation", "video": "video", "audio": "voice", "file": "document"}
EVENTS: Mapping[str, Reader | None] = {
    "user_send_text": _text,
    **{f"user_send_{kind}": partial(_files, kind=ours) for kind, ours in _KINDS.items()},
    "user_send_sticker": _not_kept,
    "user_send_link": _link,
    "user_send_location": _location,
    "user_send_business_card": _business_card,
    "follow": _follow,
    "unfollow": _left,
    "user_submit_info": _submitted,
    "user_click_chatnow": _opened,
    "user_received_message": _received,
    "user_seen_message": _seen,
    "oa_send_text": _echo,
    **{f"oa_send_{kind}": partial(_echo, kind=ours) for kind, ours in _KINDS.items()},
    "oa_send_sticker": _echo,
    "oa_send_list": _echo,
    "oa_send_template": _echo,
    "user_feedback": _rated,
    "user_click_response_button": _picked,
    "change_oa_daily_quota": _quota,
    "change_template_status": partial(_template, what="status"),
    "change_template_quality": partial(_template, what="quality"),
    "change_template_quota": partial(_template, what="quota"),
    # Known, and nothing to us.
    "change_oa_template_tags": None,
    "user_reacted_message": None,
    "oa_reacted_message": None,
    "add_user_to_tag": None,
    "remove_user_from_tag": None,
    "remove_tag": None,
    "update_user_info": None,
    "user_withdraw": None,
    "user.revoke.consent": None,
    "widget_interaction_accepted": None,
    "oa_send_consent": None,
    "user_reply_consent": None,
    "user_call_oa": None,
    "oa_call_user": None,
    "create_group": None,
    "extension_purchased": None,
}
# Whole families that are nothing to us: who has no account, groups, journeys.
IGNORED = ("anonymous_", "oa_send_anonymous_", "event_journey_", "user_join_group", "user_out_group", "oa_send_group_")
# ZALO: assumed [M], which acts of a person open the window.
INTERACTIONS = frozenset(
    ("follow", "user_submit_info", "user_click_chatnow", *(name for name in EVENTS if name.startswith("user_send_")))
)
