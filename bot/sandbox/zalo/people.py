"""Everybody with a chat with the Official Account: what a person does, and what both sides see."""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.sandbox.watching import Watched
from bot.sandbox.zalo.events import Events
from bot.sandbox.zalo.messages import Content, Kind, SentTemplate, SharedInfo, ZaloButton, ZaloMessage, ZaloPerson

SAYING = ("oa.query.show", "oa.query.hide")
Telling = Callable[..., None]


class People(Watched):
    """All persons and their chats with the one account. Changes told: `message`, `person`, `called`, `closing`, with the user id as
    `chat_id`. `keep` stores a file and gives its address; `tell_webhook` sends an event on its way."""

    def __init__(
        self,
        now: Callable[[], datetime],
        events: Events,
        keep: Callable[[str, str, bytes], Content],
        tell_webhook: Telling,
    ) -> None:
        super().__init__()
        self._now = now
        self._events = events
        self._keep_content = keep
        self._tell_webhook = tell_webhook
        self._persons: dict[str, ZaloPerson] = {}
        self._messages: defaultdict[str, dict[str, ZaloMessage]] = defaultdict(dict)

    # What a test or the page looks at ---------------------------------------------------------------------------------

    @property
    def everyone(self) -> list[ZaloPerson]:
        """Everybody, in the order in which they were added."""
        return list(self._persons.values())

    def person(self, user_id: str) -> ZaloPerson:
        """Raises KeyError for a stranger."""
        return self._persons[user_id]

    def known(self, user_id: str) -> ZaloPerson | None:
        """The person with this id, if there is one."""
        return self._persons.get(user_id)

    def with_phone(self, phone: str) -> ZaloPerson | None:
        """Whose number this is (84912345678)."""
        return next((person for person in self.everyone if person.phone == phone), None)

    def messages(self, user_id: str) -> list[ZaloMessage]:
        """The chat as it looks now, oldest first, with what buttons said unseen (`hidden`)."""
        return list(self._messages[user_id].values())

    def message(self, user_id: str, message_id: str) -> ZaloMessage | None:
        """One message as it looks now."""
        return self._messages[user_id].get(message_id)

    def last(self, user_id: str) -> ZaloMessage | None:
        """The account's latest message to this person."""
        return next((message for message in reversed(self.messages(user_id)) if message.from_oa), None)

    def seen(self) -> str:
        """The account's last words to everybody."""
        lasts = ((person.name, self.last(person.user_id)) for person in self.everyone)
        return "; ".join(f"{name}: {last.text!r} {last.titles}" for name, last in lasts if last) or "nothing was said"

    # What a person does -----------------------------------------------------------------------------------------------

    def add(self, name: str, *, phone: str = "", role_hint: str = "", user_id: str = "") -> ZaloPerson:
        """Somebody with Zalo who does not follow the account yet. Raises ValueError unless `phone` is like 84912345678."""
        if phone and not re.fullmatch(r"84\d{9,10}", phone):
            raise ValueError(f"{phone!r} is no number as Zalo writes it, like 84912345678")
        person = ZaloPerson(user_id or _new_user_id(), _new_user_id(), name, phone, role_hint)
        self._persons[person.user_id] = person
        self.tell("person", person.user_id, person)
        return person

    def follow(self, user_id: str, source: str = "oa_profile") -> None:
        """Follow the account, which opens the window."""
        person = self._acts(user_id)
        person.follows = True
        self._interacted(person)
        self._tell_webhook(self._events.followed(person, self._now(), source))

    def unfollow(self, user_id: str) -> None:
        """Follow it no more."""
        person = self._persons[user_id]
        person.follows, person.left = False, True
        self.tell("person", user_id, person)
        self._tell_webhook(self._events.unfollowed(person, self._now()))

    def open_chat(self, user_id: str) -> None:
        """Press the account's chat button: nothing is said, the window opens."""
        person = self._acts(user_id)
        self._interacted(person)
        self._tell_webhook(self._events.opened(person, self._now()))

    def block(self, user_id: str) -> None:
        """Take nothing from the account any more; nobody tells it."""
        self._persons[user_id].blocked = True
        self.tell("person", user_id, self._persons[user_id])

    def unblock(self, user_id: str) -> None:
        """Let the account write again."""
        self._persons[user_id].blocked = False
        self.tell("person", user_id, self._persons[user_id])

    def say(self, user_id: str, text: str, *, quote: str = "", hidden: bool = False) -> ZaloMessage:
        """Write, perhaps in answer to the message `quote`. A button's payload can be typed like any other text."""
        return self._from_person(user_id, "text", text=text, quote=quote, hidden=hidden)

    def tap(self, user_id: str, message: ZaloMessage | str, title_or_value: str) -> ZaloMessage:
        """Tap a button under a message; what it said for the person. Raises LookupError where there is no such button, ValueError for
        one that opens or dials something."""
        shown = message if isinstance(message, ZaloMessage) else self._messages[user_id][message]
        button = _find(shown.buttons, title_or_value)
        if button is None:
            raise LookupError(f"no button {title_or_value!r} on {shown.text!r}: {shown.titles}")
        if button.type not in SAYING:
            raise ValueError(f"{title_or_value!r} is an {button.type} button")
        return self.say(user_id, button.value, hidden=button.type == "oa.query.hide")

    def send_image(self, user_id: str, body: bytes, *, text: str = "", name: str = "anh.jpg") -> ZaloMessage:
        """Send a picture, perhaps with words."""
        return self._with_file(user_id, "image", name, "image/jpeg", body, text)

    def send_gif(self, user_id: str, body: bytes) -> ZaloMessage:
        """Send a moving picture."""
        return self._with_file(user_id, "gif", "anh.gif", "image/gif", body)

    def send_video(self, user_id: str, body: bytes) -> ZaloMessage:
        """Send a video."""
        return self._with_file(user_id, "video", "video.mp4", "video/mp4", body)

    def send_audio(self, user_id: str, body: bytes) -> ZaloMessage:
        """Send a voice message."""
        return self._with_file(user_id, "audio", "ghi-am.m4a", "audio/mp4", body)

    def send_sticker(self, user_id: str, body: bytes = b"sticker") -> ZaloMessage:
        """Send a sticker; its picture can be fetched."""
        return self._with_file(user_id, "sticker", "sticker.png", "image/png", body)

    def send_file(
        self, user_id: str, name: str, body: bytes, mime: str = "application/octet-stream", *, text: str = ""
    ) -> ZaloMessage:
        """Send a file, perhaps with words."""
        return self._with_file(user_id, "file", name, mime, body, text)

    def send_link(self, user_id: str, url: str, text: str = "") -> ZaloMessage:
        """Share an address."""
        return self._from_person(user_id, "link", text=text, url=url)

    def send_location(self, user_id: str, latitude: float, longitude: float) -> ZaloMessage:
        """Share where one is, in degrees."""
        return self._from_person(user_id, "location", latitude=str(latitude), longitude=str(longitude))

    def submit_info(
        self, user_id: str, *, name: str = "", phone: str = "", address: str = "", city: str = "", district: str = ""
    ) -> None:
        """Fill in the account's form; name and phone are the person's own where not given."""
        person = self._acts(user_id)
        person.shared = SharedInfo(name or person.name, phone or person.phone, address, city, district)
        self._interacted(person)
        self._keep(ZaloMessage(_new_message_id(), user_id, False, self._now(), "info", text=person.shared.phone))
        self._tell_webhook(self._events.submitted(person, person.shared, self._now()))

    def see(self, user_id: str) -> list[ZaloMessage]:
        """Open the chat: everything of the account's there has been seen; what had not been before."""
        now = self._now()
        fresh = [message for message in self.messages(user_id) if message.from_oa and message.seen_at is None]
        if not fresh:
            return []
        shown = [self._keep(replace(message, seen_at=now)) for message in fresh]
        self._tell_webhook(self._events.seen(user_id, [message.id for message in shown], now))
        return shown

    def rate(self, user_id: str, message_id: str, stars: int, note: str = "", feedbacks: Iterable[str] = ()) -> None:
        """Give a rating template its stars. Raises ValueError where there is none to give them to."""
        message = self._messages[user_id][message_id]
        if message.template is None or not message.template.stars or not 1 <= stars <= 5:
            raise ValueError("only a rating template takes stars, one to five")
        event = self._events.rated(message, stars, note, list(feedbacks), self._now())
        self._tell_webhook(event, phone_event=bool(message.template.phone))

    def press_quick_reply(self, user_id: str, message_id: str, label: str) -> None:
        """Press a quick reply under a template. Raises ValueError where there is none of that name."""
        message = self._messages[user_id][message_id]
        if message.template is None or label not in message.template.quick_replies:
            raise ValueError(f"no quick reply {label!r}")
        event = self._events.answered(message, label, self._now())
        self._tell_webhook(event, phone_event=bool(message.template.phone))

    def admin_says(self, user_id: str, text: str, *, admin_id: str = "77") -> ZaloMessage:
        """Somebody of the company answers by hand in Zalo's own OA Manager."""
        return self.deliver(user_id, "text", text=text, admin_id=admin_id)

    # What the account does --------------------------------------------------------------------------------------------

    def deliver(self, user_id: str, kind: Kind, *, quiet: bool = False, **content: Any) -> ZaloMessage:
        """Put the account's message into a chat; it has been checked. The webhook hears of it: its echo, and that it was received.
        A template sent to a number has no echo (`quiet`)."""
        now = self._now()
        message = ZaloMessage(_new_message_id(), user_id, True, now, kind, received_at=now, **content)
        self._keep(message)
        if not quiet:
            self._tell_webhook(self._events.echoed(message))
        template: SentTemplate | None = message.template
        by_phone = template is not None and bool(template.phone)
        self._tell_webhook(self._events.received(message, now), phone_event=by_phone)
        return message

    def react(self, user_id: str, message_id: str, icon: str) -> None:
        """The account's reaction to a person's message."""
        self._keep(replace(self._messages[user_id][message_id], reaction=icon))

    def _with_file(self, user_id: str, kind: Kind, name: str, mime: str, body: bytes, text: str = "") -> ZaloMessage:
        return self._from_person(user_id, kind, text=text, content=self._keep_content(name, mime, body))

    def _from_person(self, user_id: str, kind: Kind, **content: Any) -> ZaloMessage:
        person = self._acts(user_id)
        self._interacted(person)
        message = self._keep(ZaloMessage(_new_message_id(), user_id, False, self._now(), kind, **content))
        self._tell_webhook(self._events.said(person, message))
        return message

    def _acts(self, user_id: str) -> ZaloPerson:
        person = self._persons[user_id]
        if person.blocked or person.gone:
            raise ValueError(f"{person.name} has blocked the account or is gone")
        return person

    def _interacted(self, person: ZaloPerson) -> None:
        person.interacted_at, person.left = self._now(), False
        self.tell("person", person.user_id, person)

    def _keep(self, message: ZaloMessage) -> ZaloMessage:
        self._messages[message.user_id][message.id] = message
        self.tell("message", message.user_id, message)
        return message


def _find(buttons: tuple[ZaloButton, ...], title_or_value: str) -> ZaloButton | None:
    by_title = [button for button in buttons if button.title == title_or_value]
    return next(iter([*by_title, *(button for button in buttons if button.value == title_or_value)]), None)


def _new_user_id() -> str:
    """Nineteen digits, more than a float holds exactly and less than 2**63, as in every id that was seen of Zalo."""
    return str(10**18 + secrets.randbelow(8 * 10**18))


def _new_message_id() -> str:
    return secrets.token_hex(10)
