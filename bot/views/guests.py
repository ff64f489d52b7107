"""What customers and strangers see, and what a rep sees of them."""

from datetime import datetime

from markupsafe import Markup

from bot.domain.consent import Consent
from bot.domain.customers import Customer
from bot.domain.delivery import NotCarried
from bot.domain.people import Member
from bot.domain.phones import national
from bot.domain.reaching import Route, Shut
from bot.domain.relays import ANSWER, Relay
from bot.domain.timeline import Interaction, StoredFile
from bot.domain.windows import PAID_MESSAGE_VND
from bot.i18n import Translator, mark
from bot.messages import SHARES_CONTACT, Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import back_to_card, lines, rows_of, title
from bot.views.consents import consent_line
from bot.views.standings import referral_line
from bot.views.ways import why_words
from bot.views.words import CHANNELS, NOT_CARRIED, called, shortened

# Longer words of a customer are cut where they are only told of.
QUOTED = 300
_SHARE = mark("📱 Share my phone number")

_AFTER_WORDS = mark(
    "Hello! This is <b>{org}</b>. Thank you for writing; one of us will answer you right here. May we have your name and phone "
    "number, so that we can help you better?"
)
_AFTER_START = mark(
    "Hello! This is <b>{org}</b>. Thank you for your interest; one of us will answer you right here. May we have your name and "
    "phone number, so that we can help you better?"
)

# What a rep is asked for who is about to write to a customer: each channel takes its own kinds of files.
_ANY_FILE = mark("What shall I send to {customer}? Write it, or send a photo, file or voice note.")
_PHOTO_OR_DOCUMENT = mark("What shall I send to {customer}? Write it, or send a photo, a PDF or a Word file.")
_PHOTO = mark("What shall I send to {customer}? Write it, or send a photo.")
_WRITE_ALL_THE_SAME = mark("What do you want to tell {customer}? Write it, and I show you how it can go.")
_MAY_SEND = {
    Route.TELEGRAM: _ANY_FILE,
    Route.ZALO: _PHOTO_OR_DOCUMENT,
    Route.ZALO_PAID: _PHOTO_OR_DOCUMENT,
    Route.ZALO_BOT: _PHOTO,
}


def task_to_pass_on(t: Translator, customer: Customer, words: str, why: Shut) -> Reply:
    """No channel leads to the customer just now: the rep is to send these words."""
    who = called(t, customer)
    head = t("📨 Please send this to {customer}; no channel of ours leads to them yet:", customer=who)
    if why is not Shut.NO_CHANNEL:
        head = lines([why_words(t, customer, why), t("📨 Please send this to {customer} yourself:", customer=who)])
    text = lines([head, Markup("<code>{}</code>").format(words)])
    return Reply(text, ((Choice("📋 " + t("Copy"), copy=words),), (buttons.open_customer(t, customer.id),)))


def to_pass_on(t: Translator, words: str) -> str:
    """The follow-up of the same."""
    return str(t("Send to the customer: {words}", words=words).unescape())


# What customers see -----------------------------------------------------------------------------------------------------


def greeting(t: Translator, org: str, channel: str, *, has_written: bool) -> Reply:
    """A first word is answered at once; who has not `has_written` just follows us, or tapped Start."""
    hello = t(_AFTER_WORDS if has_written else _AFTER_START, org=org)
    if channel not in SHARES_CONTACT:
        return Reply(hello + Markup(" ") + t("Please just type them here."))
    return Reply(hello + Markup(" ") + t("Tap the button below, or type them."), asks_contact=t(_SHARE))


def welcome_back(t: Translator, org: str) -> Reply:
    """A known customer opens the chat."""
    return Reply(t("Hello again! Write to us here whenever you need anything from <b>{org}</b>.", org=org))


def own_card_please(t: Translator) -> Reply:
    """Somebody else's card proves nothing."""
    text = t("To share your own number, please use the button below, or type it.")
    return Reply(text, asks_contact=t(_SHARE))


def thanks_for_phone(t: Translator, phone: str) -> Reply:
    """We have their number."""
    return Reply(t("Thank you! We have noted the number {phone}.", phone=national(phone)))


def consent_wording(t: Translator, org: str) -> Markup:
    """The words that a customer agrees to; they are kept with the consent."""
    return t(
        "May {org} send you care messages and short surveys here, at most three a month? You can stop them at any time by sending "
        "STOP.",
        org=org,
    )


def ask_consent(t: Translator, org: str) -> Reply:
    """May we write unasked? No is as easy as yes."""
    return Reply(
        consent_wording(t, org),
        ((Choice("✅ " + t("Yes"), "g.consent:yes"), Choice(t("No, thank you"), "g.consent:no")),),
    )


def agreed(t: Translator) -> Reply:
    """They said yes."""
    return Reply(t("Thank you! You can stop our messages at any time by sending STOP."), replaces=True)


def declined(t: Translator) -> Reply:
    """They said no."""
    text = t("All right: we only write when you write to us. If you change your mind, send START AGAIN.")
    return Reply(text, replaces=True)


def stopped(t: Translator) -> Reply:
    """Confirmed once, with the way back."""
    return Reply(
        t(
            "Done: you get no more care messages and surveys from us. You can still write to us here whenever you need us. "
            "To have them again, send START AGAIN."
        )
    )


def passed_on(t: Translator, rep: Member, opens_at: datetime) -> Reply:
    """Nobody is at work: who will answer, and when."""
    local = opens_at.astimezone(t.zone)
    when = f"{t.clock(local)} {t.short_day(local.date())}"
    return Reply(t("We have passed your words on; {name} will answer at {when}.", name=rep.name, when=when))


def from_rep(member: Member, words: str, file: StoredFile | None) -> Reply:
    """A rep's answer, as the customer reads it."""
    text = Markup("<b>{}</b>\n{}").format(member.name, words) if words else Markup("<b>{}</b>").format(member.name)
    return Reply(text, stored_file=file)


# What reps see ----------------------------------------------------------------------------------------------------------


def answer(t: Translator, customer_id: int, entry_id: int | None = None) -> Choice:
    """*Trả lời*; whatever carries it shows a customer's talk with us, and whoever replies to it answers the customer: these words of
    theirs, where it shows just one entry."""
    return Choice("💬 " + t("Answer"), f"{ANSWER}{customer_id}" + (f":{entry_id}" if entry_id else ""))


def _talk_rows(t: Translator, customer_id: int, entry_id: int | None = None) -> Rows:
    return ((answer(t, customer_id, entry_id), buttons.open_customer(t, customer_id)),)


def new_lead(t: Translator, customer: Customer) -> Reply:
    """Somebody wrote to us first."""
    text = lines([t("🆕 A new customer has written to us:"), title(t, customer), referral_line(t, customer, 0)])
    return Reply(text, _talk_rows(t, customer.id))


def customer_wrote(
    t: Translator, customer: Customer, entry: Interaction, *, may_draft: bool, window: Markup = Markup()
) -> Reply:
    """A customer's words, with their file. `may_draft`: an answer can be drafted for the rep; `window`: how long it can be given."""
    text = lines([Markup("💬 {} ({}): {}").format(called(t, customer), customer.code, entry.text), window])
    draft = ((Choice("✍️ " + t("Draft an answer"), f"compose:{entry.id}"),),) if may_draft else ()
    return Reply(text, (*_talk_rows(t, customer.id, entry.id), *draft), stored_file=entry.file)


def came_by_recommendation(t: Translator, customer: Customer) -> Reply:
    """A new customer turns out to have come through somebody's personal link."""
    text = lines(
        [t("🤝 This new customer has come on a recommendation:"), title(t, customer), referral_line(t, customer, 0)]
    )
    return Reply(text, _talk_rows(t, customer.id))


def has_phone(t: Translator, customer: Customer, same_phone: Customer | None, *, may_join: bool) -> Reply:
    """A lead has told us their number; it is `same_phone`'s too, and who `may_join` them can say that they are one."""
    said = t(
        "📱 {customer} has shared the number {phone}.",
        customer=called(t, customer),
        phone=national(customer.phones[-1]),
    )
    if same_phone is None:
        return Reply(said, _talk_rows(t, customer.id))
    if not may_join:
        warning = t("Another customer has the same number; it was only typed, so please make sure who it is.")
        return Reply(lines([said, warning]), _talk_rows(t, customer.id))
    warning = t(
        "{known} ({code}) has the same number. It was only typed, so please ask who it is before you join them.",
        known=called(t, same_phone),
        code=same_phone.code,
    )
    join = Choice("🔗 " + t("It is {known}", known=called(t, same_phone)), f"lead.same:{customer.id}:{same_phone.id}")
    return Reply(lines([said, warning]), ((join,), *_talk_rows(t, customer.id)))


def is_known(
    t: Translator, lead: Customer, known: Customer, rep: Member, channel: str, *, theirs: bool, replaces: bool = False
) -> Reply:
    """A lead turned out to be a customer: their rep hears of it, and so does who had the lead."""
    if not theirs:
        return Reply(t("🔗 {lead} is a customer of {name} already, who takes over.", lead=lead.name, name=rep.name))
    text = t(
        "🔗 {customer} has written to us on {channel}; from now on you can talk here.",
        customer=called(t, known),
        channel=CHANNELS.get(channel, channel),
    )
    return Reply(text, _talk_rows(t, known.id), replaces=replaces)


def is_colleague(t: Translator, lead: Customer) -> Reply:
    """A lead has joined the team."""
    return Reply(t("🔗 {lead} is a colleague and no customer: I have taken them off the list.", lead=lead.name))


def consent_changed(t: Translator, customer: Customer, words: str, *, stopped: bool) -> Reply:
    """The customer wants no more messages, or wants them again."""
    said = Markup("<blockquote>{}</blockquote>").format(shortened(words, QUOTED))
    who = called(t, customer)
    if stopped:
        head = t(
            "🔕 {customer} wants no more care messages. I send none from now on; please do not either.", customer=who
        )
    else:
        head = t("🔔 {customer} wants to get care messages again.", customer=who)
    return Reply(lines([head, said]), (*_talk_rows(t, customer.id),))


def ask_answer(t: Translator, customer: Customer, way: Route | None, reach: Markup) -> Reply:
    """What shall I tell them? `way`: how it would go, None where no channel is open; `reach` says how long that lasts, or why not."""
    asked = t(_MAY_SEND[way] if way else _WRITE_ALL_THE_SAME, customer=called(t, customer))
    return Reply(lines([reach, asked]), ((buttons.cancel(t),),))


def wants_silence(t: Translator, customer: Customer) -> Reply:
    """They asked for no more messages: nothing is sent until they write."""
    text = t(
        "🔕 {customer} asked for no more messages; I send nothing until they write to us.", customer=called(t, customer)
    )
    return Reply(text, ((buttons.open_customer(t, customer.id),),))


def answered(t: Translator, customer: Customer, *, costs: bool = False) -> Reply:
    """The rep's answer is on its way; a reply to this goes there too. `costs`: Zalo takes its fee for it."""
    who = called(t, customer)
    text = t("✅ Sent to {customer}.", customer=who)
    if costs:
        text = t("✅ Sent to {customer} on Zalo, for {price}.", customer=who, price=t.money(PAID_MESSAGE_VND))
    return Reply(text, ((answer(t, customer.id),),))


def not_linked(t: Translator, customer: Customer, words: str, why: Shut, template: Choice | None = None) -> Reply:
    """No channel leads to them just now. `template` sends the words in a form that Zalo has approved."""
    text = t("{customer} cannot be written to here. Please call, or send it yourself:", customer=called(t, customer))
    return Reply(
        lines([why_words(t, customer, why), text, _to_copy(words)]), rows_to_pass_on(t, customer, words, template)
    )


def _to_copy(words: str) -> Markup:
    return Markup("<code>{}</code>").format(words) if words else Markup()


def rows_to_pass_on(t: Translator, customer: Customer, words: str, template: Choice | None) -> Rows:
    """What the rep can do with words that no channel takes: a template that may carry them, copy, the card."""
    copy = Choice("📋 " + t("Copy"), copy=words) if words else None
    return rows_of(*((one,) for one in (template, copy) if one), (buttons.open_customer(t, customer.id),))


def by_template(t: Translator, data: str, price_vnd: int) -> Choice:
    """Send the words as a template, against its price; `data` says which words."""
    label = t("Send as a Zalo template")
    price = Markup(" ({})").format(t.money(price_vnd)) if price_vnd else ""
    return Choice("📨 " + label + price, data)


def sent_as_template(t: Translator, customer: Customer) -> Reply:
    """The rep's words are on their way in a form that Zalo has approved."""
    text = t("✅ Sent to {customer} as a Zalo template.", customer=called(t, customer))
    return Reply(text, ((buttons.open_customer(t, customer.id),),), replaces=True)


def window_was_closed(
    t: Translator, customer: Customer, words: str, why: Shut, template: Choice | None = None
) -> Reply:
    """An answer came back: the customer had been silent for too long, or Zalo does not take it from us."""
    head = t("⚠️ This did not reach {customer}:", customer=called(t, customer))
    reason = why_words(t, customer, why) or t("Zalo does not take it from us just now; the owner has been told.")
    call = t("Please call, or send it yourself.")
    text = lines([head, _to_copy(words), reason + Markup(" ") + call])
    return Reply(text, rows_to_pass_on(t, customer, words, template))


def undelivered(
    t: Translator,
    customer: Customer,
    words: str,
    entry_id: int | None,
    *,
    blocked: bool,
    unsure: bool,
    why: NotCarried | None = None,
) -> Reply:
    """What a customer was sent did not arrive, or nobody knows. `why`: its file, and so all of it, cannot go where they are."""
    who = called(t, customer)
    if blocked:
        head = t("⚠️ {customer} has blocked us or closed the account: this did not arrive. Please call.", customer=who)
    elif unsure:
        head = t("⚠️ I do not know whether this reached {customer}, and did not send it twice:", customer=who)
    elif why:
        head = t(
            "⚠️ The file did not go to {customer}, nor the words with it: {why}.", customer=who, why=t(NOT_CARRIED[why])
        )
    else:
        head = t("⚠️ This did not reach {customer}:", customer=who)
    quoted = Markup("<blockquote>{}</blockquote>").format(shortened(words, QUOTED)) if words else Markup()
    again = () if blocked or why or entry_id is None else (Choice("🔁 " + t("Send again"), f"relay.again:{entry_id}"),)
    write = () if blocked or (entry_id is not None and not why) else (answer(t, customer.id),)
    return Reply(lines([head, quoted]), ((*again, *write, buttons.open_customer(t, customer.id)),))


def still_waiting(t: Translator, customer: Customer, relay: Relay, words: str, window: Markup = Markup()) -> Reply:
    """The rep is reminded of words without an answer; `window`: how long it can be given."""
    head = t(
        "⏰ {customer} has been waiting for your answer since {time}.",
        customer=called(t, customer),
        time=t.clock(relay.wrote_at.astimezone(t.zone)),
    )
    return Reply(lines([head, _quote(words), window]), _talk_rows(t, customer.id))


def nobody_answered(
    t: Translator, customer: Customer, relay: Relay, rep: Member, words: str, window: Markup = Markup()
) -> Reply:
    """Those who lead the rep hear that a customer waits; `window`: how long they can be answered."""
    head = t(
        "🚨 {customer} wrote to {name} at {time} and has no answer yet.",
        customer=called(t, customer),
        name=rep.name,
        time=t.clock(relay.wrote_at.astimezone(t.zone)),
    )
    return Reply(lines([head, _quote(words), window]), _talk_rows(t, customer.id))


def _quote(words: str) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(shortened(words, QUOTED)) if words else Markup()


# Consent on the card ----------------------------------------------------------------------------------------------------


def consent_page(t: Translator, customer: Customer, consent: Consent | None) -> Reply:
    """What the customer agreed to, and what they have just told the rep."""
    state = consent_line(t, consent) or t("Not asked yet whether they want care messages.")
    wording = _quote(consent.wording) if consent else Markup()
    yes = Choice("🔔 " + t("They agree"), f"consent.set:{customer.id}:yes")
    no = Choice("🔕 " + t("They want none"), f"consent.set:{customer.id}:no")
    hint = t("Only note what the customer has said to you: your word is kept with day and name.")
    return Reply(
        lines([title(t, customer), state, wording, hint]), ((yes, no), (back_to_card(t, customer.id),)), replaces=True
    )
