"""Groups that the bot may be in: who is in them, and what of their talk reaches it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.messages import Person
from bot.sandbox.refusals import bad_request, migrated, not_in_group
from bot.sandbox.updates import Updates

FIRST_ID, FIRST_SUPERGROUP_ID = -5_000_001, -1_002_000_000_001
ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
    *("can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
)


@dataclass(slots=True)
class Group:
    """A group chat. `bot` is the bot's standing in it, in Telegram's word; an administrator hears everything, as a member it
    hears commands and replies alone. `moved_to`: the supergroup that this group became."""

    id: int
    title: str
    members: list[int] = field(default_factory=list)
    bot: str = "left"
    moved_to: int = 0

    @property
    def kind(self) -> str:
        """`group` or `supergroup`."""
        return "supergroup" if self.id <= FIRST_SUPERGROUP_ID else "group"

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in it."""
        return self.bot in ("member", "administrator")

    def chat_json(self) -> dict[str, Any]:
        """The Bot API Chat."""
        return {"id": self.id, "type": self.kind, "title": self.title}


class Groups:
    """All groups, and the bot's coming and going in them."""

    def __init__(
        self,
        now: Callable[[], datetime],
        updates: Updates,
        bot: dict[str, Any],
        persons: Mapping[int, Person],
        next_message_id: Callable[[], int],
        changed: Callable[[Group], None],
    ) -> None:
        self._now = now
        self._updates = updates
        self._bot = bot
        self._persons = persons
        self._next_message_id = next_message_id
        self._changed = changed
        self._groups: dict[int, Group] = {}

    @property
    def all(self) -> list[Group]:
        """Every group that still is one, in the order in which they were founded."""
        return [group for group in self._groups.values() if not group.moved_to]

    def get(self, group_id: int) -> Group:
        """Raises KeyError where there is no such group."""
        return self._groups[group_id]

    def add(self, title: str, members: Sequence[int], *, bot: str = "member", basic: bool = False) -> Group:
        """Found a group, whose first member takes the bot in as `member` or `administrator`, or not: `left`. It is a supergroup, as
        most are today, unless it is to be a basic one."""
        group = Group((FIRST_ID if basic else FIRST_SUPERGROUP_ID) - len(self._groups), title, list(members))
        self._groups[group.id] = group
        if bot != "left":
            self.set_bot(group.id, bot)
        self._changed(group)
        return group

    def reachable(self, chat_id: int) -> Group | None:
        """The group that a message sent now would reach; None where the id is no group's. Raises Refusal when it would not."""
        group = self._groups.get(chat_id)
        if group is None:
            return None
        if group.moved_to:
            raise migrated(group.moved_to)
        if group.bot == "left":
            raise bad_request("chat not found")
        if not group.has_bot:
            raise not_in_group(group.kind)
        return group

    def hears(self, group: Group, text: str, *, replied_to_bot: bool) -> bool:
        """Whether the bot gets to hear this: with privacy mode, as bots are made, commands that are not another bot's, and replies."""
        if not group.has_bot:
            return False
        command = re.match(r"/\w+(?:@(\w+))?", text)
        is_ours = command is not None and (command[1] or self._bot["username"]).lower() == self._bot["username"].lower()
        return group.bot == "administrator" or replied_to_bot or is_ours

    def set_bot(self, group_id: int, standing: str) -> None:
        """The first member takes the bot in (`member`, `administrator`) or puts it out (`kicked`)."""
        group = self._groups[group_id]
        had_bot, was = group.has_bot, self._standing(group.bot)
        group.bot = standing
        change = {"old_chat_member": was, "new_chat_member": self._standing(standing)}
        self._updates.add("my_chat_member", self._by_first_member(group) | change, ("chat", group.id))
        if group.has_bot and not had_bot:
            self._remark(group, new_chat_members=[self._bot], new_chat_member=self._bot)
        self._changed(group)

    def upgrade(self, group_id: int) -> Group:
        """Make a supergroup of a basic group, which gives it a new id."""
        group = self._groups[group_id]
        supergroup = self.add(group.title, group.members, bot="left")
        supergroup.bot, group.moved_to = group.bot, supergroup.id
        self._remark(group, migrate_to_chat_id=supergroup.id)
        self._remark(supergroup, migrate_from_chat_id=group.id)
        self._changed(supergroup)
        return supergroup

    def _remark(self, group: Group, **what: Any) -> None:
        """Telegram's own remark in the chat."""
        message = {"message_id": self._next_message_id(), **self._by_first_member(group), **what}
        self._updates.add("message", message, ("chat", group.id))

    def _by_first_member(self, group: Group) -> dict[str, Any]:
        person = self._persons[group.members[0]]
        return {"chat": group.chat_json(), "from": person.user_json(), "date": int(self._now().timestamp())}

    def _standing(self, status: str) -> dict[str, Any]:
        body: dict[str, Any] = {"status": status, "user": self._bot}
        if status == "kicked":
            body["until_date"] = 0
        if status == "administrator":
            body |= dict.fromkeys(RIGHTS, False)
        return body
