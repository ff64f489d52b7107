"""The menu of commands: which list a person sees depends on scope and language."""

import re
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.chats import Chats
from bot.sandbox.entities import utf16_length
from bot.sandbox.groups import Group
from bot.sandbox.messages import Person
from bot.sandbox.refusals import bad_request

MAX_COMMANDS = 100
SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
Key = tuple[str, int, str]


class Commands:
    """What setMyCommands has set, by scope, chat and language."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._lists: dict[Key, list[dict[str, str]]] = {}

    def set(self, call: Call) -> bool:
        """setMyCommands"""
        complaint, expected = "can't parse commands JSON object", "expected an Array of BotCommand"
        commands = _read(call.array("commands", complaint, expected) or [])
        key = self._key(call)
        if commands:
            self._lists[key] = commands
        else:
            self._lists.pop(key, None)
        self._chats.tell("commands", key[1])
        return True

    def delete(self, call: Call) -> bool:
        """deleteMyCommands"""
        key = self._key(call)
        self._lists.pop(key, None)
        self._chats.tell("commands", key[1])
        return True

    def get(self, call: Call) -> list[dict[str, str]]:
        """getMyCommands"""
        return self._lists.get(self._key(call), [])

    def shown_to(self, person: Person, group: Group | None = None) -> list[dict[str, str]]:
        """The menu in that person's chat, or in a group that they are in: the narrowest scope that has a list, in their language or
        else without one."""
        narrow = (
            (("chat", group.id), ("all_group_chats", 0)) if group else (("chat", person.id), ("all_private_chats", 0))
        )
        scopes = (*narrow, ("default", 0))
        keys = [(kind, chat_id, language) for kind, chat_id in scopes for language in (person.language_code[:2], "")]
        return next((self._lists[key] for key in keys if key in self._lists), [])

    def _key(self, call: Call) -> Key:
        language = call.text("language_code")
        if language and not re.fullmatch(r"[a-z]{2}", language):
            raise bad_request("BOT_LANG_CODE_INVALID")
        scope = call.structure("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
        if not isinstance(scope, dict):
            raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
        kind = str(scope.get("type"))
        if kind in SCOPES:
            return kind, 0, language
        if kind != "chat":
            raise bad_request("can't parse BotCommandScope: unsupported type specified")
        chat_id = Call(call.method, scope).integer("chat_id")
        return kind, self._chats.known(chat_id).id, language


def _read(source: list[Any]) -> list[dict[str, str]]:
    if len(source) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(command) for command in source]


def _command(source: Any) -> dict[str, str]:
    if not isinstance(source, dict) or not all(isinstance(source.get(k), str) for k in ("command", "description")):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = source["command"].removeprefix("/"), source["description"].strip()
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= utf16_length(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
