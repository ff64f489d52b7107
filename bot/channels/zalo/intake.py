"""The Official Account's edge, inwards: events are stored and answered for at once, and worked off beside that."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from markupsafe import Markup

from bot.channels.arrivals import NotYet, Worker
from bot.channels.choosing import resolved
from bot.channels.flooding import NOT_SAVED, TOO_FAST, Floods
from bot.channels.zalo.events import (
    CHANNEL,
    ByHand,
    Event,
    Left,
    Opened,
    Picked,
    Rated,
    Reached,
    Remark,
    Said,
    Unreadable,
    read,
)
from bot.channels.zalo.signature import Seal, is_probe, parsed
from bot.clock import Clock
from bot.conversation import Conversation
from bot.domain.delivery import Delivery
from bot.domain.mailroom import Address, Arrival
from bot.domain.repositories import StorageUnavailable, Store
from bot.handlers.by_hand import answered_by_hand, unfollowed
from bot.lanes import Admission
from bot.messages import Incoming
from bot.owners import tell_owners
from bot.template_answers import rated, replied
from bot.views.zalo import template_is_gone

log = logging.getLogger(__name__)

# What is older is no repeat of Zalo's, whose last comes after some two hours, but somebody else's; keys are remembered for longer.
OLDEST = timedelta(days=7)
# Under which of our channels messages go whose receipts come here.
OURS = (CHANNEL, "zalo_template")
# How often the message of ours is looked for that a receipt, or an echo, may be about: sent, it may not be noted as such yet.
LOOKS = 4
NAME_PATIENCE = 2.0  # seconds; who writes for the first time wants a greeting more than their name


class Speaker(Protocol):
    """What the intake needs of the account. Neither method raises what the network does."""

    async def say(self, chat_id: str, text: Markup) -> None:
        """Say something that need not survive."""
        ...

    async def name_of(self, user_id: str) -> str:
        """What a person is called; "" where that cannot be learned."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What the intake stands on. `answered` gets the committed answers of each turn; `wake` hears that something was queued;
    `on_left` hears of who cannot be written to any more."""

    store: Store
    clock: Clock
    conversation: Conversation
    answered: Callable[[Sequence[Delivery]], None]
    wake: Callable[[], None]
    on_left: Callable[[Address], Awaitable[None]]
    offers_drafts: bool = False


class ZaloIntake:
    """Takes events in for the webhook (`receive`), and has `worker` work them off."""

    def __init__(self, seal: Seal, speaker: Speaker, ground: Ground) -> None:
        self._seal = seal
        self._speaker = speaker
        self._ground = ground
        self._floods = Floods()
        self._asides: set[asyncio.Task[None]] = set()
        self._told_not_saved: set[str] = set()
        self.worker = Worker(ground.store.arrivals, ground.clock, CHANNEL, self.work)

    # At the webhook ---------------------------------------------------------------------------------------------------

    async def receive(self, raw: bytes, signature: str) -> bool:
        """Take in one event as Zalo wrote it; returns once it is stored. False where it is forged. Raises StorageUnavailable."""
        if is_probe(raw):
            return True
        if not self._seal.is_genuine(raw, signature):
            return False
        try:
            event = read(parsed(raw) or {})
            if event.happening is None:
                if not event.is_known:
                    log.info("an event of Zalo with a new name is left out: %.60s", event.name)
                return True
            lane = event.lane
        except Unreadable as error:
            # Delivered again it would be no clearer.
            log.error("an event of Zalo cannot be read and is left out: %s", error)
            return True
        if self._is_too_old(event):
            log.warning("an event of Zalo is older than %s and is left out", OLDEST)
        elif self._admits(event, lane):
            await self._keep(event, lane, raw)
        return True

    def _is_too_old(self, event: Event) -> bool:
        return event.at is not None and event.at < self._ground.clock.now() - OLDEST

    def _admits(self, event: Event, lane: str) -> bool:
        if not event.is_interaction:
            return True
        admission = self._floods.admit(lane, asyncio.get_running_loop().time())
        if admission is Admission.TELL:
            log.warning("somebody floods and is turned away for a while")
            self._say(lane, TOO_FAST)
        return admission is Admission.COME_IN

    async def _keep(self, event: Event, lane: str, raw: bytes) -> None:
        now = self._ground.clock.now()
        try:
            at = min(event.at or now, now) if event.is_interaction else None
            await self._ground.store.arrivals.keep(CHANNEL, event.key, lane, raw.decode(), now, interacted_at=at)
        except StorageUnavailable:
            if event.is_interaction and lane not in self._told_not_saved:
                self._told_not_saved.add(lane)
                self._say(lane, NOT_SAVED)
            raise
        self._told_not_saved.discard(lane)
        self.worker.wake()

    def _say(self, person: str, message: str) -> None:
        """Say something beside all else, for which nobody waits."""
        self._aside(self._speaker.say(person, self._ground.conversation.translator()(message)))

    def _aside(self, what: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(what)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    # Afterwards -------------------------------------------------------------------------------------------------------

    async def work(self, arrival: Arrival) -> None:
        """Work off one event. A second time does nothing. Raises StorageUnavailable, and NotYet."""
        event = read(parsed(arrival.body.encode()) or {})
        at = min(event.at or arrival.arrived_at, self._ground.clock.now())
        match event.happening:
            case Said(parts):
                await self._said(parts, at)
            case Opened():
                pass  # that they did is noted with every act
            case Left(person):
                await self._left(event, person, at)
            case Reached(refs, seen):
                if not await self._ground.store.ledger.arrived(OURS, refs, at, seen=seen) and arrival.attempts < LOOKS:
                    raise NotYet
            case ByHand() as by_hand:
                await self._by_hand(event, by_hand, at, arrival.attempts)
            case Rated() as answer:
                await self._rated(event, answer)
            case Picked() as answer:
                await self._picked(event, answer)
            case Remark() as remark:
                await self._remarked(event, remark)

    async def _remarked(self, event: Event, remark: Remark) -> None:
        """Owners hear of a template of ours that Zalo has stopped: what it carried goes other ways from now on."""
        log.log(remark.level, "%s", remark.text)
        ground = self._ground
        async with ground.store.read() as uow:
            ours = next((one for one in await uow.zalo.templates() if one.template_id == remark.template_id), None)
        if ours is not None:
            words = ground.conversation.translator
            await tell_owners(
                ground.store,
                f"template-gone:{event.key}",
                lambda member: template_is_gone(words(member), ours),
                ground.clock.now(),
            )
            ground.wake()

    async def finish(self, within: float) -> None:
        """Wait, at most `within` seconds, for what is in hand and on its way. To be called after `worker.stop()`."""
        await self.worker.finish(within)
        if self._asides:
            await asyncio.wait(self._asides, timeout=within)

    async def _said(self, parts: Sequence[Incoming], at: datetime) -> None:
        person = parts[0].peer.user_id
        is_known = await self._is_known(person)
        is_named = parts[0].contact and parts[0].contact.name
        name = "" if is_known or is_named else await self._name_of(person)
        for part in parts:
            named = replace(part, peer=replace(part.peer, name=name))
            answer = await self._ground.conversation.turn(await resolved(self._ground.store.ledger, named, at))
            self._ground.answered(answer.deliveries)
        if not is_known:  # whom these words made a customer, or a colleague
            async with self._ground.store.begin() as uow:
                await uow.contacts.interacted(CHANNEL, person, at)
                await uow.commit()

    async def _is_known(self, person: str) -> bool:
        async with self._ground.store.read() as uow:
            if await uow.members.by_identity(CHANNEL, person):
                return True
            return await uow.contacts.customer(CHANNEL, person) is not None

    async def _name_of(self, person: str) -> str:
        try:
            async with asyncio.timeout(NAME_PATIENCE):
                return await self._speaker.name_of(person)
        except TimeoutError:
            return ""

    async def _left(self, event: Event, person: str, at: datetime) -> None:
        now, here = self._ground.clock.now(), Address(CHANNEL, person)
        async with self._ground.store.begin() as uow:
            contact, member_at = await uow.contacts.at(here), await uow.members.interacted_at(here)
            if any(moment and moment > at for moment in (contact and contact.interacted_at, member_at)):
                return  # they are back already
            if await uow.inbox.take(CHANNEL, event.key, now):
                await unfollowed(uow, here, self._ground.conversation.translator, at)
                await uow.commit()
        await self._ground.store.ledger.block(here, at)
        await self._ground.on_left(here)

    async def _by_hand(self, event: Event, by_hand: ByHand, at: datetime, attempts: int) -> None:
        """A message of ours may not be noted as sent yet, so it is looked for more than once."""
        here = Address(CHANNEL, by_hand.person)
        store = self._ground.store
        if by_hand.message_ref and await store.ledger.shown(here, message_ref=by_hand.message_ref):
            return
        if attempts < LOOKS:
            raise NotYet
        async with store.begin() as uow:
            if await uow.inbox.take(CHANNEL, event.key, self._ground.clock.now()):
                await answered_by_hand(uow, here, by_hand.text, by_hand.file, at)
                await uow.commit()

    async def _rated(self, event: Event, answer: Rated) -> None:
        ground = self._ground
        is_ours = await rated(
            ground.store,
            ground.clock.now(),
            ground.conversation.translator,
            message_ref=answer.message_ref,
            tracking_id=answer.tracking_id,
            rate=answer.rate,
            note=answer.note,
            feedbacks=answer.feedbacks,
            event_key=event.key,
        )
        self._answered_template(is_ours=is_ours)

    async def _picked(self, event: Event, answer: Picked) -> None:
        ground = self._ground
        is_ours = await replied(
            ground.store,
            ground.clock.now(),
            ground.conversation.translator,
            message_ref=answer.message_ref,
            tracking_id=answer.tracking_id,
            label=answer.label,
            event_key=event.key,
            offers_drafts=ground.offers_drafts,
        )
        self._answered_template(is_ours=is_ours)

    def _answered_template(self, *, is_ours: bool) -> None:
        if is_ours:
            self._ground.wake()
        else:
            log.info("an answer to a template of which we know nothing is left out")
