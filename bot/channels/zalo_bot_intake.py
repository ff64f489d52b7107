"""The Zalo Bot Platform's edge, inwards: events by long polling or webhook, stored first and worked off afterwards."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from bot.channels.arrivals import Worker
from bot.channels.choosing import resolved
from bot.channels.flooding import NOT_SAVED, TOO_FAST, Floods
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot_api import CALL_FAILED, IDLE, UNAUTHORIZED, PlatformError
from bot.channels.zalo_bot_events import CHANNEL, Event, read_event, to_incoming
from bot.clock import Clock
from bot.conversation import Conversation
from bot.domain.delivery import Delivery
from bot.domain.mailroom import Arrival
from bot.domain.repositories import StorageUnavailable, Store
from bot.lanes import Admission

log = logging.getLogger(__name__)

# Seconds that the platform holds an empty getUpdates. A poll must never be broken off: there is no offset, and what the platform
# hands to a connection that is gone is lost. So polls are short, and the last one is let end by itself.
LONG_POLL = 3
LONGEST_PAUSE = 10.0
IDLE_PAUSE = 0.1  # seconds; a platform that answers "nothing" at once is not asked in a circle
NEVER_HAD_ONE = 404  # ZALO: assumed [M]: getWebhookInfo says so of a bot without a webhook; deleteWebhook may as well
MOST_HELD = 1000  # events in memory while nothing can be stored


class TokenRefused(Exception):
    """The platform does not know the bot's token: asking again is of no use."""


class ZaloBotIntake:
    """Takes events in. Each is stored before the next is asked for, or before the webhook is answered; `work` then takes those of one
    person in order, those of different persons beside each other. `answered` gets the committed answers of each turn.
    """

    def __init__(
        self,
        bot: ZaloBot,
        conversation: Conversation,
        store: Store,
        clock: Clock,
        answered: Callable[[Sequence[Delivery]], None],
    ) -> None:
        self._bot = bot
        self._conversation = conversation
        self._store = store
        self._clock = clock
        self._answered = answered
        self._worker = Worker(store.arrivals, clock, CHANNEL, self._work_off)
        self._floods = Floods()
        self._held = 0
        self._told_not_saved: set[str] = set()
        self._asides: set[asyncio.Task[None]] = set()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._stopping = asyncio.Event()

    # Taking in --------------------------------------------------------------------------------------------------------

    async def receive(self, raw: dict[str, Any]) -> None:
        """Take in one event as the webhook got it; returns once it is stored. Raises StorageUnavailable; then it is tried again from
        here too, for nobody knows whether the platform delivers it a second time."""
        event = self._read(raw)
        if event is None:
            return
        try:
            await self._keep(event)
        except StorageUnavailable:
            self._tell_not_saved(event)
            if self._held < MOST_HELD:
                self._held += 1
                self._aside(self._let_go_when_kept(event))
            raise

    def _read(self, raw: dict[str, Any]) -> Event | None:
        """The event, where it is somebody's and lets them in."""
        try:
            event = read_event(raw)
        except ValueError:
            log.error("an event on %s cannot be read and is left out", CHANNEL)
            return None
        return event if event and self._admits(event) else None

    async def _keep(self, event: Event) -> None:
        """Store an event. Raises StorageUnavailable."""
        is_new = await self._store.arrivals.keep(CHANNEL, event.key, event.person, event.body(), self._clock.now())
        self._told_not_saved.discard(event.person)
        if is_new:
            self._worker.wake()

    async def _keep_surely(self, event: Event) -> None:
        """Store an event, however long that takes; the end of the process is the only way to lose it, and that is logged."""
        pause = 0.2
        while True:
            is_last_try = self._stopping.is_set()
            try:
                return await self._keep(event)
            except StorageUnavailable:
                self._tell_not_saved(event)
                log.warning("nothing can be stored, an event on %s waits", CHANNEL)
            except Exception:
                log.exception("an event on %s cannot be stored and is left out", CHANNEL)
                return None
            if is_last_try:
                log.error("an event on %s could not be stored before the end, and is lost", CHANNEL)
                return None
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _let_go_when_kept(self, event: Event) -> None:
        try:
            await self._keep_surely(event)
        finally:
            self._held -= 1

    def _admits(self, event: Event) -> bool:
        admission = self._floods.admit(event.person, asyncio.get_running_loop().time())
        if admission is Admission.TELL:
            log.warning("somebody floods and is turned away for a while")
            self._say(event, TOO_FAST)
        return admission is Admission.COME_IN

    def _tell_not_saved(self, event: Event) -> None:
        if event.person not in self._told_not_saved:
            self._told_not_saved.add(event.person)
            self._say(event, NOT_SAVED)

    def _say(self, event: Event, message: str) -> None:
        chat_id = to_incoming(event).peer.chat_id
        self._aside(self._bot.say(chat_id, self._conversation.translator()(message)))

    # Working off ------------------------------------------------------------------------------------------------------

    async def work(self) -> None:
        """Work off what is stored until `stop`, what an earlier process left behind too."""
        self._is_under_way()
        await self._worker.run()

    async def _work_off(self, arrival: Arrival) -> None:
        """One turn. A repetition does nothing: the turn itself takes each message once."""
        event = read_event(json.loads(arrival.body))
        assert event is not None  # such are not stored
        incoming = await resolved(self._store.ledger, to_incoming(event), arrival.arrived_at)
        self._answered((await self._conversation.turn(incoming)).deliveries)

    # Listening --------------------------------------------------------------------------------------------------------

    async def listen(self, webhook_url: str = "", secret: str = "") -> None:
        """Take events in until `stop`: at the webhook, which calls `receive`, else by polling. Ends by itself, with an alarm, when the
        platform refuses the token."""
        self._is_under_way()
        try:
            await self._choose(webhook_url, secret)
            if webhook_url:
                await self._stopping.wait()
            else:
                await self._poll()
        except TokenRefused:
            log.critical(
                "Zalo refuses the bot's token: no messages are taken. Check ZALO_BOT_TOKEN (Zalo Bot Creator)."
            )

    async def _choose(self, webhook_url: str, secret: str) -> None:
        """Tell the platform how events are to come. Raises TokenRefused."""
        method, arguments = (
            ("setWebhook", {"url": webhook_url, "secret_token": secret}) if webhook_url else ("deleteWebhook", {})
        )
        pause = 0.5
        while not self._stopping.is_set():
            try:
                await self._bot.platform.call(method, arguments)
                return
            except CALL_FAILED as error:
                _unless_hopeless(error)
                if not webhook_url and isinstance(error, PlatformError) and error.code == NEVER_HAD_ONE:
                    return
                log.warning("the Zalo Bot Platform cannot be told how to deliver (%s), trying again", _kind(error))
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _poll(self) -> None:
        """Ask for one event after the other. Raises TokenRefused."""
        pause = 0.5
        while not self._stopping.is_set():
            try:
                raw = await self._bot.platform.call("getUpdates", {"timeout": LONG_POLL}, holds=LONG_POLL)
            except CALL_FAILED as error:
                if isinstance(error, PlatformError) and error.code == IDLE:
                    pause = 0.5
                    await self._pause(IDLE_PAUSE)
                    continue
                _unless_hopeless(error)
                log.warning("no messages from the Zalo Bot Platform (%s), trying again", _kind(error))
                await self._pause(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = 0.5
            for one in _events(raw):
                if (event := self._read(one)) is not None:
                    await self._keep_surely(event)

    # Ending -----------------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Ask for no more, and begin no more; the poll under way and what is in hand go on to their end."""
        self._stopping.set()
        self._worker.stop()

    async def finish(self, within: float) -> None:
        """Wait, at most `within` seconds, for the last poll and the turns in hand, and as long again for what is said beside them."""
        begun = asyncio.get_running_loop().time()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=within)
        await self._worker.finish(max(0.0, begun + within - asyncio.get_running_loop().time()))
        if self._asides:
            await asyncio.wait(self._asides, timeout=within)

    def _is_under_way(self) -> None:
        """`finish` waits for the task that is running: broken off in the midst of a call it would leave things behind."""
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _aside(self, what: Coroutine[Any, Any, None]) -> None:
        """Do something for which nobody waits."""
        task = asyncio.create_task(what)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _events(result: Any) -> list[dict[str, Any]]:
    """What a poll brought. ZALO: assumed [M]: one object; a list, as other platforms give, is taken too."""
    return [one for one in (result if isinstance(result, list) else [result]) if isinstance(one, dict)]


def _unless_hopeless(error: Exception) -> None:
    if isinstance(error, PlatformError) and error.code == UNAUTHORIZED:
        raise TokenRefused from error


def _kind(error: Exception) -> str:
    return str(error.code) if isinstance(error, PlatformError) else type(error).__name__
