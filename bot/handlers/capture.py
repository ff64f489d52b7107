"""Quick capture: any text is filed at once, or asked about with one tap while it is kept."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.customers import Customer, customer_id_of
from bot.domain.names import folded
from bot.domain.phones import parse_phone
from bot.domain.understanding import Capture, Intent
from bot.handlers import customers, drafts, due, search, start, undo, week
from bot.handlers.drafts import Answers, keep
from bot.handlers.filing import file_capture, matches_of
from bot.messages import SHOWS_NOTICES, Reply
from bot.turn import OFFERED, Handler, Turn
from bot.views import captures, forms, reports, welcome


async def greeted(turn: Turn) -> Reply:
    """A kind word needs no filing."""
    return Reply(turn.t("🙂 I am here. Write me whatever happens with a customer, or /help."))


_MANNERS = (
    *("ok", "oke", "okie", "da", "vang", "uh", "dc", "duoc", "tks", "thanks", "thank", "thank you", "ok cam on"),
    *("cam on", "cam on em", "cam on e", "cam on anh", "cam on chi", "cam on nhe", "chao", "chao em", "chao bot"),
    *("hi", "hello", "xin chao", "alo"),
)
# What people type where others know a command, or only to be polite.
_SPOKEN: dict[str, Handler] = {
    **dict.fromkeys(("hoan tac", "undo"), undo.last),
    **dict.fromkeys(("tro giup", "huong dan", "help", "menu"), start.help_),
    **dict.fromkeys(("hom nay", "viec hom nay", "today"), due.today),
    **dict.fromkeys(("huy", "thoi", "thoi bo", "cancel"), customers.cancel),
    **dict.fromkeys(_MANNERS, greeted),
}

# Where choices are typed: a choice that is not there. Kept as a note, the next number would file it with somebody.
_NUMBER = re.compile(r"(\d{1,2}) ?[.):]?")


async def text(turn: Turn) -> Answers:
    """Any text: a bare code, phone or name opens the card; everything else is understood and filed."""
    words = turn.words.strip()
    if turn.incoming.forwarded_from:
        return await _forwarded(turn)
    if spoken := _SPOKEN.get(folded(words).strip(" .!?")):
        return await spoken(turn)
    if (customer_id := customer_id_of(words)) is not None:
        return await customers.show(turn, customer_id)
    if phone := parse_phone(words):
        return await _bare_phone(turn, phone)
    found = await turn.understand_all(words)
    if len(found) > 1:
        return captures.confirm_several(turn.t, await keep(turn, words), found)
    capture = found[0]
    if capture.intent in (Intent.LOOKUP, Intent.OTHER):
        return await _look_up(turn, capture)
    if _bare_name(capture) and (hits := await search.by_name(turn, words)):
        return hits
    return await take(turn, capture)


def forced(intent: Intent) -> Handler:
    """A handler for text whose intent the command has said: `/ghichu chị Lan thích màu trắng`."""

    async def handler(turn: Turn) -> Answers:
        found = await turn.understand_all(turn.words)
        if len(found) > 1 and intent is Intent.CUSTOMER:
            return captures.confirm_several(turn.t, await keep(turn, turn.words, intent), found)
        return await take(turn, await turn.understand(turn.words, intent))

    return handler


def command(intent: Intent, question: str, verb: str, asks: str) -> Handler:
    """The handler of a command that wants a customer: with text after it a capture of that intent; alone it asks whom, by a tap
    (`verb:<customer>`) or in words (the question named `question`)."""
    take_words = forced(intent)

    async def handler(turn: Turn) -> Answers:
        if turn.words:
            return await take_words(turn)
        await turn.ask(question)
        return forms.ask_whom(turn.t, turn.t(asks), await turn.last_talked_about(), verb)

    return handler


async def take(turn: Turn, capture: Capture) -> Answers:
    """File a capture with its customer, or ask whose it is."""
    matches = await matches_of(turn, capture)
    if len(matches) == 1 and set(capture.phones) & set(matches[0].phones):
        return await file_capture(turn, capture, matches[0])
    named = capture.name or capture.company or ""
    if capture.intent is Intent.CUSTOMER:
        if matches:
            return await _ask_whom(turn, capture, matches, named)
        return await create(turn, capture) if named or capture.phones else await _ask_name(turn, capture)
    if len(matches) == 1:
        return await file_capture(turn, capture, matches[0])
    if not matches and capture.phones and named:
        return await create(turn, capture)
    if not matches and not named:
        matches = await turn.last_talked_about()
    return await _ask_whom(turn, capture, matches, named)


async def file_words(turn: Turn, customer: Customer, intent: Intent) -> Answers:
    """The whole answer of a form, for a customer who is known: nothing in it names anybody else."""
    capture = await turn.understand(turn.words, intent)
    return await file_capture(turn, replace(capture, phones=(), name=None, company=None), customer)


async def create(turn: Turn, capture: Capture) -> Answers:
    """A new customer, unless somebody else seems to have them already."""
    hint = await turn.uow.customers.duplicate_of(turn.member, capture.phones) if capture.phones else None
    if hint:
        return captures.ask_duplicate(turn.t, await keep(turn, capture.text, capture.intent), hint, capture)
    return await file_capture(turn, capture, None)


async def _ask_whom(turn: Turn, capture: Capture, candidates: Sequence[Customer], named: str) -> Reply:
    draft_id = await keep(turn, capture.text, capture.intent)
    shown = f"{capture.honorific} {named}" if capture.honorific and named else named
    return await drafts.ask_whom(turn, draft_id, candidates, shown)


async def _ask_name(turn: Turn, capture: Capture) -> Reply:
    draft_id = await keep(turn, capture.text, capture.intent)
    await turn.ask("draft.name", draft=draft_id)
    return captures.ask_new_name(turn.t, draft_id)


async def _bare_phone(turn: Turn, phone: str) -> Answers:
    if matches := await turn.uow.customers.by_phone(turn.member, phone):
        return await customers.show(turn, matches[0].id)
    capture = replace(await turn.understand(turn.words, Intent.CUSTOMER), phones=(phone,))
    if hint := await turn.uow.customers.duplicate_of(turn.member, [phone]):
        return captures.ask_duplicate(turn.t, await keep(turn, capture.text, Intent.CUSTOMER), hint, capture)
    return await search.nobody_with_phone(turn, phone)


async def _forwarded(turn: Turn) -> Reply:
    """Somebody's own words, passed on: a note of that person's timeline, the sender's namesakes and the last ones offered first."""
    sender = (await turn.understand(turn.incoming.forwarded_from)).name or turn.incoming.forwarded_from
    namesakes = await turn.uow.customers.named(turn.member, sender)
    others = [customer for customer in await turn.last_talked_about() if customer not in namesakes]
    draft_id = await keep(turn, turn.words, Intent.NOTE)
    return await drafts.ask_whom(turn, draft_id, [*namesakes, *others][:5])


def _bare_name(capture: Capture) -> bool:
    """Whether the text is no more than a name: then it asks for the card, and logs nothing."""
    said = folded(capture.text).split()
    name = folded(" ".join(filter(None, (capture.honorific, capture.name or capture.company)))).split()
    return bool(name) and len(said) <= len(name) + 1 and len(said) <= 6


async def _look_up(turn: Turn, capture: Capture) -> Answers:
    """A question to the assistant, a name typed alone, or something not understood."""
    if capture.phones:
        return await _bare_phone(turn, capture.phones[0])
    if capture.intent is Intent.LOOKUP:
        if named := capture.name or capture.company:
            return await search.show_results(turn, named)
        if period := week.asked_for(turn, capture.text):
            return reports.offered(turn.t, period)
        return await due.agenda(turn) if _asks_for_the_week(capture.text) else await due.today(turn)
    if len(capture.text.split()) <= 6 and (hits := await search.by_name(turn, capture.text)):
        return hits
    if turn.incoming.peer.channel not in SHOWS_NOTICES and (number := _NUMBER.fullmatch(capture.text.strip())):
        return welcome.no_such_choice(turn.t, number[1])
    last = await turn.last_talked_about()
    draft_id = await keep(turn, capture.text, Intent.NOTE)
    return captures.not_understood(turn.t, draft_id, last[0] if last else None, capture.text)


def _asks_for_the_week(text: str) -> bool:
    said = folded(text)
    return any(words in said for words in ("tuan", "lich", "week", "agenda", "ngay toi"))


async def whose(turn: Turn) -> Answers:
    """The typed answer to *whose is it?*: a name, phone or code. A message in its own right is taken as one, and the draft waits on
    its card; a name that is only like somebody's is offered, never taken."""
    draft_id = int(turn.data["draft"])
    phone, code = parse_phone(turn.words), customer_id_of(turn.words)
    if not (phone or code) and (await turn.understand(turn.words)).intent not in (Intent.LOOKUP, Intent.OTHER):
        return await text(turn)
    if code is not None:
        sure: Sequence[Customer] = [await turn.uow.customers.get(turn.member, code)]
    elif phone:
        sure = await turn.uow.customers.by_phone(turn.member, phone)
    else:
        found, _ = await turn.uow.customers.find(turn.member, turn.words, OFFERED)
        sure = [hit.customer for hit in found if hit.score >= search.SURE]
        if not sure:
            return await drafts.ask_whom(turn, await drafts.recalled(turn), [hit.customer for hit in found], turn.words)
    if len(sure) == 1:
        return [replace(reply, replaces=False) for reply in await drafts.file_draft(turn, draft_id, sure[0])]
    return await drafts.ask_whom(turn, draft_id if sure else await drafts.recalled(turn), sure, turn.words)


QUESTIONS: dict[str, Handler] = {"draft.named": whose}
