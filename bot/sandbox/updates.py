"""Updates on their way to the bot: numbered, kept until confirmed, handed out by long polling or to a webhook."""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.refusals import conflict

KEPT_FOR = timedelta(hours=24)
PRESS_KEPT_FOR = timedelta(seconds=150)
HISTORY = 20_000
ONLY_WHEN_ASKED_FOR = {"chat_member", "message_reaction", "message_reaction_count"}
WEBHOOK_IN_USE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"


@dataclass(frozen=True, slots=True)
class Update:
    """One update. Order holds within a `queue` only: a chat's messages are one, a person's presses another."""

    id: int
    kind: str
    body: dict[str, Any]
    queue: tuple[str, int]
    at: datetime

    def to_json(self) -> dict[str, Any]:
        """As the Bot API delivers it."""
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """The bot's queue."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        # As with Telegram, numbering does not start at 1; a bot that remembers what it has seen must not take the first
        # updates of a new sandbox for repeats of an earlier one.
        self._last_id = secrets.randbelow(1 << 29)
        self._pending: dict[int, Update] = {}
        self._again: dict[int, Update] = {}
        self._history: dict[int, Update] = {}
        self._allowed: frozenset[str] | None = None
        self._poller: asyncio.Future[None] | None = None
        self.webhook_in_use = False
        self.on_arrival: Callable[[Update], None] | None = None

    def allow(self, kinds: Iterable[str] | None) -> None:
        """What the bot wants from now on: None leaves it as it is, an empty list is Telegram's default."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    @property
    def allowed(self) -> list[str]:
        """The kinds that were asked for by name."""
        return sorted(self._allowed or ())

    def add(self, kind: str, body: dict[str, Any], queue: tuple[str, int]) -> Update:
        """Queue an update for the bot, unless it did not ask for this kind."""
        self._last_id += 1
        update = Update(self._last_id, kind, body, queue, self._now())
        wanted = kind in self._allowed if self._allowed is not None else kind not in ONLY_WHEN_ASKED_FOR
        if wanted:
            self._pending[update.id] = self._history[update.id] = update
            while len(self._history) > HISTORY:
                del self._history[next(iter(self._history))]
            self._arrived(update)
        return update

    def again(self, update_id: int) -> None:
        """Deliver an update once more, as Telegram does when it did not learn that the bot has it.

        Raises KeyError when there was no such update.
        """
        update = self._history[update_id]
        self._again[update.id] = update
        self._arrived(update)

    def _arrived(self, update: Update) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        if self.on_arrival is not None:
            self.on_arrival(update)

    def waiting(self) -> list[Update]:
        """What the bot has not confirmed yet, in order. What has expired is forgotten."""
        now = self._now()
        for update in [update for update in self._pending.values() if expired(update, now)]:
            del self._pending[update.id]
        return sorted([*self._pending.values(), *self._again.values()], key=lambda update: update.id)

    def confirm(self, update_id: int) -> None:
        """The bot has this update."""
        self._pending.pop(update_id, None)
        self._again.pop(update_id, None)

    def drop_all(self) -> None:
        """Forget what is pending, as `drop_pending_updates` asks."""
        self._pending.clear()
        self._again.clear()

    def end_polling(self, reason: str = WEBHOOK_SET) -> None:
        """Answer a waiting getUpdates with 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict(reason))
        self._poller = None

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109 - as in getUpdates
        """getUpdates: confirm all before `offset`, then wait up to `timeout` seconds for something to hand out.

        A negative offset counts from the end and forgets what is before. Raises Refusal (409) while a webhook is set, and
        in the request that waits when another one comes.
        """
        if self.webhook_in_use:
            raise conflict(WEBHOOK_IN_USE)
        self.end_polling(OTHER_POLLER)
        self._confirm_before(offset)
        batch = self._hand_out(limit)
        if batch or timeout <= 0:
            return batch
        self._poller = poller = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(poller, timeout)
        except TimeoutError:
            return []
        return self._hand_out(limit)

    def _confirm_before(self, offset: int) -> None:
        pending = [update.id for update in self.waiting() if update.id in self._pending]
        confirmed = pending[:offset] if offset < 0 else [update_id for update_id in pending if update_id < offset]
        for update_id in confirmed:
            self._pending.pop(update_id)

    def _hand_out(self, limit: int) -> list[Update]:
        batch = self.waiting()[:limit]
        for update in batch:
            self._again.pop(update.id, None)
        return batch


def expired(update: Update, now: datetime) -> bool:
    """Whether Telegram has given up on delivering it."""
    return now - update.at > (PRESS_KEPT_FOR if update.kind == "callback_query" else KEPT_FOR)


def wanted_kinds(call: Call) -> list[str] | None:
    """The `allowed_updates` of a call; None when it says nothing about them."""
    kinds = call.array("allowed_updates", "can't parse allowed_updates JSON object", "expected an Array of String")
    return None if kinds is None else [str(kind) for kind in kinds]
