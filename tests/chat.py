"""Tests talk like people: `await rep.says("…")`, `await rep.taps("Xong")`, `rep.sees("…")`.

A `Company` runs the real conversation, store and pushes; only the channel is played here, showing each person what was committed for
them and handing every tap back as the channel would. On a channel where nothing can be tapped people type the number, and a tap of
theirs is what the Official Account makes of one: a text.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from bot.answering import look_after_answers
from bot.channels.choosing import resolved
from bot.channels.numbered import how_to_choose, listed, options
from bot.clock import WoundClock
from bot.conversation import Conversation
from bot.deadlines import remind_of_requests
from bot.domain.calendar import next_digest
from bot.domain.customers import Customer
from bot.domain.delivery import Delivery
from bot.domain.people import Member, Role
from bot.domain.reaching import TEMPLATES, Contact
from bot.domain.repositories import Store
from bot.domain.timeline import StoredFile
from bot.handing_over import hand_over_due
from bot.handlers.routes import ROUTES
from bot.i18n import Translator
from bot.messages import SHOWS_NOTICES, Choice, Incoming, Peer, Reply, SharedContact
from bot.pushes import push_due
from bot.surveying import survey_due, survey_links
from bot.ticketing import remind_of_tickets
from bot.weekly import push_weeks

ORG = "Nội thất An Nhiên"
GROUP = "Đội Hà Nội"
PAGES = "https://khach.example"
ZONE = "Asia/Ho_Chi_Minh"
TAG = re.compile(r"<[^>]*>")
# a Monday morning in Vietnam
MONDAY = datetime.fromisoformat("2026-11-23T08:40:00+07:00")


@dataclass
class Shown:
    """A message on somebody's screen."""

    ref: str
    reply: Reply
    typed: Translator | None = None  # the reader's, where choices are typed

    @property
    def choices(self) -> list[Choice]:
        return [choice for row in self.reply.choices for choice in row]

    @property
    def words(self) -> str:
        """All that can be read on it: text, buttons or what can be typed."""
        offered = iter([choice.label for choice in self.choices])
        if self.typed:
            offered = iter([listed(self.reply, str(self.typed(how_to_choose(self.reply))))])
        words = "\n".join([html.unescape(TAG.sub("", str(self.reply.text))), *offered])
        return words.replace("\N{NO-BREAK SPACE}", " ")


@dataclass
class Person:
    """Somebody with a phone."""

    company: "Company"
    user_id: str
    name: str
    member: Member | None = None
    screen: list[Shown] = field(default_factory=list)
    fresh: list[Shown] = field(default_factory=list)
    toast: str = ""
    channel: str = "telegram"

    # What they do

    async def says(self, text: str, *, forwarded_from: str = "", update_id: str = "") -> None:
        """Type and send."""
        await self._does(self._incoming(update_id, text=text, forwarded_from=forwarded_from))

    async def taps(self, label: str, *, update_id: str = "") -> None:
        """Tap the newest button whose label holds `label`, as it stands on the screen now."""
        shown, choice = self._button(label)
        if self._types:
            key = next(option.key for option in options(shown.reply) if option.choice == choice)
            await self.says(f"ck:{shown.ref.rpartition(':')[2]}:{key}", update_id=update_id)
            return
        await self.taps_old(shown.ref, choice.data, update_id=update_id)

    async def taps_old(self, ref: str, data: str, *, update_id: str = "") -> None:
        """Tap a button that need not stand on the screen any more, or never stood there."""
        await self._does(self._incoming(update_id, choice=data, message_ref=ref))

    async def says_in(self, group: "Person", text: str) -> None:
        """Type in a group chat; the answer appears there."""
        await self._does(self._incoming(text=text, group=group.name), group)

    async def taps_in(self, group: "Person", label: str) -> None:
        """Tap a button on a group's screen."""
        shown, choice = group._button(label)
        await self._does(self._incoming(choice=choice.data, message_ref=shown.ref, group=group.name), group)

    async def replies(self, to: str, text: str = "", *, file: str = "", kind: str = "photo") -> None:
        """Answer the newest message that holds the text `to`, as people do by holding it."""
        ref = next(shown.ref for shown in reversed(self.screen) if to in shown.words)
        sent = StoredFile(self.channel, f"file-{file}", kind, file) if file else None
        await self._does(self._incoming(text=text, file=sent, reply_to=ref))

    async def shares_contact(self, name: str, phone: str, *, own: bool = False) -> None:
        """Send a contact card."""
        await self._does(self._incoming(contact=SharedContact(name, phone, own, proven=self.channel == "telegram")))

    async def sends_file(self, name: str, kind: str = "photo", caption: str = "") -> None:
        """Send a photo, document, voice note …"""
        await self._does(self._incoming(text=caption, file=StoredFile(self.channel, f"file-{name}", kind, name)))

    async def says_in_group(self, text: str, *, group: str = GROUP) -> None:
        """Type in a group chat, where everybody reads along."""
        await self._does(replace(self._incoming(text=text), peer=self._in(group), group=group))

    async def taps_in_group(self, ref: str, data: str, *, group: str = GROUP) -> None:
        """Tap a button in a group chat, one that never stood there too."""
        incoming = self._incoming(choice=data, message_ref=ref)
        await self._does(replace(incoming, peer=self._in(group), group=group))

    # What they see

    def sees(self, *texts: str) -> None:
        """Each text is in what appeared or changed since their last action (or push)."""
        seen = self.reads()
        for text in texts:
            assert text in seen, f"{self.name} does not see {text!r} in:\n{seen}"

    def does_not_see(self, *texts: str) -> None:
        """None of the texts is in what appeared or changed."""
        seen = self.reads()
        for text in texts:
            assert text not in seen, f"{self.name} sees {text!r} in:\n{seen}"

    def never_saw(self, *texts: str) -> None:
        """None of the texts is anywhere on the screen."""
        everything = "\n".join(shown.words for shown in self.screen)
        for text in texts:
            assert text not in everything, f"{self.name} saw {text!r}"

    def reads(self) -> str:
        """What appeared or changed since their last action, toast included."""
        return "\n".join([*(shown.words for shown in self.fresh), self.toast])

    def buttons(self) -> list[str]:
        """The labels in what appeared or changed."""
        return [choice.label for shown in self.fresh for choice in shown.choices]

    def data_of(self, label: str) -> str:
        """The data of the newest button whose label holds `label`."""
        return self._button(label)[1].data

    def _button(self, label: str) -> tuple[Shown, Choice]:
        for shown in [*reversed(self.fresh), *reversed(self.screen)]:
            labels = [
                choice
                for choice in shown.choices
                if label in choice.label.replace("\N{NO-BREAK SPACE}", " ") and choice.data
            ]
            if labels:
                return shown, min(labels, key=lambda choice: len(choice.label))
        raise AssertionError(f"{self.name} has no button {label!r} on:\n{self.reads()}")

    # How it gets there

    @property
    def _types(self) -> bool:
        """Whether they type what others tap."""
        return self.channel not in SHOWS_NOTICES

    def _incoming(self, update_id: str = "", **what: object) -> Incoming:
        peer = Peer(self.channel, self.user_id, self.user_id, self.name, "vi")
        return Incoming(update_id=update_id or str(next(self.company.update_ids)), peer=peer, **what)  # type: ignore[arg-type]

    def _in(self, group: str) -> Peer:
        return Peer("telegram", self.user_id, f"-100:{group}", self.name, "vi")

    async def _does(self, incoming: Incoming, group: "Person | None" = None) -> None:
        chat = group or self
        chat.fresh, chat.toast = [], ""
        if group:
            incoming = replace(incoming, peer=replace(incoming.peer, chat_id=group.user_id))
        if self._types:
            await self.company.notes_interaction(self)
            incoming = await resolved(self.company.store.ledger, incoming)
        answer = await self.company.conversation.turn(incoming)
        if self._types:  # whom their first words made a customer, or a colleague
            await self.company.notes_interaction(self)
        else:
            chat.toast = answer.toast
        chat.show(answer.deliveries)
        sent = [(d.id, chat.ref_of(d)) for d in answer.deliveries]
        await self.company.store.ledger.sent(sent, self.company.clock.now())

    def ref_of(self, delivery: Delivery) -> str:
        """The message that a delivery becomes: an edited one, where the channel can edit."""
        edited = "" if self._types else delivery.replace_ref
        return edited or f"{self.user_id}:{delivery.id}"

    def show(self, deliveries: Sequence[Delivery]) -> None:
        """Put deliveries on the screen, edits in place."""
        for delivery in deliveries:
            reply = Reply.from_record(delivery.payload)
            replaced = next((shown for shown in self.screen if shown.ref == delivery.replace_ref), None)
            if replaced and not self._types:
                replaced.reply = reply
                self.fresh.append(replaced)
                continue
            words = self.company.conversation.translator().speaking(reply.locale)
            shown = Shown(f"{self.user_id}:{delivery.id}", reply, words if self._types else None)
            self.screen.append(shown)
            self.fresh.append(shown)


def link(payload: str) -> str:
    """The way into the assistant's private chat."""
    return f"https://t.me/thu_bot?start={payload}"


class Company:
    """A company at work on a real store, with a clock that tests wind."""

    def __init__(self, store: Store, start: datetime = MONDAY, *, zalo_address: str = "") -> None:
        self.store = store
        self.clock = WoundClock(start)
        self.conversation = Conversation(
            store,
            ROUTES,
            self.clock,
            org=ORG,
            locale="vi",
            timezone=ZONE,
            link_to=link,
            zalo_address=lambda: zalo_address,
            public_url=PAGES,
        )
        self.people: dict[str, Person] = {}
        self.templates: list[Delivery] = []  # what Zalo was handed in an approved form
        self.update_ids = count(1)

    async def hires(
        self,
        name: str,
        role: Role = Role.REP,
        *,
        locale: str = "vi",
        timezone: str = ZONE,
        next_digest_at: datetime | None = None,
        channel: str = "telegram",
    ) -> Person:
        """A new member with an account on Telegram, or on another channel; the morning list comes as usual."""
        person = self.meets(name, channel)
        async with self.store.begin() as uow:
            member = await uow.members.add(name, role, locale, timezone, self.clock.now())
            member = await uow.members.update(
                member, next_digest_at=next_digest_at or next_digest(member, self.clock.now())
            )
            await uow.members.link(member.id, channel, person.user_id, person.user_id)
            await uow.commit()
        person.member = member
        return person

    def opens_group(self, name: str) -> Person:
        """A group chat with the bot in it, as a screen that all in it see."""
        group = Person(self, str(-1001 - len(self.people)), name)
        self.people[group.user_id] = group
        return group

    async def links(self, person: Person, customer: Customer) -> None:
        """Somebody is a customer whom the company knows, and may be written to."""
        now = self.clock.now()
        async with self.store.begin() as uow:
            await uow.contacts.link(Contact(person.channel, person.user_id, person.user_id, customer.id, now))
            await uow.commit()

    def meets(self, name: str, channel: str = "telegram") -> Person:
        """Somebody who is not on the team."""
        person = Person(self, str(1001 + len(self.people)), name, channel=channel)
        self.people[person.user_id] = person
        return person

    async def notes_interaction(self, person: Person) -> None:
        """As the channel does with whatever somebody does."""
        async with self.store.begin() as uow:
            await uow.contacts.interacted(person.channel, person.user_id, self.clock.now())
            await uow.commit()

    async def waits(self, by: timedelta) -> None:
        """Time passes; what falls due is pushed."""
        await self.waits_until(self.clock.now() + by)

    async def waits_until(self, moment: datetime) -> None:
        """Time passes until `moment` (aware), stopping wherever something falls due."""
        for person in self.people.values():
            person.fresh, person.toast = [], ""
        while (due := await self._next_push()) and due <= moment:
            if due > self.clock.now():
                self.clock.wind_to(due)
            await self.delivers_pushes()
        self.clock.wind_to(moment)
        await self.delivers_pushes()

    async def _next_push(self) -> datetime | None:
        async with self.store.read() as uow:
            return await uow.followups.next_push()

    async def delivers_pushes(self) -> None:
        """One tick: what is due is pushed and shown."""
        now = self.clock.now()
        words = self.conversation.translator
        await push_due(self.store, now, words, ORG)
        await push_weeks(self.store, now, words, ORG, words().zone, link)
        await remind_of_tickets(self.store, now, words)
        await look_after_answers(self.store, now, words, survey_links(PAGES, link))
        await remind_of_requests(self.store, now, words, words().zone)
        await hand_over_due(self.store, now, self.conversation.translator)
        await survey_due(self.store, now, words, words(), ORG, survey_links(PAGES, link))
        while deliveries := await self.store.ledger.claim(now, 100, "test", now + timedelta(minutes=1)):
            for delivery in deliveries:
                self._hand_over(delivery)
            await self.store.ledger.sent([(d.id, self._ref_of(d)) for d in deliveries], now)

    def _hand_over(self, delivery: Delivery) -> None:
        if delivery.channel == TEMPLATES:
            self.templates.append(delivery)
        else:
            self.people[delivery.chat_id].show([delivery])

    def _ref_of(self, delivery: Delivery) -> str:
        person = self.people.get(delivery.chat_id)
        return person.ref_of(delivery) if person else f"{delivery.chat_id}:{delivery.id}"
