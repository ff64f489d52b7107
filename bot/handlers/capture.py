"""Quick capture: any text, a contact card, a file; filed at once, or asked with one tap while the text is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.conversation import Handler, Reply, Turn, address_of
from bot.domain.customers import Customer, customer_id_of
from bot.domain.errors import DomainError
from bot.domain.names import folded
from bot.domain.phones import parse_phone
from bot.domain.timeline import InteractionKind, StoredFile
from bot.domain.understanding import Capture, Intent, understand, understand_all
from bot.handlers import customers, due, search
from bot.handlers.filing import file_capture, new_customer, plan_followup
from bot.views import captures

Answers = Reply | Sequence[Reply]


async def text(turn: Turn) -> Answers:
    """Any text: a bare code, phone or name opens the card; everything else is understood and filed."""
    words = turn.words.strip()
    if turn.incoming.forwarded_from:
        return await _forwarded(turn)
    if (customer_id := customer_id_of(words)) is not None:
        return await customers.show(turn, customer_id)
    if phone := parse_phone(words):
        return await _bare_phone(turn, phone)
    found = understand_all(words, turn.local_now)
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
        found = understand_all(turn.words, turn.local_now)
        if len(found) > 1 and intent is Intent.CUSTOMER:
            return captures.confirm_several(turn.t, await keep(turn, turn.words, intent), found)
        return await take(turn, understand(turn.words, turn.local_now, intent=intent))

    return handler


async def take(turn: Turn, capture: Capture) -> Answers:
    """File a capture with its customer, or ask whose it is."""
    matches = await _matches(turn, capture)
    if capture.phones and len(matches) == 1:
        return await file_capture(turn, capture, matches[0])
    named = capture.name or capture.company or ""
    if capture.intent is Intent.CUSTOMER:
        if matches:
            return await _ask_whom(turn, capture, matches, named)
        return await _create(turn, capture) if named or capture.phones else await _ask_name(turn, capture)
    if len(matches) == 1:
        return await file_capture(turn, capture, matches[0])
    if not matches and capture.phones and named:
        return await _create(turn, capture)
    if not matches and not named:
        matches = await _last_talked_about(turn)
    return await _ask_whom(turn, capture, matches, named)


async def file_words(turn: Turn, customer: Customer, intent: Intent) -> Answers:
    """The whole answer of a form, for a customer who is known: nothing in it names anybody else."""
    capture = understand(turn.words, turn.local_now, intent=intent)
    return await file_capture(turn, replace(capture, phones=(), name=None, company=None), customer)


async def _matches(turn: Turn, capture: Capture) -> Sequence[Customer]:
    """The rep's own customers that a capture may be about: by phone first, else by name."""
    for phone in capture.phones:
        if matches := await turn.uow.customers.by_phone(turn.member, phone):
            return matches
    named = capture.name or capture.company
    if not named or (capture.phones and capture.intent is Intent.CUSTOMER):
        return []
    return await turn.uow.customers.named(turn.member, named, capture.honorific)


async def _last_talked_about(turn: Turn) -> Sequence[Customer]:
    return await turn.uow.customers.recent(turn.member, 4)


async def _create(turn: Turn, capture: Capture) -> Answers:
    """A new customer, unless somebody else seems to have them already."""
    hint = await turn.uow.customers.duplicate_of(turn.member, capture.phones) if capture.phones else None
    if hint:
        return captures.ask_duplicate(turn.t, await keep(turn, capture.text, capture.intent), hint, capture)
    return await file_capture(turn, capture, None)


async def _ask_whom(turn: Turn, capture: Capture, candidates: Sequence[Customer], named: str) -> Reply:
    draft_id = await keep(turn, capture.text, capture.intent)
    await turn.ask("draft.named", draft=draft_id)
    shown = f"{capture.honorific} {named}" if capture.honorific and named else named
    return captures.ask_whom(turn.t, draft_id, candidates, named=shown, text=capture.text)


async def _ask_name(turn: Turn, capture: Capture) -> Reply:
    draft_id = await keep(turn, capture.text, capture.intent)
    await turn.ask("draft.name", draft=draft_id)
    return captures.ask_new_name(turn.t, draft_id)


async def _bare_phone(turn: Turn, phone: str) -> Answers:
    if matches := await turn.uow.customers.by_phone(turn.member, phone):
        return await customers.show(turn, matches[0].id)
    capture = replace(
        understand_all(turn.words, turn.local_now)[0], intent=Intent.CUSTOMER, phones=(phone,), text=turn.words
    )
    if hint := await turn.uow.customers.duplicate_of(turn.member, [phone]):
        return captures.ask_duplicate(turn.t, await keep(turn, capture.text, Intent.CUSTOMER), hint, capture)
    return await search.nobody_with_phone(turn, phone)


async def _forwarded(turn: Turn) -> Reply:
    """Somebody's own words, passed on: a note of that person's timeline, the sender's namesakes and the last ones offered first."""
    sender = understand_all(turn.incoming.forwarded_from, turn.local_now)[0].name or turn.incoming.forwarded_from
    namesakes = await turn.uow.customers.named(turn.member, sender)
    others = [customer for customer in await _last_talked_about(turn) if customer not in namesakes]
    draft_id = await keep(turn, turn.words, Intent.NOTE)
    await turn.ask("draft.named", draft=draft_id)
    return captures.ask_whom(turn.t, draft_id, [*namesakes, *others][:5], text=turn.words)


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
        return await due.agenda(turn) if _asks_for_the_week(capture.text) else await due.today(turn)
    if len(capture.text.split()) <= 6 and (hits := await search.by_name(turn, capture.text)):
        return hits
    last = await _last_talked_about(turn)
    draft_id = await keep(turn, capture.text, Intent.NOTE)
    return captures.not_understood(turn.t, draft_id, last[0] if last else None, capture.text)


def _asks_for_the_week(text: str) -> bool:
    said = folded(text)
    return any(words in said for words in ("tuan", "lich", "week", "agenda", "ngay toi"))


# Drafts: what is kept until it is known whose it is -----------------------------------------------------------------


async def keep(turn: Turn, text: str, intent: Intent | None = None, file: StoredFile | None = None) -> int:
    """Keep what was sent until it is filed; its id for the buttons."""
    data: dict[str, object] = {"text": text, "intent": str(intent) if intent else ""}
    if file:
        data["file"] = [file.channel, file.file_id, file.kind, file.name]
    return await turn.uow.drafts.keep(address_of(turn.incoming.peer), data, turn.now)


async def _draft(turn: Turn, draft_id: int) -> tuple[Capture, StoredFile | None]:
    """The capture and file of a draft, now filed. The dates in it are those of when it was sent a moment ago."""
    address = address_of(turn.incoming.peer)
    data = await turn.uow.drafts.get(address, draft_id)
    await turn.uow.drafts.drop(address, draft_id)
    return _capture_of(turn, data), StoredFile(*data["file"]) if "file" in data else None


def _capture_of(turn: Turn, data: Mapping[str, object]) -> Capture:
    words = str(data["text"])
    capture = understand(words, turn.local_now, intent=Intent(str(data["intent"])) if data["intent"] else None)
    return replace(capture, intent=Intent.CUSTOMER) if capture.intent in (Intent.LOOKUP, Intent.OTHER) else capture


async def _file_draft(turn: Turn, draft_id: int, customer: Customer | None) -> Answers:
    capture, file = await _draft(turn, draft_id)
    await turn.uow.questions.forget(address_of(turn.incoming.peer))
    if file is None:
        first, *others = await file_capture(turn, capture, customer)
        return [replace(first, replaces=True), *others]
    if customer is None:
        customer = await turn.uow.customers.add(turn.member, new_customer(turn, capture), turn.now)
    return await _attach(turn, customer, capture.text, file)


async def _attach(turn: Turn, customer: Customer, caption: str, file: StoredFile) -> Reply:
    await turn.uow.timeline.add(turn.member, customer.id, InteractionKind.FILE, caption, turn.now, file=file)
    return captures.attached(turn.t, customer, await turn.saved(customer.id))


async def draft_for(turn: Turn) -> Answers:
    """`draft.for:<draft>:<customer>`: it is about this customer."""
    return await _file_draft(turn, turn.arg(0), await turn.uow.customers.get(turn.member, turn.arg(1)))


async def draft_new(turn: Turn) -> Answers:
    """`draft.new:<draft>`: it is about somebody new; somebody else's number is asked about first."""
    address = address_of(turn.incoming.peer)
    data = await turn.uow.drafts.get(address, turn.arg(0))
    capture = _capture_of(turn, data)
    if not (capture.name or capture.company or capture.phones):
        return await draft_ask_name(turn)
    if capture.phones and (hint := await turn.uow.customers.duplicate_of(turn.member, capture.phones)):
        return replace(captures.ask_duplicate(turn.t, turn.arg(0), hint, capture), replaces=True)
    return await _file_draft(turn, turn.arg(0), None)


async def draft_anyway(turn: Turn) -> Answers:
    """`draft.anyway:<draft>`: create it although somebody else has the number; both are told."""
    data = await turn.uow.drafts.get(address_of(turn.incoming.peer), turn.arg(0))
    capture = _capture_of(turn, data)
    if hint := await turn.uow.customers.duplicate_of(turn.member, capture.phones):
        other = await turn.uow.members.get(hint.owner_id)
        notice = captures.tell_duplicate(turn.translator_of(other), capture, turn.member.name)
        await turn.tell(other.id, f"duplicate:{hint.customer_id}:{turn.member.id}:{turn.arg(0)}", notice)
    return await _file_draft(turn, turn.arg(0), None)


async def draft_all(turn: Turn) -> Answers:
    """`draft.all:<draft>`: save every customer of a list; those whose number is known are left as they are and said so."""
    address = address_of(turn.incoming.peer)
    data = await turn.uow.drafts.get(address, turn.arg(0))
    await turn.uow.drafts.drop(address, turn.arg(0))
    created, skipped = [], []
    for capture in understand_all(str(data["text"]), turn.local_now):
        known = await _matches(turn, capture) if capture.phones else []
        if known or (capture.phones and await turn.uow.customers.duplicate_of(turn.member, capture.phones)):
            skipped.append(capture)
            continue
        created.append(await _create_quietly(turn, capture))
    if not created:
        return captures.all_known(turn.t, skipped)
    return captures.several_saved(turn.t, created, skipped, await turn.saved(created[-1].id))


async def _create_quietly(turn: Turn, capture: Capture) -> Customer:
    customer = await turn.uow.customers.add(turn.member, new_customer(turn, capture), turn.now)
    await turn.uow.timeline.add(turn.member, customer.id, InteractionKind.NOTE, capture.text, turn.now)
    await plan_followup(turn, customer, capture)
    return customer


async def draft_note(turn: Turn) -> Answers:
    """`draft.note:<draft>`: the lines are one note; whose?"""
    address = address_of(turn.incoming.peer)
    data = await turn.uow.drafts.get(address, turn.arg(0))
    await turn.uow.drafts.drop(address, turn.arg(0))
    draft_id = await keep(turn, str(data["text"]), Intent.NOTE)
    await turn.ask("draft.named", draft=draft_id)
    shown = captures.ask_whom(turn.t, draft_id, await _last_talked_about(turn), text=str(data["text"]))
    return replace(shown, replaces=True)


async def draft_whom(turn: Turn) -> Answers:
    """`draft.whom:<draft>`: somebody else; the last ones talked about, or a typed name."""
    data = await turn.uow.drafts.get(address_of(turn.incoming.peer), turn.arg(0))
    await turn.ask("draft.named", draft=turn.arg(0))
    shown = captures.ask_whom(turn.t, turn.arg(0), await _last_talked_about(turn), text=str(data["text"]))
    return replace(shown, replaces=True)


async def draft_drop(turn: Turn) -> Answers:
    """`draft.drop:<draft>`: not wanted."""
    await turn.uow.drafts.drop(address_of(turn.incoming.peer), turn.arg(0))
    await turn.uow.questions.forget(address_of(turn.incoming.peer))
    return Reply(turn.t("Dropped; nothing was saved."), replaces=True)


async def draft_named(turn: Turn) -> Answers:
    """The typed answer to *whose is it?*: a name or phone; anything longer is a new message, and the draft waits on its card."""
    draft_id = int(turn.data["draft"])
    phone = parse_phone(turn.words)
    if phone is None and len(turn.words.split()) > 6:
        return await text(turn)
    if phone:
        candidates = await turn.uow.customers.by_phone(turn.member, phone)
    else:
        hits, _ = await turn.uow.customers.find(turn.member, turn.words, 5)
        candidates = [hit.customer for hit in hits]
    if len(candidates) == 1:
        return [replace(reply, replaces=False) for reply in _listed(await _file_draft(turn, draft_id, candidates[0]))]
    data = await turn.uow.drafts.get(address_of(turn.incoming.peer), draft_id)
    await turn.ask("draft.named", draft=draft_id)
    return captures.ask_whom(turn.t, draft_id, candidates, named=turn.words, text=str(data["text"]))


async def draft_ask_name(turn: Turn) -> Reply:
    """`draft.name:<draft>`: a new customer whose name is still to be said."""
    await turn.uow.drafts.get(address_of(turn.incoming.peer), turn.arg(0))
    await turn.ask("draft.name", draft=turn.arg(0))
    return replace(captures.ask_new_name(turn.t, turn.arg(0)), replaces=True)


async def draft_name(turn: Turn) -> Answers:
    """The typed name of a new customer for a draft."""
    named = understand_all(turn.words, turn.local_now)[0]
    capture, file = await _draft(turn, int(turn.data["draft"]))
    capture = replace(
        capture, name=named.name or turn.words.strip(), honorific=named.honorific, phones=named.phones or capture.phones
    )
    if file is None:
        return await file_capture(turn, capture, None)
    customer = await turn.uow.customers.add(turn.member, new_customer(turn, capture), turn.now)
    return await _attach(turn, customer, capture.text, file)


def _listed(replies: Answers) -> Sequence[Reply]:
    return [replies] if isinstance(replies, Reply) else replies


# Contacts and files --------------------------------------------------------------------------------------------------


async def contact(turn: Turn) -> Answers:
    """A contact card is a new customer, or opens the card of a known one."""
    card = turn.incoming.contact
    if card is None:
        raise DomainError("old_button")
    if card.own:
        return Reply(turn.t("This is your own number; I have not saved it as a customer."))
    phone = parse_phone(card.phone)
    if phone and (matches := await turn.uow.customers.by_phone(turn.member, phone)):
        return await customers.show(turn, matches[0].id)
    capture = understand_all(card.name, turn.local_now)[0]
    capture = replace(
        capture,
        intent=Intent.CUSTOMER,
        text=f"{card.name} {card.phone}".strip(),
        name=capture.name or card.name or None,
        phones=(phone,) if phone else (),
        due=None,
        problems=(),
        unsure=(),
    )
    return await _create(turn, capture)


async def file(turn: Turn) -> Answers:
    """A photo, document, voice note or location goes to a customer's timeline: the one its caption names, else asked."""
    sent = turn.incoming.file
    if sent is None:
        raise DomainError("old_button")
    caption = turn.incoming.text
    if caption:
        matches = await _matches(turn, understand_all(caption, turn.local_now)[0])
        if len(matches) == 1:
            return await _attach(turn, matches[0], caption, sent)
    draft_id = await keep(turn, caption, Intent.NOTE, sent)
    await turn.ask("draft.named", draft=draft_id)
    return captures.ask_whom(turn.t, draft_id, await _last_talked_about(turn), text=caption)


CHOICES: dict[str, Handler] = {
    "draft.for": draft_for,
    "draft.new": draft_new,
    "draft.anyway": draft_anyway,
    "draft.all": draft_all,
    "draft.note": draft_note,
    "draft.whom": draft_whom,
    "draft.drop": draft_drop,
    "draft.name": draft_ask_name,
}
QUESTIONS: dict[str, Handler] = {"draft.named": draft_named, "draft.name": draft_name}
