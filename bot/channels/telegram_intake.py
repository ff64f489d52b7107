"""Telegram's edge, inwards: updates by long polling or webhook, each confirmed only once its turn is committed."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.types import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, Update
from pydantic import ValidationError

from bot.channels.flooding import NOT_SAVED, TOO_FAST
from bot.channels.telegram import Menu, Telegram, commands
from bot.channels.telegram_updates import ALLOWED_UPDATES, RawUpdates, joined_group, to_incoming
from bot.conversation import Answer, Command, Conversation, Routes
from bot.domain.delivery import Delivery
from bot.domain.people import Member
from bot.domain.repositories import StorageUnavailable
from bot.i18n import LOCALES, Translator, mark
from bot.lanes import Admission, FloodGate, Lanes
from bot.messages import Incoming

log = logging.getLogger(__name__)

LONG_POLL = 25  # seconds that Telegram holds an empty getUpdates
TURNS_AT_ONCE = 8  # more only wait for the database, and the reports of what arrived behind them
RETRIES = 5  # of an update that fails for a reason of our own
LONGEST_PAUSE = 10.0

START_LINE = mark("Start")
HELLO_GROUP = mark(
    "Hello everybody. A manager can type <b>/week</b> here for the team's week in numbers.\n"
    "Customers stay private: nothing about any of them is shown in a group."
)


class TelegramIntake:
    """Takes updates in: those of one person in order, those of different persons beside each other.

    `answered` gets the committed answers of each turn, in the order of the turns.
    """

    def __init__(
        self,
        telegram: Telegram,
        conversation: Conversation,
        routes: Routes,
        answered: Callable[[Sequence[Delivery]], None],
    ) -> None:
        self._telegram = telegram
        self._conversation = conversation
        self._routes = routes
        self._answered = answered
        self._lanes = Lanes()
        self._gate = FloodGate()
        self._room = asyncio.Semaphore(TURNS_AT_ONCE)
        self._asides: set[asyncio.Task[None]] = set()
        self._told_not_saved: set[str] = set()
        self._stopping = asyncio.Event()
        self._fetching: asyncio.Task[list[dict[str, Any]]] | None = None

    async def receive(self, raw: dict[str, Any]) -> None:
        """Take in one update as Telegram wrote it; returns once its turn is committed. Raises StorageUnavailable."""
        try:
            update = Update.model_validate(raw, context={"bot": self._telegram.bot})
        except ValidationError:
            # Delivered again it would be no clearer, and it would hold up those behind it.
            log.error("update %s cannot be read and is left out", raw.get("update_id"))
            return
        if (group := joined_group(update)) is not None:
            self._aside(self._telegram.say(str(group), self._words(HELLO_GROUP)))
        incoming = to_incoming(update, self._telegram.username)
        press_id = update.callback_query.id if update.callback_query else ""
        notice = ""
        try:
            if incoming and self._admits(incoming):
                notice = (await self._turn(incoming)).toast
        except StorageUnavailable:
            notice = self._words(NOT_SAVED)
            if incoming and not press_id and incoming.peer.chat_id not in self._told_not_saved:
                self._told_not_saved.add(incoming.peer.chat_id)
                self._aside(self._telegram.say(incoming.peer.chat_id, notice))
            raise
        finally:
            if press_id:
                self._aside(self._telegram.notice(press_id, notice))

    async def _turn(self, incoming: Incoming) -> Answer:
        async with self._lanes.turn(incoming.peer.user_id), self._room:
            answer = await self._conversation.turn(incoming)
            self._answered(answer.deliveries)
        self._told_not_saved.discard(incoming.peer.chat_id)
        if answer.member and not incoming.group:
            self._aside(self._telegram.show_menu(incoming.peer.chat_id, self._menu_of(answer.member)))
        return answer

    def _admits(self, incoming: Incoming) -> bool:
        person = incoming.peer.user_id
        admission = self._gate.admit(person, self._lanes.waiting(person), asyncio.get_running_loop().time())
        if admission is Admission.TELL:
            log.warning("somebody floods and is turned away for a while")
            if not incoming.group:  # nobody else there need hear of it
                self._aside(self._telegram.say(incoming.peer.chat_id, self._words(TOO_FAST)))
        return admission is Admission.COME_IN

    def _words(self, message: str) -> Any:
        return self._conversation.translator()(message)

    # Menus ------------------------------------------------------------------------------------------------------------

    def _menu_of(self, member: Member) -> Menu:
        """A member's commands under the names of their language, each with its line."""
        if not member.active:
            return ()
        mine = [command for command in self._routes.commands if not command.roles or member.role in command.roles]
        return _menu(self._conversation.translator(member), mine)

    async def show_default_menus(self, timezone: str) -> None:
        """The menus that are nobody's own: in the private chat of somebody of whom nothing is known, to start and no more; in a
        group, what groups may ask."""
        for_groups = [command for command in self._routes.commands if f"/{command.vi}" in self._routes.in_groups]
        languages = [*((name, name) for name in LOCALES), (self._conversation.translator().locale, None)]
        try:
            for locale, language in languages:
                t = Translator(locale, timezone)
                for scope, menu in (
                    (BotCommandScopeAllPrivateChats(), (("start", t(START_LINE)),)),
                    (BotCommandScopeAllGroupChats(), _menu(t, for_groups)),
                ):
                    await self._telegram.bot.set_my_commands(commands(menu), scope=scope, language_code=language)
        except AiogramError as error:
            log.warning("the default command menus could not be set: %s", type(error).__name__)

    # Listening --------------------------------------------------------------------------------------------------------

    async def listen(self, webhook_url: str = "", secret: str = "") -> None:
        """Take updates in until `stop`: at the webhook, which calls `receive`, else by polling. Ends by itself, with an alarm,
        when Telegram refuses the token."""
        try:
            await self._choose(webhook_url, secret)
            if webhook_url:
                await self._stopping.wait()
            else:
                await self.poll()
        except (TelegramUnauthorizedError, TelegramNotFound):
            log.critical(
                "Telegram refuses the bot's token: no updates are taken. Check BOT_TOKEN (@BotFather, /mybots)."
            )

    async def _choose(self, webhook_url: str, secret: str) -> None:
        """Learn the bot's own name and tell Telegram how updates are to come. Raises TelegramUnauthorizedError or
        TelegramNotFound for a wrong token."""
        pause = 0.5
        while not self._stopping.is_set():
            try:
                await self._telegram.learn_name()  # before the first update, which may be for another bot of its group
                if webhook_url:
                    await self._telegram.bot.set_webhook(
                        webhook_url, secret_token=secret, allowed_updates=ALLOWED_UPDATES
                    )
                else:
                    await self._telegram.bot.delete_webhook()
                return
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise
            except AiogramError as error:
                log.warning("Telegram cannot be reached (%s), trying again", type(error).__name__)
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def poll(self) -> None:
        """Take updates in by long polling until `stop`. A batch is confirmed, by asking for what follows it, only when every
        update of it is committed. Raises TelegramUnauthorizedError."""
        offset, pause = 0, 0.5
        while not self._stopping.is_set():
            self._fetching = asyncio.create_task(self._fetch(offset))
            try:
                updates = await self._fetching
            except asyncio.CancelledError:
                if self._stopping.is_set():
                    return
                raise
            except TelegramUnauthorizedError:
                raise
            except AiogramError as error:
                log.warning("no updates from Telegram (%s), trying again", type(error).__name__)
                await self._pause(error.retry_after if isinstance(error, TelegramRetryAfter) else pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = 0.5
            if updates:
                await asyncio.gather(*(self._receive_surely(raw) for raw in updates))
                offset = updates[-1]["update_id"] + 1

    async def _fetch(self, offset: int) -> list[dict[str, Any]]:
        method = RawUpdates(offset=offset, timeout=LONG_POLL, allowed_updates=ALLOWED_UPDATES)
        updates: list[dict[str, Any]] = await self._telegram.bot(method, request_timeout=LONG_POLL + 10)
        return updates

    async def _receive_surely(self, raw: dict[str, Any]) -> None:
        """`receive` again and again while nothing can be stored. A failure of our own is given up after a few times: it must
        not hold up everybody for ever."""
        pause, failures = 0.2, 0
        while not self._stopping.is_set():
            try:
                return await self.receive(raw)
            except StorageUnavailable:
                log.warning("nothing can be stored, update %s waits", raw.get("update_id"))
            except Exception:
                log.exception("update %s failed", raw.get("update_id"))
                failures += 1
                if failures == RETRIES:
                    return None
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return None

    # Ending -----------------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Fetch no more; what is in hand goes on to its end."""
        self._stopping.set()
        if self._fetching:
            self._fetching.cancel()

    async def finish(self, within: float) -> None:
        """Wait, at most `within` seconds, for the notices that are on their way."""
        if self._asides:
            await asyncio.wait(self._asides, timeout=within)

    def _aside(self, what: Coroutine[Any, Any, None]) -> None:
        """Do something beside the turn, for which nobody waits."""
        task = asyncio.create_task(what)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _menu(t: Translator, its_commands: Iterable[Command]) -> Menu:
    """Commands under the names of a language, each with its line."""
    return tuple((command.vi if t.locale == "vi" else command.en, t(command.about)) for command in its_commands)
