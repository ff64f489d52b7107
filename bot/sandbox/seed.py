"""A small team and seven weeks of its work, told in its own messages, so that a newcomer meets people and not an empty list."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from bot.clock import WoundClock
from bot.conversation import Conversation
from bot.domain.calendar import next_digest
from bot.domain.care import Asks, step_of
from bot.domain.consent import Purpose
from bot.domain.customers import Potential
from bot.domain.followups import Outcome
from bot.domain.people import Member, Role
from bot.domain.reaching import Contact
from bot.domain.repositories import Store, UnitOfWork
from bot.messages import Incoming, Peer
from bot.sandbox.history import HISTORY, MINH, TRANG
from bot.views.reminders import PUSHED, choice_data

ORG = "Máy lọc nước Suối Xanh"
OWNER_ID = 1001


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody with a phone on the sandbox page; without a role, a person of the street."""

    user_id: int
    name: str
    role: Role | None
    about: str


PLAYERS = (
    Player(MINH, "Minh", Role.REP, "nhân viên bán hàng"),
    Player(TRANG, "Trang", Role.REP, "nhân viên bán hàng"),
    Player(OWNER_ID, "Hạnh", Role.OWNER, "chủ doanh nghiệp"),
    Player(1004, "Ngọc Lan", None, "khách, không thuộc đội"),
    Player(1005, "Quân", None, "nhân viên mới"),
)
GROUP = "Nhóm bán hàng"


@dataclass(frozen=True, slots=True)
class ZaloPlayer:
    """Somebody with Zalo on their phone: with the Official Account ("zalo") or with the bot ("zalo_bot"). `known_as` is the customer
    who they are, "" for nobody yet; with a role, they are on the team, and `code` a customer's number."""

    channel: str
    user_id: str
    name: str
    about: str
    phone: str = ""
    known_as: str = ""
    role: Role | None = None


ZALO_PLAYERS = (
    ZaloPlayer("zalo", "2512523625412515001", "Loan Trần", "khách của Minh", "84919555111", known_as="Loan"),
    ZaloPlayer("zalo", "2512523625412515002", "Dũng", "khách lạ, có Zalo", "84977555300"),
    ZaloPlayer("zalo_bot", "6ede9afa66b88fe6d6a9", "Thắm", "nhân viên, không có Telegram", role=Role.REP),
)
# How long ago the known customer wrote to the Official Account.
WROTE_BEFORE = timedelta(hours=30)
CONSENT = "Anh/chị cho bên em nhắn hỏi thăm sau khi mua hàng nhé?"

# When each works off what is due: Minh by noon every day, Trang in the afternoon of two days out of three.
ROUNDS = {
    MINH: (time(11, 45), range(1, 49)),
    TRANG: (time(16, 45), [days for days in range(1, 49) if days % 3 != 1]),
}
POTENTIALS = (Potential.MEDIUM, Potential.HIGH, Potential.MEDIUM, Potential.LOW)


async def seed(store: Store, conversation: Conversation, clock: WoundClock) -> None:
    """Fill an empty store with the team and its last seven weeks; the clock ends where it began."""
    now = clock.now()
    today = now.astimezone(conversation.translator().zone).date()
    await _hire(store, conversation, now, since=now - timedelta(days=HISTORY[0][0]))
    past = Past(store, conversation, clock)
    told = [(today - timedelta(days=days), time(hour, minute), who, said) for days, hour, minute, who, said in HISTORY]
    rounds = [(today - timedelta(days=days), hour, who, "") for who, (hour, when) in ROUNDS.items() for days in when]
    for day, hour, who, said in sorted([*told, *rounds], key=lambda event: event[:3]):
        clock.wind_to(datetime.combine(day, hour, conversation.translator().zone))
        await (past.says(who, said) if said else past.works_off(who, day))
    clock.wind_to(now)
    await _link(store, past, now)


class Past:
    """What people did before today, through the conversation, as they would have done it."""

    def __init__(self, store: Store, conversation: Conversation, clock: WoundClock) -> None:
        self._store = store
        self._conversation = conversation
        self._clock = clock
        self._numbers = count()

    async def says(self, who: int, said: str) -> None:
        """Somebody types a message, or taps a button about the customer whose name is in braces."""
        if name := re.search(r"\{(.+)\}", said):
            async with self._store.read() as uow:
                known = await uow.vocabulary.known(await self.member(uow, who))
            await self._turn(who, choice=said.replace(name[0], str(known.called(name[1])[0].id)))
        else:
            await self._turn(who, text=said)

    async def works_off(self, who: int, day: date) -> None:
        """Somebody finishes all that is due by `day`; what a button has finished with another is over already."""
        async with self._store.read() as uow:
            items = [followup for followup, _ in await uow.followups.due(await self.member(uow, who), until=day)]
        for followup in items:
            match step.asks if (step := step_of(followup.step)) else Asks.OUTCOME:
                case Asks.FEEDBACK:
                    await self._turn(who, choice=f"checklist.silent:{followup.id}")
                case Asks.POTENTIAL:
                    level = POTENTIALS[followup.id % len(POTENTIALS)]
                    await self._turn(who, choice=f"checklist.potential:{followup.id}:{level}")
                case Asks.GIFT:
                    async with self._store.read() as uow:
                        gifts = await uow.referrals.rewards_of(await self.member(uow, who), followup.customer_id)
                    for gift in gifts:
                        if gift.given_at is None:
                            await self._turn(who, choice=f"referral.given:{gift.id}")
                case Asks.OUTCOME:
                    came = Outcome.MESSAGED if followup.step == "thanks" else Outcome.ANSWERED
                    await self._turn(who, choice=choice_data("outcome", followup, PUSHED, "one", came))

    async def _turn(self, who: int, *, text: str = "", choice: str = "") -> None:
        peer = Peer("telegram", str(who), str(who))
        incoming = Incoming(f"seed:{next(self._numbers)}", peer, text=text, choice=choice)
        answer = await self._conversation.turn(incoming)
        await self._store.ledger.sent([(delivery.id, "") for delivery in answer.deliveries], self._clock.now())

    async def member(self, uow: UnitOfWork, who: int) -> Member:
        """Somebody of the team."""
        member = await uow.members.by_identity("telegram", str(who))
        if member is None:
            raise LookupError(who)
        return member


async def _hire(store: Store, conversation: Conversation, now: datetime, since: datetime) -> None:
    t = conversation.translator()
    async with store.begin() as uow:
        await uow.company.change(set_up_at=since)
        for player in PLAYERS:
            if player.role is None or await uow.members.by_identity("telegram", str(player.user_id)):
                continue
            member = await uow.members.add(player.name, player.role, t.locale, t.zone.key, since)
            await uow.members.update(member, next_digest_at=next_digest(member, now))
            await uow.members.link(member.id, "telegram", str(player.user_id), str(player.user_id))
        for one in ZALO_PLAYERS:
            if one.role is not None:
                member = await uow.members.add(one.name, one.role, t.locale, t.zone.key, now)
                await uow.members.update(member, next_digest_at=next_digest(member, now))
                await uow.members.link(member.id, one.channel, one.user_id, one.user_id)
        await uow.commit()


async def _link(store: Store, past: Past, now: datetime) -> None:
    """Who of the customers has written to the Official Account, and agreed to hear from the shop."""
    wrote_at = now - WROTE_BEFORE
    async with store.begin() as uow:
        for one in ZALO_PLAYERS:
            if not one.known_as:
                continue
            known = await uow.vocabulary.known(await past.member(uow, MINH))
            customer_id = known.called(one.known_as)[0].id
            await uow.contacts.link(
                Contact(one.channel, one.user_id, one.user_id, customer_id, wrote_at, wrote_at, interacted_at=wrote_at)
            )
            await uow.consents.give(customer_id, Purpose.CARE, one.channel, CONSENT, "Đồng ý", wrote_at)
        await uow.commit()
