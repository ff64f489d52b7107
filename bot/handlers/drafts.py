"""Drafts: what a person sent, kept until it is known whose it is, and then filed with one tap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.customers import Customer
from bot.domain.timeline import InteractionKind, StoredFile
from bot.domain.understanding import Capture, Intent
from bot.domain.vocabulary import nickname
from bot.handlers.filing import assign, attach, file_capture, known_by_phone, new_customer, plan_followup
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import captures

Answers = Reply | Sequence[Reply]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was sent at `at` (UTC); `called` is the name that was typed for it afterwards."""

    text: str
    intent: Intent | None
    at: datetime
    file: StoredFile | None = None
    called: str = ""

    def to_record(self) -> dict[str, Any]:
        """As plain values; `from_record` reads them back."""
        file = [self.file.channel, self.file.file_id, self.file.kind, self.file.name] if self.file else None
        return {
            "text": self.text,
            "intent": self.intent,
            "at": self.at.isoformat(),
            "file": file,
            "called": self.called,
        }

    @classmethod
    def from_record(cls, data: dict[str, Any]) -> "Draft":
        """The draft that `to_record` wrote down."""
        return cls(
            text=data["text"],
            intent=Intent(data["intent"]) if data["intent"] else None,
            at=datetime.fromisoformat(data["at"]),
            file=StoredFile(*data["file"]) if data["file"] else None,
            called=data["called"],
        )


async def keep(
    turn: Turn,
    text: str,
    intent: Intent | None = None,
    file: StoredFile | None = None,
    called: str = "",
    at: datetime | None = None,
) -> int:
    """Keep what was sent (now, or `at`) until it is filed; its id for the buttons."""
    draft = Draft(text, intent, at or turn.now, file, called)
    return await turn.uow.drafts.keep(address_of(turn.incoming.peer), draft.to_record(), turn.now)


async def kept(turn: Turn, draft_id: int) -> Draft:
    """The draft. Raises DomainError when it is filed already."""
    return Draft.from_record(await turn.uow.drafts.get(address_of(turn.incoming.peer), draft_id))


async def drop(turn: Turn, draft_id: int) -> None:
    """It is filed, or not wanted; nobody is asked whose it is any more."""
    address = address_of(turn.incoming.peer)
    await turn.uow.drafts.drop(address, draft_id)
    waiting = await turn.uow.questions.waiting(address)
    if waiting and waiting.data.get("draft") == draft_id:
        await turn.uow.questions.forget(address)


async def capture_of(turn: Turn, draft: Draft) -> Capture:
    """What a draft says, its dates as of when it was sent."""
    capture = await turn.understand(draft.text, draft.intent, at=draft.at)
    if draft.called:
        named = await turn.understand(draft.called)
        capture = replace(
            capture, name=named.name or draft.called, honorific=named.honorific, phones=named.phones or capture.phones
        )
    return replace(capture, intent=Intent.CUSTOMER) if capture.intent in (Intent.LOOKUP, Intent.OTHER) else capture


async def file_draft(turn: Turn, draft_id: int, customer: Customer | None) -> list[Reply]:
    """File a draft for a customer, or a new one (None). What the rep called somebody known is remembered as their word."""
    draft = await kept(turn, draft_id)
    capture = await capture_of(turn, draft)
    await drop(turn, draft_id)
    if draft.file is not None:
        if customer:
            return [await attach(turn, customer, draft.text, draft.file)]
        customer = await turn.uow.customers.add(turn.member, await new_customer(turn, capture), turn.now)
        assigned_to = await assign(turn, customer, draft.text)
        card = await attach(turn, customer, draft.text, draft.file)
        return [card, Reply(captures.assigned_line(turn.t, assigned_to))] if assigned_to else [card]
    learned = nickname(capture.name or "", customer.id, customer.name) if customer and not draft.called else None
    if learned:
        await turn.uow.vocabulary.learn(turn.member, learned, shared=False)
    first, *others = await file_capture(turn, capture, customer, learned)
    return [replace(first, replaces=True), *others]


async def ask_whom(turn: Turn, draft_id: int, candidates: Sequence[Customer], named: str = "") -> Reply:
    """Whose is it? By a tap, or a typed name."""
    await turn.ask("draft.named", draft=draft_id)
    return captures.ask_whom(turn.t, draft_id, candidates, named=named, text=(await kept(turn, draft_id)).text)


async def for_customer(turn: Turn) -> Answers:
    """`draft.for:<draft>:<customer>`: it is about this customer."""
    return await file_draft(turn, turn.arg(0), await turn.uow.customers.get(turn.member, turn.arg(1)))


async def for_new(turn: Turn) -> Answers:
    """`draft.new:<draft>`: it is about somebody new; somebody else's number is asked about first."""
    capture = await capture_of(turn, await kept(turn, turn.arg(0)))
    if not (capture.name or capture.company or capture.phones):
        return await ask_name(turn)
    if capture.phones and (hint := await turn.uow.customers.duplicate_of(turn.member, capture.phones)):
        return replace(captures.ask_duplicate(turn.t, turn.arg(0), hint, capture), replaces=True)
    return await file_draft(turn, turn.arg(0), None)


async def anyway(turn: Turn) -> Answers:
    """`draft.anyway:<draft>`: create it although somebody else has the number; both are told."""
    capture = await capture_of(turn, await kept(turn, turn.arg(0)))
    if hint := await turn.uow.customers.duplicate_of(turn.member, capture.phones):
        other = await turn.uow.members.get(hint.owner_id)
        notice = captures.tell_duplicate(turn.translator_of(other), capture, turn.member.name)
        await turn.tell(other.id, f"duplicate:{hint.customer_id}:{turn.member.id}:{turn.arg(0)}", notice)
    return await file_draft(turn, turn.arg(0), None)


async def save_all(turn: Turn) -> Answers:
    """`draft.all:<draft>`: save every customer of a list; those whose number is known are left as they are and said so."""
    draft = await kept(turn, turn.arg(0))
    await drop(turn, turn.arg(0))
    created, skipped = [], []
    for capture in await turn.understand_all(draft.text, at=draft.at):
        taken = await known_by_phone(turn, capture) or (
            capture.phones and await turn.uow.customers.duplicate_of(turn.member, capture.phones)
        )
        if taken:
            skipped.append(capture)
        else:
            created.append(await _create_quietly(turn, capture))
    if not created:
        return captures.all_known(turn.t, skipped)
    action_id = await turn.saved(created[-1][0].id)
    return captures.several_saved(turn.t, created, skipped, action_id)


async def _create_quietly(turn: Turn, capture: Capture) -> tuple[Customer, str]:
    """The customer, and the name of the colleague to whom they went, if to any."""
    customer = await turn.uow.customers.add(turn.member, await new_customer(turn, capture), turn.now)
    await turn.uow.timeline.add(turn.member, customer.id, InteractionKind.NOTE, capture.text, turn.now)
    await plan_followup(turn, customer, capture)
    return customer, await assign(turn, customer, capture.text)


async def as_note(turn: Turn) -> Answers:
    """`draft.note:<draft>`: the lines are one note; whose?"""
    draft = await kept(turn, turn.arg(0))
    await drop(turn, turn.arg(0))
    draft_id = await keep(turn, draft.text, Intent.NOTE, at=draft.at)
    return replace(await ask_whom(turn, draft_id, await turn.last_talked_about()), replaces=True)


async def for_another(turn: Turn) -> Answers:
    """`draft.whom:<draft>`: somebody else; the last ones talked about, or a typed name."""
    return replace(await ask_whom(turn, turn.arg(0), await turn.last_talked_about()), replaces=True)


async def drop_it(turn: Turn) -> Answers:
    """`draft.drop:<draft>`: not wanted."""
    await kept(turn, turn.arg(0))
    await drop(turn, turn.arg(0))
    return Reply(turn.t("Dropped; nothing was saved."), replaces=True)


async def ask_name(turn: Turn) -> Reply:
    """`draft.name:<draft>`: a new customer whose name is still to be said."""
    await kept(turn, turn.arg(0))
    await turn.ask("draft.name", draft=turn.arg(0))
    return replace(captures.ask_new_name(turn.t, turn.arg(0)), replaces=True)


async def name(turn: Turn) -> Answers:
    """The typed name of a new customer for a draft."""
    return [replace(reply, replaces=False) for reply in await file_draft(turn, await recalled(turn), None)]


async def recalled(turn: Turn) -> int:
    """The draft of the waiting question, now called as was just typed; its new id."""
    old_id = int(turn.data["draft"])
    draft = await kept(turn, old_id)
    await drop(turn, old_id)
    return await keep(turn, draft.text, draft.intent, draft.file, " ".join(turn.words.split()), draft.at)


CHOICES: dict[str, Handler] = {
    "draft.for": for_customer,
    "draft.new": for_new,
    "draft.anyway": anyway,
    "draft.all": save_all,
    "draft.note": as_note,
    "draft.whom": for_another,
    "draft.drop": drop_it,
    "draft.name": ask_name,
}
QUESTIONS: dict[str, Handler] = {"draft.name": name}
