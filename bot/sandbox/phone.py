"""What the page needs to draw the phones, as JSON."""

from datetime import datetime
from typing import Any

from bot.sandbox.bot_api import BotApi
from bot.sandbox.groups import Group
from bot.sandbox.keyboards import ForceReply
from bot.sandbox.messages import ChatMessage, Person
from bot.sandbox.queries import Press
from bot.sandbox.watching import Change

SHOWN_MESSAGES = 500


def phones_json(api: BotApi, now: datetime) -> dict[str, Any]:
    """Everything: the bot, the clock, and each person with their chat."""
    return {
        "bot": {"name": api.me["first_name"], "username": api.me["username"]},
        "now": now.isoformat(),
        "persons": [
            person_json(api, person)
            | {"messages": [message_json(message) for message in api.chats.messages(person.id)[-SHOWN_MESSAGES:]]}
            for person in api.chats.persons
        ],
        "groups": [
            group_json(api, group)
            | {"messages": [message_json(message) for message in api.chats.messages(group.id)[-SHOWN_MESSAGES:]]}
            for group in api.chats.groups.all
        ],
    }


def change_json(api: BotApi, change: Change, now: datetime) -> dict[str, Any] | None:
    """One change; None for those that no phone shows."""
    match change.kind, change.subject:
        case "message", ChatMessage() as message if message.chat_id < 0:
            return {"group": message.chat_id, "message": message_json(message)}
        case "message", ChatMessage() as message:
            return {"person": person_json(api, api.chats.person(message.chat_id)), "message": message_json(message)}
        case "removed", ChatMessage() as message:
            return {"chat": message.chat_id, "message": message.id}
        case (("pressed" | "answered"), Press() as press):
            return press_json(press)
        case "person", Person() as person:
            return person_json(api, person)
        case "group", Group() as group:
            return group_json(api, group)
        case "commands", _:
            return {
                "persons": [person_json(api, person) for person in api.chats.persons],
                "groups": [group_json(api, group) for group in api.chats.groups.all],
            }
        case "typing", _:
            return {"chat": change.chat_id}
        case "clock", _:
            return {"now": now.isoformat()}
    return None


def person_json(api: BotApi, person: Person) -> dict[str, Any]:
    """A person, their menu of commands and the keyboard that stands under their chat."""
    keyboard = api.chats.reply_keyboard(person.id)
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role_hint,
        "phone": person.phone,
        "language": person.language_code,
        "started": person.started,
        "blocked": person.blocked or person.deactivated,
        "commands": api.commands.shown_to(person),
        "keyboard": keyboard
        and {
            "rows": [[{"text": button.text, "request": button.request} for button in row] for row in keyboard.rows],
            "placeholder": keyboard.placeholder,
        },
    }


def group_json(api: BotApi, group: Group) -> dict[str, Any]:
    """A group and, for each of its members, the menu of commands there."""
    members = [api.chats.person(person_id) for person_id in group.members]
    return {
        "id": group.id,
        "name": group.title,
        "members": group.members,
        "has_bot": group.has_bot,
        "commands": {person.id: api.commands.shown_to(person, group) for person in members},
    }


def message_json(message: ChatMessage) -> dict[str, Any]:
    """A bubble."""
    file, contact, place = message.file, message.contact, message.location
    return {
        "id": message.id,
        "from_bot": message.from_bot,
        "sender": message.sender_id,
        "kind": message.kind,
        "text": message.text,
        "entities": [entity.to_json() for entity in message.entities],
        "buttons": [[{"text": b.text, "kind": b.kind, "value": b.value} for b in row] for row in message.buttons],
        "file": file
        and {
            "url": f"sandbox/files/{file.id}",
            "name": file.name,
            "mime": file.mime,
            "size": file.size,
            "width": file.width,
            "height": file.height,
        },
        "contact": contact and {"name": f"{contact.first_name} {contact.last_name}".strip(), "phone": contact.phone},
        "location": place and {"latitude": place.latitude, "longitude": place.longitude},
        "reply_to": message.reply_to,
        "asks_reply": isinstance(message.markup, ForceReply),
        "forwarded_from": message.forwarded_from,
        "at": message.at.isoformat(),
        "edited": message.edits > 0,
    }


def press_json(press: Press) -> dict[str, Any]:
    """A tapped button, and what came of it."""
    answer = press.answer
    return {
        "id": press.id,
        "person": press.person_id,
        "chat": press.chat_id,
        "message": press.message_id,
        "data": press.data,
        "answer": answer and {"text": answer.text, "alert": answer.alert, "url": answer.url},
    }
