"""The chats between persons and the bot: what each side does, and what each side sees."""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from mimetypes import guess_type
from typing import Any

from bot.sandbox.entities import Formatted, cut, trimmed, with_tappable
from bot.sandbox.files import Files
from bot.sandbox.groups import ANONYMOUS_ADMIN, Group, Groups
from bot.sandbox.keyboards import Button, RemoveKeyboard, ReplyKeyboard
from bot.sandbox.messages import ChatMessage, Contact, FileKind, Kind, Location, Person, message_json
from bot.sandbox.queries import Answer, InlineQuestion, Press
from bot.sandbox.refusals import bad_request, blocked, deactivated
from bot.sandbox.updates import PRESS_KEPT_FOR, Updates
from bot.sandbox.watching import Watched

DELETABLE_FOR = timedelta(hours=48)


class Chats(Watched):
    """All persons, their chats with the one bot, and the groups that they share with it. A private chat's id is the person's; what a
    person does takes place there unless a group's id is given."""

    def __init__(self, now: Callable[[], datetime], updates: Updates, files: Files, bot: dict[str, Any]) -> None:
        super().__init__()
        self._now = now
        self._updates = updates
        self._files = files
        self._bot = bot
        self._persons: dict[int, Person] = {}
        self._messages: defaultdict[int, dict[int, ChatMessage]] = defaultdict(dict)
        self._keyboards: dict[int, tuple[int, ReplyKeyboard]] = {}
        self._presses: dict[str, Press] = {}
        self._questions: dict[str, InlineQuestion] = {}
        # Ids go on growing over all chats, and do not start again with each sandbox: a bot remembers them for its edits.
        self._last_message_id = secrets.randbelow(1 << 29)
        self._last_query_id = secrets.randbelow(1 << 60)
        self.groups = Groups(now, updates, bot, self._persons, self._next_message_id, self._group_changed)

    # What a test or the page looks at ---------------------------------------------------------------------------------

    @property
    def persons(self) -> list[Person]:
        """Everybody, in the order in which they were added."""
        return list(self._persons.values())

    def person(self, person_id: int) -> Person:
        """Raises KeyError for a stranger."""
        return self._persons[person_id]

    def messages(self, chat_id: int) -> list[ChatMessage]:
        """The chat as it looks now, oldest first."""
        return list(self._messages[chat_id].values())

    def message(self, chat_id: int, message_id: int) -> ChatMessage | None:
        """One message as it looks now; None when it was deleted or never was."""
        return self._messages[chat_id].get(message_id)

    def last(self, chat_id: int) -> ChatMessage | None:
        """The latest message from the bot, as it looks now."""
        return next((message for message in reversed(self.messages(chat_id)) if message.from_bot), None)

    def reply_keyboard(self, person_id: int) -> ReplyKeyboard | None:
        """The keyboard that stands under the chat."""
        return self._keyboards[person_id][1] if person_id in self._keyboards else None

    def seen(self) -> str:
        """The bot's last words to everybody."""
        places = [*((p.id, p.name) for p in self.persons), *((g.id, g.title) for g in self.groups.all)]
        last = [(name, message) for chat_id, name in places if (message := self.last(chat_id))]
        return "\n".join(["the bot's last words:", *(f"{name}: {m.text!r} {m.labels}" for name, m in last)])

    # What persons do --------------------------------------------------------------------------------------------------

    def add_person(
        self,
        id: int,  # noqa: A002 - the Bot API's word
        first_name: str,
        last_name: str = "",
        username: str = "",
        language_code: str = "vi",
        role_hint: str = "",
        phone: str = "",
    ) -> Person:
        """Give somebody a phone. The phone number is made up from the id unless given."""
        phone = phone or f"8490{id % 10_000_000:07d}"
        person = Person(id, first_name, last_name, username, language_code, role_hint, phone)
        self._persons[id] = person
        self.tell("person", id, person)
        return person

    def say(
        self,
        person_id: int,
        text: str,
        reply_to: int | None = None,
        *,
        group: int | None = None,
        anonymous: bool = False,
    ) -> ChatMessage:
        """Type a text and send it; `anonymous`: as an administrator in the group's name. As the app does, a long one goes out in
        several messages; the last is returned."""
        parts = cut(text.strip())
        if not parts:
            raise ValueError("there is nothing to send")
        said = [
            self._from_person(
                person_id, "text", trimmed(Formatted(part)), reply_to=reply_to, group=group, anonymous=anonymous
            )
            for part in parts
        ]
        return said[-1]

    def start(self, person_id: int, payload: str = "") -> ChatMessage:
        """Press Start, after a deep link when there is a payload."""
        return self.say(person_id, f"/start {payload}".strip())

    def open_link(self, person_id: int, url: str) -> ChatMessage:
        """Tap a deep link to this bot, wherever it was seen, and press Start. Raises ValueError for another link."""
        payload = self.deep_link_payload(url)
        if payload is None:
            raise ValueError("that is no link to this bot")
        return self.start(person_id, payload)

    def deep_link_payload(self, url: str) -> str | None:
        """What comes after `?start=` in a link to this bot; None for any other link."""
        own = re.escape(self._bot["username"])
        link = re.fullmatch(rf"(?:https?://)?t\.me/{own}/?(?:\?start=([A-Za-z0-9_-]{{0,64}}))?", url.strip(), re.I)
        return None if link is None else link[1] or ""

    def forward(self, person_id: int, text: str, from_name: str, *, group: int | None = None) -> ChatMessage:
        """Forward somebody's message to the bot; who hides their account shows by name only."""
        return self._from_person(person_id, "text", trimmed(Formatted(text)), forwarded_from=from_name, group=group)

    def share_contact(self, person_id: int, phone: str | None = None, of: int | str | None = None) -> ChatMessage:
        """Send a contact card: one's own, another person's by id, or a bare name and phone from the address book."""
        if isinstance(of, str):
            first, _, last = of.partition(" ")
            return self._from_person(person_id, "contact", contact=Contact(phone or "", first, last))
        owner = self._persons[person_id if of is None else of]
        contact = Contact(phone or owner.phone, owner.first_name, owner.last_name, owner.id)
        return self._from_person(person_id, "contact", contact=contact)

    def send_document(
        self, person_id: int, name: str, content: bytes, mime: str = "application/octet-stream", caption: str = ""
    ) -> ChatMessage:
        """Send a file."""
        file = self._files.keep("document", name, content, mime)
        return self._from_person(person_id, "document", Formatted(caption), file=file)

    def send_photo(self, person_id: int, content: bytes, caption: str = "", mime: str = "image/jpeg") -> ChatMessage:
        """Send a picture: PNG, JPEG, GIF or WebP."""
        file = self._files.keep("photo", "photo.jpg", content, mime)
        return self._from_person(person_id, "photo", Formatted(caption), file=file)

    def send_voice(self, person_id: int, content: bytes, seconds: int = 3, mime: str = "audio/ogg") -> ChatMessage:
        """Send a voice note."""
        file = self._files.keep("voice", "voice.oga", content, mime)
        return self._from_person(person_id, "voice", file=file, seconds=seconds)

    def send_media(self, person_id: int, kind: FileKind, name: str, content: bytes, caption: str = "") -> ChatMessage:
        """Send something else that is watched or heard: `audio`, `video`, `video_note`, `animation` or `sticker`."""
        file = self._files.keep(kind, name, content, guess_type(name)[0] or "application/octet-stream")
        return self._from_person(person_id, kind, Formatted(caption), file=file, seconds=3)

    def send_location(self, person_id: int, latitude: float, longitude: float) -> ChatMessage:
        """Send a place."""
        return self._from_person(person_id, "location", location=Location(latitude, longitude))

    def press(self, person_id: int, label: str) -> ChatMessage:
        """Press a button of the reply keyboard. Raises LookupError when there is none with this label."""
        shown_by, keyboard = self._keyboards.get(person_id, (0, ReplyKeyboard(())))
        button = next((button for row in keyboard.rows for button in row if button.text == label), None)
        if button is None:
            raise LookupError(f"no button {label!r} on the keyboard of {person_id}")
        if keyboard.one_time:
            del self._keyboards[person_id]
        match button.request:
            case "contact":
                owner = self._persons[person_id]
                contact = Contact(owner.phone, owner.first_name, owner.last_name, owner.id)
                return self._from_person(person_id, "contact", contact=contact, reply_to=shown_by)
            case "location":
                return self._from_person(person_id, "location", location=Location(10.7769, 106.7009), reply_to=shown_by)
        return self.say(person_id, label)

    def tap(self, person_id: int, message_id: int, label_or_data: str, *, group: int | None = None) -> Press:
        """Tap an inline button, by its label or its data. Buttons of old messages work for ever, as in Telegram.

        Raises LookupError when no such button is to be seen, ValueError for one that does not call the bot.
        """
        message = self.message(group or person_id, message_id)
        buttons = [button for row in message.buttons for button in row] if message else []
        button = _find(buttons, label_or_data)
        if button is None:
            raise LookupError(f"no button {label_or_data!r} on message {message_id}: {[b.text for b in buttons]}")
        if button.kind != "callback_data":
            raise ValueError(f"{label_or_data!r} is a {button.kind} button")
        return self.forge(person_id, button.value, message_id, group=group)

    def forge(self, person_id: int, data: str, message_id: int, *, group: int | None = None) -> Press:
        """Send a press that no button need stand behind: a stale keyboard, or somebody with a tool of their own."""
        self._last_query_id += 1
        chat_id = group or person_id
        press = Press(str(self._last_query_id), person_id, chat_id, message_id, data, self._now())
        self._presses[press.id] = press
        person, message = self._persons[person_id], self.message(chat_id, message_id)
        gone = {"chat": self._place(chat_id).chat_json(), "message_id": message_id, "date": 0}
        body = {
            "id": press.id,
            "from": person.user_json(),
            "message": self.to_json(message) if message else gone,
            "chat_instance": str(chat_id * 7919),
            "data": data,
        }
        press.update_id = self._updates.add("callback_query", body, ("presses", person_id)).id
        self.tell("pressed", chat_id, press)
        return press

    def ask_inline(self, person_id: int, query: str, offset: str = "") -> InlineQuestion:
        """Type `@bot query` in some chat. `results` of what is returned is set once the bot has answered."""
        self._last_query_id += 1
        question = InlineQuestion(str(self._last_query_id), person_id, query[:256], self._now())
        self._questions[question.id] = question
        sender = self._persons[person_id].user_json()
        body = {"id": question.id, "from": sender, "query": question.query, "offset": offset, "chat_type": "sender"}
        self._updates.add("inline_query", body, ("inline", person_id))
        return question

    def block(self, person_id: int) -> None:
        """Block the bot."""
        self._set_blocked(person_id, True)

    def unblock(self, person_id: int) -> None:
        """Let the bot write again."""
        self._set_blocked(person_id, False)

    def deactivate(self, person_id: int) -> None:
        """Delete the account; the bot is not told."""
        self._persons[person_id].deactivated = True
        self.tell("person", person_id, self._persons[person_id])

    def redeliver(self, update_id: int) -> None:
        """Send an update once more. Raises KeyError when there was no such update."""
        self._updates.again(update_id)

    def _set_blocked(self, person_id: int, is_blocked: bool) -> None:
        person = self._persons[person_id]
        if person.blocked == is_blocked:
            return
        person.blocked = is_blocked
        if is_blocked:
            self._keyboards.pop(person_id, None)
        states = [{"status": "member", "user": self._bot}, {"status": "kicked", "user": self._bot, "until_date": 0}]
        old, new = states if is_blocked else reversed(states)
        common = {"chat": person.chat_json(), "from": person.user_json(), "date": int(self._now().timestamp())}
        body = {**common, "old_chat_member": old, "new_chat_member": new}
        self._updates.add("my_chat_member", body, ("chat", person_id))
        self.tell("person", person_id, person)

    def _from_person(
        self,
        person_id: int,
        kind: Kind,
        words: Formatted = Formatted(""),
        *,
        reply_to: int | None = None,
        group: int | None = None,
        **content: Any,
    ) -> ChatMessage:
        words = with_tappable(words)
        message = ChatMessage(
            self._next_message_id(), group or person_id, person_id, False, self._now(), kind, words.text, words.entities,
            reply_to=reply_to, **content,
        )  # fmt: skip
        return self._in_group(message) if group else self._in_private(message)

    def _in_private(self, message: ChatMessage) -> ChatMessage:
        person = self._persons[message.sender_id]
        if person.blocked:
            raise ValueError(f"{person.name} has blocked the bot")
        if not person.started:
            person.started = True
            self.tell("person", person.id, person)
        return self._handed_to_bot(message)

    def _in_group(self, message: ChatMessage) -> ChatMessage:
        group = self.groups.get(message.chat_id)
        if message.sender_id not in group.members or group.moved_to:
            raise ValueError(f"{message.sender_id} cannot write in {group.title}")
        answered = self.message(group.id, message.reply_to or 0)
        replied_to_bot = answered is not None and answered.from_bot
        if not self.groups.hears(group, message.text, replied_to_bot=replied_to_bot):
            return self._keep(message)
        return self._handed_to_bot(message)

    def _handed_to_bot(self, message: ChatMessage) -> ChatMessage:
        self._messages[message.chat_id][message.id] = message
        update = self._updates.add("message", self.to_json(message), ("chat", message.chat_id))
        return self._keep(replace(message, update_id=update.id))

    def _place(self, chat_id: int) -> Person | Group:
        return self._persons[chat_id] if chat_id > 0 else self.groups.get(chat_id)

    def _group_changed(self, group: Group) -> None:
        self.tell("group", group.id, group)

    def _next_message_id(self) -> int:
        self._last_message_id += 1
        return self._last_message_id

    def _keep(self, message: ChatMessage) -> ChatMessage:
        self._messages[message.chat_id][message.id] = message
        self.tell("message", message.chat_id, message)
        return message

    # What the bot does ------------------------------------------------------------------------------------------------

    def known(self, chat_id: int) -> Person | Group:
        """Whose chat it is, where the bot knows them. Raises Refusal for a stranger, for who never pressed Start, and for a group that
        the bot is not in."""
        if group := self.groups.reachable(chat_id):
            return group
        person = self._persons.get(chat_id)
        if person is None or not person.started:
            raise bad_request("chat not found")
        return person

    def reachable(self, chat_id: int) -> Person | Group:
        """Who would get a message sent now. Raises Refusal when nobody would."""
        place = self.known(chat_id)
        if isinstance(place, Person) and place.deactivated:
            raise deactivated()
        if isinstance(place, Person) and place.blocked:
            raise blocked()
        return place

    def deliver(self, chat_id: int, kind: Kind, **content: Any) -> ChatMessage:
        """Put the bot's message into a chat; the content has been checked."""
        message = ChatMessage(self._next_message_id(), chat_id, self._bot["id"], True, self._now(), kind, **content)
        if isinstance(message.markup, ReplyKeyboard):
            self._keyboards[chat_id] = (message.id, message.markup)
        elif isinstance(message.markup, RemoveKeyboard):
            self._keyboards.pop(chat_id, None)
        return self._keep(message)

    def revise(self, message: ChatMessage, **changes: Any) -> ChatMessage:
        """Change the bot's message in place. Raises Refusal when that changes nothing."""
        revised = replace(message, **changes)
        if revised.content() == message.content():
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        return self._keep(replace(revised, edits=message.edits + 1, edited_at=self._now()))

    def remove(self, chat_id: int, message_id: int) -> None:
        """Delete a message from both phones. Raises Refusal when it is gone or too old."""
        message = self.message(chat_id, message_id)
        if message is None:
            raise bad_request("message to delete not found")
        if self._now() - message.at > DELETABLE_FOR:
            raise bad_request("message can't be deleted for everyone")
        del self._messages[chat_id][message_id]
        self.tell("removed", chat_id, message)

    def answer_press(self, query_id: str, answer: Answer) -> None:
        """End a spinner. Raises Refusal for an unknown query, an answered one, and one that is older than the window."""
        press = self._presses.get(query_id)
        if press is None or press.answer is not None or self._now() - press.at > PRESS_KEPT_FOR:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        press.answer = answer
        self.tell("answered", press.chat_id, press)

    def answer_inline(self, query_id: str, results: list[dict[str, Any]]) -> None:
        """Show inline results. Raises Refusal as for presses."""
        question = self._questions.get(query_id)
        if question is None or self._now() - question.at > PRESS_KEPT_FOR:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        question.results = results
        self.tell("inline", question.person_id)

    def to_json(self, message: ChatMessage) -> dict[str, Any]:
        """The Bot API Message, with the one that it replies to."""
        sender = self._bot if message.from_bot else self._persons[message.sender_id].user_json()
        chat = self._place(message.chat_id).chat_json()
        body = message_json(message, ANONYMOUS_ADMIN if message.anonymous else sender, chat)
        if message.anonymous:
            body["sender_chat"] = chat
        if message.reply_to and (earlier := self.message(message.chat_id, message.reply_to)):
            body["reply_to_message"] = self.to_json(replace(earlier, reply_to=None))
        return body


def _find(buttons: list[Button], label_or_data: str) -> Button | None:
    by_label = [button for button in buttons if button.text == label_or_data]
    return next(iter([*by_label, *(button for button in buttons if button.value == label_or_data)]), None)
