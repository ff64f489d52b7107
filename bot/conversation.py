"""One turn of a conversation: from what a person did, through one transaction, to a committed answer."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from markupsafe import Markup, escape

from bot.clock import Clock
from bot.domain.delivery import LEASE, SECRET, Audience, Delivery, NewDelivery
from bot.domain.errors import DomainError
from bot.domain.people import Member, Role
from bot.domain.repositories import StorageUnavailable, Store, UnitOfWork
from bot.i18n import Translator
from bot.messages import SHOWS_NOTICES, Incoming, Reply
from bot.turn import Guest, GuestHandler, Handler, Links, Turn, address_of

log = logging.getLogger(__name__)

# What stands above choices that have to be apart from what they are about.
_BELOW = Markup("👆")


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
class GuestRoutes:
    """Who answers somebody who is not on the team: commands by name, the verbs of choices, waiting questions, and all else. None of
    the members' handlers is among them."""

    commands: Mapping[str, GuestHandler]
    choices: Mapping[str, GuestHandler]
    questions: Mapping[str, GuestHandler]
    other: GuestHandler


# Who takes a message by what it answers, before all others; None where it is not for them.
Replied = Callable[[Turn], Awaitable[Reply | None]]


async def nothing_replied(_: Turn) -> Reply | None:
    """No message is taken so."""
    return None


@dataclass(frozen=True, slots=True)
class Routes:
    """Who answers what: commands, the verbs of choices, waiting questions, and what is neither.

    `reading` are verbs and commands (by their Vietnamese name, with the slash) whose handlers only read, some of them long: they do so
    beside the writers, and the turn's own transaction does no more than record the answer. `in_groups` are those that a group
    chat may hear the answer of, since no customer is in it.
    """

    commands: Sequence[Command]
    choices: Mapping[str, Handler]
    questions: Mapping[str, Handler]
    passing: frozenset[str]  # questions that take any words, and so end when the person turns to something else
    text: Handler
    contact: Handler
    file: Handler
    problem: Problem
    apology: Apology
    guests: GuestRoutes
    replied: Replied = nothing_replied
    reading: frozenset[str] = frozenset()
    in_groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the person who wrote, committed: deliveries that the channel sends now, and the tap's own notice.
    `member`: who the person is on the team, if anybody, for the channel's command menu."""

    deliveries: Sequence[Delivery] = ()
    toast: str = ""
    member: Member | None = None


class Conversation:
    """Takes what a person did through one transaction to a committed answer: dedupe, identify, route, commit."""

    def __init__(
        self,
        store: Store,
        routes: Routes,
        clock: Clock,
        *,
        org: str,
        locale: str,
        timezone: str,
        link_to: Links = lambda _: "",
        zalo_address: Callable[[], str] = lambda: "",
        public_url: str = "",
        offers_drafts: bool = False,
    ) -> None:
        self._store = store
        self._routes = routes
        self._clock = clock
        self._org = org
        self._locale = locale
        self._timezone = timezone
        self._link_to = link_to
        self._zalo_address = zalo_address
        self._public_url = public_url
        self._offers_drafts = offers_drafts
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
        name = self._name(incoming)
        says_nothing_to_us = bool(incoming.file or incoming.contact) or not name.startswith("/")
        if incoming.group and says_nothing_to_us and name not in self._routes.choices:
            return Answer()  # people talking to each other, or showing each other something
        if name in self._routes.reading:
            return await self._reading_turn(incoming, now)
        async with self._store.begin() as uow:
            if not await uow.inbox.take(incoming.peer.channel, incoming.update_id, now):
                return Answer()
            member = await self._member(uow, incoming)
            if member is None:
                return await self._guest(uow, incoming, now)
            turn = self._turn_of(uow, incoming, now, member)
            replies = _all_of(await self._route(turn))
            answer = await self._answer(uow, incoming, replies, now, turn.t, asked=turn.asked)
            await uow.audit.note_seen(member, uow.audit.seen_by(member), now)
            await uow.commit()
        return replace(answer, member=turn.member)

    async def _reading_turn(self, incoming: Incoming, now: datetime) -> Answer:
        """Read beside the writers, then record the answer, unless meanwhile the person may not have it any more."""
        async with self._store.read() as uow:
            reader = await self._member(uow, incoming)
            if reader is not None:
                turn = self._turn_of(uow, incoming, now, reader)
                handler, _ = self._handler_for(turn)
                replies = _all_of(await handler(turn))
                seen, noted = uow.audit.seen_by(reader), uow.audit.noted()
        async with self._store.begin() as uow:
            if not await uow.inbox.take(incoming.peer.channel, incoming.update_id, now):
                return Answer()
            member = await self._member(uow, incoming)
            if member is None:
                return await self._guest(uow, incoming, now)
            if reader is None or (member.role, member.team_id) != (reader.role, reader.team_id):
                raise DomainError("not_found")
            turn = self._turn_of(uow, incoming, now, member)
            await self._turn_to(turn, self._handler_for(turn)[1])
            answer = await self._answer(uow, incoming, replies, now, turn.t)
            uow.audit.note_again(noted)
            await uow.audit.note_seen(member, seen, now)
            await uow.commit()
        return replace(answer, member=member)

    async def _guest(self, uow: UnitOfWork, incoming: Incoming, now: datetime) -> Answer:
        """Somebody who is not on the team; in a group they are not spoken to."""
        if incoming.group:
            await uow.commit()
            return Answer()
        customer = await uow.contacts.customer(incoming.peer.channel, incoming.peer.user_id)
        guest = Guest(
            incoming,
            now,
            self.translator(),
            uow,
            self._org,
            self.translator,
            self._link_to,
            customer=customer,
            offers_drafts=self._offers_drafts,
        )
        replies = _all_of(await self._guest_route(guest))
        # a customer is never told the same thing twice (RELIABILITY rule 3)
        t = self.translator(guest.member)
        answer = await self._answer(uow, incoming, replies, now, t, Audience.CUSTOMER, asked=guest.asked)
        await uow.commit()
        return replace(answer, member=guest.member)

    async def _guest_route(self, guest: Guest) -> Reply | Sequence[Reply]:
        incoming, routes = guest.incoming, self._routes.guests
        if incoming.choice:
            verb, *guest.args = incoming.choice.split(":")
            if verb not in routes.choices:
                return await routes.other(guest)
            return await routes.choices[verb](guest)
        name, guest.words = _command_name(incoming.text)
        if name in routes.commands:
            return await routes.commands[name](guest)
        address = address_of(incoming.peer)
        waiting = await guest.uow.questions.waiting(address)
        if waiting and waiting.name in routes.questions and incoming.text:
            guest.data = waiting.data
            await guest.uow.questions.forget(address)
            return await routes.questions[waiting.name](guest)
        return await routes.other(guest)

    async def _member(self, uow: UnitOfWork, incoming: Incoming) -> Member | None:
        member = await uow.members.by_identity(incoming.peer.channel, incoming.peer.user_id)
        return member if member and member.active else None

    def _turn_of(self, uow: UnitOfWork, incoming: Incoming, now: datetime, member: Member) -> Turn:
        t, zone = self.translator(member), self.translator().zone
        return Turn(
            incoming,
            now,
            member,
            t,
            uow,
            self._org,
            self.translator,
            self._link_to,
            zone=zone,
            zalo_address=self._zalo_address(),
            public_url=self._public_url,
            offers_drafts=self._offers_drafts,
        )

    def _name(self, incoming: Incoming) -> str:
        """What the routes call it: the verb of a choice, the Vietnamese name of a command with its slash; else empty."""
        if incoming.choice:
            return incoming.choice.partition(":")[0]
        command = self._commands.get(self._command_said(incoming.text)[0])
        return f"/{command.vi}" if command else ""

    def _command_said(self, text: str) -> tuple[str, str]:
        """The command and the words after it; `/start tuan` is how a link of ours says /tuan: one that only reads."""
        name, words = _command_name(text)
        command = self._commands.get(words)
        if name == "start" and command and f"/{command.vi}" in self._routes.reading:
            return command.vi, ""
        return name, words

    async def _explain(self, incoming: Incoming, now: datetime, sentence: Callable[[Translator], Markup]) -> Answer:
        """The turn was rolled back: say why, in a transaction of its own that also takes the update in."""
        peer = incoming.peer
        async with self._store.begin() as uow:
            if not await uow.inbox.take(peer.channel, incoming.update_id, now):
                return Answer()
            t = self.translator(await uow.members.by_identity(peer.channel, peer.user_id))
            text = sentence(t)
            reply = Reply(toast=text) if incoming.choice else Reply(text)
            answer = await self._answer(uow, incoming, [reply], now, t)
            await uow.commit()
        return answer

    async def _answer(
        self,
        uow: UnitOfWork,
        incoming: Incoming,
        replies: Sequence[Reply],
        now: datetime,
        t: Translator,
        audience: Audience = Audience.MEMBER,
        *,
        asked: bool = False,
    ) -> Answer:
        peer = incoming.peer
        if peer.channel not in SHOWS_NOTICES:
            parts = [part for reply in replies for part in _typable(_noticed(reply))]
            replies = [replace(part, asks_words=asked, locale=t.locale) for part in parts]
        deliveries = [
            NewDelivery(
                dedupe_key=f"answer:{peer.channel}:{incoming.update_id}:{number}",
                channel=peer.channel,
                chat_id=peer.chat_id,
                audience=audience,
                kind=SECRET if reply.secret else "answer",
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
        if incoming.choice or (incoming.text.startswith("/") and not (incoming.contact or incoming.file)):
            handler, leaving = self._handler_for(turn)
            await self._turn_to(turn, leaving)
            return await handler(turn)
        if (reply := await routes.replied(turn)) is not None:
            return reply
        if incoming.contact:
            return await routes.contact(turn)
        if incoming.file:
            return await routes.file(turn)
        if not incoming.text:
            raise DomainError("not_kept")
        waiting = await turn.uow.questions.waiting(address_of(incoming.peer))
        turn.words = incoming.text
        if waiting and waiting.name in routes.questions:
            turn.data = waiting.data
            await turn.uow.questions.forget(address_of(incoming.peer))
            return await routes.questions[waiting.name](turn)
        return await routes.text(turn)

    def _handler_for(self, turn: Turn) -> tuple[Handler, str | None]:
        """Who answers a choice or a command, and the verb by which the person turns to it: None where it is about the waiting question
        itself. Raises DomainError for what this member, or this chat, has not."""
        incoming, routes = turn.incoming, self._routes
        if incoming.group and self._name(incoming) not in routes.in_groups:
            raise DomainError("not_in_a_group")
        if incoming.choice:
            verb, *turn.args = incoming.choice.split(":")
            if verb not in routes.choices:
                raise DomainError("old_button")
            return routes.choices[verb], verb
        name, turn.words = self._command_said(incoming.text)
        command = self._commands.get(name)
        if command is None:
            raise DomainError("unknown_command")
        if command.roles and turn.member.role not in command.roles:
            # in a group they have just read that others have it
            raise DomainError("managers_only" if incoming.group else "unknown_command")
        return command.handler, None if command.about_question else ""

    async def _turn_to(self, turn: Turn, verb: str | None) -> None:
        """Leave a passing question, unless the tap belongs to it: what is typed next must not become its answer."""
        if verb is None:
            return
        address = address_of(turn.incoming.peer)
        waiting = await turn.uow.questions.waiting(address)
        if waiting and waiting.name in self._routes.passing and waiting.name.split(".")[0] != verb.split(".")[0]:
            await turn.uow.questions.forget(address)


def _command_name(text: str) -> tuple[str, str]:
    """A command's name in lower case and the words after it; ("", text) where it is no command."""
    if not text.startswith("/"):
        return "", text
    name, _, words = text[1:].partition(" ")
    if "\n" in name:  # "/khach\nchị Lan …" typed on two lines
        name, _, rest = name.partition("\n")
        words = f"{rest} {words}"
    return name.partition("@")[0].lower(), words.strip()


def _noticed(reply: Reply) -> Reply:
    """The reply with its notice as the first line of its text."""
    return replace(reply, text=Markup("\n\n").join(filter(None, [escape(reply.toast), reply.text])), toast="")


def _typable(reply: Reply) -> Sequence[Reply]:
    """The reply where choices are typed: what is typed is looked up in what was sent, and of a secret nothing is kept."""
    offered = tuple(tuple(choice for choice in row if choice.data) for row in reply.choices)
    if not reply.secret or not any(offered):
        return [reply]
    others = tuple(tuple(choice for choice in row if not choice.data) for row in reply.choices)
    return [replace(reply, choices=others), Reply(_BELOW, offered)]


def _all_of(replied: Reply | Sequence[Reply]) -> Sequence[Reply]:
    return [replied] if isinstance(replied, Reply) else replied
