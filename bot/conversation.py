"""One turn of a conversation: from what a person did, through one transaction, to a committed answer."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Protocol

from markupsafe import Markup

from bot.clock import Clock
from bot.domain.customers import Customer
from bot.domain.delivery import LEASE, Audience, Delivery, NewDelivery
from bot.domain.errors import DomainError
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.repositories import StorageUnavailable, Store, UnitOfWork
from bot.domain.understanding import Capture, Intent, understand, understand_all
from bot.i18n import Translator
from bot.messages import Incoming, Peer, Reply

log = logging.getLogger(__name__)

# How many customers are offered to tap where nobody was named.
OFFERED = 4


@dataclass(slots=True)
class Turn:
    """A handler's context: who, what, `now` (UTC), the translator and the unit of work.

    `words` is the text after a command, or the whole text of an answer; `args` are the parts of a tapped choice after its verb;
    `data` is what the waiting question kept.
    """

    incoming: Incoming
    now: datetime
    member: Member
    t: Translator
    uow: UnitOfWork
    org: str
    translator_of: Callable[[Member], Translator]
    words: str = ""
    args: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The date where the member is."""
        return self.member.today(self.now)

    @property
    def local_now(self) -> datetime:
        """`now` on the member's own clock."""
        return self.member.local(self.now)

    def arg(self, index: int) -> int:
        """The choice's part `index` as a row's number. Raises DomainError when somebody forged it."""
        return self._number(index, below=2**31)

    def amount(self, index: int) -> int:
        """The choice's part `index` as an amount in đồng. Raises DomainError when somebody forged it."""
        return self._number(index, below=10**18)

    def _number(self, index: int, *, below: int) -> int:
        digits = self.args[index] if index < len(self.args) else ""
        # plain digits alone: int() takes ², ٣ and endless ones too
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18 and int(digits) < below):
            raise DomainError("old_button")
        return int(digits)

    async def understand(self, text: str, intent: Intent | None = None, *, at: datetime | None = None) -> Capture:
        """What a text means to this member, said now or `at` (UTC); `intent` where a command has said it already."""
        known = await self.uow.vocabulary.known(self.member)
        return understand(text, self.member.local(at or self.now), known, intent)

    async def understand_all(self, text: str, *, at: datetime | None = None) -> list[Capture]:
        """As `understand`, with one meaning for each line that holds a customer."""
        return understand_all(text, self.member.local(at or self.now), await self.uow.vocabulary.known(self.member))

    async def last_talked_about(self) -> Sequence[Customer]:
        """The customers to offer first where nobody was named."""
        return await self.uow.customers.recent(self.member, OFFERED)

    async def ask(self, question: str, **data: Any) -> None:
        """Let `question` (a name in the routes) wait for the next message; `data` comes back with the answer."""
        await self.uow.questions.ask(address_of(self.incoming.peer), question, data, self.now)

    async def talks_about(self, customer_id: int) -> None:
        """Remember whom the member speaks of, for the next message that names nobody."""
        if self.member.last_customer_id != customer_id:
            self.member = await self.uow.members.update(self.member, last_customer_id=customer_id)

    async def saved(self, customer_id: int) -> int:
        """All that this turn wrote is one action; its id, for *Hoàn tác*."""
        await self.talks_about(customer_id)
        return (await self.uow.actions.record(self.member, customer_id, self.now)).id

    async def tell(self, member_id: int, key: str, reply: Reply) -> None:
        """Say something to another member, after the commit; once for each `key`."""
        await send_to_member(self.uow, member_id, key, "notice", reply, self.now)


def address_of(peer: Peer) -> Address:
    """Where this person is answered."""
    return Address(peer.channel, peer.chat_id)


async def send_to_member(
    uow: UnitOfWork,
    member_id: int,
    key: str,
    kind: str,
    reply: Reply,
    now: datetime,
    expires_at: datetime | None = None,
) -> bool:
    """Queue a message to a member under a unique key; False when it was queued before or there is nowhere to write to."""
    address = await uow.members.address(member_id)
    if address is None:
        return False
    delivery = NewDelivery(
        key,
        address.channel,
        address.chat_id,
        Audience.MEMBER,
        kind,
        reply.to_record(),
        due_at=now,
        expires_at=expires_at,
    )
    return await uow.outbox.queue(delivery)


Handler = Callable[[Turn], Awaitable["Reply | Sequence[Reply]"]]


class Problem(Protocol):
    """Words a DomainError for the person: what is wrong and what to do."""

    def __call__(self, t: Translator, problem: DomainError) -> Markup: ...


class Apology(Protocol):
    """Words our own failure, with the reference under which it was logged."""

    def __call__(self, t: Translator, reference: str) -> Markup: ...


@dataclass(frozen=True, slots=True)
class Command:
    """A command under its Vietnamese and English names; `about` is its line in the menu. `roles`: who has it; empty: all members."""

    vi: str
    en: str
    handler: Handler
    about: str
    roles: frozenset[Role] = frozenset()
    about_question: bool = False  # it is about the waiting question itself, as /huy is


@dataclass(frozen=True, slots=True)
class Routes:
    """Who answers what: commands, the verbs of choices, waiting questions, and what is neither."""

    commands: Sequence[Command]
    choices: Mapping[str, Handler]
    questions: Mapping[str, Handler]
    passing: frozenset[str]  # questions that take any words, and so end when the person turns to something else
    text: Handler
    contact: Handler
    file: Handler
    problem: Problem
    apology: Apology
    stranger: Callable[[Translator, str, Incoming], Reply]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the person who wrote, committed: deliveries that the channel sends now, and the tap's own notice.
    `member`: who the person is on the team, if anybody, for the channel's command menu."""

    deliveries: Sequence[Delivery] = ()
    toast: str = ""
    member: Member | None = None


class Conversation:
    """Takes what a person did through one transaction to a committed answer: dedupe, identify, route, commit."""

    def __init__(self, store: Store, routes: Routes, clock: Clock, *, org: str, locale: str, timezone: str) -> None:
        self._store = store
        self._routes = routes
        self._clock = clock
        self._org = org
        self._locale = locale
        self._timezone = timezone
        self._commands = {name: command for command in routes.commands for name in (command.vi, command.en)}
        self._translators: dict[tuple[str, str], Translator] = {}

    def translator(self, member: Member | None = None) -> Translator:
        """The translator for a member, or for somebody of whom nothing is known."""
        key = (member.locale, member.timezone) if member else (self._locale, self._timezone)
        if key not in self._translators:
            self._translators[key] = Translator(*key)
        return self._translators[key]

    async def turn(self, incoming: Incoming) -> Answer:
        """One turn. A repeated update does nothing: its answer is in the outbox already.

        Raises StorageUnavailable when nothing could be saved; the channel must have the update delivered again.
        """
        now = self._clock.now()
        try:
            return await self._turn(incoming, now)
        except DomainError as problem:
            return await self._explain(incoming, now, partial(self._routes.problem, problem=problem))
        except StorageUnavailable:
            raise
        except Exception:
            reference = secrets.token_hex(3).upper()
            log.exception("turn failed, reference %s", reference)
            return await self._explain(incoming, now, partial(self._routes.apology, reference=reference))

    async def _turn(self, incoming: Incoming, now: datetime) -> Answer:
        peer = incoming.peer
        async with self._store.begin() as uow:
            if not await uow.inbox.take(peer.channel, incoming.update_id, now):
                return Answer()
            member = await uow.members.by_identity(peer.channel, peer.user_id)
            if member is None or not member.active:
                replies: Sequence[Reply] = [self._routes.stranger(self.translator(), self._org, incoming)]
            else:
                turn = Turn(incoming, now, member, self.translator(member), uow, self._org, self.translator)
                replied = await self._route(turn)
                replies = [replied] if isinstance(replied, Reply) else replied
                member = turn.member
            answer = await self._answer(uow, incoming, replies, now)
            await uow.commit()
        return replace(answer, member=member)

    async def _explain(self, incoming: Incoming, now: datetime, sentence: Callable[[Translator], Markup]) -> Answer:
        """The turn was rolled back: say why, in a transaction of its own that also takes the update in."""
        peer = incoming.peer
        async with self._store.begin() as uow:
            if not await uow.inbox.take(peer.channel, incoming.update_id, now):
                return Answer()
            text = sentence(self.translator(await uow.members.by_identity(peer.channel, peer.user_id)))
            reply = Reply(toast=text) if incoming.choice else Reply(text)
            answer = await self._answer(uow, incoming, [reply], now)
            await uow.commit()
        return answer

    async def _answer(self, uow: UnitOfWork, incoming: Incoming, replies: Sequence[Reply], now: datetime) -> Answer:
        peer = incoming.peer
        deliveries = [
            NewDelivery(
                dedupe_key=f"answer:{peer.channel}:{incoming.update_id}:{number}",
                channel=peer.channel,
                chat_id=peer.chat_id,
                audience=Audience.MEMBER,
                kind="answer",
                payload=reply.to_record(),
                due_at=now,
                replace_ref=incoming.message_ref if reply.replaces and incoming.choice else "",
            )
            for number, reply in enumerate(replies)
            if reply.text or reply.picture or reply.document or reply.stored_file
        ]
        toast = next((reply.toast for reply in replies if reply.toast), "")
        return Answer(await uow.outbox.answer(deliveries, now + LEASE) if deliveries else (), toast)

    async def _route(self, turn: Turn) -> Reply | Sequence[Reply]:
        incoming, routes = turn.incoming, self._routes
        if incoming.choice:
            verb, *turn.args = incoming.choice.split(":")
            if verb not in routes.choices:
                raise DomainError("old_button")
            await self._turn_to(turn, verb)
            return await routes.choices[verb](turn)
        if incoming.contact:
            return await routes.contact(turn)
        if incoming.file:
            return await routes.file(turn)
        if incoming.text.startswith("/"):
            return await self._command(turn)
        if not incoming.text:
            raise DomainError("not_kept")
        waiting = await turn.uow.questions.waiting(address_of(incoming.peer))
        turn.words = incoming.text
        if waiting and waiting.name in routes.questions:
            turn.data = waiting.data
            await turn.uow.questions.forget(address_of(incoming.peer))
            return await routes.questions[waiting.name](turn)
        return await routes.text(turn)

    async def _command(self, turn: Turn) -> Reply | Sequence[Reply]:
        name, _, turn.words = turn.incoming.text[1:].partition(" ")
        if "\n" in name:  # "/khach\nchị Lan …" typed on two lines
            name, _, rest = name.partition("\n")
            turn.words = f"{rest} {turn.words}"
        turn.words = turn.words.strip()
        command = self._commands.get(name.partition("@")[0].lower())
        if command is None or (command.roles and turn.member.role not in command.roles):
            raise DomainError("unknown_command")
        if not command.about_question:
            await self._turn_to(turn, "")
        return await command.handler(turn)

    async def _turn_to(self, turn: Turn, verb: str) -> None:
        """Leave a passing question, unless the tap belongs to it: what is typed next must not become its answer."""
        address = address_of(turn.incoming.peer)
        waiting = await turn.uow.questions.waiting(address)
        if waiting and waiting.name in self._routes.passing and waiting.name.split(".")[0] != verb.split(".")[0]:
            await turn.uow.questions.forget(address)
