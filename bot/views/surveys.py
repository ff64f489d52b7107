"""Surveys in words: what a customer is asked and thanked with, in chat and on the page, and what the team sees of it."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.reaching import Route, Unasked
from bot.domain.surveys import SCORES, Band, SurveyInvitation, SurveyKind, band
from bot.i18n import LOCALES, Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import back_to_card, lines, rows_of, title
from bot.views.care import COPY_LIMIT
from bot.views.guests import answer
from bot.views.standings import SHORT, score_words
from bot.views.ways import cost_words
from bot.views.words import called

FACES = {1: "😡", 2: "🙁", 3: "😐", 4: "🙂", 5: "😍"}
NAMES = {SurveyKind.CSAT: mark("satisfaction (1–5)"), SurveyKind.NPS: mark("recommendation (0–10)")}
LANGUAGES = {"vi": mark("in Vietnamese"), "en": mark("in English")}
SIGNS = {Band.LOW: "🔴", Band.MIDDLE: "🟡", Band.HIGH: "🟢"}
_QUESTIONS = {
    SurveyKind.CSAT: mark("How satisfied are you with {org}, from 1 (not at all) to 5 (very)?"),
    SurveyKind.NPS: mark("How likely are you to recommend {org} to friends, from 0 (never) to 10 (certainly)?"),
}
# What a customer reads after a score, and what they are asked to add.
THANKS = {
    Band.LOW: mark("We are very sorry that you are not satisfied. Somebody will contact you soon."),
    Band.MIDDLE: mark("Thank you for your answer."),
    Band.HIGH: mark("Thank you! We are so glad to hear it."),
}
MORE = {
    Band.LOW: mark("What went wrong? A few words help us to put it right."),
    Band.MIDDLE: mark("What could we do better?"),
    Band.HIGH: mark("What did you like best? A few words would make our day."),
}
_WHY_NOT = {
    Unasked.NO_CONSENT: mark("{name} has not agreed to messages that they did not ask for."),
    Unasked.TOO_MANY: mark("{name} has had enough messages from us for now."),
    Unasked.TALKING: mark("{name} is just talking with you: a survey would interrupt."),
}
# What a customer agrees to when their words may be shown; kept with their yes.
MAY_SHOW = mark("I agree that {org} may show my words to other customers.")


def question_words(t: Translator, kind: SurveyKind, org: str, wording: str) -> Markup:
    """The question: the company's own wording, else ours."""
    return Markup("{}").format(wording) if wording else t(_QUESTIONS[kind], org=org)


def score_label(kind: SurveyKind, score: int) -> str:
    """😍 5, or 9."""
    return f"{FACES[score]} {score}" if kind is SurveyKind.CSAT else str(score)


# To the customer, in chat ---------------------------------------------------------------------------------------------


def question(kind: SurveyKind, words: Markup, ref: str, *, changing: bool = False, secret: bool = False) -> Reply:
    """One tap. `ref` says which survey it is: its number, or the token."""
    ending = ":c" if changing else ""
    scores = [Choice(score_label(kind, score), f"g.score:{ref}:{score}{ending}") for score in SCORES[kind]]
    rows = tuple(tuple(scores[i : i + 6]) for i in range(0, len(scores), 6))
    return Reply(words, rows, replaces=changing, secret=secret)


def question_to_type(t: Translator, kind: SurveyKind, words: Markup) -> Reply:
    """The same where the score is typed."""
    scores = SCORES[kind]
    return Reply(
        lines([words, t("Please reply with a number from {least} to {most}.", least=scores[0], most=scores[-1])])
    )


def thanks(t: Translator, survey: SurveyInvitation, ref: str, referral: str, org: str, *, secret: bool) -> Reply:
    """After the score: thanks, one question more, and for who is glad the link for friends."""
    after = band(survey.kind, survey.score or 0)
    parts = [
        t("You answered: <b>{score}</b>", score=score_label(survey.kind, survey.score or 0)),
        lines([t(THANKS[after]), t(MORE[after]) + Markup(" ") + t("Just type it here.")]),
        invitation_to_refer(t, after, referral),
    ]
    rows: Rows = ((Choice("✏️ " + t("Change my answer"), f"g.rescore:{ref}"),),) if ref else ()
    if after is Band.HIGH and ref:
        rows = ((Choice("👍 " + t("You may show my words"), f"g.words:{ref}"),), *rows)
        parts.append(t("“You may show my words” means: {wording}", wording=t(MAY_SHOW, org=org)))
    return Reply(Markup("\n\n").join(filter(None, parts)), rows, replaces=True, secret=secret)


def invitation_to_refer(t: Translator, after: Band, referral: str) -> Markup:
    """The personal link, for who is glad."""
    if after is not Band.HIGH or not referral:
        return Markup()
    return t(
        "Do you know somebody whom we could help too? This is your personal link for friends: {link}", link=referral
    )


def comment_kept(t: Translator, survey: SurveyInvitation, may_show: Markup, ref: str) -> Reply:
    """Their words have arrived; `may_show` asks who is glad whether they may be shown."""
    after = band(survey.kind, survey.score or 0)
    heard = t("Thank you. Your words are with us, and somebody will contact you.")
    text = heard if after is Band.LOW else t("Thank you for your words!")
    if not may_show:
        return Reply(text)
    return Reply(lines([text, may_show]), ((Choice("👍 " + t("You may show my words"), f"g.words:{ref}"),),))


def may_show_kept(t: Translator, *, has_words: bool) -> Reply:
    """They agreed."""
    if has_words:
        return Reply(t("Thank you! You can take this back at any time: just write to us."))
    return Reply(t("Thank you! Now just type a few words here."))


def no_longer(t: Translator) -> Reply:
    """Wrong, expired and used: one and the same."""
    return Reply(t("This survey is not open (any more). Thank you all the same!"))


# To the team ----------------------------------------------------------------------------------------------------------


def entry_text(t: Translator, survey: SurveyInvitation) -> str:
    """The answer as the timeline holds it."""
    told = t("Survey: {score}", score=score_words(survey.kind, survey.score or 0))
    return str(told.unescape()) + (f": {survey.comment}" if survey.comment else "")


def answered(
    t: Translator,
    customer: Customer,
    survey: SurveyInvitation,
    before: int | None,
    *,
    has_ticket: bool,
    rep: Member | None = None,
) -> Reply:
    """What the rep hears at once, and of the worst the manager, who is told whose customer it is (`rep`)."""
    after = band(survey.kind, survey.score or 0)
    score = score_words(survey.kind, survey.score or 0)
    head = Markup("{} <b>{}</b> · {}: <b>{}</b>").format(SIGNS[after], called(t, customer), customer.code, score)
    parts = [
        head,
        _whose(t, rep),
        t("Changed from {before}", before=before) if before is not None else Markup(),
        Markup("“{}”").format(survey.comment) if survey.comment else Markup(),
        t("A ticket is open, and a follow-up is set for the next working day.") if has_ticket else Markup(),
    ]
    return Reply(lines(parts), _next(t, customer, survey))


def _whose(t: Translator, rep: Member | None) -> Markup:
    return t("In care of: {name}", name=rep.name) if rep else Markup()


def _next(t: Translator, customer: Customer, survey: SurveyInvitation) -> Rows:
    """Where there is a ticket, it and the way to answer; a reply to the message answers, too."""
    if survey.ticket_id is None:
        return ((buttons.open_customer(t, customer.id), buttons.note(t, customer.id)),)
    ticket = Choice("🎫 " + t("Open ticket"), f"ticket.open:{survey.ticket_id}")
    return ((answer(t, customer.id), ticket), (buttons.open_customer(t, customer.id), buttons.note(t, customer.id)))


def commented(t: Translator, customer: Customer, survey: SurveyInvitation, rep: Member | None = None) -> Reply:
    """The words that came after the score; `rep` as in `answered`."""
    after = band(survey.kind, survey.score or 0)
    head = Markup("{} <b>{}</b> · {} · {}").format(
        SIGNS[after], called(t, customer), customer.code, score_words(survey.kind, survey.score or 0)
    )
    text = lines([head, _whose(t, rep), Markup("“{}”").format(survey.comment or "")])
    return Reply(text, _next(t, customer, survey))


def ask_whom(t: Translator, candidates: Sequence[Customer], *, wordings: bool, named: str = "") -> Reply:
    """Whom shall we ask?"""
    text = (
        t("I am not sure who “{name}” is. Choose, or type the name again:", name=named)
        if named
        else t("Whom shall we ask how satisfied they are? Choose, or type a name.")
    )
    rows = [(Choice(f"{called(t, one)} · {one.code}", f"survey.ask:{one.id}"),) for one in candidates]
    return Reply(text, rows_of(*rows, (wordings_button(t),) if wordings else ()))


def wordings_button(t: Translator) -> Choice:
    """To how the company asks."""
    return Choice("🗳 " + t("How we ask"), "survey.wordings")


def choose_kind(t: Translator, customer: Customer) -> Reply:
    """Which question."""
    row = [
        Choice(f"{sign} {t(NAMES[kind])}", f"survey.send:{customer.id}:{kind}")
        for sign, kind in (("😊", SurveyKind.CSAT), ("📣", SurveyKind.NPS))
    ]
    text = lines([title(t, customer), t("Which survey shall {name} get?", name=called(t, customer))])
    return Reply(text, ((row[0],), (row[1],), (back_to_card(t, customer.id),)), replaces=True)


def refused(t: Translator, customer: Customer) -> Reply:
    """They want no messages: no link either."""
    text = t("{name} has asked us to send no more messages, so no survey either.", name=called(t, customer))
    return Reply(text, ((back_to_card(t, customer.id),),), replaces=True)


def sent(t: Translator, customer: Customer, kind: SurveyKind, way: Route) -> Reply:
    """It is on its way, and by which where that costs."""
    text = t("✅ The survey {kind} is on its way to {name}.", kind=t(NAMES[kind]), name=called(t, customer))
    return Reply(lines([text, cost_words(t, way)]), ((buttons.open_customer(t, customer.id),),), replaces=True)


def not_sent(t: Translator, customer: Customer, kind: SurveyKind, why: Unasked) -> Reply:
    """Why not, and the other way."""
    text = lines(
        [
            t(_WHY_NOT[why], name=called(t, customer)),
            t("You can still hand over the link yourself, for example when you talk."),
        ]
    )
    link = Choice("🔗 " + t("Get the link"), f"survey.link:{customer.id}:{kind}")
    return Reply(text, ((link,), (back_to_card(t, customer.id),)), replaces=True)


def link_to_copy(t: Translator, customer: Customer, words: Markup, addresses: Sequence[str], why: Markup) -> Reply:
    """A text with the link, to be sent by any means; `why` we do not send it ourselves, empty where that was said or goes without
    saying. The token stands in it, so the reply is not kept."""
    message = lines([words, *(Markup("{}").format(address) for address in addresses[:1])])
    copied = str(message.unescape())
    others = [Markup("<code>{}</code>").format(address) for address in addresses[1:]]
    parts = [
        why,
        t(
            "Send this to {name}, by Zalo, SMS or as you like. It is theirs alone and good for 30 days:",
            name=called(t, customer),
        ),
        Markup("<code>{}</code>").format(copied),
        lines([t("Or, to answer on Telegram:"), *others]) if others else Markup(),
    ]
    copy = (Choice("📋 " + t("Copy"), copy=copied),) if len(copied) <= COPY_LIMIT else ()
    rows = rows_of(copy, (buttons.open_customer(t, customer.id),))
    return Reply(Markup("\n\n").join(filter(None, parts)), rows, replaces=True, secret=True)


def wordings(t: Translator, org: str, own: dict[tuple[SurveyKind, str], str], note: Markup = Markup()) -> Reply:
    """How the company asks, in both languages, each to change."""
    parts, rows = [note, t("🗳 <b>How we ask</b>")], []
    for kind in SurveyKind:
        for locale in LOCALES:
            ours = Translator(locale, t.zone.key)
            words = question_words(ours, kind, org, own.get((kind, locale), ""))
            parts.append(Markup("<b>{}</b>, {}: {}").format(SHORT[kind], t(LANGUAGES[locale]), words))
            rows.append(Choice(f"✏️ {SHORT[kind]} {t(LANGUAGES[locale])}", f"survey.word:{kind}:{locale}"))
    return Reply(
        Markup("\n\n").join(filter(None, parts)),
        (tuple(rows[:2]), tuple(rows[2:]), (Choice("‹ " + t("Company"), "company"),)),
        replaces=True,
    )


def ask_wording(t: Translator, kind: SurveyKind, locale: str, *, again: bool = False) -> Reply:
    """Another wording."""
    wrong = t("⚠️ A question of at most 300 characters, please.") if again else Markup()
    text = t(
        "How shall we ask for the {kind}, {language}? Type the question.",
        kind=t(NAMES[kind]),
        language=t(LANGUAGES[locale]),
    )
    ours = Choice("↩️ " + t("Our usual words"), f"survey.unword:{kind}:{locale}")
    return Reply(lines([wrong, text]), ((ours,), (Choice("‹ " + t("Back"), "survey.wordings"),)))
